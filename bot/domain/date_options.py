"""The options of a date poll as instants: from what somebody writes for a date to when it begins and ends.

A date has an hour, or is one or several whole days of the zone's calendar. How it is
told to people is in `bot.text.dates`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.dates import After, later, moment
from bot.domain.phrases import read_phrase
from bot.domain.refusals import Refusal
from bot.domain.words import shown

USUAL = timedelta(hours=1)
"""How long a date with an hour lasts unless said; one without an hour lasts the whole day."""

DAY_LENGTH = timedelta(days=1)
_DAY_END = time(23, 59)


@dataclass(frozen=True, slots=True)
class Slot:
    """When an option of a date poll is: from `starts` to `ends` (aware, UTC).

    `day` is the first of its whole days (ISO 8601, in the zone of the room that asked), "" for a date with an hour.
    """

    option: int
    starts: datetime
    ends: datetime
    day: str = ""

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last of its whole days. Only for a date without an hour."""
        first = date.fromisoformat(self.day)
        return first, first + timedelta(days=round((self.ends - self.starts) / DAY_LENGTH) - 1)


def option_date(
    text: str, zone: ZoneInfo, now: datetime, *, language: str, lasting: timedelta | None = None, number: int = 0
) -> Slot:
    """The date that the words mean in the zone, as option `number`; `lasting` None is its usual length.

    Raises Refusal `option-not-a-date` for anything else than a date, `date-needs-hour` for a day without an hour that
    should last less than a day, besides those of `dates.moment`.
    """
    whole = _without_hour(text, now.astimezone(zone).date(), language)
    try:
        found = moment(text, now=now, zone=zone, language=language, hour=_DAY_END if whole else None)
    except Refusal as refusal:
        if refusal.code == "date-unknown" or refusal.code.startswith("duration-"):
            raise _no_date(text) from refusal
        raise
    if isinstance(found, After):
        raise _no_date(text)
    if not whole:
        return Slot(number, found.at, later(found.at, lasting or USUAL, zone))
    if lasting is not None and lasting % DAY_LENGTH:
        raise Refusal("date-needs-hour", said=shown(text), lasting=lasting)
    return _whole_days(found.at.astimezone(zone).date(), lasting or DAY_LENGTH, zone, number)


def _no_date(text: str) -> Refusal:
    return Refusal("option-not-a-date", said=shown(text))


def _without_hour(text: str, today: date, language: str) -> bool:
    """Whether it names a day and nothing of its hours."""
    try:
        phrase = read_phrase(text, today=today, language=language)
    except Refusal:
        return False
    if isinstance(phrase, timedelta):
        return False
    return phrase.seconds is None and not phrase.midnight and not phrase.part


def _whole_days(first: date, lasting: timedelta, zone: ZoneInfo, number: int) -> Slot:
    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), zone).astimezone(UTC)

    return Slot(number, midnight(first), midnight(first + lasting), first.isoformat())
