"""B11, B13, B14: how long people wait for their acknowledgement, also beside a flood, and what cards show when."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from benchmarks.ballots import BALLOTS, IN_FLIGHT
from benchmarks.bars import Bar, Options, percentile
from benchmarks.databases import KINDS, fresh
from benchmarks.driving import Begin, all_through, at_a_steady_pace, settle_collector
from benchmarks.scene import Poll, Scene, scene, voters

CALM = 100
"""Presses a second of the people beside whom someone floods."""
FLOOD = 200
SECONDS = 10
EDIT_INTERVAL = 5.0


async def steady(options: Options) -> AsyncIterator[Bar]:
    """B11: the 99th percentile from an update's arrival to its committed ballot, at a tenth of what can be carried."""
    for kind in KINDS:
        with fresh(kind) as url:
            async with scene(url) as product:
                await _capacity(product)
                pace = await _capacity(product) / 10
                took: list[float] = []
                for _ in range(options.rounds):
                    poll = await product.poll(voters(int(pace * SECONDS)))
                    presses = list(poll.presses((1, 2, 3)))
                    settle_collector()
                    took += await at_a_steady_pace(presses, product.begin, pace)
        seen = {"p50_ms": percentile(took, 0.5) * 1e3, "per_second": pace, "presses": len(took)}
        yield Bar("B11", percentile(took, 0.99) * 1e3, 25, 10, kind, lower_is_better=True, details=seen)


async def _capacity(product: Scene) -> float:
    poll = await product.poll(voters(BALLOTS))
    presses = list(poll.presses((1, 2, 3)))
    settle_collector()
    return (await all_through(presses, product.begin, IN_FLIGHT)).rate


async def flooded(options: Options) -> AsyncIterator[Bar]:
    """B14: everybody else's 99th percentile while one account presses 200 times a second, next to without."""
    for kind in KINDS:
        with fresh(kind) as url:
            async with scene(url) as product:
                await _capacity(product)
                alone, beside = [], []
                for _ in range(options.rounds * 2):
                    alone += await _waits(product, _unheard)
                    beside += await _waits(product, product.begin)
        without, with_it = percentile(alone, 0.99), percentile(beside, 0.99)
        seen = {"p99_ms_without": without * 1e3, "p99_ms_with": with_it * 1e3, "others_per_second": CALM}
        yield Bar("B14", with_it / without, 1.5, 1.1, kind, lower_is_better=True, details=seen)


async def _waits(product: Scene, begin: Begin) -> list[float]:
    """The seconds that people who each press once wait, while someone else's presses are begun so.

    The storm is made in this process, as Telegram would not be: its clockwork and its
    parsing run on both sides, so that they are not taken for what the product does.
    """
    poll = await product.poll(voters(CALM * SECONDS + 1))
    *others, nuisance = poll.voters
    presses = list(Poll(poll.number, others, poll.message).presses((1, 2, 3)))
    storm = [poll.press(nuisance, 1 + index % 4) for index in range(FLOOD * SECONDS)]
    settle_collector()
    flooding = asyncio.create_task(at_a_steady_pace(storm, begin, FLOOD))
    took = await at_a_steady_pace(presses, product.begin, CALM)
    await flooding
    return took


def _unheard(update: bytes) -> asyncio.Task[None]:
    json.loads(update)
    return asyncio.create_task(asyncio.sleep(0))


async def cards(options: Options) -> AsyncIterator[Bar]:
    """B13: how often live cards are edited while ballots pour in, and how soon they show the last one."""
    del options
    for live in (1, 2):
        with fresh("sqlite") as url:
            async with scene(url) as product:
                seen = await _pour(product, live)
        details = {"live_cards": live, "edits": len(seen.edits), "seconds": seen.lasted}
        yield Bar("B13", seen.share, 1, 1, "sqlite", lower_is_better=True, details=details)
        yield Bar("B13-last", seen.last_shown, 10, 10, "sqlite", lower_is_better=True, details={"live_cards": live})


class Poured:
    """What was seen of the cards: `share` of the edits allowed, and seconds until the last ballot was shown."""

    def __init__(self, edits: list[float], live: int, lasted: float, last_shown: float | None) -> None:
        self.edits = edits
        self.lasted = lasted
        self.last_shown = last_shown
        # The first edit of each card waits for nothing.
        self.share = len(edits) / (live + lasted / EDIT_INTERVAL * live)


async def _pour(product: Scene, live: int, seconds: int = 21, pace: int = 100) -> Poured:
    loop = asyncio.get_running_loop()
    polls = [await product.poll(voters(seconds * pace // live)) for _ in range(live)]
    streams = [poll.presses((1, 2, 3)) for poll in polls]
    presses = [next(streams[index % live]) for index in range(seconds * pace // live * live)]
    start = loop.time()
    await at_a_steady_pace(presses, product.begin, pace)
    last = loop.time()
    shown = await _all_shown(product, polls)
    edits = [at for at in product.edits() if at >= start]
    return Poured(edits, live, loop.time() - start, None if shown is None else shown - last)


async def _all_shown(product: Scene, polls: list[Poll], patience: float = 20) -> float | None:
    """When every card had shown its last ballot, in seconds of the loop's clock; None if one never did."""
    loop = asyncio.get_running_loop()
    end = loop.time() + patience
    while loop.time() < end:
        versions = [await product.shown(poll) for poll in polls]
        if all(shown == current for shown, current in versions):
            return max(product.edits())
        await asyncio.sleep(0.1)
    return None
