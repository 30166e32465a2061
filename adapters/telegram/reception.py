"""From the update to the door: decoded, stamped, in order, and answered.

What one person does is handled in the order it was done; different people don't wait
for one another, except that a group's move and the bot's own arrival or departure are
handled alone, because what follows depends on them. An update counts as handled when
the door has returned. The door is not supposed to raise: if it does, the update counts
as handled all the same, or it would come again for ever.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from adapters.telegram.inbound import Identity, decode, moved_key
from bot.domain.ids import RoomRef
from bot.ports import BotMoved, Clock, Door, Incoming, Pressed, Reply, RoomMoved

logger = logging.getLogger(__name__)

Answer = Callable[[Pressed, Reply], Awaitable[None]]


class Reception:
    """Takes updates to the door. `answer` answers a press; `forget` is told of chats where the bot's rights changed."""

    def __init__(self, us: Identity, clock: Clock, door: Door, answer: Answer, forget: Callable[[int], None]) -> None:
        self._us = us
        self._clock = clock
        self._door = door
        self._answer = answer
        self._forget = forget
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._barrier: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._answering: set[asyncio.Task[None]] = set()

    def receive(self, raw: object) -> asyncio.Task[None]:
        """Begin handling an update (parsed JSON); done once the door has returned for all it says."""
        events = decode(raw, self._us, self._clock.now())
        if isinstance(raw, dict) and "my_chat_member" in raw:
            self._note_rights(raw["my_chat_member"])
        tasks = [self._admit(event) for event in events]
        return tasks[0] if len(tasks) == 1 else self._keep(asyncio.create_task(_all(tasks)))

    def moved(self, old: RoomRef, new: RoomRef) -> None:
        """Tell the door of a group's move that sending a message has shown."""
        self._admit(RoomMoved(moved_key(old, new), self._clock.now(), old, new))

    async def close(self) -> None:
        """Stop what is running, unconfirmed; return when all of it has stopped."""
        tasks = self._running | self._answering
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _admit(self, event: Incoming) -> asyncio.Task[None]:
        if isinstance(event, RoomMoved | BotMoved):
            task = asyncio.create_task(self._handle(event, set(self._running)))
            self._barrier = task
        else:
            lane = str(event.who.account)
            before = {task for task in (self._lanes.get(lane), self._barrier) if task and not task.done()}
            task = asyncio.create_task(self._handle(event, before))
            self._lanes[lane] = task
            task.add_done_callback(lambda done: self._leave(lane, done))
        return self._keep(task)

    def _keep(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def _leave(self, lane: str, done: asyncio.Task[None]) -> None:
        if self._lanes.get(lane) is done:
            del self._lanes[lane]

    async def _handle(self, event: Incoming, before: set[asyncio.Task[None]]) -> None:
        if before:
            await asyncio.wait(before)
        reply = Reply()
        try:
            reply = await self._door(event)
        except Exception:
            logger.exception("the door raised on what it was handed: %s", type(event).__name__)
        if isinstance(event, Pressed):
            # On its own: what Telegram takes to answer must not hold up the person's next press.
            task = asyncio.create_task(self._give(event, reply))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _give(self, event: Pressed, reply: Reply) -> None:
        await self._answer(event, reply)

    def _note_rights(self, change: object) -> None:
        chat = change.get("chat") if isinstance(change, dict) else None
        number = chat.get("id") if isinstance(chat, dict) else None
        if isinstance(number, int):
            self._forget(number)


async def _all(tasks: list[asyncio.Task[None]]) -> None:
    await asyncio.gather(*tasks)
