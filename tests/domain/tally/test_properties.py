"""What every method owes to voters and options, on random elections; and what proportional ones owe to groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.tally import METHODS, count
from bot.domain.tally.outcome import Outcome, Rule
from bot.domain.tally.profile import Ballots, Form, Profile
from tests.domain.tally.chance import NAMES, elections, ranked
from tests.domain.tally.naive import Weighted

Levels = dict[int, int]
some = settings(max_examples=30, deadline=None)
OPTIONS = 4


@st.composite
def ballots_for(draw: st.DrawFn, form: Form) -> list[tuple[Levels, int]]:
    """Some weighted ballots of this form; a ballot gives levels to options, and may say nothing."""
    highest = 1 if form is Form.MARKS else OPTIONS
    raw = st.dictionaries(st.integers(0, OPTIONS - 1), st.integers(1, highest), max_size=OPTIONS)
    drawn = draw(st.lists(st.tuples(raw, st.integers(1, 6)), min_size=1, max_size=8))
    if form is not Form.RANKING:
        return drawn
    # Ranks have no gaps.
    return [({o: 1 + sorted(set(b.values())).index(rank) for o, rank in b.items()}, number) for b, number in drawn]


def profile(form: Form, cast: Sequence[tuple[Levels, int]], costs: Sequence[int] = (2, 3, 4, 5)) -> Profile:
    made = Ballots(form)
    for value in range(OPTIONS):
        made.level(Fraction(value))
    for levels, number in cast:
        made.add(levels, number)
    return replace(made.profile(NAMES[:OPTIONS]), costs=tuple(map(Fraction, costs)), budget=Fraction(8))


def by_order(found: Outcome) -> bool:
    """Whether the order of the options had to decide something on the way."""
    return any(each.rule is Rule.ORDER for each in found.tie_breaks)


@pytest.mark.parametrize("method", METHODS)
@some
@given(data=st.data())
def test_neither_the_order_of_ballots_nor_who_cast_them_matters(method: str, data: st.DataObject) -> None:
    form = METHODS[method].accepts
    cast = data.draw(ballots_for(form))
    singly = [(levels, 1) for levels, number in cast for _ in range(number)]
    shuffled = data.draw(st.permutations(singly))
    assert count(method, profile(form, cast)) == count(method, profile(form, shuffled))


@pytest.mark.parametrize("method", METHODS)
@some
@given(data=st.data())
def test_no_option_is_favoured_for_its_place(method: str, data: st.DataObject) -> None:
    form = METHODS[method].accepts
    cast, moved = data.draw(ballots_for(form)), data.draw(st.permutations(range(OPTIONS)))
    costs = [2, 3, 4, 5]
    found = count(method, profile(form, cast, costs))
    elsewhere = [({moved[option]: level for option, level in levels.items()}, number) for levels, number in cast]
    after = count(method, profile(form, elsewhere, [costs[moved.index(place)] for place in range(OPTIONS)]))
    assume(not by_order(found) and not by_order(after))
    assert {moved[option] for option in found.winners} == set(after.winners)
    assert {moved[option] for option in found.tied} == set(after.tied)


@pytest.mark.parametrize("method", METHODS)
@some
@given(data=st.data())
def test_one_more_ballot_is_counted_whatever_it_says(method: str, data: st.DataObject) -> None:
    rule = METHODS[method]
    cast = data.draw(ballots_for(rule.accepts))
    more = data.draw(ballots_for(rule.accepts))[:1]
    seats = data.draw(st.integers(1, OPTIONS)) if rule.many_seats else 1
    for profiled in (profile(rule.accepts, cast), profile(rule.accepts, [*cast, *more])):
        found = count(method, profiled, seats)
        named = [*found.winners, *found.tied]
        assert len(set(named)) == len(named)
        assert set(named) <= set(range(OPTIONS))
        assert found.invalid <= profiled.valid
        if not rule.budget and profiled.ballots:
            assert len(found.winners) == seats or found.tied or found.invalid == profiled.valid


@pytest.mark.parametrize("method", ["plurality", "approval", "borda", "schulze", "ranked-pairs", "score", "points"])
@some
@given(data=st.data())
def test_more_support_harms_no_winner(method: str, data: st.DataObject) -> None:
    form = METHODS[method].accepts
    cast = data.draw(ballots_for(form))
    before = count(method, profile(form, cast))
    assume(before.winners)
    (winner,) = before.winners
    levels, number = cast[data.draw(st.integers(0, len(cast) - 1))]
    assume(levels)
    # Alone at the top, the others as they were.
    best = {winner: 1 if form is Form.MARKS else OPTIONS}
    if form is Form.RANKING:
        ranks = sorted({rank for option, rank in levels.items() if option != winner})
        best = {o: 2 + ranks.index(rank) for o, rank in levels.items() if o != winner} | {winner: 1}
    raised = best if form is Form.RANKING else levels | best
    place = cast.index((levels, number))
    assert count(method, profile(form, [*cast[:place], (raised, number), *cast[place + 1 :]])).winners == (winner,)


@settings(max_examples=150, deadline=None)
@given(elections(equals=False, weight=15), st.integers(1, 3))
def test_a_solid_coalition_gets_its_droop_quotas_of_seats(election: tuple[Weighted, int], seats: int) -> None:
    ballots, options = election
    seats = min(seats, options)
    quota = sum(number for _, number in ballots) // (seats + 1) + 1
    found = count("stv", ranked(ballots, options), seats)
    for size in range(1, options + 1):
        for group in map(set, combinations(range(options), size)):
            solid = sum(n for order, n in ballots if {option for (option,) in order[:size]} == group)
            assert len(group & {*found.winners, *found.tied}) >= min(solid // quota, size)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=8), st.integers(1, 4))
def test_equal_shares_leaves_no_cohesive_group_without_its_part(votes: list[set[int]], places: int) -> None:
    """Extended justified representation, for projects of one cost: of any l-th part of the voters who agree on l
    projects, somebody gets l of their own."""
    made = Ballots(Form.MARKS)
    for vote in votes:
        made.add(dict.fromkeys(vote, 1))
    costs = (Fraction(1),) * 5
    funded = set(count("equal-shares", replace(made.profile(NAMES[:5]), costs=costs, budget=Fraction(places))).winners)
    for size in range(1, len(votes) + 1):
        for group in combinations(votes, size):
            part = min(size * places // len(votes), len(set.intersection(*group)))
            assert part == 0 or any(len(vote & funded) >= part for vote in group)


@pytest.mark.parametrize("method", ["greedy", "equal-shares"])
@pytest.mark.parametrize("variant", ["", "greedy-no-skip", "equalshares/add1"])
@some
@given(data=st.data())
def test_no_more_is_spent_than_there_is(method: str, variant: str, data: st.DataObject) -> None:
    costs = data.draw(st.lists(st.integers(1, 9), min_size=OPTIONS, max_size=OPTIONS))
    made = profile(Form.MARKS, data.draw(ballots_for(Form.MARKS)), costs)
    found = count(method, replace(made, variant=variant))
    spent = sum(costs[project] for project in found.winners)
    assert spent <= made.budget
    if method == "greedy" and not variant and made.ballots:
        assert all(spent + costs[project] > made.budget for project in range(OPTIONS) if project not in found.winners)
