"""A meeting in an encrypted Matrix room: the homeserver's people, and the configuration that sends the bot there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.ids import RoomRef
from tests.contracts.matrix_bot import PASSWORD, Friend, new_name
from tests.servers.synapse import Homeserver

ASSOCIATION = """
[bot]
language = "en"
time_zone = "Europe/Paris"
operator = "The computer club"
contact = "club@example.org"
hosting = "a server of the association"
source_url = "https://example.org/palabre"
[organisation]
name = "The Linden Friends"
contact = "board@example.org"
responder = "the board"
answer_days = 30
[storage]
url = "sqlite:///{folder}/palabre.db"
"""
"""A whole configuration but for its platforms."""
MATRIX = """
[matrix]
homeserver = "{url}"
user_id = "{bot}"
password = "{password}"
store_path = "{store}"
edit_interval = 1
"""
PATIENCE = 60.0
"""Seconds a test waits for what must come: encryption, two programs and a homeserver share the machine."""


@dataclass
class Meeting:
    """Ana's encrypted room, with the bot's account invited and not yet there."""

    server: Homeserver
    bot: str
    ana: Friend
    room: RoomRef
    stack: AsyncExitStack

    def section(self, folder: Path) -> str:
        """What the configuration says of Matrix."""
        return MATRIX.format(url=self.server.url, bot=self.bot, password=PASSWORD, store=folder / "matrix")

    async def friend(self, name: str) -> Friend:
        """One more member of the room."""
        friend = await _friend(self.server, name, self.stack)
        await self.ana.client.room_invite(self.room.id, friend.user)
        await friend.joins(self.room)
        return friend

    async def join_association(self, printed: str) -> None:
        """Ana binds the room with the code the program printed at its start."""
        await self.ana.waits_for(self.bot, self.room)
        await self.ana.says(self.room, f"!join {printed.split('/join ')[1].split(maxsplit=1)[0]}")
        await hears(self.ana, "belongs to")


@asynccontextmanager
async def meeting(server: Homeserver) -> AsyncIterator[Meeting]:
    """A room on the homeserver, the bot's account registered and invited."""
    async with AsyncExitStack() as stack:
        bot = server.register(new_name("palabre"), PASSWORD)
        ana = await _friend(server, "ana", stack)
        room = await ana.meets(bot, encrypted=True)
        yield Meeting(server, bot, ana, room, stack)


async def _friend(server: Homeserver, name: str, stack: AsyncExitStack) -> Friend:
    friend = Friend(server, server.register(new_name(name), PASSWORD))
    stack.push_async_callback(friend.client.close)
    await friend.log_in()
    return friend


async def hears(friend: Friend, *words: str, after: int = 0) -> Any:
    """The first message with all these words, past the first `after` the friend has seen."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for event in friend.seen[after:]:
                body = getattr(event, "body", "")
                if all(word in body for word in words):
                    return event
            await friend.sync()


async def enters_private_chat(friend: Friend) -> RoomRef:
    """The private chat the bot opened for this person, entered."""
    async with asyncio.timeout(PATIENCE):
        while not friend.client.invited_rooms:
            await friend.sync()
    chat = RoomRef("matrix", next(iter(friend.client.invited_rooms)))
    await friend.joins(chat)
    return chat
