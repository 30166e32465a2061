"""The names of days, months, hours and units of time in French and English, folded, as data for `dates`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta


def _numbered(*names: str, start: int) -> dict[str, int]:
    return {word: number for number, words in enumerate(names, start) for word in words.split()}


WEEKDAYS: Mapping[str, int] = _numbered(
    "lundi lun monday mon",
    "mardi tuesday tue tues",
    "mercredi mer wednesday wed weds",
    "jeudi jeu thursday thu thur thurs",
    "vendredi ven friday fri",
    "samedi sam saturday sat",
    "dimanche dim sunday sun",
    start=0,
)
"""Weekday numbers, Monday being 0. "mar" is missing on purpose: Tuesday in French, March in English."""

MONTHS: Mapping[str, int] = _numbered(
    "janvier janv january jan",
    "fevrier fevr fev february feb",
    "mars march",
    "avril avr april apr",
    "mai may",
    "juin june jun",
    "juillet juil july jul",
    "aout august aug",
    "septembre september sept sep",
    "octobre october oct",
    "novembre november nov",
    "decembre december dec",
    start=1,
)
"""Month numbers."""

NUMBERS: Mapping[str, int] = _numbered(
    "un une a an one",
    "deux two",
    "trois three",
    "quatre four",
    "cinq five",
    "six",
    "sept seven",
    "huit eight",
    "neuf nine",
    "dix ten",
    start=1,
)
"""Small numbers in letters, where a count is expected."""

_UNITS = (
    (timedelta(minutes=1), "minutes minute mins min mn"),
    (timedelta(hours=1), "heures heure hours hour hrs hr h"),
    (timedelta(days=1), "jours jour j days day d"),
    (timedelta(weeks=1), "semaines semaine sem weeks week wk w"),
)
UNITS: Mapping[str, timedelta] = {word: length for length, words in _UNITS for word in words.split()}
"""Units of time of fixed length."""

LOOSE_UNITS = frozenset({"mois", "months", "month", "ans", "an", "annees", "annee", "years", "year"})
"""Units of time whose length depends on the calendar: understood, and refused."""

FRENCH_HOURS = frozenset({"h", "heure", "heures"})
"""Units that, after a number from 7 to 23, read as an hour of the day in French."""
