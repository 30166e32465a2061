"""Dates of a date poll as people read them: the day in full, from when to when, and the place whose clocks they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.domain.consultation import Definition
from bot.domain.date_options import Slot
from bot.text.catalogue import Speech

_HALF_DAY = timedelta(hours=12)
"""What ends sooner after it began needs no second day, even past midnight."""


def slot_words(slot: Slot, speech: Speech) -> str:
    """When a date is: `mardi 15 décembre 2026 de 18:00 à 19:00 (Paris)`, `samedi 19 décembre 2026 (journée)`."""
    if slot.day:
        first, last = (speech.full_day(_noon(day, speech)) for day in slot.days)
        return speech.say("date.day", day=first) if first == last else speech.say("date.days", first=first, last=last)
    starts, ends = speech.full_day(slot.starts), speech.full_day(slot.ends)
    facts = {"start": speech.hour(slot.starts), "end": speech.hour(slot.ends), "place": speech.place}
    if starts == ends or slot.ends - slot.starts <= _HALF_DAY:
        return speech.say("date.hours", day=starts, **facts)
    return speech.say("date.hours-over-days", first=starts, last=ends, **facts)


def worded(definition: Definition, speech: Speech) -> Definition:
    """The definition with every date's words in full for text, whatever was typed; any other as it is."""
    if not definition.dates:
        return definition
    words = {slot.option: slot_words(slot, speech) for slot in definition.dates}
    options = tuple(replace(option, text=words.get(option.number, option.text)) for option in definition.options)
    return replace(definition, options=options)


def _noon(day: date, speech: Speech) -> datetime:
    return datetime.combine(day, time(12), speech.zone)
