"""Every ballot with every method it goes with, asked for in both languages; what doesn't go together is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import vocabulary
from bot.domain.ballot_checks import example
from bot.domain.ballots import amend
from bot.domain.consultation import BallotType, Definition, Kind, Majority, Method, OptionRole, Quorum
from bot.domain.methods import BUDGET_METHODS, METHODS_OF
from bot.domain.refusals import Refusal
from bot.domain.typed_ballots import read
from tests.domain.test_proposal import COMPLETE, proposed
from tests.domain.votes import concluded

UNASKABLE = {Method.AVAILABILITY, Method.SIGNATURE}
"""Methods that have no name of their own to ask for: the only one of their ballot."""

PAIRS = [(ballot, method) for ballot, methods in METHODS_OF.items() for method in methods]
FOUR = ("A", "B", "C", "Blanc")


@pytest.fixture(autouse=True, scope="module")
def every_ballot_open() -> Iterator[None]:
    """The rules as they are once every ballot can be asked for."""
    later = {key: values for key, values in vocabulary.UNBUILT.items() if key not in {"ballot", "method"}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "UNBUILT", {**later, "ballot": frozenset(), "method": frozenset()})
        patch.setattr(vocabulary, "UNBUILT_KEYS", frozenset({"contest", "repeat", "template"}))
        yield


def asked(keys: dict[str, str], *options: str, language: str = "fr") -> Definition:
    own = keys.get("ballot") in {"consent", "consentement", "signature"}
    listed = () if own else options or FOUR
    return proposed(Kind.VOTE, COMPLETE | keys, listed, language=language).definition


def refused(keys: dict[str, str], *options: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        asked(keys, *options)
    return caught.value


@pytest.mark.parametrize(("ballot", "method"), PAIRS)
def test_each_ballot_with_each_of_its_methods(ballot: BallotType, method: Method) -> None:
    keys = {"ballot": vocabulary.VALUES["ballot"][ballot]}
    if method not in UNASKABLE:
        keys["method"] = method.value
    made = asked(keys)
    assert (made.ballot, made.method, made.seats) == (ballot, method, 1)
    choice = amend(made, None, read(example(made), made))
    assert choice is not None
    assert concluded(made, {choice: 3}).expressed == 3


@pytest.mark.parametrize("ballot", BallotType, ids=str)
def test_each_ballot_has_its_usual_method(ballot: BallotType) -> None:
    assert asked({"ballot": ballot.value}).method is METHODS_OF[ballot][0]


@pytest.mark.parametrize("ballot", BallotType, ids=str)
@pytest.mark.parametrize("method", sorted(vocabulary.VALUES["method"]))
def test_a_method_for_another_ballot_is_refused_naming_those_that_go(ballot: BallotType, method: str) -> None:
    if Method(method) in METHODS_OF[ballot]:
        return
    refusal = refused({"ballot": ballot.value, "method": method})
    if ballot is BallotType.SIGNATURE:
        assert refusal.code == "key-not-for-signature"
        return
    if Method(method) in BUDGET_METHODS:
        assert refusal.code == "method-for-budgets"
        return
    assert refusal.code == "method-needs-other-ballot"
    assert set(refusal.facts["methods"]) == {each.value for each in METHODS_OF[ballot]} - UNASKABLE
    takers = {each for each, methods in METHODS_OF.items() if Method(method) in methods}
    assert refusal.facts["ballots"] == tuple(vocabulary.VALUES["ballot"][each] for each in takers)


def test_scores_grades_and_points() -> None:
    assert asked({"ballot": "notes"}).scale == 5
    assert asked({"ballot": "notes", "scale": "0-10"}).scale == 10
    assert asked({"ballot": "notes", "scale": "3"}).scale == 3
    assert asked({"ballot": "jugement"}).grades == vocabulary.GRADES["fr"]
    assert asked({"ballot": "judgment", "lang": "en"}).grades == vocabulary.GRADES["en"]
    assert asked({"ballot": "jugement", "grades": "oui, bof, non"}).grades == ("oui", "bof", "non")
    points = asked({"ballot": "points"})
    assert (points.points, points.quadratic, points.best_mark) == (10, False, 10)
    squares = asked({"ballot": "points", "points": "36", "quadratic": "oui"})
    assert (squares.points, squares.quadratic, squares.best_mark) == (36, True, 6)


def test_what_a_ranking_may_hold() -> None:
    assert (asked({"ballot": "classement"}).at_least, asked({"ballot": "classement"}).at_most) == (1, 3)
    exact = asked({"ballot": "classement", "choices": "2"})
    assert (exact.at_least, exact.at_most) == (2, 2)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_consent_ballot_brings_its_options(language: str) -> None:
    made = asked({"ballot": "consent"}, language=language)
    assert tuple(option.text for option in made.options) == vocabulary.CONSENT_OPTIONS[language]
    assert [option.role for option in made.options] == [
        OptionRole.AGREEMENT, OptionRole.ABSTENTION, OptionRole.DISAGREEMENT, OptionRole.BLOCK,
    ]  # fmt: skip


def test_seats_majorities_and_quorums_where_they_make_sense() -> None:
    board = asked({"ballot": "classement", "method": "stv", "seats": "2", "quorum": "20"})
    assert (board.seats, board.quorum) == (2, Quorum(count=20))
    assert asked({"ballot": "consent", "majority": "simple"}).majority == Majority()
    assert asked({"seats": "2", "majority": "1/3"}).seats == 2


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"scale": "5"}, "key-needs-ballot"),
        ({"ballot": "points", "grades": "a,b,c"}, "key-needs-ballot"),
        ({"ballot": "score", "points": "12"}, "key-needs-ballot"),
        ({"quadratic": "oui"}, "key-needs-ballot"),
        ({"ballot": "score", "scale": "11"}, "impossible-scale"),
        ({"ballot": "score", "scale": "0"}, "impossible-scale"),
        ({"ballot": "score", "scale": "1-5"}, "impossible-scale"),
        ({"ballot": "judgment", "grades": "bien, mal"}, "impossible-grades"),
        ({"ballot": "judgment", "grades": "bien, mal, Bien"}, "impossible-grades"),
        ({"ballot": "judgment", "grades": "1, 2, 3"}, "impossible-grades"),
        ({"ballot": "judgment", "grades": "a:b, c, d"}, "impossible-grades"),
        ({"ballot": "judgment", "grades": "a,b,c,d,e,f,g,h"}, "too-many-names"),
        ({"ballot": "points", "points": "0"}, "impossible-number"),
        ({"ballot": "points", "points": "1001"}, "impossible-number"),
        ({"ballot": "consent", "choices": "2"}, "choices-not-for-ballot"),
        ({"choices": "2"}, "choices-need-approval"),
        ({"ballot": "score", "choices": "2"}, "choices-not-for-ballot"),
        ({"ballot": "ranking", "choices": "4"}, "impossible-choices"),  # a blank ballot ranks nothing
        ({"ballot": "ranking", "majority": "absolute"}, "majority-needs-votes"),
        ({"ballot": "judgment", "majority": "2/3"}, "majority-needs-votes"),
        ({"seats": "2", "majority": "simple"}, "majority-one-seat"),
        ({"seats": "4"}, "impossible-number"),
        ({"seats": "0"}, "impossible-number"),
        ({"method": "two-round", "seats": "2"}, "method-one-seat"),
        ({"ballot": "ranking", "method": "irv", "seats": "2"}, "method-one-seat"),
        ({"ballot": "availability", "seats": "2"}, "method-one-seat"),
        ({"ballot": "consent", "seats": "2"}, "method-one-seat"),
    ],
)  # fmt: skip
def test_what_does_not_go_together_is_refused(keys: dict[str, str], code: str) -> None:
    assert refused(keys).code == code


def test_a_consent_ballot_takes_no_options() -> None:
    with pytest.raises(Refusal) as caught:
        proposed(Kind.VOTE, COMPLETE | {"ballot": "consent"}, ("Pour", "Contre"))
    assert caught.value.code == "consent-has-its-options"


VALUES = st.text(max_size=12) | st.sampled_from(["2", "1-", "0-5", "a, b, c", "oui", "stv", "star", "approval", "1/2"])


@given(
    st.sampled_from(list(BallotType)),
    st.dictionaries(
        st.sampled_from(["method", "seats", "choices", "grades", "scale", "points", "quadratic", "majority"]), VALUES
    ),
)
def test_any_wishes_make_a_ballot_that_can_be_cast_or_are_refused(ballot: BallotType, keys: dict[str, str]) -> None:
    try:
        made = asked({"ballot": ballot.value, **keys})
    except Refusal:
        return
    assert made.method in METHODS_OF[ballot]
    assert 1 <= made.at_least <= made.at_most
    assert 1 <= made.seats <= len(made.options)
    assert amend(made, None, read(example(made), made)) is not None
