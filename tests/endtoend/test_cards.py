"""Cards under load and trouble: few edits, the last state always shown, and no ballot lost to Telegram's moods."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

from tests.botapi.faults import Trouble
from tests.endtoend.hall import Hall, counted


async def test_a_crowd_voting_costs_few_edits_and_the_last_state_is_shown(database: str, tmp_path: Path) -> None:
    async with Hall(tmp_path, database, edit_interval=2.0, enforce_limits=True) as hall:
        people = hall.crowd(60)
        await hall.start()
        card = await hall.poll()
        began = hall.api.world.clock()
        for start in range(0, 60, 20):
            presses = [hall.press(person, card, "Café") for person in people[start : start + 20]]
            assert all("Recorded" in toast for toast in await asyncio.gather(*presses))
        changed = [hall.press(person, card, "Library") for person in people[:15]]
        assert all("Changed" in toast for toast in await asyncio.gather(*changed))
        await hall.shown(card, {"Café": 45, "Library": 15})
        edits = [beat.at for beat in hall.api.pace.of(hall.room) if beat.kind == "edit" and beat.at >= began]
        gaps = [later - earlier for earlier, later in pairwise(edits)]
        assert edits
        assert all(gap >= 1.9 for gap in gaps), gaps
        assert hall.api.pace.breaches == 0


async def test_ballots_are_taken_and_shown_whatever_telegram_refuses(hall: Hall) -> None:
    await hall.meet(hall.ana)
    card = await hall.poll()
    moods: tuple[Trouble, ...] = ("429", "502", "drop-before", "drop-after")
    for mood in moods:
        hall.api.fault("editMessageText", mood)
    hall.api.fault("answerCallbackQuery", "drop-before", times=1)
    hall.api.fault("getUpdates", "502", times=1)
    assert "Recorded: Café" in await hall.press(hall.bruno, card, "Café")
    assert "Recorded: Café" in await hall.press(hall.chloe, card, "Café")
    await hall.shown(card, {"Café": 2, "Library": 0})

    trouble = [hall.api.fault(method, "429", times=2) for method in ("sendPhoto", "sendMessage")]
    hall.api.fault("sendPhoto", "502", times=1)
    result = await hall.close_early()
    assert counted(result) == {"Café": 2, "Library": 0}
    assert trouble[0].hits
    assert len(hall.results()) == 1


async def test_a_deleted_card_stops_nothing(hall: Hall) -> None:
    card = await hall.poll()
    await hall.press(hall.bruno, card, "Café")
    await hall.api.delete_message(card)
    await hall.say(hall.chloe, "/v 1 2")
    await hall.see(hall.room, "Chloé: Recorded: Library")
    assert "Changed" in await hall.press(hall.bruno, card, "Library")
    assert counted(await hall.close_early()) == {"Café": 0, "Library": 2}
