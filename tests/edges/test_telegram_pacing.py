"""Who may send when: Telegram's limits are never broken, in virtual time; urgent goes first; nobody starves."""

from __future__ import annotations

import asyncio
import heapq
from bisect import bisect_left
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from adapters.telegram.pacing import CHAT, GROUP, OVERALL, Pacer, Urgency

START = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


class LeapingClock:
    """Time that leaps to the next moment somebody waits for, once nothing else can happen."""

    def __init__(self) -> None:
        self._now = START
        self._order = count()
        self._waiting: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, at: datetime) -> None:
        while self._now < at:
            future = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (at, next(self._order), future))
            await future

    async def until(self, work: asyncio.Future[object]) -> None:
        """Let time pass until the work is done."""
        idle = 0
        while not work.done():
            await asyncio.sleep(0)
            idle += 1
            if idle > 5 and self._waiting:
                at, _, future = heapq.heappop(self._waiting)
                if not future.done():
                    self._now, idle = max(self._now, at), 0
                    future.set_result(None)


class Office:
    """A pacer and what left it when: (seconds since the start, chat, urgency)."""

    def __init__(self) -> None:
        self.clock = LeapingClock()
        self.pacer = Pacer(self.clock)
        self.sent: list[tuple[float, int, Urgency]] = []

    async def send(self, chat: int, urgency: Urgency = Urgency.POST) -> None:
        await self.pacer.turn(chat, urgency)
        self.sent.append(((self.clock.now() - START).total_seconds(), chat, urgency))

    async def all(self, *works: Awaitable[None]) -> None:
        await self.clock.until(asyncio.gather(*works))

    def most(self, seconds: float, chat: int | None = None) -> int:
        """The most that was sent within any so many seconds."""
        times = [at for at, where, _ in self.sent if chat in {None, where}]
        return max(bisect_left(times, start + seconds) - place for place, start in enumerate(times))


@pytest.fixture
def office() -> Office:
    return Office()


async def test_ten_thousand_rooms_are_told_as_fast_as_telegram_allows(office: Office) -> None:
    await office.all(*(office.send(-number) for number in range(1, 10_001)))
    assert office.most(1.0) <= 30
    assert office.sent[-1][0] <= 10_000 / 30 * 1.05
    assert [chat for _, chat, _ in office.sent] == [-number for number in range(1, 10_001)], "first come, first served"


async def test_a_group_hears_twenty_messages_a_minute_edits_included(office: Office) -> None:
    edits = [office.send(-1, Urgency.EDIT) for _ in range(30)]
    await office.all(*edits, *(office.send(-1) for _ in range(30)))
    assert office.most(60.0, -1) <= 20
    assert office.most(CHAT.seconds, -1) <= CHAT.times


async def test_live_counts_leave_room_for_what_must_be_said(office: Office) -> None:
    await office.all(*(office.send(-1, Urgency.EDIT) for _ in range(45)))
    assert office.most(60.0, -1) <= 15
    late = (office.clock.now() - START).total_seconds()
    await office.all(office.send(-1))
    assert office.sent[-1][0] == late, "the closing goes at once"


async def test_a_private_chat_has_no_limit_by_the_minute(office: Office) -> None:
    await office.all(*(office.send(42, Urgency.PERSON) for _ in range(40)))
    assert office.sent[-1][0] < GROUP.seconds


async def test_who_waits_in_person_goes_first_and_live_counts_still_pass(office: Office) -> None:
    posts = [office.send(-number) for number in range(1, 301)]
    edits = [office.send(-1000 - number, Urgency.EDIT) for number in range(20)]
    await office.all(*posts, *edits, office.send(42, Urgency.PERSON))
    order = [urgency for _, _, urgency in office.sent]
    assert order.index(Urgency.PERSON) == 0
    first_edits = [place for place, urgency in enumerate(order) if urgency is Urgency.EDIT][:3]
    assert first_edits == [9, 19, 29], "one in ten"


async def test_a_paused_chat_waits_alone(office: Office) -> None:
    office.pacer.pause(-1, 30.0)
    assert office.pacer.paused(-1) == 30.0
    await office.all(office.send(-1), office.send(-2))
    assert [(at, chat) for at, chat, _ in office.sent] == [(0.0, -2), (30.0, -1)]
    assert office.pacer.paused(-1) == 0.0


async def test_who_gives_up_takes_no_turn(office: Office) -> None:
    await office.all(*(office.send(-number) for number in range(1, OVERALL.times + 1)))
    impatient = asyncio.ensure_future(office.send(-100))
    await asyncio.sleep(0)
    impatient.cancel()
    await office.all(office.send(-101))
    assert [chat for _, chat, _ in office.sent][-1] == -101
    assert impatient.cancelled()


async def test_closing_cancels_who_waits(office: Office) -> None:
    office.pacer.pause(-1, 30.0)
    waiting = asyncio.ensure_future(office.send(-1))
    await asyncio.sleep(0)
    await office.pacer.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert office.sent == []


async def test_idle_chats_are_forgotten(office: Office) -> None:
    await office.all(*(office.send(number) for number in range(1, 3001)))
    await office.clock.until(asyncio.ensure_future(office.clock.sleep_until(office.clock.now() + timedelta(minutes=5))))
    await office.all(office.send(1))
    assert len(office.pacer._chats) == 1
