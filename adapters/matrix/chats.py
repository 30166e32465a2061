"""Private chats: the room in which we can write to one person alone, found or made.

One chat per person is kept to, the newest that both are in. It knows rooms and
invitations; what is written there is not its business.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

from adapters.matrix.errors import RETRY, undone
from adapters.matrix.people import is_account
from adapters.matrix.rooms import RoomView
from adapters.matrix.session import Session
from adapters.matrix.wire import Json
from bot.ports import Later, Never

_ENCRYPTION: Json = {
    "type": "m.room.encryption",
    "state_key": "",
    "content": {"algorithm": "m.megolm.v1.aes-sha2"},
}


class Chats:
    """The private chats of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._opening: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def with_person(self, user: str, open_chat: bool) -> RoomView | Later | Never:
        """The private chat with this account, made only if `open_chat`; they may not have joined it yet."""
        if not is_account(user):
            return Never("no-private-chat", "not an account")
        async with self._opening[user]:
            if (room := self._known(user)) is not None:
                return room
            if not open_chat:
                return Never("no-private-chat", "no chat with them yet")
            return await self._open(user)

    def _known(self, user: str) -> RoomView | None:
        marked = [room for room_id in self._session.direct_rooms(user) if (room := self._session.room(room_id))]
        # Rooms that were never marked count too: someone's client may have made one before this session.
        for room in [*marked, *self._session.rooms.values()]:
            is_marked = self._session.marked_direct(room.id)
            if not room.successor and room.private_with(self._session.own, is_marked) == user:
                return room
        return None

    async def _open(self, user: str) -> RoomView | Later | Never:
        request = {
            "preset": "trusted_private_chat",
            "is_direct": True,
            "invite": [user],
            "initial_state": [_ENCRYPTION],
        }
        answer = await self._session.wire.call("POST", "/createRoom", request)
        room_id = answer.body.get("room_id")
        if not answer.ok or not isinstance(room_id, str):
            return undone(answer, whisper=True)
        await self._session.mark_direct(user, room_id)
        # The sync will tell of it too, but a sync may be waiting for what we are about to write.
        return await self._session.learn_room(room_id) or Later(RETRY)
