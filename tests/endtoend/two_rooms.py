"""One association in a Telegram group and an encrypted Matrix room at once, served by one program."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.domain.ids import RoomRef
from storage.deliberation_tables import ARGUMENT
from storage.tables import metadata
from tests.contracts.matrix_bot import Friend
from tests.endtoend.hall import Hall
from tests.endtoend.meeting import PATIENCE, Meeting, hears, meeting
from tests.servers.synapse import Homeserver


@dataclass
class TwoRooms:
    """The group of `hall`, and `room`, of which Bruno is a member and which Ana administers."""

    hall: Hall
    meeting: Meeting
    bruno: Friend
    chat: RoomRef
    """Bruno's private chat with the bot."""

    @property
    def room(self) -> RoomRef:
        """The room in Matrix."""
        return self.meeting.room

    async def shown(self, *words: str, without: str = "") -> str:
        """What the latest version of the latest message in the Matrix room with these words says, once there is one
        that does not say the words `without`."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for text in reversed(standing(self.bruno)):
                    if all(word in text for word in words):
                        if not without or without not in text:
                            return text
                        break
                await self.bruno.sync()

    async def bruno_accepts(self, asked: str, yes: str, told: str) -> None:
        """Bruno says yes to the rules once he is asked to, and is told what he wrote before has become."""
        await hears(self.bruno, asked)
        await self.bruno.says(self.chat, yes)
        await hears(self.bruno, told)

    async def chloe_accepts(self, asked: str, yes: str, told: str) -> None:
        """The same for Chloé, in Telegram."""
        await self.hall.see(self.hall.chloe, asked)
        await self.hall.say(self.hall.chloe, yes, self.hall.chloe)
        await self.hall.see(self.hall.chloe, told)

    async def let_pass(self, time: timedelta) -> None:
        """Stop the program, make everything that much older, start it again."""
        assert await self.hall.program.stop() == 0, self.hall.program.log
        # What passes is every table's time, those of debates and opinion maps included.
        assert ARGUMENT.metadata is metadata
        self.hall.let_pass(time)
        await self.hall.start()


def standing(friend: Friend) -> list[str]:
    """What every message the friend saw says now, oldest first: edits take the place of what they edit."""
    texts: dict[str, str] = {}
    for event in friend.seen:
        content: dict[str, Any] = event.source.get("content", {})
        relation = content.get("m.relates_to", {})
        if relation.get("rel_type") == "m.replace":
            texts[relation["event_id"]] = content["m.new_content"]["body"]
        elif body := getattr(event, "body", ""):
            texts[event.event_id] = body
    return list(texts.values())


@asynccontextmanager
async def two_rooms(server: Homeserver, folder: Path, language: str = "en") -> AsyncIterator[TwoRooms]:
    """Both rooms bound to the association, the program running; Chloé has written to it in Telegram."""
    async with meeting(server) as there:
        database = f"sqlite:///{folder}/palabre.db"
        async with Hall(folder, database, language=language, telegram=there.section(folder)) as hall:
            printed = await hall.program.start()
            await there.ana.waits_for(there.bot, there.room)
            code = re.search(r"/(?:join|rejoindre) (\S+)", printed)
            assert code
            await there.ana.says(there.room, f"!join {code[1]}")
            await hears(there.ana, hall.words("join.done"))
            bruno = await there.friend("bruno")
            await hall.meet(hall.chloe)
            chat = await bruno.meets(there.bot, name="", is_direct=True)
            await bruno.waits_for(there.bot, chat)
            yield TwoRooms(hall, there, bruno, chat)
