"""Date polls through the door: which words become dates, in whose zone, and the file that goes with the result."""

from __future__ import annotations

import pytest

from bot.domain.consultation import Kind
from bot.domain.ids import Action
from tests.fakes.bench import Bench
from tests.fakes.platforms import Posted

DATES = '/dates "Assembly" "2026-12-15 18:00" "2026-12-17 20:00" "2026-12-19" --close 2h --rooms Salon,Hall --yes'


@pytest.fixture
async def dates(bench: Bench) -> Bench:
    """… with an open date poll, number 1, in both rooms."""
    await bench.say("ana", DATES, bench.salon)
    assert bench.state() == "open"
    return bench


def with_file(bench: Bench) -> list[Posted]:
    return [posted for platform in bench.platforms.values() for posted in platform.posted if posted.card.file]


async def test_each_room_gets_the_same_file_with_its_result_and_again_when_asked(dates: Bench) -> None:
    await dates.say("bruno", "/v 1 1 yes, 2 if need be", dates.salon)
    await dates.pass_time(hours=2)
    results = with_file(dates)
    assert {posted.ref.room for posted in results} == {dates.salon, dates.hall}
    (data,) = {posted.card.file.data for posted in results if posted.card.file}
    assert b"DTSTART:20261215T170000Z\r\nDTEND:20261215T180000Z\r\n" in data
    assert data.count(b"BEGIN:VEVENT") == 1
    await dates.say("bruno", "/results 1", dates.salon)
    again = with_file(dates)[len(results) :]
    assert [posted.card.file.data for posted in again if posted.card.file] == [data]


async def test_the_instants_are_kept_and_told_in_full(dates: Bench) -> None:
    kept = await dates.store.read(lambda tx: tx.consultation(1).definition)
    assert kept.kind is Kind.DATES
    assert [slot.starts.isoformat() for slot in kept.dates] == [
        "2026-12-15T17:00:00+00:00",
        "2026-12-17T19:00:00+00:00",
        "2026-12-18T23:00:00+00:00",
    ]
    assert kept.options[0].text == "Tuesday, 15 December 2026 from 18:00 to 19:00 (Paris)"


async def test_no_file_while_a_tie_waits_and_one_with_its_decision(dates: Bench) -> None:
    await dates.say("bruno", "/v 1 1 yes, 3 yes", dates.salon)
    await dates.pass_time(hours=2)
    assert with_file(dates) == []
    await dates.press("ana", Action("tie", 1, "3"))
    await dates.say("ana", "The hall is free.")
    files = [posted.card.file.data for posted in with_file(dates) if posted.card.file]
    assert len(files) >= 2
    assert all(b"DTSTART;VALUE=DATE:20261219\r\nDTEND;VALUE=DATE:20261220\r\n" in data for data in files)


async def test_nobody_can_come_and_nothing_is_chosen(dates: Bench) -> None:
    await dates.say("bruno", "/v 1 1 no, 2 no, 3 no", dates.salon)
    said = await dates.pass_time(hours=2)
    assert any("The only person who answered can't come" in words for words in said)
    assert with_file(dates) == []
