"""The grammar of dates: which words stand next to which, in French and in English.

It reads one phrase into its parts (a day, an hour, a part of the day), or finds
that it is a length of time, and knows neither the present hour nor time zones: which day
"vendredi" is, is for `dates` to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from bot.domain.calendar_words import FRENCH_HOURS, MONTHS, WEEKDAYS
from bot.domain.lengths import read_amounts, read_length
from bot.domain.refusals import Refusal
from bot.domain.words import fold, shown

MIDNIGHT = 24 * 3600
"""Seconds from the start of a day to its end."""


@dataclass(frozen=True, slots=True)
class Day:
    """The day of a phrase: `exact`, or the `number` of a `month` (None: whichever comes), perhaps with a `weekday`.

    `word` is the weekday as it was written; `following` rules out today ("next friday", "vendredi prochain").
    """

    exact: date | None = None
    number: int | None = None
    month: int | None = None
    weekday: int | None = None
    word: str = ""
    following: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """The parts of a phrase. `seconds` from the start of the day; `hour` is the usual one of such a day ("end of the
    month"); `midnight` is the word, which doesn't say which end of the day it is."""

    day: Day | None = None
    seconds: int | None = None
    midnight: bool = False
    part: str = ""
    hour: time | None = None

    @property
    def evening(self) -> bool:
        """Whether it says "soir" or "evening"."""
        return self.part == "evening"


@dataclass(frozen=True, slots=True)
class _Source:
    """What the reading of one word may need besides the word."""

    said: str
    today: date
    language: str


_Found = Callable[[re.Match[str], _Source], Mapping[str, object]]
_AHEAD = re.compile(r"(?:dans|in|d'ici|pendant|apres|after)\s+")


def read_phrase(text: str, *, today: date, language: str) -> Phrase | timedelta:
    """The parts of a date, or a length of time. Raises the Refusals of wording among those of `dates.moment`."""
    source = _Source(shown(text), today, language)
    plain = re.sub(r"(?<=[0-9])t(?=[0-9]{1,2}:)", " ", fold(text).rstrip(" .!"))
    ahead = _AHEAD.match(plain)
    if ahead:
        return _read_ahead(plain[ahead.end() :], source)
    lasting = read_length(plain, source.said)
    clock = re.fullmatch(r"([0-9]{1,2})\s?h\s?[0-5][0-9]", plain)
    if lasting is None or (clock and int(clock.group(1)) > 6):
        return _combined(_read_parts(plain, Phrase(), source), source)
    if clock or _reads_as_hour(plain, language):
        raise Refusal("hours-or-hour", said=source.said, hours=plain)
    return lasting


def _reads_as_hour(plain: str, language: str) -> bool:
    """Whether a French reader could take this length of time for an hour of the day: "18h"."""
    amount = re.fullmatch(r"([0-9]{1,2})\s?([a-z]+)", plain) if language == "fr" else None
    return amount is not None and amount[2] in FRENCH_HOURS and 7 <= int(amount[1]) <= 23


def _read_ahead(plain: str, source: _Source) -> Phrase | timedelta:
    """ "dans 2 jours" is a length of time, "dans 2 jours à 18h" a date."""
    lasting, rest = read_amounts(plain, source.said)
    if lasting is None:
        raise Refusal("date-unknown", said=source.said)
    if not rest:
        return lasting
    if lasting.seconds or lasting.days > 3660:
        raise Refusal("date-unknown", said=source.said)
    day = Day(exact=source.today + lasting)
    return _combined(_read_parts(rest, Phrase(day), source), source)


def _read_parts(plain: str, phrase: Phrase, source: _Source) -> Phrase:
    """Every part of the text, none given twice, nothing left over."""
    place = 0
    while place < len(plain):
        found, read = _next_part(plain, place, source)
        changes = read(found, source)
        if any(getattr(phrase, name) not in (None, False, "") and name != "day" for name in changes):
            raise Refusal("date-unknown", said=source.said)
        if "day" in changes:
            changes = {**changes, "day": _joined(phrase.day, changes["day"], source)}
        phrase = replace(phrase, **changes)  # type: ignore[arg-type]
        place = found.end()
    return phrase


def _next_part(plain: str, place: int, source: _Source) -> tuple[re.Match[str], _Found]:
    for pattern, read in _PARTS:
        if found := pattern.match(plain, place):
            return found, read
    raise Refusal("date-unknown", said=source.said)


def _joined(known: Day | None, more: object, source: _Source) -> Day:
    """One day from "vendredi" and "3 décembre"; two days that exclude each other are refused."""
    assert isinstance(more, Day)
    if known is None:
        return more
    first, second = (known, more) if known.weekday is not None else (more, known)
    if first.weekday is None or second.weekday is not None or first.following:
        raise Refusal("date-unknown", said=source.said)
    return replace(second, weekday=first.weekday, word=first.word)


def _combined(phrase: Phrase, source: _Source) -> Phrase:
    """The phrase with its hour corrected by the part of the day it names: "8h du soir" is 20:00."""
    if phrase == Phrase() or (phrase.day is None and phrase.seconds is None and not phrase.midnight):
        raise Refusal("date-unknown", said=source.said)
    if phrase.seconds is None or not phrase.part:
        return phrase
    hour = phrase.seconds // 3600
    shift = {"morning": {}, "afternoon": dict.fromkeys(range(1, 8), 12), "evening": dict.fromkeys(range(5, 12), 12)}
    allowed = {"morning": range(13), "afternoon": range(12, 20), "evening": range(17, 25)}
    hour += shift[phrase.part].get(hour, 0)
    if hour not in allowed[phrase.part]:
        raise Refusal("date-unknown", said=source.said)
    return replace(phrase, seconds=hour * 3600 + phrase.seconds % 3600)


# -- one word or group of words at a time -----------------------------------------------------------------------------


def _nothing(_: re.Match[str], __: _Source) -> Mapping[str, object]:
    return {}


def _written_date(found: re.Match[str], source: _Source) -> Mapping[str, object]:
    return _exact(found["year"], found["month"], found["day"], source)


def _slashed_date(found: re.Match[str], source: _Source) -> Mapping[str, object]:
    """5/12 is a day then a month in French; in English only when it can't be read the other way round."""
    first, second, year = int(found["first"]), int(found["second"]), found["year"]
    if source.language != "fr" and first <= 12 and second <= 12 and first != second:
        raise Refusal("date-order-ambiguous", said=source.said)
    month_first = source.language != "fr" and second > 12
    day, month = (second, first) if month_first else (first, second)
    if year:
        return _exact(year if len(year) == 4 else f"20{year}", month, day, source)
    return _of_month(day, month, source)


def _named_date(found: re.Match[str], source: _Source) -> Mapping[str, object]:
    month = 3 if found["name"] == "mar" else MONTHS[found["name"]]
    if found["year"]:
        return _exact(found["year"], month, found["day"], source)
    return _of_month(int(found["day"]), month, source)


def _of_month(number: int, month: int | None, source: _Source) -> Mapping[str, object]:
    if not 1 <= number <= 31 or not (month is None or 1 <= month <= 12):
        raise Refusal("date-invalid", said=source.said)
    return {"day": Day(number=number, month=month)}


def _exact(year: str | int, month: str | int, day: str | int, source: _Source) -> Mapping[str, object]:
    try:
        return {"day": Day(exact=date(int(year), int(month), int(day)))}
    except ValueError:
        raise Refusal("date-invalid", said=source.said) from None


def _day_number(found: re.Match[str], source: _Source) -> Mapping[str, object]:
    return _of_month(int(found["day"]), None, source)


def _from_today(days: int) -> _Found:
    return lambda _, source: {"day": Day(exact=source.today + timedelta(days=days))}


def _tonight(_: re.Match[str], source: _Source) -> Mapping[str, object]:
    return {"day": Day(exact=source.today), "part": "evening"}


def _part_today(part: str) -> _Found:
    return lambda _, source: {"day": Day(exact=source.today), "part": part}


def _part(part: str) -> _Found:
    return lambda _, __: {"part": part}


def _month_end(_: re.Match[str], source: _Source) -> Mapping[str, object]:
    following = (source.today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return {"day": Day(exact=following - timedelta(days=1)), "hour": time(23, 59)}


def _weekday(found: re.Match[str], _: _Source) -> Mapping[str, object]:
    following = bool(found["before"] or found["after"])
    return {"day": Day(weekday=WEEKDAYS[found["name"]], word=found["name"], following=following)}


def _clock(found: re.Match[str], source: _Source) -> Mapping[str, object]:
    parts = found.groupdict()
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise Refusal("date-invalid", said=source.said)
        hour = hour % 12 + (12 if half == "p" else 0)
    seconds = hour * 3600 + minute * 60 + second
    if seconds > MIDNIGHT or minute > 59 or second > 59:
        raise Refusal("date-invalid", said=source.said)
    return {"seconds": seconds}


def _noon(_: re.Match[str], __: _Source) -> Mapping[str, object]:
    return {"seconds": 12 * 3600}


def _midnight(_: re.Match[str], __: _Source) -> Mapping[str, object]:
    return {"midnight": True}


_ORDINAL = r"(?:er|st|nd|rd|th)?"
_MONTH = rf"(?P<name>{'|'.join(MONTHS)})\.?"
_YEAR = r"(?:\s+(?P<year>[0-9]{4})(?![0-9:h]))?"
_OF = r"(?:\s+(?:de|of))?\s*"
_NEXT = r"(?:prochaine?|next|qui vient)"
_SPELLINGS: tuple[tuple[str, _Found], ...] = (
    (r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})", _written_date),
    (r"(?P<first>[0-9]{1,2})(?P<mark>[-/.])(?P<second>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})", _slashed_date),
    (r"(?P<first>[0-9]{1,2})/(?P<second>[0-9]{1,2})(?:/(?P<year>[0-9]{2}))?", _slashed_date),
    (rf"(?P<day>[0-9]{{1,2}}){_ORDINAL}{_OF}(?P<name>mar)\.?{_YEAR}", _named_date),
    (rf"(?P<day>[0-9]{{1,2}}){_ORDINAL}{_OF}{_MONTH}{_YEAR}", _named_date),
    (rf"{_MONTH}\s+(?:the\s+)?(?P<day>[0-9]{{1,2}}){_ORDINAL}(?!\s?[ap]\.?m)(?:,?{_YEAR})", _named_date),
    (rf"(?:le|the)\s+(?P<day>[0-9]{{1,2}}){_ORDINAL}(?!\s?[ap]\.?m|\s?heures?|{_OF}(?:mar|{_MONTH}))", _day_number),
    (r"(?:a\s+)?(?:la\s+)?(?:fin du|fin de ce|(?:the\s+)?end of (?:the|this))\s+(?:mois|month)", _month_end),
    (r"apres[ -]demain|(?:the\s+)?day after tomorrow", _from_today(2)),
    (r"demain|tomorrow", _from_today(1)),
    (r"aujourd'?\s?hui|today", _from_today(0)),
    (r"ce soir|cette soiree|tonight|this evening", _tonight),
    (r"ce midi", lambda _, source: {"day": Day(exact=source.today), "seconds": 12 * 3600}),
    (r"cet(?:te)? apres[ -]midi|this afternoon", _part_today("afternoon")),
    (r"ce matin|this morning", _part_today("morning")),
    (rf"(?P<before>{_NEXT}\s+)?(?P<name>{'|'.join(WEEKDAYS)})\.?(?P<after>\s+{_NEXT})?", _weekday),
    (r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?\s?(?P<half>[ap])\.?\s?m\.?", _clock),
    (r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?", _clock),
    (r"(?P<hour>[0-9]{1,2})\s?(?:heures?|hours?|h)(?:\s?(?P<minute>[0-9]{2}))?", _clock),
    (r"midi|(?:12\s)?noon", _noon),
    (r"minuit|midnight", _midnight),
    (r"(?:(?:du|in the|le)\s+)?(?:matin|morning)", _part("morning")),
    (r"(?:(?:de l'|in the\s+|l')\s*)?(?:apres[ -]midi|afternoon)", _part("afternoon")),
    (r"(?:(?:du|in the|le|au)\s+)?(?:soiree|soir|evening)", _part("evening")),
    (r"le|la|a|au|at|on|the|ce|cette|this|avant|jusqu'au|jusqu'a|until|by|-", _nothing),
)
_PARTS = tuple((re.compile(rf"(?:{spelling})(?:[\s,]+|$)"), read) for spelling, read in _SPELLINGS)
