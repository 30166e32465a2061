"""An option that wants none of the others is one of them, and elects nobody: under every method, and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballots import Choice
from bot.domain.consultation import BallotType, Definition, Majority, Method, Option, OptionRole, Quorum, Tie
from bot.domain.methods import METHODS_OF
from bot.domain.options import read_listed
from bot.domain.papers import paper_order
from bot.domain.refusals import Refusal
from bot.domain.results import Verdict, is_motion
from bot.domain.sequels import second_round
from tests.domain.votes import NOW, approval, ballot, concluded, definition, marked, ranked, ranking, scored

NONE = "None of these"
OPTIONS = ("Ann", "Bob", NONE)
ABSOLUTE = Majority(Fraction(1, 2))
TWO_THIRDS = Majority(Fraction(2, 3), strict=False)


def without(made: Definition) -> Definition:
    """The same vote, where that option is like any other in every respect."""
    options = tuple(Option(each.number, each.text) for each in made.options)
    return definition(**{name: getattr(made, name) for name in made.__dataclass_fields__} | {"options": options})


def role(text: str) -> OptionRole:
    return read_listed(("Ann", "Bob", text))[2].role


@pytest.mark.parametrize(
    "text",
    ["None of these", "NONE OF THE ABOVE.", "Re-open nominations", "Aucune de ces propositions", "aucun des candidats",
     "Aucune d’elles", "Aucun de ceux-là"],
)  # fmt: skip
def test_it_is_known_by_its_words(text: str) -> None:
    assert role(text) is OptionRole.NONE


@pytest.mark.parametrize("text", ["None of these shirts", "Aucun problème", "Nonette", "Blank", "I abstain"])
def test_other_words_are_no_such_option(text: str) -> None:
    assert role(text) is not OptionRole.NONE


def test_it_needs_something_to_refuse() -> None:
    assert len(read_listed(("Ann", NONE))) == 2
    with pytest.raises(Refusal) as refused:
        read_listed((NONE, "Blank"))
    assert refused.value.code == "nothing-to-choose"
    assert not is_motion(definition("For", "Against", NONE))


ELECTING = (
    BallotType.SINGLE, BallotType.APPROVAL, BallotType.RANKING, BallotType.SCORE, BallotType.JUDGMENT,
    BallotType.POINTS,
)  # fmt: skip
"""The ballots that choose among options of one's own."""
BALLOTS: Mapping[str, Choice] = {"single": (3,), "approval": (3,), "ranking": ranked("3>1>2")}


@pytest.mark.parametrize(
    ("kind", "method"),
    [(kind, method) for kind in ELECTING for method in METHODS_OF[kind] if method is not Method.TWO_ROUND],
)
def test_when_it_comes_first_nobody_is_elected_under_any_method(kind: BallotType, method: Method) -> None:
    made = ballot(kind, method, *OPTIONS, scale=5, grades=("Good", "Fair", "Poor"), points=5)
    result = concluded(made, {BALLOTS.get(kind.value, marked(o1=1, o3=2)): 5})
    assert (result.verdict, result.winner, result.winners, result.empty) == (Verdict.NONE, None, (), (3,))


def test_it_counts_like_the_others_and_blank_does_not() -> None:
    made = definition(*OPTIONS, "Blanc", quorum=Quorum(count=5))
    result = concluded(made, {(1,): 2, (3,): 3, (4,): 4})
    assert (result.verdict, result.ballots, result.expressed, result.share(3)) == (
        Verdict.NONE, 9, 5, Fraction(3, 5),
    )  # fmt: skip
    assert concluded(made, {(3,): 4}).verdict is Verdict.NO_QUORUM
    assert concluded(made, {(1,): 3, (3,): 2}).winners == (1,)


def test_it_needs_no_majority_to_come_first_but_weighs_in_the_others_majority() -> None:
    made = definition(*OPTIONS, majority=ABSOLUTE)
    assert concluded(made, {(1,): 4, (2,): 3, (3,): 5}).verdict is Verdict.NONE
    assert concluded(made, {(1,): 5, (2,): 1, (3,): 4}).verdict is Verdict.SHORT_OF_MAJORITY
    assert concluded(made, {(1,): 6, (3,): 5}).winners == (1,)


def test_a_tie_with_it_is_decided_as_any_other() -> None:
    tally: dict[Choice, int] = {(1,): 2, (3,): 2}
    assert concluded(definition(*OPTIONS, tie=Tie.FIRST), tally).winners == (1,)
    undecided = concluded(definition(*OPTIONS), tally)
    assert (undecided.verdict, undecided.leaders) == (Verdict.TIED, (1, 3))
    assert concluded(definition(*OPTIONS), tally, tie_choices=(3,)).verdict is Verdict.NONE
    assert concluded(definition(*OPTIONS), tally, tie_choices=(1,)).winners == (1,)


def test_a_seat_that_it_takes_stays_empty() -> None:
    made = approval("Ann", "Bob", "Cem", NONE, seats=2)
    result = concluded(made, {(1,): 5, (4,): 4, (2,): 3})
    assert (result.verdict, result.winners, result.empty) == (Verdict.WON, (1,), (4,))
    board = ranking("Ann", "Bob", "Cem", NONE, method=Method.STV, seats=2)
    assert concluded(board, {ranked("4>1"): 6, ranked("2>3"): 5, ranked("3"): 1}).empty == (4,)


def test_in_two_rounds_it_may_go_on_and_elects_nobody_if_it_wins() -> None:
    made = definition(*OPTIONS, method=Method.TWO_ROUND, majority=ABSOLUTE)
    first = concluded(made, {(1,): 4, (2,): 2, (3,): 3})
    assert (first.verdict, first.finalists) == (Verdict.SHORT_OF_MAJORITY, (1, 3))
    assert concluded(made, {(1,): 4, (3,): 5}).verdict is Verdict.NONE
    lasting = definition(*OPTIONS, method=Method.TWO_ROUND, majority=ABSOLUTE, second_round=NOW - NOW)
    second = second_round(lasting, 12, first.finalists)
    assert concluded(second, {(1,): 2, (3,): 3}).verdict is Verdict.NONE


@given(
    st.lists(st.sets(st.integers(1, 4), min_size=1).map(sorted).map(tuple), max_size=12),
    st.integers(1, 3),
    st.sampled_from([None, ABSOLUTE, TWO_THIRDS]),
)
def test_nobody_is_elected_that_an_ordinary_option_in_its_place_would_not_have_beaten(
    cast: list[tuple[int, ...]], seats: int, majority: Majority | None
) -> None:
    """The seats go as they would if it were like any other; only what it takes stays empty."""
    made = approval("Ann", "Bob", "Cem", NONE, seats=seats, majority=majority, tie=Tie.FIRST)
    found, plain = concluded(made, Counter(cast)), concluded(without(made), Counter(cast))
    assert 4 not in found.winners
    assert found.winners == tuple(each for each in plain.winners if each != 4)
    assert set(plain.winners) - set(found.winners) <= {4}
    assert set(found.empty) <= {4}
    assert (found.verdict is Verdict.NONE) == (bool(found.empty) and not found.winners)


def test_it_stands_last_on_every_paper() -> None:
    made = ranking("Ann", NONE, "Bob", "Cem", "Blanc")
    orders = {paper_order(made, f"7/{voter}") for voter in range(60)}
    assert {order[-1] for order in orders} == {2}
    assert len({order[:3] for order in orders}) == 6
    assert paper_order(scored(*OPTIONS), "7/1")[-1] == 3
