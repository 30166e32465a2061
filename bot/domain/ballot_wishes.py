"""The keys about the ballot, read into the rules of one ballot and one count that go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain import vocabulary
from bot.domain.ballots import ONE_CHOICE
from bot.domain.consultation import BallotType, Majority, Method, Option
from bot.domain.methods import BUDGET_METHODS, BY_VOTES, METHODS_OF, ONE_SEAT, ballots_for
from bot.domain.refusals import Refusal
from bot.domain.wishes import Wishes

SCALE = 5
"""The best score unless said."""

POINTS = 10
SQUARES = 25
"""The points to spend unless said, where n points cost n and where they cost n squared (five for one option)."""

MOST_POINTS = 1000

_NOT_SIGNED = frozenset(
    {"method", "seats", "choices", "tie", "majority", "base", "early", "second_round", "if_no_quorum", "add_options"}
)
"""The keys that mean nothing where a text is signed or not: there is nothing to compare and nobody to elect."""


@dataclass(frozen=True, slots=True)
class BallotRules:
    """The fields of a definition about ballots and their count."""

    ballot: BallotType
    method: Method
    at_least: int
    at_most: int
    seats: int
    majority: Majority | None
    scale: int | None = None
    grades: tuple[str, ...] = ()
    points: int | None = None
    quadratic: bool = False


def read_ballot(wishes: Wishes, options: Sequence[Option]) -> BallotRules:
    """The ballot asked for, with its defaults.

    Raises Refusal `key-needs-ballot`, `key-not-for-signature`, `method-needs-other-ballot`, `method-for-budgets`,
    `method-one-seat`, `choices-need-approval`, `choices-not-for-ballot`, `majority-needs-votes`,
    `majority-one-seat`, besides those of `Wishes`.
    """
    ballot = BallotType(wishes.listed("ballot") or BallotType.SINGLE)
    _refuse_other_keys(wishes, ballot)
    method = _method(wishes, ballot)
    at_least, at_most = read_choices(wishes, ballot, options)
    seats = _seats(wishes, method, sum(not option.aside for option in options))
    rules = BallotRules(ballot, method, at_least, at_most, seats, _majority(wishes, method, seats))
    match ballot:
        case BallotType.SCORE:
            return replace(rules, scale=wishes.scale() or SCALE)
        case BallotType.JUDGMENT:
            words = wishes.listed("lang") or wishes.language
            return replace(rules, grades=wishes.grades() or vocabulary.GRADES[words])
        case BallotType.POINTS:
            quadratic = wishes.listed("quadratic") == "yes"
            points = wishes.number("points", 1, MOST_POINTS) or (SQUARES if quadratic else POINTS)
            return replace(rules, points=points, quadratic=quadratic)
        case _:
            return rules


def _refuse_other_keys(wishes: Wishes, ballot: BallotType) -> None:
    for key, needed in vocabulary.BALLOT_KEYS.items():
        if key in wishes.keys and ballot != needed:
            word = vocabulary.value_in(wishes.language, "ballot", needed)
            raise Refusal("key-needs-ballot", said=wishes.said(key), ballot=word)
    if ballot is BallotType.SIGNATURE:
        for key in wishes.keys:
            if key in _NOT_SIGNED or (key == "quorum" and wishes.quorum_of_present()):
                raise Refusal("key-not-for-signature", said=wishes.said(key))


def _method(wishes: Wishes, ballot: BallotType) -> Method:
    usual, *_ = METHODS_OF[ballot]
    asked = wishes.listed("method")
    if asked is None:
        return usual
    method = Method(asked)
    if method in METHODS_OF[ballot]:
        return method
    if method in BUDGET_METHODS:
        raise Refusal("method-for-budgets", said=wishes.said("method"))
    words = [vocabulary.value_in(wishes.language, "ballot", each) for each in ballots_for(method)]
    raise Refusal(
        "method-needs-other-ballot",
        said=wishes.said("method"), ballots=tuple(words), methods=_askable(ballot),
    )  # fmt: skip


def _askable(ballot: BallotType) -> tuple[str, ...]:
    """The methods of a ballot that can be asked for by name."""
    return tuple(method.value for method in METHODS_OF[ballot] if method in vocabulary.VALUES["method"])


def read_choices(wishes: Wishes, ballot: BallotType, options: Sequence[Option]) -> tuple[int, int]:
    """The least and the most options chosen or ranked; of those that are marked there may be any number.

    Raises Refusal `choices-need-approval`, `choices-not-for-ballot`, `impossible-choices`.
    """
    ranked = sum(not option.aside for option in options)
    most = ranked if ballot is BallotType.RANKING else len(options)
    asked = wishes.choices(most)
    if ballot in {BallotType.APPROVAL, BallotType.RANKING}:
        return asked or (1, most)
    if ballot is BallotType.SINGLE and asked not in {None, (1, 1)}:
        raise Refusal("choices-need-approval", said=wishes.said("choices"))
    if ballot is not BallotType.SINGLE and asked is not None:
        raise Refusal("choices-not-for-ballot", said=wishes.said("choices"))
    return (1, 1) if ballot in ONE_CHOICE else (1, most)


def _seats(wishes: Wishes, method: Method, options: int) -> int:
    seats = wishes.number("seats", 1, max(options, 1)) or 1
    if seats > 1 and method in ONE_SEAT:
        raise Refusal("method-one-seat", said=wishes.said("seats"), method=method.value)
    return seats


def _majority(wishes: Wishes, method: Method, seats: int) -> Majority | None:
    majority = wishes.majority()
    if majority is None:
        return None
    if method not in BY_VOTES:
        raise Refusal("majority-needs-votes", said=wishes.said("majority"))
    if seats > 1 and majority.fraction is None:
        raise Refusal("majority-one-seat", said=wishes.said("majority"))
    return majority
