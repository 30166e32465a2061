"""Keeping so many things in flight, timing them, and putting the process in the state that `palabre run` serves in."""

from __future__ import annotations

import asyncio
import gc
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Begin = Callable[[Any], "asyncio.Future[Any]"]


@dataclass(frozen=True, slots=True)
class Run:
    """How many things were done, and the seconds of wall clock and of processor they took."""

    done: int
    wall: float
    processor: float

    @property
    def rate(self) -> float:
        """Things per second."""
        return self.done / self.wall

    @property
    def cost(self) -> float:
        """Seconds of processor per thing, all threads of this process together."""
        return self.processor / self.done


def settle_collector() -> None:
    """Tune the interpreter as `palabre run` does once it has started; floors are measured under the same setting."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    sys.setswitchinterval(0.0005)


async def all_through(things: Sequence[Any], begin: Begin, in_flight: int) -> Run:
    """Begin each thing as soon as fewer than `in_flight` are under way; return when all are done."""
    places = asyncio.Semaphore(in_flight)
    begun: list[asyncio.Future[Any]] = []
    wall, processor = time.perf_counter(), time.process_time()
    for thing in things:
        await places.acquire()
        under_way = begin(thing)
        under_way.add_done_callback(lambda _: places.release())
        begun.append(under_way)
    await asyncio.gather(*begun)
    return Run(len(things), time.perf_counter() - wall, time.process_time() - processor)


async def at_a_steady_pace(things: Iterable[Any], begin: Begin, per_second: float) -> list[float]:
    """Begin so many things a second, whatever becomes of them; each one's seconds from when it was due to its end."""
    loop = asyncio.get_running_loop()
    start, took, begun = loop.time(), [], []
    for index, thing in enumerate(things):
        due = start + index / per_second
        if (early := due - loop.time()) > 0:
            await asyncio.sleep(early)
        under_way = begin(thing)
        under_way.add_done_callback(lambda _, due=due: took.append(loop.time() - due))
        begun.append(under_way)
    await asyncio.gather(*begun)
    return took
