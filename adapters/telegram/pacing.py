"""Who may send when: Telegram's limits, kept before they are broken.

About 30 messages a second in all, one a second in a chat with a short burst, 20 a
minute in a group, edits included (Telegram's bots FAQ). What a person waits for goes
before announcements, and announcements before live counts, without ever starving the
latter. A chat that Telegram told to wait waits alone. Answers to presses and questions
about members don't come here: they are never paced. All time is the injected clock's.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from itertools import count

from bot.ports import Clock


class Urgency(IntEnum):
    """What goes first when not everything can go at once."""

    PERSON = 0
    POST = 1
    EDIT = 2


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` within any `seconds`."""

    times: int
    seconds: float


OVERALL = Limit(30, 1.03)
"""A little over a second: Telegram's clock is not ours, and requests overtake one another."""
CHAT = Limit(5, 5.0)
GROUP = Limit(20, 61.0)
GROUP_EDITS = Limit(3, 12.0)
"""Live counts take at most 15 of a group's 20 messages a minute, evenly: a closing is heard at once, and the last count
soon after the last ballot."""
FAIR_SHARE = 10
"""Every so many messages, the least urgent one waiting goes first."""


class _Window:
    """The last moments something was sent, under one limit."""

    __slots__ = ("_limit", "_sent")

    def __init__(self, limit: Limit) -> None:
        self._limit = limit
        self._sent: deque[datetime] = deque(maxlen=limit.times)

    def free_at(self) -> datetime | None:
        """When the next one may go; None for at once."""
        if len(self._sent) < self._limit.times:
            return None
        return self._sent[0] + timedelta(seconds=self._limit.seconds)

    def take(self, now: datetime) -> None:
        """Note that one goes now."""
        self._sent.append(now)


@dataclass(slots=True)
class _Chat:
    """What one chat has had lately."""

    used: datetime
    all: tuple[_Window, ...]
    edits: tuple[_Window, ...]

    def free_at(self, urgency: Urgency) -> datetime | None:
        """When such a message may go; None for at once."""
        return max((moment for window in self._windows(urgency) if (moment := window.free_at())), default=None)

    def take(self, urgency: Urgency, now: datetime) -> None:
        """Note that such a message goes now."""
        self.used = now
        for window in self._windows(urgency):
            window.take(now)

    def _windows(self, urgency: Urgency) -> tuple[_Window, ...]:
        return (*self.all, *self.edits) if urgency is Urgency.EDIT else self.all


@dataclass(order=True, slots=True)
class _Ticket:
    """One message waiting for its turn."""

    number: int
    chat: int = field(compare=False)
    urgency: Urgency = field(compare=False)
    turn: asyncio.Future[None] = field(compare=False)


class Pacer:
    """Lets messages through one after the other, each when its turn has come.

    What it remembers of a chat is forgotten a minute after its last message; a waiting
    message costs a few hundred bytes. It runs a task only while something waits.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._overall = _Window(OVERALL)
        self._chats: OrderedDict[int, _Chat] = OrderedDict()
        self._pauses: dict[int, datetime] = {}
        self._ready: tuple[list[_Ticket], ...] = tuple([] for _ in Urgency)
        self._asleep: list[tuple[datetime, _Ticket]] = []
        self._numbers = count()
        self._granted = 0
        self._arrival = asyncio.Event()
        self._usher: asyncio.Task[None] | None = None

    async def turn(self, chat: int, urgency: Urgency) -> None:
        """Return when a message of this urgency may be sent to the chat."""
        ticket = _Ticket(next(self._numbers), chat, urgency, asyncio.get_running_loop().create_future())
        self._admit(ticket, self._clock.now())
        self._arrival.set()
        if self._usher is None or self._usher.done():
            self._usher = asyncio.create_task(self._serve())
        await ticket.turn

    def pause(self, chat: int, seconds: float) -> None:
        """Send nothing to the chat for so many seconds; the others are not concerned."""
        now = self._clock.now()
        self._pauses = {other: end for other, end in self._pauses.items() if end > now}
        self._pauses[chat] = now + timedelta(seconds=seconds)

    def paused(self, chat: int) -> float:
        """Seconds for which the chat is still to be left alone."""
        end = self._pauses.get(chat)
        return max((end - self._clock.now()).total_seconds(), 0.0) if end else 0.0

    async def close(self) -> None:
        """Stop letting anything through; who still waits is cancelled."""
        if self._usher is not None:
            self._usher.cancel()
            await asyncio.wait({self._usher})
        for ticket in [*(ticket for heap in self._ready for ticket in heap), *(entry[1] for entry in self._asleep)]:
            ticket.turn.cancel()

    async def _serve(self) -> None:
        while any(self._ready) or self._asleep:
            now = self._clock.now()
            self._wake(now)
            free = self._overall.free_at()
            if free is not None and free > now:
                await self._clock.sleep_until(free)
            elif any(self._ready):
                self._grant(now)
            elif self._asleep:
                await self._wait(self._asleep[0][0])

    def _grant(self, now: datetime) -> None:
        fair = (self._granted + 1) % FAIR_SHARE == 0
        heap = next(heap for heap in (reversed(self._ready) if fair else self._ready) if heap)
        ticket = heapq.heappop(heap)
        if ticket.turn.done():
            return
        if self._free_at(ticket, now) is not None:
            self._admit(ticket, now)
            return
        self._forget(now)
        self._chat(ticket.chat, now).take(ticket.urgency, now)
        self._overall.take(now)
        self._granted += 1
        ticket.turn.set_result(None)

    def _admit(self, ticket: _Ticket, now: datetime) -> None:
        free = self._free_at(ticket, now)
        if free is None:
            heapq.heappush(self._ready[ticket.urgency], ticket)
        else:
            heapq.heappush(self._asleep, (free, ticket))

    def _free_at(self, ticket: _Ticket, now: datetime) -> datetime | None:
        known = self._chats.get(ticket.chat)
        moments = (known.free_at(ticket.urgency) if known else None, self._pauses.get(ticket.chat))
        return max((moment for moment in moments if moment is not None and moment > now), default=None)

    def _wake(self, now: datetime) -> None:
        while self._asleep and self._asleep[0][0] <= now:
            self._admit(heapq.heappop(self._asleep)[1], now)

    async def _wait(self, until: datetime) -> None:
        """Sleep until then, or until someone new arrives who may not have to wait."""
        self._arrival.clear()
        waits = {
            asyncio.ensure_future(self._clock.sleep_until(until)),
            asyncio.ensure_future(self._arrival.wait()),
        }
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    def _chat(self, chat: int, now: datetime) -> _Chat:
        known = self._chats.get(chat)
        if known is None:
            limits = (CHAT, GROUP) if chat < 0 else (CHAT,)
            edits = (GROUP_EDITS,) if chat < 0 else ()
            known = _Chat(now, tuple(map(_Window, limits)), tuple(map(_Window, edits)))
            self._chats[chat] = known
        self._chats.move_to_end(chat)
        return known

    def _forget(self, now: datetime) -> None:
        """Drop the chats idle for so long that no limit can concern them any more, oldest first."""
        old = now - timedelta(seconds=GROUP.seconds)
        while self._chats:
            chat, oldest = next(iter(self._chats.items()))
            if oldest.used > old:
                return
            del self._chats[chat]
