"""Who won, whether it stands, and that anyone with the tally sheet finds the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballots import Choice
from bot.domain.consultation import Base, Definition, Majority, Quorum, Tie
from bot.domain.results import Verdict, commitment, is_motion
from bot.domain.tally.lots import lot
from tests.domain.votes import approval, concluded, definition

SIMPLE, ABSOLUTE, TWO_THIRDS = Majority(), Majority(Fraction(1, 2)), Majority(Fraction(2, 3), strict=False)
MOTION = ("Pour", "Contre", "Abstention", "Blanc")
TALLIES = st.dictionaries(
    st.sets(st.integers(1, 4), min_size=1).map(lambda chosen: tuple(sorted(chosen))), st.integers(0, 50), max_size=12
)
RULES = st.sampled_from([None, SIMPLE, ABSOLUTE, TWO_THIRDS])
TIES = st.sampled_from(list(Tie))


# ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_votes_shares_and_the_winner() -> None:
    result = concluded(definition("Café", "Library", "Park"), {(1,): 3, (2,): 6, (3,): 1})
    assert [(row.option.text, row.votes) for row in result.rows] == [("Café", 3), ("Library", 6), ("Park", 1)]
    assert (result.verdict, result.winner, result.leaders) == (Verdict.WON, 2, (2,))
    assert (result.ballots, result.expressed, result.share(2)) == (10, 10, Fraction(3, 5))


def test_nobody_voted() -> None:
    result = concluded(definition(), {})
    assert (result.verdict, result.winner, result.leaders) == (Verdict.NO_VOTES, None, ())
    assert result.share(1) == 0


def test_blanks_and_abstentions_are_votes_for_nothing_and_never_win() -> None:
    result = concluded(definition("Café", "Library", "Abstention", "Blanc"), {(1,): 2, (2,): 1, (3,): 9, (4,): 5})
    assert (result.verdict, result.winner) == (Verdict.WON, 1)
    assert (result.ballots, result.expressed) == (17, 3)


def test_only_blanks_elect_nobody() -> None:
    assert concluded(definition("Café", "Library", "Blanc"), {(3,): 9}).verdict is Verdict.NO_VOTES


def test_incomplete_ballots_do_not_count() -> None:
    made = approval("A", "B", "C", at_least=2, at_most=3)
    result = concluded(made, {(1,): 50, (2, 3): 2, (1, 2, 3): 1})
    assert (result.ballots, [row.votes for row in result.rows]) == (3, [1, 3, 3])


@given(TALLIES, RULES, TIES, st.randoms(use_true_random=False))
def test_the_order_in_which_ballots_are_read_never_matters(tally, majority, tie, random) -> None:
    made = approval("A", "B", "C", "D", majority=majority, tie=tie)
    pairs = list(tally.items())
    random.shuffle(pairs)
    assert concluded(made, dict(pairs), seed="s") == concluded(made, tally, seed="s")


@given(TALLIES, RULES, st.permutations([1, 2, 3, 4]))
def test_options_are_treated_alike(tally: Mapping[Choice, int], majority, order: list[int]) -> None:
    made = approval("A", "B", "C", "D", majority=majority)
    renamed = {tuple(sorted(order[number - 1] for number in choice)): count for choice, count in tally.items()}
    before, after = concluded(made, tally), concluded(made, renamed)
    assert [after.votes(order[number - 1]) for number in (1, 2, 3, 4)] == [before.votes(n) for n in (1, 2, 3, 4)]
    assert after.verdict is before.verdict
    assert after.winner == (order[before.winner - 1] if before.winner else None)


@given(st.dictionaries(st.integers(1, 4).map(lambda number: (number,)), st.integers(0, 50)))
def test_the_votes_of_a_single_choice_add_up_to_the_ballots(tally: Mapping[Choice, int]) -> None:
    result = concluded(definition("A", "B", "C", "Blanc"), tally)
    assert sum(row.votes for row in result.rows) == result.ballots == sum(tally.values())
    assert sum(result.share(number) for number in (1, 2, 3)) in {0, 1}


@given(TALLIES, RULES, TIES, st.none() | st.integers(0, 400), st.integers(0, 400))
def test_a_winner_leads_and_there_is_one_only_when_something_stands(tally, majority, tie, quorum, roll) -> None:
    asked = Quorum(count=quorum) if quorum is not None else None
    result = concluded(approval("A", "B", "C", "D", majority=majority, tie=tie, quorum=asked), tally, roll, seed="s")
    assert (result.winner is not None) is (result.verdict is Verdict.WON)
    assert result.winner is None or result.winner in result.leaders
    assert (result.tie_broken is not None) is (result.verdict is Verdict.WON and len(result.leaders) > 1)


@given(TALLIES, st.integers(1, 4))
def test_more_votes_for_the_winner_never_make_it_lose(tally: dict[Choice, int], more: int) -> None:
    made = approval("A", "B", "C", "D", majority=ABSOLUTE)
    before = concluded(made, tally)
    if before.winner is not None:
        favourable = {**tally, (before.winner,): tally.get((before.winner,), 0) + more}
        assert concluded(made, favourable).winner == before.winner


# ── majorities ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("majority", "base", "tally", "roll", "verdict"),
    [
        (SIMPLE, Base.CAST, {(1,): 4, (2,): 3, (3,): 3}, 100, Verdict.WON),
        (SIMPLE, Base.CAST, {(1,): 4, (2,): 4}, 100, Verdict.SHORT_OF_MAJORITY),
        (ABSOLUTE, Base.CAST, {(1,): 5, (2,): 5}, 100, Verdict.SHORT_OF_MAJORITY),
        (ABSOLUTE, Base.CAST, {(1,): 6, (2,): 5}, 100, Verdict.WON),
        (ABSOLUTE, Base.CAST, {(1,): 5, (2,): 4, (4,): 5}, 100, Verdict.WON),  # blanks are apart
        (ABSOLUTE, Base.VOTERS, {(1,): 5, (2,): 4, (4,): 5}, 100, Verdict.SHORT_OF_MAJORITY),
        (ABSOLUTE, Base.VOTERS, {(1,): 8, (2,): 3, (4,): 4}, 100, Verdict.WON),
        (ABSOLUTE, Base.ROLL, {(1,): 50}, 100, Verdict.SHORT_OF_MAJORITY),
        (ABSOLUTE, Base.ROLL, {(1,): 51}, 100, Verdict.WON),
        (ABSOLUTE, Base.ROLL, {(1,): 51}, 101, Verdict.WON),
        (TWO_THIRDS, Base.CAST, {(1,): 66, (2,): 34}, 100, Verdict.SHORT_OF_MAJORITY),
        (TWO_THIRDS, Base.CAST, {(1,): 67, (2,): 33}, 100, Verdict.WON),
        (TWO_THIRDS, Base.CAST, {(1,): 66, (2,): 33}, 100, Verdict.WON),  # exactly two thirds are two thirds
        (TWO_THIRDS, Base.VOTERS, {(1,): 66, (2,): 33, (4,): 1}, 100, Verdict.SHORT_OF_MAJORITY),
        (TWO_THIRDS, Base.ROLL, {(1,): 66}, 99, Verdict.WON),
        (TWO_THIRDS, Base.ROLL, {(1,): 66}, 100, Verdict.SHORT_OF_MAJORITY),
        (Majority(Fraction(3, 5), strict=False), Base.CAST, {(1,): 3, (2,): 2}, 100, Verdict.WON),
        (TWO_THIRDS, Base.ROLL, {}, 0, Verdict.NO_VOTES),
    ],
)  # fmt: skip
def test_majorities_between_options(majority, base, tally, roll: int, verdict: Verdict) -> None:
    result = concluded(definition("A", "B", "C", "Blanc", majority=majority, base=base), tally, roll)
    assert result.verdict is verdict
    assert result.winner == (1 if verdict is Verdict.WON else None)


@pytest.mark.parametrize("tie", Tie, ids=str)
def test_when_nobody_reaches_the_majority_there_is_no_tie_to_break(tie: Tie) -> None:
    result = concluded(definition(majority=ABSOLUTE, tie=tie), {(1,): 5, (2,): 5}, seed="s", tie_choices=(1,))
    assert (result.verdict, result.winner, result.tie_broken) == (Verdict.SHORT_OF_MAJORITY, None, None)


@pytest.mark.parametrize(
    ("majority", "base", "votes", "verdict"),
    [
        (SIMPLE, Base.CAST, (5, 4, 9, 9), Verdict.PASSED),
        (SIMPLE, Base.CAST, (5, 5, 0, 0), Verdict.REJECTED),
        (SIMPLE, Base.CAST, (0, 0, 0, 0), Verdict.REJECTED),
        (ABSOLUTE, Base.CAST, (6, 5, 9, 9), Verdict.PASSED),
        (ABSOLUTE, Base.VOTERS, (6, 5, 1, 0), Verdict.REJECTED),
        (ABSOLUTE, Base.VOTERS, (7, 5, 1, 0), Verdict.PASSED),
        (ABSOLUTE, Base.ROLL, (50, 0, 0, 0), Verdict.REJECTED),
        (TWO_THIRDS, Base.CAST, (2, 1, 9, 9), Verdict.PASSED),
        (TWO_THIRDS, Base.CAST, (199, 100, 0, 0), Verdict.REJECTED),
        (Majority(Fraction(1, 3), strict=False), Base.CAST, (40, 60, 0, 0), Verdict.PASSED),
    ],
)
def test_motions_pass_or_are_rejected(majority, base, votes: tuple[int, ...], verdict: Verdict) -> None:
    tally = {(number,): count for number, count in enumerate(votes, 1)}
    result = concluded(definition(*MOTION, majority=majority, base=base), tally)
    assert result.verdict is verdict
    # What passed is the motion, even when a low threshold lets it pass with fewer votes than its rejection.
    assert result.winner == (1 if verdict is Verdict.PASSED else None)


@pytest.mark.parametrize("tie", Tie, ids=str)
def test_a_motion_that_ties_is_rejected_and_nothing_is_drawn(tie: Tie) -> None:
    result = concluded(definition(*MOTION, majority=SIMPLE, tie=tie), {(1,): 5, (2,): 5}, seed="s")
    assert (result.verdict, result.winner, result.tie_broken) == (Verdict.REJECTED, None, None)


@pytest.mark.parametrize("first", ["Pour", "POUR", "Oui !", "For", "yes", "J’approuve", "J'approuve.", "Adopter"])
def test_a_motion_is_recognised(first: str) -> None:
    assert is_motion(definition(first, "Contre"))
    assert is_motion(definition("Abstention", first, "Contre", "Blanc"))


@pytest.mark.parametrize("labels", [("Contre", "Pour"), ("Pour", "Contre", "Reporter"), ("Café", "Library")])
def test_other_choices_are_no_motion(labels: tuple[str, ...]) -> None:
    assert not is_motion(definition(*labels))


def test_the_place_of_an_abstention_does_not_change_a_motion() -> None:
    result = concluded(definition("Abstention", "Pour", "Contre", majority=SIMPLE), {(1,): 9, (2,): 3, (3,): 2})
    assert (result.verdict, result.winner) == (Verdict.PASSED, 2)


def test_without_a_majority_rule_yes_and_no_are_options_like_others() -> None:
    result = concluded(definition("Pour", "Contre"), {(1,): 2, (2,): 3})
    assert (result.verdict, result.winner) == (Verdict.WON, 2)


# ── quorum ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("quorum", "roll", "voters", "needed", "reached"),
    [
        (Quorum(count=20), 100, 19, 20, False),
        (Quorum(count=20), 100, 20, 20, True),
        (Quorum(share=Fraction(3, 10)), 43, 12, 13, False),  # 12.9
        (Quorum(share=Fraction(3, 10)), 43, 13, 13, True),
        (Quorum(share=Fraction(3, 10)), 40, 12, 12, True),  # a float makes 0.3 × 40 more than 12 of it
        (Quorum(share=Fraction(1, 3)), 99, 33, 33, True),
        (Quorum(share=Fraction(1, 3)), 100, 33, 34, False),
        (Quorum(share=Fraction(7, 100)), 100, 7, 7, True),  # 0.07 × 100 is 7.000000000000001 in floats
        (Quorum(share=Fraction(1)), 7, 6, 7, False),
    ],
)
def test_a_quorum_is_exact(quorum: Quorum, roll: int, voters: int, needed: int, reached: bool) -> None:
    result = concluded(definition(quorum=quorum), {(1,): voters}, roll)
    assert (result.quorum, result.verdict) == (needed, Verdict.WON if reached else Verdict.NO_QUORUM)


def test_blanks_and_abstentions_are_present_for_the_quorum() -> None:
    made = definition(*MOTION, majority=SIMPLE, quorum=Quorum(count=10))
    assert concluded(made, {(1,): 2, (2,): 1, (3,): 4, (4,): 3}).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("tally", "needed", "verdict"),
    [
        ({(1,): 2, (4,): 2}, 2, Verdict.WON),
        ({(1,): 2, (4,): 3}, 3, Verdict.NO_QUORUM),
        ({(4,): 1}, 1, Verdict.NO_QUORUM),
        ({}, 0, Verdict.NO_VOTES),
    ],
)
def test_a_quorum_of_those_present_is_missed_by_blanks_not_by_absence(tally, needed: int, verdict: Verdict) -> None:
    made = definition("A", "B", "C", "Blanc", quorum=Quorum(share=Fraction(1, 2)), quorum_of_present=True)
    result = concluded(made, tally, roll=None)
    assert (result.verdict, result.quorum) == (verdict, needed)
    assert not made.needs_known_roll


@pytest.mark.parametrize("tie", Tie, ids=str)
def test_below_the_quorum_nothing_stands_not_even_a_draw(tie: Tie) -> None:
    result = concluded(definition(quorum=Quorum(count=10), tie=tie), {(1,): 2, (2,): 2}, seed="s", tie_choices=(2,))
    assert (result.verdict, result.winner, result.tie_broken) == (Verdict.NO_QUORUM, None, None)


# ── ties ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

LEVEL = {(1,): 1, (2,): 4, (3,): 4}


def tied(tie: Tie, **changes: Any):
    return concluded(definition(tie=tie), LEVEL, **changes)


def test_an_organiser_decides_between_those_left_level_and_nobody_else() -> None:
    waiting = tied(Tie.ORGANISER)
    assert (waiting.verdict, waiting.winner, waiting.leaders) == (Verdict.TIED, None, (2, 3))
    decided = tied(Tie.ORGANISER, tie_choices=(3,))
    assert (decided.verdict, decided.winner, decided.tie_broken) == (Verdict.WON, 3, Tie.ORGANISER)
    assert tied(Tie.ORGANISER, tie_choices=(1,)).verdict is Verdict.TIED


def test_organisers_fill_the_seats_left_one_after_the_other() -> None:
    made = approval("A", "B", "C", "D", seats=3, tie=Tie.ORGANISER)
    tally = {(1,): 5, (2,): 3, (3,): 3, (4,): 3}
    waiting = concluded(made, tally)
    assert (waiting.verdict, waiting.winners, waiting.leaders) == (Verdict.TIED, (1,), (2, 3, 4))
    once = concluded(made, tally, tie_choices=(4,))
    assert (once.verdict, once.winners, once.leaders) == (Verdict.TIED, (1, 4), (2, 3))
    twice = concluded(made, tally, tie_choices=(4, 2))
    assert (twice.verdict, twice.winners, twice.tie_broken) == (Verdict.WON, (1, 4, 2), Tie.ORGANISER)


def test_the_first_in_the_announced_order() -> None:
    result = tied(Tie.FIRST)
    assert (result.verdict, result.winner, result.tie_broken) == (Verdict.WON, 2, Tie.FIRST)


def test_a_draw_can_be_done_again_by_anyone_from_the_seed() -> None:
    seed = "5f1d7a84db00d2fce00b31a7fc73224f"
    lots = {number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest() for number in (2, 3)}
    assert {number: lot(seed, number) for number in (2, 3)} == lots
    result = tied(Tie.DRAW, seed=seed)
    assert (result.winner, result.tie_broken) == (min(lots, key=lots.__getitem__), Tie.DRAW)


def test_the_seed_is_the_one_committed_to() -> None:
    seed = "5f1d7a84db00d2fce00b31a7fc73224f"
    assert commitment(seed) == hashlib.sha256(seed.encode()).hexdigest()
    assert commitment(seed) != commitment(seed[:-1] + "e")


def test_a_draw_favours_nobody() -> None:
    winners = [tied(Tie.DRAW, seed=f"seed {number}").winner for number in range(400)]
    assert 150 < winners.count(2) < 250  # five standard deviations about 200


def test_nothing_is_drawn_without_a_seed() -> None:
    assert tied(Tie.DRAW).verdict is Verdict.TIED


# ── published results ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "majority", "base", "tally", "roll", "verdict"),
    [
        # Journal officiel, motion of censure against the government, 20 March 2023: 278 of the 287 needed (573 seats).
        ("censure 2023", ABSOLUTE, Base.ROLL, {(1,): 278}, 573, Verdict.REJECTED),
        # … and 4 December 2024: 331 for, 288 needed (574 seats).
        ("censure 2024", ABSOLUTE, Base.ROLL, {(1,): 331}, 574, Verdict.PASSED),
        # Senate of the United States, impeachment of Andrew Johnson, 16 May 1868: 35 to 19, one short of two thirds.
        ("Johnson 1868", TWO_THIRDS, Base.CAST, {(1,): 35, (2,): 19}, 54, Verdict.REJECTED),
        ("Johnson, one more", TWO_THIRDS, Base.CAST, {(1,): 36, (2,): 18}, 54, Verdict.PASSED),
        # … and of Donald Trump, 13 February 2021: 57 to 43.
        ("Trump 2021", TWO_THIRDS, Base.CAST, {(1,): 57, (2,): 43}, 100, Verdict.REJECTED),
        # Referendum on leaving the European Union, United Kingdom, 23 June 2016 (Electoral Commission).
        ("Brexit 2016", SIMPLE, Base.CAST, {(1,): 17_410_742, (2,): 16_141_241}, 46_500_001, Verdict.PASSED),
    ],
)  # fmt: skip
def test_published_motions(title: str, majority, base, tally, roll: int, verdict: Verdict) -> None:
    assert concluded(definition("Pour", "Contre", majority=majority, base=base), tally, roll).verdict is verdict


CITIES = ("Memphis", "Nashville", "Chattanooga", "Knoxville")
"""The capital of Tennessee: the example of Wikipedia's articles on voting methods, in per cent of the voters."""


def test_the_capital_of_tennessee_by_plurality() -> None:
    result = concluded(definition(*CITIES), {(1,): 42, (2,): 26, (3,): 15, (4,): 17})
    assert (result.winner, result.share(1)) == (1, Fraction(42, 100))
    made: Definition = definition(*CITIES, majority=ABSOLUTE)
    assert concluded(made, {(1,): 42, (2,): 26, (3,): 15, (4,): 17}).verdict is Verdict.SHORT_OF_MAJORITY


def test_the_capital_of_tennessee_by_approval_of_the_two_nearest() -> None:
    result = concluded(approval(*CITIES), {(1, 2): 42, (2, 3): 26, (3, 4): 15 + 17})
    assert [row.votes for row in result.rows] == [42, 68, 58, 32]
    assert (result.winner, result.ballots) == (2, 100)
