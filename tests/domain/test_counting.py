"""The registry of counting methods, and each method against counting by hand, one ballot after the other."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballots import Choice
from bot.domain.consultation import Method
from bot.domain.counting import METHODS

OPTIONS = (1, 2, 3, 4, 5)
ONE = st.integers(1, 5).map(lambda number: (number,))
ANY = st.sets(st.integers(1, 5)).map(lambda numbers: tuple(sorted(numbers)))
BALLOTS = {Method.PLURALITY: ONE, Method.APPROVAL: ANY}
"""The ballots each method accepts; a method added to the registry without any fails here."""


def by_hand(ballots: list[Choice]) -> dict[int, int]:
    return {option: sum(option in ballot for ballot in ballots) for option in OPTIONS}


def test_every_method_can_be_counted_and_is_tested_here() -> None:
    assert set(METHODS) == set(Method) == set(BALLOTS)


@pytest.mark.parametrize("method", Method, ids=str)
@given(data=st.data())
def test_merged_ballots_count_as_the_ballots_one_by_one(method: Method, data: st.DataObject) -> None:
    ballots = data.draw(st.lists(BALLOTS[method], max_size=30))
    assert METHODS[method](OPTIONS, Counter(ballots)) == by_hand(ballots)


@pytest.mark.parametrize("method", Method, ids=str)
@given(data=st.data())
def test_two_halves_of_an_election_add_up(method: Method, data: st.DataObject) -> None:
    first, second = (data.draw(st.lists(BALLOTS[method], max_size=15)) for _ in range(2))
    count = METHODS[method]
    halves = (count(OPTIONS, Counter(first)), count(OPTIONS, Counter(second)))
    whole = count(OPTIONS, Counter(first + second))
    assert whole == {option: sum(half[option] for half in halves) for option in OPTIONS}


@pytest.mark.parametrize("choice", [(), (1, 2)])
def test_plurality_counts_no_other_ballot(choice: Choice) -> None:
    with pytest.raises(ValueError, match=f"not {len(choice)}"):
        METHODS[Method.PLURALITY](OPTIONS, {choice: 1})


@pytest.mark.parametrize("method", Method, ids=str)
def test_an_option_that_is_not_there_is_an_error_and_not_a_vote(method: Method) -> None:
    with pytest.raises(KeyError):
        METHODS[method](OPTIONS, {(9,): 1})
