"""Plurality and approval against counting by hand, and against the engine that counts ballot files."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballots import Choice
from bot.domain.consultation import Method
from bot.domain.counting.approval import approval
from bot.domain.counting.plurality import plurality
from bot.domain.tally import count as count_profile
from bot.domain.tally.profile import Ballots, Form

OPTIONS = (1, 2, 3, 4, 5)
ONE = st.integers(1, 5).map(lambda number: (number,))
ANY = st.sets(st.integers(1, 5), min_size=1).map(lambda numbers: tuple(sorted(numbers)))
BALLOTS = {Method.PLURALITY: ONE, Method.APPROVAL: ANY}
COUNTS = {Method.PLURALITY: plurality, Method.APPROVAL: approval}


def by_hand(ballots: list[Choice]) -> dict[int, int]:
    return {option: sum(option in ballot for ballot in ballots) for option in OPTIONS}


@pytest.mark.parametrize("method", COUNTS, ids=str)
@given(data=st.data())
def test_merged_ballots_count_as_the_ballots_one_by_one(method: Method, data: st.DataObject) -> None:
    ballots = data.draw(st.lists(BALLOTS[method], max_size=30))
    assert COUNTS[method](OPTIONS, Counter(ballots)) == by_hand(ballots)


@pytest.mark.parametrize("method", COUNTS, ids=str)
@given(data=st.data())
def test_the_engine_adds_them_up_alike(method: Method, data: st.DataObject) -> None:
    ballots = data.draw(st.lists(BALLOTS[method], min_size=1, max_size=30))
    merged = Ballots(Form.MARKS)
    for ballot in ballots:
        merged.add(dict.fromkeys((option - 1 for option in ballot), 1))
    (one,) = count_profile(method.value, merged.profile([str(option) for option in OPTIONS])).rounds
    assert {option + 1: figure for option, figure in one.tallies.items()} == by_hand(ballots)


@pytest.mark.parametrize("method", COUNTS, ids=str)
@given(data=st.data())
def test_two_halves_of_an_election_add_up(method: Method, data: st.DataObject) -> None:
    first, second = (data.draw(st.lists(BALLOTS[method], max_size=15)) for _ in range(2))
    count = COUNTS[method]
    halves = (count(OPTIONS, Counter(first)), count(OPTIONS, Counter(second)))
    whole = count(OPTIONS, Counter(first + second))
    assert whole == {option: sum(half[option] for half in halves) for option in OPTIONS}


@pytest.mark.parametrize("choice", [(), (1, 2)])
def test_plurality_counts_no_other_ballot(choice: Choice) -> None:
    with pytest.raises(ValueError, match=f"not {len(choice)}"):
        plurality(OPTIONS, {choice: 1})


@pytest.mark.parametrize("method", COUNTS, ids=str)
def test_an_option_that_is_not_there_is_an_error_and_not_a_vote(method: Method) -> None:
    with pytest.raises(KeyError):
        COUNTS[method](OPTIONS, {(9,): 1})
