"""The chosen date as a calendar file, which every calendar opens.

iCalendar, RFC 5545 (with the `TEXT` escapes of its section 3.3.11 and the folding of
3.1). Hours are written in UTC, so that the file needs no rules of any time zone; a date
without an hour is a day of the calendar (`VALUE=DATE`), the same wherever it is opened.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

from bot.domain.consultation import Consultation
from bot.domain.date_options import DAY_LENGTH, Slot
from bot.domain.results import Result
from bot.text.card import File
from bot.text.catalogue import Speech

MIME = "text/calendar"
_OCTETS = 75
"""The most bytes of one line, its end not counted."""


def calendar_file(consultation: Consultation, result: Result, organisation: str, speech: Speech) -> File | None:
    """The file of the date that a closed consultation chose; None when it chose none, or not between dates."""
    chosen = next((slot for slot in consultation.definition.dates if slot.option == result.winner), None)
    if chosen is None or consultation.closed_at is None:
        return None
    lines = (
        folded
        for line in _event(consultation, chosen, consultation.closed_at, organisation, speech)
        for folded in _folded(line)
    )
    data = "".join(f"{line}\r\n" for line in lines).encode()
    return File(data, f"date-{consultation.number}.ics", MIME)


def _event(
    consultation: Consultation, slot: Slot, closed_at: datetime, organisation: str, speech: Speech
) -> Iterator[str]:
    title = consultation.definition.title
    about = speech.say(
        "calendar.about", number=str(consultation.number),
        organisation=organisation or speech.say("organisation.unnamed"),
    )  # fmt: skip
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Palabre//Palabre//EN", "METHOD:PUBLISH", "BEGIN:VEVENT")
    # The digest names the consultation wherever its number is used again; sent twice, it stays one event.
    yield f"UID:{consultation.disclosure_digest}-{slot.option}@palabre"
    yield f"DTSTAMP:{_utc(closed_at)}"
    yield from _times(slot)
    yield f"SUMMARY:{_escaped(title)}"
    yield f"DESCRIPTION:{_escaped(about)}"
    yield from ("STATUS:CONFIRMED", "END:VEVENT", "END:VCALENDAR")


def _times(slot: Slot) -> Iterator[str]:
    if slot.day:
        first, last = slot.days
        yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{last + DAY_LENGTH:%Y%m%d}"
    else:
        yield f"DTSTART:{_utc(slot.starts)}"
        yield f"DTEND:{_utc(slot.ends)}"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """A value of type TEXT. Control characters, which it can't hold, become spaces."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    kept = "".join(" " if unicodedata.category(each) == "Cc" and each != "\n" else each for each in text)
    return kept.replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most so many bytes, no character cut in two; each but the first begins with a space."""
    piece, size = "", 0
    for character in line:
        wide = len(character.encode())
        if size + wide > _OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + wide
    yield piece
