"""From what people write for a date or a duration, in French or English, to an instant or a length of time.

Every phrase is read whole or refused: a word left over could have changed the
meaning. Both languages are always understood; the room's language only decides
forms that differ (5/12, 18h). Instants are returned in UTC. A local time that
happens twice is its first occurrence; one that doesn't exist is refused; twenty-
four hours or more keep the wall clock. The reading of the words is in `phrases`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.lengths import read_length
from bot.domain.phrases import MIDNIGHT, Day, Phrase, read_phrase
from bot.domain.refusals import Refusal
from bot.domain.words import fold, shown

FURTHEST = timedelta(days=5 * 366)
"""Nothing is set further ahead than this (five years)."""

SLIP = timedelta(days=90)
"""A date without a year that passed less than this ago is likelier a slip than next year's: it is refused."""

EVENING = time(20)
"""The hour of "ce soir", "tonight", "demain soir"."""


@dataclass(frozen=True, slots=True)
class At:
    """An instant (aware, UTC)."""

    at: datetime


@dataclass(frozen=True, slots=True)
class After:
    """A length of time, counted from something that will happen (an opening, a closing)."""

    lasting: timedelta


Moment = At | After


def later(start: datetime, lasting: timedelta, zone: ZoneInfo) -> datetime:
    """The instant so long after `start` (UTC). Whole days keep the zone's wall clock, across changes of hour."""
    wall = start.astimezone(zone).replace(tzinfo=None) + timedelta(days=lasting.days)
    return _utc(wall, zone) + timedelta(seconds=lasting.seconds) if lasting.days else start.astimezone(UTC) + lasting


def instant(moment: Moment, start: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a moment whose durations are counted from `start`."""
    return moment.at if isinstance(moment, At) else later(start, moment.lasting, zone)


def duration(text: str) -> timedelta:
    """The length of "24h", "2 jours", "1d 12h", at most five years.

    Raises Refusal `duration-unknown`, `duration-loose` (months and years have no fixed length), `date-too-far`.
    """
    lasting = read_length(fold(text), shown(text))
    if lasting is None:
        raise Refusal("duration-unknown", said=shown(text))
    if lasting > FURTHEST:
        raise Refusal("date-too-far", said=shown(text))
    return lasting


def moment(text: str, *, now: datetime, zone: ZoneInfo, language: str, hour: time | None = None) -> Moment:
    """The instant or the duration that the words mean. `hour` is taken when a day is given without one.

    Raises Refusal `date-unknown`, `date-past`, `date-too-far`, `date-invalid`, `date-without-hour`,
    `weekday-without-hour`, `weekday-mismatch`, `date-order-ambiguous`, `hours-or-hour`, `midnight-ambiguous`,
    `hour-does-not-exist`, `duration-loose`.
    """
    today = now.astimezone(zone).date()
    phrase = read_phrase(text, today=today, language=language)
    if isinstance(phrase, timedelta):
        if phrase > FURTHEST:
            raise Refusal("date-too-far", said=shown(text))
        return After(phrase)
    return At(_Reading(phrase, shown(text), now.astimezone(UTC), today, zone).instant(hour))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A phrase in its place and time: `today` is the day it is in `zone` at `now`."""

    phrase: Phrase
    said: str
    now: datetime
    today: date
    zone: ZoneInfo

    def instant(self, hour: time | None) -> datetime:
        """The first instant the phrase can mean that is still ahead."""
        seconds = self._seconds(hour)
        days = list(self._days())
        if not days:
            raise Refusal("date-invalid", said=self.said)
        found = next(self._ahead(days, seconds), None)
        if found is None:
            raise Refusal("date-past", said=self.said)
        self._check_weekday(found - timedelta(seconds=1) if seconds == MIDNIGHT else found)
        return found

    def _ahead(self, days: Iterable[date], seconds: int) -> Iterator[datetime]:
        for day in days:
            if day.year - self.today.year > FURTHEST.days // 365:
                raise Refusal("date-too-far", said=self.said)
            # A day long past is not converted: the first years of the calendar have no time zone.
            if day < self.today - timedelta(days=1):
                continue
            wall = datetime.combine(day, time()) + timedelta(seconds=seconds)
            at = _utc(wall, self.zone)
            if at > self.now:
                yield self._checked(at, wall)

    def _checked(self, at: datetime, wall: datetime) -> datetime:
        if at > self.now + FURTHEST:
            raise Refusal("date-too-far", said=self.said)
        if at.astimezone(self.zone).replace(tzinfo=None) != wall:
            raise Refusal("hour-does-not-exist", said=self.said)
        return at

    def _seconds(self, hour: time | None) -> int:
        """Seconds from the start of the day to the hour meant."""
        phrase = self.phrase
        if phrase.midnight:
            if phrase.day is not None and not phrase.evening:
                raise Refusal("midnight-ambiguous", said=self.said)
            return MIDNIGHT
        if phrase.seconds is not None:
            return phrase.seconds
        hour = EVENING if phrase.evening else phrase.hour or hour
        if hour is None:
            raise self._no_hour()
        return hour.hour * 3600 + hour.minute * 60

    def _no_hour(self) -> Refusal:
        day = self.phrase.day
        if day is not None and day.weekday is not None and day.month is None and day.exact is None:
            return Refusal("weekday-without-hour", said=self.said, day=day.word)
        return Refusal("date-without-hour", said=self.said)

    def _days(self) -> Iterator[date]:
        """The days the phrase can mean, in the order they are tried; none if there is no such day."""
        day = self.phrase.day
        if day is None:
            yield from (self.today, self.today + timedelta(days=1))
        elif day.exact is not None:
            yield day.exact
        elif day.number is not None:
            yield from _numbered_days(day, self.today)
        elif day.weekday is not None:
            ahead = (day.weekday - self.today.weekday()) % 7
            first = ahead or 7 if day.following else ahead
            yield from (self.today + timedelta(days=first), self.today + timedelta(days=first + 7))

    def _check_weekday(self, found: datetime) -> None:
        day = self.phrase.day
        if day is not None and day.weekday is not None and found.astimezone(self.zone).weekday() != day.weekday:
            raise Refusal("weekday-mismatch", said=self.said, at=found)


def _numbered_days(day: Day, today: date) -> Iterator[date]:
    """The days called "5 janvier" (this year's, then next year's) or "le 15" (this month's, then the two next)."""
    assert day.number is not None
    if day.month is None:
        months = [(today.year + (today.month - 1 + n) // 12, (today.month - 1 + n) % 12 + 1) for n in range(3)]
    else:
        months = [(today.year, day.month), (today.year + 1, day.month)]
    found = [date(year, month, day.number) for year, month in months if day.number <= _length(year, month)]
    if day.month is not None and found and timedelta(0) <= today - found[0] < SLIP:
        del found[1:]
    yield from found


def _length(year: int, month: int) -> int:
    """The number of days in a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def _utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which clocks of the zone first show this; where they skip it, the instant just as long after the
    last hour before the change."""
    return wall.replace(tzinfo=zone).astimezone(UTC)
