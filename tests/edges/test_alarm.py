"""The alarm and the clock in real time: an alarm is never early, never lost, and the soonest request stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest

from adapters.alarm import SchedulerAlarm
from adapters.clock import SystemClock

PATIENCE = 10
CLOCK = SystemClock()


def soon(milliseconds: int) -> datetime:
    return CLOCK.now() + timedelta(milliseconds=milliseconds)


class Bell:
    """Remembers when it rang."""

    def __init__(self) -> None:
        self.rings: list[datetime] = []
        self.then: Callable[[], None] = lambda: None

    def __call__(self) -> None:
        self.rings.append(CLOCK.now())
        self.then()

    async def rung(self, times: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.rings) < times:
                await CLOCK.sleep_until(soon(2))


@pytest.fixture
async def bell() -> Bell:
    return Bell()


@pytest.fixture
async def alarm(bell: Bell) -> AsyncIterator[SchedulerAlarm]:
    alarm = SchedulerAlarm(bell)
    alarm.start()
    yield alarm
    alarm.stop()


async def test_it_rings_once_and_not_early(alarm: SchedulerAlarm, bell: Bell) -> None:
    at = soon(60)
    alarm.wake(at)
    await bell.rung(1)
    await CLOCK.sleep_until(soon(60))
    assert len(bell.rings) == 1
    assert bell.rings[0] >= at


async def test_the_soonest_request_stands(alarm: SchedulerAlarm, bell: Bell) -> None:
    late, early = soon(5_000), soon(50)
    alarm.wake(late)
    alarm.wake(early)
    alarm.wake(late)
    await bell.rung(1)
    assert early <= bell.rings[0] < late
    alarm.wake(soon(20))
    await bell.rung(2)


async def test_an_instant_long_past_rings_at_once(alarm: SchedulerAlarm, bell: Bell) -> None:
    alarm.wake(CLOCK.now() - timedelta(days=30))
    await bell.rung(1)


async def test_a_request_made_while_ringing_is_kept(alarm: SchedulerAlarm, bell: Bell) -> None:
    def again() -> None:
        if len(bell.rings) < 50:
            alarm.wake(CLOCK.now())

    bell.then = again
    alarm.wake(CLOCK.now())
    await bell.rung(50)


async def test_a_bell_that_breaks_is_logged_and_rings_again(
    alarm: SchedulerAlarm, bell: Bell, caplog: pytest.LogCaptureFixture
) -> None:
    def breaking() -> None:
        raise RuntimeError("broken bell")

    bell.then = breaking
    alarm.wake(CLOCK.now())
    await bell.rung(1)
    alarm.wake(CLOCK.now())
    await bell.rung(2)
    assert "broken bell" in caplog.text


async def test_what_was_asked_before_the_start_is_kept(bell: Bell) -> None:
    alarm = SchedulerAlarm(bell)
    alarm.wake(soon(5_000))
    alarm.wake(soon(10))
    alarm.start()
    await bell.rung(1)
    alarm.stop()


async def test_stopped_it_is_silent(bell: Bell) -> None:
    alarm = SchedulerAlarm(bell)
    alarm.stop()
    alarm.start()
    alarm.wake(soon(30))
    alarm.stop()
    alarm.stop()
    await CLOCK.sleep_until(soon(80))
    assert bell.rings == []


async def test_the_clock_is_aware_and_sleeps_until_the_instant() -> None:
    at = soon(40)
    await CLOCK.sleep_until(at)
    assert CLOCK.now() >= at
    assert CLOCK.now().utcoffset() == timedelta(0)
    await CLOCK.sleep_until(CLOCK.now() - timedelta(days=1))
