"""From a key, its facts and a language to a sentence.

The sentences live in gettext catalogues, `locales/<language>.po`, whose message
ids are keys (`refusal.already-closed`). A sentence names its facts in braces; the
fact called `n` chooses the plural. `**words**` in a sentence are bold; facts are
never read for markup. Adding a language is adding one file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache, lru_cache
from gettext import c2py
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from bot.text.card import Line, Span

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LOCALES = Path(__file__).parent / "locales"
Fact = str | int | Fraction | datetime | timedelta | tuple[str, ...]
_PLACE = re.compile(r"\{(\w+)\}")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


@cache
def languages() -> tuple[str, ...]:
    """The languages there is a catalogue for, sorted."""
    return tuple(sorted(path.stem for path in LOCALES.glob("*.po")))


@cache
def catalogue(language: str) -> Mapping[str, str | tuple[str, ...]]:
    """Every sentence of one language by key: a string, or the plural forms in gettext's order.

    Raises KeyError for a language without a catalogue.
    """
    if language not in languages():
        raise KeyError(language)
    found: dict[str, str | tuple[str, ...]] = {}
    for message in _parsed(language):
        if message.id:
            key = message.id[0] if isinstance(message.id, tuple | list) else message.id
            words = message.string or ""
            found[key] = words if isinstance(words, str) else tuple(words)
    return found


@cache
def _parsed(language: str) -> Catalog:
    with (LOCALES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


@cache
def _plural_rule(language: str) -> Callable[[int], int]:
    return c2py(_parsed(language).plural_expr)


def plural_form(language: str, number: int) -> int:
    """Which plural form to use, by the rule in the catalogue's header (0 is singular in French, plural in English)."""
    return _plural_rule(language)(number)


@dataclass(frozen=True, slots=True)
class Speech:
    """A language and a time zone to speak in, and how commands begin where it is read (`{sign}` in any sentence)."""

    language: str
    zone: ZoneInfo
    sign: str = "/"

    def say(self, key: str, /, **facts: Fact) -> str:
        """The sentence for `key`, its facts filled in, as plain words."""
        return "".join(span.text for span in self.spans(key, **facts))

    def line(self, key: str, /, **facts: Fact) -> Line:
        """The sentence for `key` as a line of a card."""
        return Line(self.spans(key, **facts))

    def heading(self, key: str, /, **facts: Fact) -> Line:
        """The sentence for `key` as the heading of a card."""
        return Line(self.spans(key, **facts), title=True)

    def spans(self, key: str, /, **facts: Fact) -> tuple[Span, ...]:
        """The sentence for `key` as spans, its `**bold**` words bold and its facts plain."""
        pieces = _BOLD.split(self._template(key, facts))
        made = (
            Span(self._fill(piece, facts), "bold" if index % 2 else "") for index, piece in enumerate(pieces) if piece
        )
        return tuple(made)

    def _template(self, key: str, facts: Mapping[str, Fact]) -> str:
        sentence = catalogue(self.language)[key]
        if isinstance(sentence, str):
            return sentence
        number = facts["n"]
        assert isinstance(number, int)
        return sentence[plural_form(self.language, number)]

    def _fill(self, piece: str, facts: Mapping[str, Fact]) -> str:
        known = {"sign": self.sign, **facts}
        return _PLACE.sub(lambda match: self.fact(known[match.group(1)]), piece)

    def fact(self, value: Fact) -> str:
        """One fact as this language writes it: numbers grouped, dates in the zone, lists joined."""
        match value:
            case str():
                return value
            case int():
                return _number(value, self.language)
            case Fraction():
                return self.percent(value)
            case datetime():
                return self.when(value)
            case timedelta():
                return self.lasting(value)
            case tuple():
                return format_list([str(item) for item in value], locale=self.language)

    def percent(self, share: Fraction) -> str:
        """A share as a percentage, rounded half up to a whole number."""
        return format_percent(int(share * 100 + Fraction(1, 2)) / 100, locale=self.language)

    def when(self, instant: datetime) -> str:
        """A date and time in full, with the place its zone is named after: `jeudi 3 décembre 2026 à 20:00 (Paris)`."""
        local = instant.astimezone(self.zone)
        return self.say("time.when", day=_date(local, "full", self.language), hour=self.hour(instant), place=self.place)

    def until(self, instant: datetime) -> str:
        """A date and time as short as it stays clear, for toasts: `jeudi 3 déc. à 20:00`."""
        return _until(instant.astimezone(self.zone), self.zone.key, self.language)

    def day(self, instant: datetime) -> str:
        """A date without its hour: `12 décembre 2026`."""
        return _date(instant.astimezone(self.zone), "long", self.language)

    def full_day(self, instant: datetime) -> str:
        """A date with its weekday: `jeudi 3 décembre 2026`."""
        return _date(instant.astimezone(self.zone), "full", self.language)

    def hour(self, instant: datetime) -> str:
        """The hour of an instant: `20:00`."""
        return format_time(instant.astimezone(self.zone), format="HH:mm", locale=self.language)

    @property
    def place(self) -> str:
        """The city of the time zone: `Paris` for Europe/Paris."""
        return self.zone.key.rsplit("/", 1)[-1].replace("_", " ")

    def lasting(self, duration: timedelta) -> str:
        """A duration in its two largest units: `1 jour 4 heures`."""
        from babel.units import format_unit

        minutes = max(int(duration.total_seconds()) // 60, 0)
        parts = (("day", minutes // 1440), ("hour", minutes // 60 % 24), ("minute", minutes % 60))
        told = [format_unit(count, f"duration-{unit}", locale=self.language) for unit, count in parts if count]
        return " ".join(told[:2]) or format_unit(0, "duration-minute", locale=self.language)


@lru_cache(maxsize=4096)
def _number(number: int, language: str) -> str:
    """A number with its digits grouped. Remembered: a long card says hundreds, which cost Babel 0.05 ms each."""
    return format_decimal(number, locale=language)


def _date(local: datetime, form: str, language: str) -> str:
    """A date in Babel's words, the first of the month as the language says it (1er in French)."""
    locale, first = catalogue(language)["time.locale"], catalogue(language)["time.first-of-month"]
    assert isinstance(locale, str)
    assert isinstance(first, str)
    words = format_date(local, format=form, locale=locale)
    return re.sub(r"\b1\b", first, words, count=1) if local.day == 1 else words


@lru_cache(maxsize=256)
def _until(local: datetime, zone: str, language: str) -> str:
    """See Speech.until. Remembered: all presses of a consultation are told the same, which costs Babel 0.1 ms each."""
    hour = format_time(local, format="HH:mm", locale=language)
    speech = Speech(language, ZoneInfo(zone))
    return speech.say("time.until", day=_date(local, "EEEE d MMM", language), hour=hour)
