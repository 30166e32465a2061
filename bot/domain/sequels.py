"""What a vote does by itself: a closing before its time once it is decided, a second round, a second convening.

It reads the keys about the first two and says what the vote that follows asks; when it is
made is said in `bot.usecases.sequels`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from bot.domain import dates
from bot.domain.consultation import Definition, Follows, Majority, Method, Sequel
from bot.domain.decided import COUNTED
from bot.domain.refusals import Refusal
from bot.domain.remedies import Remedy
from bot.domain.roll_sources import RollSource
from bot.domain.wishes import Wishes

LEAST_CANDIDATES = 3
"""With two options one round decides as much as two."""

SHORTEST_ROUND = timedelta(minutes=1)


def with_sequels(definition: Definition, wishes: Wishes, lasts: timedelta) -> Definition:
    """The definition with what it does by itself; `lasts` is how long it is open.

    Raises Refusal `early-needs-votes`, `early-needs-roll`, `early-too-late`, `second-round-needs-two-rounds`,
    `two-rounds-need-three`, `two-rounds-need-half`, `second-round-too-short`, besides those of `dates.duration`.
    """
    definition = replace(definition, early=_early(definition, wishes, lasts))
    if definition.method is not Method.TWO_ROUND:
        if "second_round" in wishes.keys:
            raise Refusal("second-round-needs-two-rounds", said=wishes.said("second_round"))
        return definition
    if sum(not option.aside for option in definition.options) < LEAST_CANDIDATES:
        raise Refusal("two-rounds-need-three", n=LEAST_CANDIDATES)
    return replace(definition, majority=_first_majority(definition, wishes), second_round=_second(wishes, lasts))


def _early(definition: Definition, wishes: Wishes, lasts: timedelta) -> timedelta | None:
    """How long it stays open at least, if it is closed once it is decided."""
    least = wishes.duration("early")
    if least is None:
        return None
    if definition.method not in COUNTED or definition.seats > 1:
        raise Refusal("early-needs-votes", said=wishes.said("early"))
    if definition.roll is RollSource.OPEN:
        raise Refusal("early-needs-roll", said=wishes.said("early"))
    if least >= lasts:
        raise Refusal("early-too-late", said=wishes.said("early"))
    return least


def _first_majority(definition: Definition, wishes: Wishes) -> Majority:
    """What wins the first round: over half, or more if that was asked."""
    half = Fraction(1, 2)
    majority = definition.majority or Majority(half, strict=True)
    if majority.fraction is None or majority.fraction < half or (majority.fraction == half and not majority.strict):
        raise Refusal("two-rounds-need-half", said=wishes.said("majority"))
    return majority


def _second(wishes: Wishes, lasts: timedelta) -> timedelta:
    if "second_round" not in wishes.keys:
        return lasts
    asked: timedelta = wishes.echoing("second_round", dates.duration)
    if asked < SHORTEST_ROUND:
        raise Refusal("second-round-too-short", said=wishes.said("second_round"))
    return asked


def second_round(first: Definition, number: int, finalists: tuple[int, ...]) -> Definition:
    """What the second round of consultation `number` asks: the same question between the finalists, won by the one with
    most votes. Options keep their numbers; blank and abstention stay, last."""
    kept = [option for option in first.options if option.number in finalists or option.aside]
    lasts = first.second_round
    assert lasts is not None
    extends = first.if_no_quorum is not None and first.if_no_quorum.remedy is Remedy.EXTEND
    return replace(
        _following(first, Follows(number, Sequel.SECOND_ROUND), lasts),
        options=tuple(sorted(kept, key=lambda option: option.aside)),
        method=Method.PLURALITY,
        majority=None,
        second_round=None,
        if_no_quorum=first.if_no_quorum if extends else None,
    )


def reconvened(first: Definition, number: int, lasts: timedelta) -> Definition:
    """What consultation `number` asks again because too few voted: the same, by the same rules, but without quorum."""
    return replace(_following(first, Follows(number, Sequel.RECONVENED), lasts), quorum=None, if_no_quorum=None)


def _following(first: Definition, follows: Follows, lasts: timedelta) -> Definition:
    """The definition of a vote that follows another and lasts so long, without the dates and the seed of the first."""
    return replace(
        first,
        answer_by=None,
        seed_commitment="",
        reminders=tuple(before for before in first.reminders if before < lasts),
        early=first.early if first.early is not None and first.early < lasts else None,
        follows=follows,
    )
