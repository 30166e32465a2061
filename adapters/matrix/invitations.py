"""Invitations accepted, in the background: a room on a server that doesn't answer delays no vote.

An invitation is remembered until it is accepted or can't be, across restarts. It tells
the core nothing: that we are in a room is told by the sync that shows it.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from adapters.matrix.people import is_account
from adapters.matrix.session import Session
from adapters.matrix.unfinished import Unfinished
from adapters.matrix.wire import Json
from bot.ports import Clock

logger = logging.getLogger(__name__)

ATTEMPTS = (0.0, 5.0, 30.0, 120.0, 600.0)
"""Seconds to wait before each attempt at joining."""
AT_ONCE = 4
"""How many rooms are joined at the same time: whoever invites us to a thousand makes them wait, not us."""


class Invitations:
    """Joins the rooms of one session's invitations, and those that replace its rooms."""

    def __init__(self, session: Session, unfinished: Unfinished, clock: Clock) -> None:
        self._session = session
        self._unfinished = unfinished
        self._clock = clock
        self._places = asyncio.Semaphore(AT_ONCE)
        self._joining: dict[str, asyncio.Task[None]] = {}

    def receive(self, room_id: str, state: list[Json]) -> None:
        """Remember an invitation that a sync brought."""
        for event in state:
            content, sender = event.get("content"), event.get("sender")
            ours = event.get("type") == "m.room.member" and event.get("state_key") == self._session.own
            if ours and isinstance(content, dict) and content.get("membership") == "invite" and is_account(sender):
                self._unfinished.invite(room_id, str(sender))

    def resume(self) -> None:
        """Begin to join every room that is remembered and not yet being joined."""
        for room_id, by in self._unfinished.invitations.items():
            if room_id not in self._joining:
                self._joining[room_id] = asyncio.create_task(self._accept(room_id, by))

    async def close(self) -> None:
        """Stop joining; what is not done is done after the next start."""
        for task in self._joining.values():
            task.cancel()
        await asyncio.gather(*self._joining.values(), return_exceptions=True)
        self._joining.clear()

    async def _accept(self, room_id: str, by: str) -> None:
        async with self._places:
            await self._join(room_id, by)
        self._unfinished.settle(room_id)
        self._unfinished.save()
        self._joining.pop(room_id, None)

    async def _join(self, room_id: str, by: str) -> None:
        for wait in ATTEMPTS:
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=wait))
            answer = await self._session.join(room_id, by)
            if answer.ok:
                return
            if not answer.passing:
                break
        logger.warning("an invitation can't be accepted: %s", answer)
