"""The calendar file of a chosen date: what any reader of RFC 5545 finds in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballots import Choice, Marks
from bot.domain.consultation import BallotType, Binding, Consultation, Definition, Kind, Method, Option, Secrecy, State
from bot.domain.date_options import Slot
from bot.domain.results import conclude
from bot.text.calendar import calendar_file
from bot.text.card import File
from bot.text.catalogue import Speech
from bot.text.dates import slot_words, worded

ENGLISH, FRENCH = (Speech(language, ZoneInfo("Europe/Paris")) for language in ("en", "fr"))
CLOSED = datetime(2026, 12, 13, 11, tzinfo=UTC)
EVENING = Slot(1, datetime(2026, 12, 15, 17, tzinfo=UTC), datetime(2026, 12, 15, 19, tzinfo=UTC))
DAYS = Slot(2, datetime(2027, 3, 26, 23, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC), "2027-03-27")
DAY = replace(DAYS, ends=datetime(2027, 3, 27, 23, tzinfo=UTC))


def closed(title: str = "Assembly", *slots: Slot) -> Consultation:
    listed = slots or (EVENING, DAYS)
    definition = Definition(
        Kind.DATES, title, tuple(Option(slot.option, "typed") for slot in listed), title, Binding.ADVICE, "en",
        ballot=BallotType.AVAILABILITY, method=Method.AVAILABILITY, at_most=len(listed), secrecy=Secrecy.PUBLIC,
        dates=listed,
    )  # fmt: skip
    return Consultation(
        12, 1, 1, State.CERTIFIED, definition, (1,), CLOSED, CLOSED, CLOSED, closed_at=CLOSED,
        disclosure_digest="ab" * 32,
    )  # fmt: skip


def file_of(consultation: Consultation, ballots: Mapping[Choice, int], organisation: str = "Friends") -> File | None:
    return calendar_file(consultation, conclude(consultation, ballots), organisation, ENGLISH)


def chosen(number: int) -> Mapping[Choice, int]:
    return {Marks(((number, 2),)): 3}


def read(file: File | None) -> dict[str, str]:
    """The properties by name, as section 3.1 says to read them: unfolded, then cut at the first colon."""
    assert file is not None
    assert file.data.endswith(b"\r\n")
    assert b"\n" not in file.data.replace(b"\r\n", b"")
    assert max(map(len, file.data.split(b"\r\n"))) <= 75
    lines = file.data.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VEVENT", "END:VCALENDAR"]
    return dict(line.split(":", 1) for line in lines if not line.startswith(("BEGIN", "END")))


def unescaped(text: str) -> str:
    kept, letters = "", iter(text)
    for letter in letters:
        kept += {"n": "\n"}.get(after := next(letters), after) if letter == "\\" else letter
    return kept


def test_an_hour_is_written_in_utc_and_a_closing_dates_the_file() -> None:
    file = file_of(closed(), chosen(1))
    assert read(file) == {
        "VERSION": "2.0",
        "PRODID": "-//Palabre//Palabre//EN",
        "METHOD": "PUBLISH",
        "UID": f"{'ab' * 32}-1@palabre",
        "DTSTAMP": "20261213T110000Z",
        "DTSTART": "20261215T170000Z",
        "DTEND": "20261215T190000Z",
        "SUMMARY": "Assembly",
        "DESCRIPTION": "Date chosen by consultation no. 12 of Friends.",
        "STATUS": "CONFIRMED",
    }
    assert file is not None
    assert (file.name, file.mime) == ("date-12.ics", "text/calendar")


def test_whole_days_are_days_of_the_calendar_and_end_before_the_next() -> None:
    found = read(file_of(closed(), chosen(2)))
    assert (found["DTSTART;VALUE=DATE"], found["DTEND;VALUE=DATE"]) == ("20270327", "20270329")


def test_the_same_event_is_told_apart_from_every_other() -> None:
    first, again, other = (read(file_of(closed(), chosen(number)))["UID"] for number in (1, 1, 2))
    assert first == again
    assert first != other


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_whatever_the_words_are_they_come_back_in_short_lines(words: str) -> None:
    found = read(file_of(closed(words), chosen(1), words))
    kept = "".join(
        " " if letter != "\n" and (letter < " " or "\x7f" <= letter <= "\x9f") else letter for letter in words
    )
    assert unescaped(found["SUMMARY"]) == kept
    assert len(found) == 10, "nothing typed makes a property of its own"


def test_there_is_no_file_where_no_date_was_chosen() -> None:
    nobody: Mapping[Choice, int] = {Marks(((1, 0), (2, 0))): 2}
    assert conclude(closed(), nobody).winner is None
    assert file_of(closed(), nobody) is None
    assert file_of(closed(), {}) is None
    tied: Mapping[Choice, int] = {Marks(((1, 2), (2, 2))): 2}
    assert file_of(closed(), tied) is None
    assert file_of(replace(closed(), tie_choices=(2,)), tied) is not None
    elsewhere = replace(closed(), definition=replace(closed().definition, kind=Kind.POLL, dates=()))
    assert file_of(elsewhere, chosen(1)) is None


@pytest.mark.parametrize("slot", [EVENING, DAY, DAYS])
def test_a_library_of_the_field_reads_the_same(slot: Slot) -> None:
    icalendar = pytest.importorskip("icalendar")
    title = "Fête d'hiver ; venez, à l'heure \\ ou en avance 🎉 " * 4
    file = file_of(closed(title, replace(slot, option=1), replace(EVENING, option=2)), chosen(1))
    assert file is not None
    (event,) = icalendar.Calendar.from_ical(file.data).walk("VEVENT")
    if slot.day:
        assert (event.decoded("dtstart"), event.decoded("dtend")) == (
            date(2027, 3, 27),
            slot.days[1] + timedelta(days=1),
        )
    else:
        assert (event.decoded("dtstart"), event.decoded("dtend")) == (slot.starts, slot.ends)
    assert event.decoded("dtstamp") == CLOSED
    assert str(event["summary"]) == title
    assert not event.errors


@pytest.mark.parametrize(
    ("slot", "english", "french"),
    [
        (
            EVENING,
            "Tuesday, 15 December 2026 from 18:00 to 20:00 (Paris)",
            "mardi 15 décembre 2026 de 18:00 à 20:00 (Paris)",
        ),
        (
            replace(EVENING, ends=EVENING.starts + timedelta(hours=8)),
            "Tuesday, 15 December 2026 from 18:00 to 02:00 (Paris)",
            "mardi 15 décembre 2026 de 18:00 à 02:00 (Paris)",
        ),
        (
            replace(EVENING, ends=EVENING.starts + timedelta(days=2)),
            "Tuesday, 15 December 2026 18:00 to Thursday, 17 December 2026 18:00 (Paris)",
            "mardi 15 décembre 2026 à 18:00, jusqu'au jeudi 17 décembre 2026 à 18:00 (Paris)",
        ),
        (DAY, "Saturday, 27 March 2027 (whole day)", "samedi 27 mars 2027 (journée)"),
        (
            DAYS,
            "Saturday, 27 March 2027 to Sunday, 28 March 2027",
            "samedi 27 mars 2027, jusqu'au dimanche 28 mars 2027",
        ),
    ],
)
def test_a_date_is_told_in_full(slot: Slot, english: str, french: str) -> None:
    assert (slot_words(slot, ENGLISH), slot_words(slot, FRENCH)) == (english, french)


def test_what_was_typed_gives_way_to_the_date_in_full() -> None:
    assert [option.text for option in worded(closed().definition, ENGLISH).options] == [
        "Tuesday, 15 December 2026 from 18:00 to 20:00 (Paris)",
        "Saturday, 27 March 2027 to Sunday, 28 March 2027",
    ]
    poll = replace(closed().definition, dates=())
    assert worded(poll, ENGLISH) == poll
