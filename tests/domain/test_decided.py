"""A vote is called decided only if no ballot still possible changes its outcome, and then as soon as that is so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from itertools import combinations, combinations_with_replacement
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consultation import Base, Definition, Majority, Method, Quorum, State, Tie
from bot.domain.decided import is_decided
from bot.domain.remedies import IfNoQuorum, Remedy
from bot.domain.results import Result, conclude
from bot.domain.roll_sources import RollSource
from tests.domain.votes import approval, consultation, definition, ranking

Ballots = tuple[tuple[int, ...], ...]

MAJORITIES = st.sampled_from([
    None, Majority(), Majority(Fraction(1, 2)), Majority(Fraction(2, 3), strict=False), Majority(Fraction(1, 3)),
])  # fmt: skip
LABELS = st.sampled_from([
    ("For", "Against"), ("For", "Against", "Blanc"), ("A", "B", "C"), ("A", "B", "C", "Abstention"),
    ("A", "B", "None of these"),
])  # fmt: skip
QUORUMS = st.sampled_from([None, Quorum(count=3), Quorum(share=Fraction(1, 2)), Quorum(count=9)])


def held(made: Definition, ballots: Ballots, roll: int) -> Result:
    """The result of these ballots among so many on the roll."""
    return conclude(consultation(made, roll_size=roll), Counter(ballots))


def papers(made: Definition) -> list[tuple[int, ...]]:
    """Every ballot that someone may cast; () for none."""
    asides = made.asides
    named = [option.number for option in made.options if option.number not in asides]
    sets = (each for size in range(made.at_least, made.at_most + 1) for each in combinations(named, size))
    return [(), *sets, *((number,) for number in sorted(asides))]


def completions(made: Definition, ballots: Ballots, left: int) -> Iterator[Ballots]:
    """Everything that those who have not voted may still do."""
    for more in combinations_with_replacement(papers(made), left):
        yield (*ballots, *(ballot for ballot in more if ballot))


def outcome(result: Result) -> tuple[object, ...]:
    """What is decided: the verdict and who wins; in the first of two rounds, who goes on."""
    return result.verdict, result.winners, frozenset(result.finalists)


@st.composite
def votes(draw: st.DrawFn, **fixed: Any) -> tuple[Definition, Ballots, int]:
    """A vote of a few people, some of whom have not voted yet."""
    labels = draw(LABELS)
    settings = {
        "majority": draw(MAJORITIES), "base": draw(st.sampled_from(Base)), "quorum": draw(QUORUMS),
        "tie": draw(st.sampled_from([Tie.ORGANISER, Tie.FIRST])), **fixed,
    }  # fmt: skip
    method = settings.pop("method", None) or draw(st.sampled_from([Method.PLURALITY, Method.APPROVAL]))
    if method is Method.APPROVAL:
        most = sum(label not in {"Blanc", "Abstention"} for label in labels)
        made = approval(*labels, at_most=most, **settings)
    else:
        made = definition(*labels, method=method, **settings)
    cast = draw(st.lists(st.sampled_from(papers(made)[1:]), max_size=7))
    left = draw(st.integers(0, 3))
    return made, tuple(cast), len(cast) + left


@given(votes())
def test_a_decided_vote_ends_the_same_whatever_ballots_come(vote: tuple[Definition, Ballots, int]) -> None:
    made, ballots, roll = vote
    now = held(made, ballots, roll)
    if is_decided(consultation(made, roll_size=roll), now):
        ends = {outcome(held(made, more, roll)) for more in completions(made, ballots, roll - len(ballots))}
        assert ends == {outcome(now)}


@given(votes(quorum=Quorum(share=Fraction(1, 2)), quorum_of_present=True))
def test_blanks_still_to_come_may_miss_a_quorum_of_those_present(vote: tuple[Definition, Ballots, int]) -> None:
    made, ballots, roll = vote
    now = held(made, ballots, roll)
    if is_decided(consultation(made, roll_size=roll), now):
        ends = {outcome(held(made, more, roll)) for more in completions(made, ballots, roll - len(ballots))}
        assert ends == {outcome(now)}


@pytest.mark.parametrize("remedy", [*Remedy, None])
@pytest.mark.parametrize("cast", [0, 2, 3])
def test_a_quorum_out_of_reach_decides_nothing_where_something_follows_it(remedy: Remedy | None, cast: int) -> None:
    asked = remedy and IfNoQuorum(remedy, timedelta(days=1))
    one = consultation(definition("A", "B", quorum=Quorum(count=9), if_no_quorum=asked), roll_size=3)
    assert is_decided(one, conclude(one, {(1,): cast})) is (remedy is None)


@given(votes(method=Method.TWO_ROUND, majority=Majority(Fraction(1, 2))))
def test_a_decided_first_round_has_its_winner_whatever_ballots_come(vote: tuple[Definition, Ballots, int]) -> None:
    made, ballots, roll = vote
    now = held(made, ballots, roll)
    if is_decided(consultation(made, roll_size=roll), now):
        ends = {outcome(held(made, more, roll)) for more in completions(made, ballots, roll - len(ballots))}
        assert ends == {outcome(now)}


@given(votes(method=Method.PLURALITY, majority=None, tie=Tie.ORGANISER))
def test_a_plurality_that_nothing_can_change_is_decided(vote: tuple[Definition, Ballots, int]) -> None:
    made, ballots, roll = vote
    ends = {outcome(held(made, more, roll)) for more in completions(made, ballots, roll - len(ballots))}
    assert is_decided(consultation(made, roll_size=roll), held(made, ballots, roll)) == (len(ends) == 1)


@given(votes(method=Method.PLURALITY, majority=Majority(Fraction(1, 2))))
def test_a_motion_that_nothing_can_change_is_decided(vote: tuple[Definition, Ballots, int]) -> None:
    made, ballots, roll = vote
    if made.options[0].text == "For":
        ends = {outcome(held(made, more, roll)) for more in completions(made, ballots, roll - len(ballots))}
        assert is_decided(consultation(made, roll_size=roll), held(made, ballots, roll)) == (len(ends) == 1)


@pytest.mark.parametrize(
    ("changes", "decided"),
    [({}, True), ({"roll_size": None}, False), ({"roll_known": False}, False), ({"roll_size": 8}, False)],
)
def test_it_takes_knowing_everyone_who_may_vote(changes: dict[str, Any], decided: bool) -> None:
    one = consultation(definition("A", "B"), state=State.OPEN, **{"roll_size": 6, **changes})
    assert is_decided(one, conclude(one, {(1,): 4, (2,): 0})) is decided


def test_other_ballots_and_open_rolls_are_never_decided() -> None:
    everyone = consultation(definition("A", "B", roll=RollSource.OPEN), roll_size=2)
    assert not is_decided(everyone, conclude(everyone, {(1,): 2}))
    ranked = consultation(ranking("A", "B"), roll_size=2)
    assert not is_decided(ranked, conclude(ranked, {}))
