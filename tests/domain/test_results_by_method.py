"""The result of each kind of ballot: who is elected, with its working, by the same count as a ballot file's."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ballot_files import read
from bot.domain.ballots import Choice, Marks, Ranking, amend
from bot.domain.consultation import Base, Definition, Majority, Method, Quorum, Tie
from bot.domain.methods import METHODS_OF
from bot.domain.results import Verdict
from bot.domain.tally import METHODS, count
from bot.domain.tally.lots import lot
from bot.domain.tally.outcome import Title
from bot.domain.tally.profile import Form, Profile, levels_of
from bot.domain.typed_ballots import read as read_typed
from tests.domain.votes import (
    approval,
    available,
    concluded,
    consented,
    definition,
    judged,
    marked,
    pointed,
    ranked,
    ranking,
    scored,
)

CITIES = ("Memphis", "Nashville", "Chattanooga", "Knoxville")
TENNESSEE = {ranked("1>2>3>4"): 42, ranked("2>3>4>1"): 26, ranked("3>4>2>1"): 15, ranked("4>3>2>1"): 17}
ABSOLUTE = Majority(Fraction(1, 2))


def typed(made: Definition, *lines: str) -> dict[Choice, int]:
    """The tally of lines such as `3: 1>2`."""
    tally: dict[Choice, int] = {}
    for line in lines:
        times, text = line.split(": ", 1)
        choice = amend(made, None, read_typed(text, made))
        assert choice is not None
        tally[choice] = tally.get(choice, 0) + int(times)
    return tally


# ── rankings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "winner"),
    [(Method.SCHULZE, 2), (Method.RANKED_PAIRS, 2), (Method.BORDA, 2), (Method.IRV, 4), (Method.STV, 4)],
)
def test_the_capital_of_tennessee_by_rankings(method: Method, winner: int) -> None:
    result = concluded(ranking(*CITIES, method=method), TENNESSEE)
    assert (result.verdict, result.winner, result.winners) == (Verdict.WON, winner, (winner,))
    assert [row.votes for row in result.rows] == [42, 26, 15, 17]
    assert result.rounds[-1].elected == (winner,)


def test_blank_ballots_and_abstentions_are_present_but_rank_nothing() -> None:
    made = ranking(*CITIES, "Blanc", "Abstention", method=Method.IRV, quorum=Quorum(count=200), base=Base.VOTERS)
    without = concluded(made, TENNESSEE)
    assert (without.verdict, without.winner) == (Verdict.NO_QUORUM, None)
    result = concluded(made, {**TENNESSEE, ranked("5"): 70, ranked("6"): 30})
    assert (result.winner, result.ballots, result.expressed, result.base) == (4, 200, 100, 200)
    assert [row.votes for row in result.rows] == [42, 26, 15, 17, 70, 30]
    assert result.rounds[0].tallies == {1: 42, 2: 26, 3: 15, 4: 17}


@pytest.mark.parametrize("method", [each for group in METHODS_OF.values() for each in group])
def test_nobody_or_only_blanks_elect_nobody(method: Method) -> None:
    made, blank = with_blank(method)
    for tally in ({}, {blank: 5}):
        result = concluded(made, tally)
        assert (result.verdict, result.winner, result.winners) == (Verdict.NO_VOTES, None, ())
        assert result.expressed == 0


def with_blank(method: Method) -> tuple[Definition, Choice]:
    names = ("A", "B", "C", "Blanc")
    for maker in (ranking, scored):
        made = maker(*names, method=method)
        if method in METHODS_OF[made.ballot]:
            return made, ranked("4") if maker is ranking else marked(o4=1)
    marks = {Method.MAJORITY_JUDGMENT: judged, Method.POINTS: pointed, Method.AVAILABILITY: available}
    if method in marks:
        return marks[method](*names), marked(o4=1)
    if method is Method.CONSENT:
        return consented(), (2,)
    return (approval(*names) if method is Method.APPROVAL else definition(*names, method=method)), (4,)


def test_several_seats_are_filled_in_the_order_of_election() -> None:
    made = ranking("A", "B", "C", "D", method=Method.STV, seats=2)
    result = concluded(made, {ranked("1>2>3"): 40, ranked("3>4"): 25, ranked("2>1"): 10})
    assert (result.verdict, result.winner, result.winners) == (Verdict.WON, 1, (1, 3))
    assert Title.SURPLUS in {each.title for each in result.rounds}


CYCLE = {ranked("1>2>3"): 1, ranked("2>3>1"): 1, ranked("3>1>2"): 1}


def test_a_perfect_cycle_is_decided_by_the_declared_rule() -> None:
    made = {tie: ranking("A", "B", "C", tie=tie) for tie in Tie}
    open_ = concluded(made[Tie.ORGANISER], CYCLE)
    assert (open_.verdict, open_.leaders, open_.winner) == (Verdict.TIED, (1, 2, 3), None)
    decided = concluded(made[Tie.ORGANISER], CYCLE, tie_choices=(2,))
    assert (decided.verdict, decided.winner, decided.tie_broken) == (Verdict.WON, 2, Tie.ORGANISER)
    first = concluded(made[Tie.FIRST], CYCLE)
    assert (first.winner, first.tie_broken, first.leaders) == (1, Tie.FIRST, (1, 2, 3))
    drawn = concluded(made[Tie.DRAW], CYCLE, seed="s")
    assert (drawn.winner, drawn.tie_broken) == (min((1, 2, 3), key=lambda each: lot("s", each)), Tie.DRAW)


def test_lots_are_drawn_by_the_options_own_numbers() -> None:
    made = ranking("Blanc", "A", "B", "C", tie=Tie.DRAW)
    cycle = {ranked("2>3>4"): 1, ranked("3>4>2"): 1, ranked("4>2>3"): 1}
    for seed in ("a", "b", "c", "d", "e"):
        assert concluded(made, cycle, seed=seed).winner == min((2, 3, 4), key=lambda each: lot(seed, each))


# ── marks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_scores() -> None:
    made = scored("A", "B", "C", "Blanc")
    result = concluded(made, typed(made, "3: 1:5 2:4", "2: 2:5, 3:1", "1: blank"))
    assert (result.winner, [row.votes for row in result.rows]) == (2, [15, 22, 2, 1])
    assert [row.marks for row in result.rows[:3]] == [(2, 0, 0, 0, 0, 3), (0, 0, 0, 0, 3, 2), (3, 2, 0, 0, 0, 0)]
    assert (result.ballots, result.expressed) == (6, 5)


def test_star_lets_the_two_best_meet() -> None:
    made = scored("A", "B", "C", method=Method.STAR)
    # A has the higher total, and fewer voters who prefer it to B.
    result = concluded(made, typed(made, "3: 1:3 2:4", "2: 1:5 2:0"))
    assert (result.winner, [row.votes for row in result.rows]) == (2, [19, 12, 0])
    assert result.rounds[-1].tallies == {1: 2, 2: 3}


def test_who_an_organiser_lets_into_the_run_off_has_still_to_win_it() -> None:
    made = scored("A", "B", "C", method=Method.STAR)
    tally = typed(made, "2: 1:5 2:3 3:3", "1: 1:5 2:0 3:1", "1: 1:1 2:2 3:1")
    tied = concluded(made, tally)
    assert (tied.verdict, tied.leaders, tied.winners) == (Verdict.TIED, (2, 3), ())
    decided = concluded(made, tally, tie_choices=(3,))
    assert (decided.verdict, decided.winner, decided.tie_broken) == (Verdict.WON, 1, Tie.ORGANISER)
    assert decided.rounds[-1].about == (1, 3)


def test_each_seat_of_a_star_count_may_take_a_decision_of_its_own() -> None:
    made = scored("A", "B", "C", "D", method=Method.STAR, seats=2)
    tally = typed(made, "1: 1:5 2:0 3:1 4:1", "1: 1:0 2:5 3:1 4:1")
    # A and B are level in their run-off; so are, once A is elected, C and D for a place beside B.
    waiting = concluded(made, tally)
    assert (waiting.verdict, waiting.leaders, waiting.winners) == (Verdict.TIED, (1, 2), ())
    halfway = concluded(made, tally, tie_choices=(1,))
    assert (halfway.verdict, halfway.leaders, halfway.winners) == (Verdict.TIED, (3, 4), (1,))
    decided = concluded(made, tally, tie_choices=(1, 3))
    assert (decided.verdict, decided.tie_broken, decided.rounds[-1].about) == (Verdict.WON, Tie.ORGANISER, (2, 3))
    assert (decided.winners, decided.leaders) == ((1, 2), (1, 2, 3, 4))


@pytest.mark.parametrize("method", [Method.STV, Method.SCHULZE, Method.RANKED_PAIRS, Method.BORDA], ids=str)
def test_organisers_fill_seat_after_seat_between_candidates_left_level(method: Method) -> None:
    made = ranking("A", "B", "C", "D", method=method, seats=2)
    tally = {ranked(text): 1 for text in ("1>2>3>4", "2>3>4>1", "3>4>1>2", "4>1>2>3")}
    if method is Method.STV:
        tally = {ranked(str(number)): 1 for number in (1, 2, 3, 4)}
    waiting = concluded(made, tally)
    assert (waiting.verdict, waiting.leaders) == (Verdict.TIED, (1, 2, 3, 4))
    once = concluded(made, tally, tie_choices=(3,))
    assert (once.verdict, once.winners, once.leaders) == (Verdict.TIED, (3,), (1, 2, 4))
    twice = concluded(made, tally, tie_choices=(3, 1))
    assert (twice.verdict, twice.winners, twice.tie_broken) == (Verdict.WON, (3, 1), Tie.ORGANISER)
    assert twice.leaders == (1, 2, 3, 4)
    # A decision for somebody who was not level any more changes nothing.
    assert concluded(made, tally, tie_choices=(3, 3)) == once


def test_majority_judgment_takes_the_median_and_no_grade_for_the_lowest() -> None:
    made = judged("A", "B", "Blanc")
    result = concluded(
        made, typed(made, "2: 1 très bien, 2 bien", "2: 2 bien", "1: 1 passable, 2 à rejeter", "9: blanc")
    )
    assert (result.winner, result.expressed) == (2, 5)
    assert [row.marks for row in result.rows] == [(2, 0, 1, 0, 0, 2), (1, 0, 0, 0, 4, 0), ()]
    assert result.rounds[-1].title is Title.MEDIANS
    assert result.rounds[-1].tallies == {1: 2, 2: 4}


def test_points() -> None:
    made = pointed("A", "B", "C", points=16, quadratic=True)
    result = concluded(made, typed(made, "2: 1:4", "3: 2:2 3:3"))
    assert (result.winner, [row.votes for row in result.rows]) == (3, [8, 6, 9])


def test_the_date_that_most_can_come_to_then_the_one_that_suits_most() -> None:
    made = available("Mon", "Tue", "Wed")
    lines = ("2: 1 yes, 2 if need be", "1: 2 yes, 3 yes", "1: 1 maybe, 3 maybe")
    result = concluded(made, typed(made, *lines))
    # Three can come on Monday, three on Tuesday; Monday suits two of them, Tuesday one.
    assert (result.winner, [row.votes for row in result.rows]) == (1, [3, 3, 2])
    assert [row.marks for row in result.rows] == [(1, 1, 2), (1, 2, 1), (2, 1, 1)]


# ── consent, two rounds, seats by votes ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("majority", "votes", "verdict"),
    [
        (None, (5, 2, 1, 0), Verdict.PASSED),
        (None, (5, 2, 9, 0), Verdict.PASSED),  # disagreeing is no veto
        (None, (50, 0, 0, 1), Verdict.REJECTED),
        (None, (0, 3, 1, 0), Verdict.REJECTED),
        (None, (0, 3, 0, 0), Verdict.NO_VOTES),
        (ABSOLUTE, (5, 9, 5, 0), Verdict.REJECTED),
        (ABSOLUTE, (6, 9, 5, 0), Verdict.PASSED),
    ],
)
def test_consent(majority: Majority | None, votes: tuple[int, ...], verdict: Verdict) -> None:
    tally = {(number,): times for number, times in enumerate(votes, 1)}
    result = concluded(consented(majority=majority), tally)
    assert (result.verdict, result.winner) == (verdict, 1 if verdict is Verdict.PASSED else None)
    assert (result.ballots, result.expressed) == (sum(votes), sum(votes) - votes[1])


@pytest.mark.parametrize(
    ("votes", "verdict", "finalists"),
    [
        ((51, 49, 0), Verdict.WON, ()),
        ((50, 30, 20), Verdict.SHORT_OF_MAJORITY, (1, 2)),
        ((20, 30, 49), Verdict.SHORT_OF_MAJORITY, (3, 2)),
        ((40, 30, 30), Verdict.SHORT_OF_MAJORITY, (1, 2, 3)),  # level with the second: not kept out by a lot
        ((40, 40, 20), Verdict.SHORT_OF_MAJORITY, (1, 2)),
    ],
)
def test_the_first_of_two_rounds(votes: tuple[int, ...], verdict: Verdict, finalists: tuple[int, ...]) -> None:
    tally = {(number,): times for number, times in enumerate(votes, 1)}
    result = concluded(definition(method=Method.TWO_ROUND), tally)
    assert (result.verdict, result.finalists) == (verdict, finalists)
    assert result.winner == (1 if verdict is Verdict.WON else None)


def test_seats_by_approvals_go_to_the_most_approved_and_never_to_nobody_s_choice() -> None:
    made = approval("A", "B", "C", "D", seats=3)
    result = concluded(made, {(1, 2): 4, (2,): 2})
    assert (result.verdict, result.winners) == (Verdict.WON, (2, 1))
    assert result.rounds[0].tallies == {1: 4, 2: 6, 3: 0, 4: 0}


def test_a_tie_for_the_last_seat_waits_for_the_organiser() -> None:
    made = approval("A", "B", "C", "D", seats=2)
    tally = {(1,): 5, (2,): 3, (3,): 3, (4,): 1}
    result = concluded(made, tally)
    assert (result.verdict, result.winners, result.leaders) == (Verdict.TIED, (1,), (2, 3))
    decided = concluded(made, tally, tie_choices=(3,))
    assert (decided.verdict, decided.winners, decided.leaders) == (Verdict.WON, (1, 3), (2, 3))


def test_with_several_seats_only_those_with_the_majority_are_elected() -> None:
    made = approval("A", "B", "C", seats=2, majority=ABSOLUTE)
    assert concluded(made, {(1,): 6, (2,): 4, (1, 2): 1}).winners == (1,)
    assert concluded(made, {(1, 2): 6, (3,): 4}).winners == (1, 2)
    assert concluded(made, {(1,): 3, (2,): 3, (3,): 3}).verdict is Verdict.SHORT_OF_MAJORITY
    # The draw for a seat that none of those tied can have decides nothing.
    drawn = concluded(replace(made, tie=Tie.DRAW), {(1,): 6, (2,): 2, (3,): 2}, seed="s")
    assert (drawn.winners, drawn.leaders, drawn.tie_broken) == ((1,), (1,), None)


# ── one count for chats and for files ────────────────────────────────────────────────────────────────────────────────


def from_profile(profile: Profile) -> dict[Choice, int]:
    """The ballots of a file as ballots of a consultation over the same options."""
    tally: dict[Choice, int] = {}
    for ballot, times in profile.ballots.items():
        levels = list(levels_of(ballot))
        by_rank = {
            level: [n for n, each in enumerate(levels, 1) if each == level] for level in sorted(set(levels)) if level
        }
        choice = Ranking(tuple(tuple(each) for each in by_rank.values()))
        tally[choice] = tally.get(choice, 0) + times
    return tally


def test_published_wards_elect_the_same_here_as_from_their_files(test_data: Path) -> None:
    wards = sorted((test_data / "01_ranked/scottish_stv").glob("*.blt"))
    assert wards
    for ward in wards:
        profile = read(ward, Form.RANKING)
        seats = profile.seats or 1
        made = ranking(*profile.options, method=Method.STV, seats=seats)
        filed = count("stv", profile, seats)
        result = concluded(made, from_profile(profile))
        assert [number - 1 for number in result.winners] == list(filed.winners), ward.name
        assert [list(each.tallies.values()) for each in result.rounds] == [
            list(each.tallies.values()) for each in filed.rounds
        ]


RANKINGS = st.permutations([1, 2, 3, 4]).flatmap(
    lambda order: st.integers(1, 4).map(lambda many: Ranking(tuple((number,) for number in order[:many])))
)
SCORES = st.dictionaries(st.integers(1, 4), st.integers(0, 5), min_size=1).map(
    lambda given_: Marks(tuple(sorted(given_.items())))
)


@pytest.mark.parametrize("method", [*METHODS_OF[ranking().ballot], Method.SCORE, Method.STAR], ids=str)
@given(data=st.data())
def test_options_are_treated_alike_by_every_method(method: Method, data: st.DataObject) -> None:
    made = (
        scored("A", "B", "C", "D", method=method)
        if method in {Method.SCORE, Method.STAR}
        else ranking("A", "B", "C", "D", method=method)
    )
    tally = data.draw(st.dictionaries(SCORES if method in {Method.SCORE, Method.STAR} else RANKINGS, st.integers(1, 9)))
    order = data.draw(st.permutations([1, 2, 3, 4]))
    before, after = concluded(made, tally), concluded(made, {renamed(choice, order): n for choice, n in tally.items()})
    assert [after.votes(order[number - 1]) for number in (1, 2, 3, 4)] == [before.votes(n) for n in (1, 2, 3, 4)]
    by_order = {each.rule.value for each in (*before.tie_breaks, *after.tie_breaks)} & {"order", "draw"}
    if not by_order:
        assert after.verdict is before.verdict
        assert after.winners == tuple(order[number - 1] for number in before.winners)


def renamed(choice: Choice, order: list[int]) -> Choice:
    if isinstance(choice, Ranking):
        return Ranking(tuple(tuple(sorted(order[number - 1] for number in level)) for level in choice.levels))
    assert isinstance(choice, Marks)
    return Marks(tuple(sorted((order[number - 1], mark) for number, mark in choice.given)))


def test_every_method_of_a_ballot_can_be_counted() -> None:
    own = {Method.AVAILABILITY, Method.CONSENT, Method.SIGNATURE}
    for methods in METHODS_OF.values():
        assert {method.value for method in methods} - own <= METHODS.keys()


def test_a_ballot_of_another_form_is_never_counted_in_silence() -> None:
    with pytest.raises(ValueError, match="profile"):
        concluded(ranking("A", "B"), {(1,): 3})
