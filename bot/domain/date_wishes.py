"""What is typed to ask for dates, read into the options of an availability ballot and the instants they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.consultation import BallotType, Kind, Option, Secrecy
from bot.domain.date_options import Slot, option_date
from bot.domain.options import LEAST_OPTIONS, MOST_OPTIONS
from bot.domain.refusals import Refusal
from bot.domain.wishes import Wishes
from bot.domain.words import clean_option, shown

FOREIGN = frozenset(
    {
        "ballot", "method", "seats", "choices", "majority", "base", "grades", "scale", "points", "quadratic",
        "second_round", "early",
    }
)  # fmt: skip
"""The keys of other ballots that mean nothing for dates."""

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(days=31)
"""The least and the most that one date may last."""


def with_date_defaults(kind: Kind, wishes: Wishes) -> Wishes:
    """The wishes with the ballot of dates and its usual secrecy under them, for dates; any other's as they are."""
    if kind is not Kind.DATES:
        return wishes
    usual = {"ballot": BallotType.AVAILABILITY.value, "secrecy": Secrecy.PUBLIC.value}
    return replace(wishes, keys={**usual, **wishes.keys})


def read_dates(
    texts: Sequence[str], wishes: Wishes, *, now: datetime, zone: ZoneInfo
) -> tuple[tuple[Option, ...], tuple[Slot, ...]]:
    """The options in the order of time, with their words as typed, and when each one is.

    Raises Refusal `too-few-dates`, `too-many-options`, `dates-equal`, `date-length`, besides those of
    `date_options.option_date`, `words.clean_option` and `dates.duration`.
    """
    if len(texts) < LEAST_OPTIONS:
        raise Refusal("too-few-dates", n=LEAST_OPTIONS)
    if len(texts) > MOST_OPTIONS:
        raise Refusal("too-many-options", n=MOST_OPTIONS)
    lasting = _lasting(wishes)
    read = [
        (option_date(text, zone, now, language=wishes.language, lasting=lasting), text)
        for text in map(clean_option, texts)
    ]
    read.sort(key=lambda each: (each[0].starts, each[0].ends, each[0].day))
    for (slot, text), (other, again) in pairwise(read):
        if slot == other:
            raise Refusal("dates-equal", said=shown(text), other=shown(again))
    options = tuple(Option(number, text) for number, (_, text) in enumerate(read, 1))
    return options, tuple(replace(slot, option=number) for number, (slot, _) in enumerate(read, 1))


def must_follow(slots: Sequence[Slot], options: Sequence[Option], closes_at: datetime) -> None:
    """Return if every date is after the closing; raise Refusal `date-before-close` for the first that isn't."""
    for slot, option in zip(slots, options, strict=False):
        if slot.starts < closes_at:
            raise Refusal("date-before-close", said=shown(option.text), closes_at=closes_at)


def _lasting(wishes: Wishes) -> timedelta | None:
    lasting = wishes.duration("lasts")
    if lasting is not None and not SHORTEST <= lasting <= LONGEST:
        raise Refusal("date-length", said=wishes.said("lasts"), least=SHORTEST, most=LONGEST)
    return lasting
