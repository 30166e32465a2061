"""A consultation's whole life in a Telegram group, from the command to the picture of the result."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.endtoend.hall import Hall, counted

both_databases = pytest.mark.parametrize("database", ["sqlite", "postgres"], indirect=True)


@both_databases
async def test_a_poll_from_one_line_to_its_result(database: str, tmp_path: Path) -> None:
    async with Hall(tmp_path, database, rights={"can_pin_messages"}) as hall:
        await hall.start()
        card = await hall.poll()
        (disclosure,) = hall.disclosures()
        assert disclosure.id < card.id
        assert disclosure in hall.room.pinned
        assert "Linden Friends" in disclosure.text

        assert "Recorded: Library" in await hall.press(hall.bruno, card, "Library")
        assert "already recorded: Library" in await hall.press(hall.bruno, card, "Library")
        assert "Changed: Café instead of Library" in await hall.press(hall.bruno, card, "Café")
        await hall.say(hall.chloe, "/v 1 library")
        await hall.see(hall.room, "Chloé: Recorded: Library")
        await hall.api.reply(hall.ana, card, "2")
        await hall.see(hall.room, "Ana: Recorded: Library")
        await hall.shown(card, {"Café": 1, "Library": 2})

        result = await hall.close_early()
        assert counted(result) == {"Café": 1, "Library": 2}
        assert "Library wins" in result.text
        assert "the board" not in card.text
        await hall.api.wait(lambda: "Closed since" in card.text, 10, "the closed card")
        assert card.labels == []
        picture = result.file
        assert picture is not None
        assert picture.data.startswith(b"\x89PNG")
        assert "Too late" in await hall.press(hall.bruno, card, "1|v|1|2", forged=True)
        assert len(hall.disclosures()) == 1
