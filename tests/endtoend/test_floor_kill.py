"""kill -9 in the middle of a floor change, on both real platforms: rights come back, no turn is lost or taken twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ids import RoomRef
from tests.botapi import EVERY_RIGHT, User
from tests.botapi.rights import PERMISSIONS
from tests.contracts.matrix_bot import Friend
from tests.endtoend.hall import PATIENCE, Hall
from tests.endtoend.meeting import ASSOCIATION, Meeting, hears, meeting
from tests.endtoend.program import Program
from tests.servers.synapse import Homeserver

DEBATE = 'debate "Shared room?" --phases arguments 2d, conclusion 1d --yes'


# -- Telegram ----------------------------------------------------------------------------------------------------------
def open_hall(folder: Path, database: str) -> Hall:
    """The association in a supergroup that the bot may close, where polls are not allowed."""
    hall = Hall(folder, database)
    hall.room = hall.api.supergroup("Assembly", [hall.bruno, hall.chloe], creator=hall.ana, bot_rights=EVERY_RIGHT)
    hall.room.permissions = set(PERMISSIONS) - {"can_send_polls"}
    hall.rooms = [hall.room]
    return hall


async def joins(hall: Hall, who: User) -> None:
    """The person asks for the floor, accepting the rules in private."""
    await hall.meet(who)
    await hall.say(who, "/floor")
    await hall.see(who, "answer yes")
    await hall.say(who, "yes", who)
    await hall.see(who, "on the list")


def writers(hall: Hall) -> list[User]:
    """Those of Bruno and Chloé who can write in the room."""
    return [person for person in (hall.bruno, hall.chloe) if hall.room.lets_write(person)]


async def until(hall: Hall, speakers: list[User]) -> None:
    """Wait until exactly these can write."""
    await hall.api.wait(lambda: writers(hall) == speakers or None, PATIENCE, f"the floor for {speakers}")


MOMENTS = {
    "closing": ("setChatPermissions", 0),
    "giving": ("promoteChatMember", 0),
    "taking back": ("promoteChatMember", 1),
    "opening": ("setChatPermissions", 2),
}
"""What the bot is in the middle of when it dies, by the call that gets no answer and the turn it belongs to."""


@pytest.mark.parametrize("moment", MOMENTS)
async def test_killed_in_a_floor_change_in_telegram(moment: str, database: str, tmp_path: Path) -> None:
    method, turn = MOMENTS[moment]
    async with open_hall(tmp_path, database) as hall:
        permissions, members = set(hall.room.permissions), dict(hall.room.members)
        await hall.start()
        await hall.say(hall.ana, f"/{DEBATE}")
        await hall.see(hall.room, "Phase 1 of 2")
        await joins(hall, hall.bruno)
        await joins(hall, hall.chloe)
        acts = [(hall.ana, "/next", [hall.bruno]), (hall.bruno, "/floor", [hall.chloe]), (hall.chloe, "/floor", None)]
        for number, (who, words, speakers) in enumerate(acts):
            trouble = hall.api.fault(method, "hold") if number == turn else None
            await hall.say(who, words, hall.room if who is hall.ana else who)
            if trouble is not None:
                await trouble.struck(PATIENCE)
                await hall.kill()
                trouble.lift()
                await hall.start()
            await until(hall, speakers if speakers is not None else [hall.bruno, hall.chloe])
        await hall.api.wait(lambda: hall.room.members == members or None, PATIENCE, "everyone's own rights")
        assert hall.room.permissions == permissions
        await hall.quiet()
        for person in (hall.bruno, hall.chloe):
            assert len(hall.api.messages_in(person, "You have the floor")) == 1
        assert await hall.see(hall.room, "Shared room?")


# -- Matrix ------------------------------------------------------------------------------------------------------------
LEVELS = "m.room.power_levels"


@pytest.fixture
async def gathered(homeserver: Homeserver) -> AsyncIterator[Meeting]:
    """Ana's room, without the program."""
    async with meeting(homeserver) as there:
        yield there


async def levels(who: Friend, room: RoomRef) -> dict[str, Any]:
    """The room's levels of power; tables with nothing in them are left out."""
    answer = await who.client.room_get_state_event(room.id, LEVELS)
    return {name: value for name, value in answer.content.items() if value != {}}


async def become(who: Friend, room: RoomRef, so: Callable[[dict[str, Any]], bool]) -> None:
    """Wait until the levels are so."""
    async with asyncio.timeout(2 * PATIENCE):
        while not so(await levels(who, room)):
            await asyncio.sleep(0.02)


async def test_killed_in_a_floor_change_in_matrix(gathered: Meeting, tmp_path: Path) -> None:
    ana, room = gathered.ana, gathered.room
    config = tmp_path / "config.toml"
    config.write_text(ASSOCIATION.format(folder=tmp_path) + gathered.section(tmp_path))
    program = Program(config, tmp_path / "log")
    try:
        await gathered.join_association(await program.start())
        now = await levels(ana, room)
        await ana.client.room_put_state(room.id, LEVELS, now | {"users": {**now.get("users", {}), gathered.bot: 100}})
        before = await levels(ana, room)
        bruno = await gathered.friend("bruno")
        await ana.says(room, f"!{DEBATE}")
        await hears(bruno, "Shared room?", "Phase 1 of 2")
        chat = await bruno.meets(gathered.bot, name="", is_direct=True)
        await bruno.waits_for(gathered.bot, chat)
        await bruno.says(chat, "!floor")
        await hears(bruno, "answer yes")
        await bruno.says(chat, "yes")
        await hears(bruno, "on the list")
        await ana.says(room, "!next")
        await become(ana, room, lambda found: found.get("events_default") == 1)
        await program.kill()
        await program.start()
        await become(ana, room, lambda found: found.get("users", {}).get(bruno.user) == 1)
        await bruno.says(chat, "!floor")
        await become(ana, room, lambda found: found == before or found.get("events_default") != 1)
        await program.kill()
        await program.start()
        await become(ana, room, lambda found: found == before)
        await bruno.says(room, "everyone may write")
        assert await program.stop() == 0, program.log
        assert "Traceback" not in program.log, program.log
    finally:
        if program.running:
            await program.kill()
