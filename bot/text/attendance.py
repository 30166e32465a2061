"""The attendance list as a file, with the few words that go with it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.attendance import AttendanceLine
from bot.domain.consultation import Consultation
from bot.text.card import Card, File
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.spreadsheets import for_people


def attendance_card(
    consultation: Consultation, organisation: str, lines: Sequence[AttendanceLine], speech: Speech
) -> Card:
    """The list, what it may be used for and until when it can be had. `organisation` is named where several hold the
    vote, each with its own members."""
    voted = sum(line.voted for line in lines)
    facts = {"n": len(lines), "voted": voted}
    counted = speech.line("attendance.counts-of", organisation=organisation, **facts) if organisation else None
    blocks = [
        headline(consultation, speech, "attendance.headline"),
        counted or speech.line("attendance.counts", **facts),
        *(() if consultation.roll_known else (speech.line("attendance.partial"),)),
        speech.line("attendance.use"),
    ]
    if consultation.erase_at is not None:
        blocks.append(speech.line("attendance.until", day=speech.day(consultation.erase_at)))
    name = speech.say("attendance.file", number=str(consultation.number))
    return Card(tuple(blocks), file=File(_file(lines, speech), f"{name}.csv", "text/csv"))


def _file(lines: Sequence[AttendanceLine], speech: Speech) -> bytes:
    said = {voted: speech.say("attendance.yes" if voted else "attendance.no") for voted in (True, False)}
    columns = ("attendance.column.name", "attendance.column.group", "attendance.column.voted")
    header = tuple(speech.say(key) for key in columns)
    unknown = speech.say("attendance.unknown")
    return for_people(header, ((line.name or unknown, line.group, said[line.voted]) for line in lines))
