"""B1, B1c, B3, B9: from the bytes of an update to the committed ballot, next to the library doing nothing with them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from statistics import median

from telegram import Bot

from adapters.telegram.answers import Answers
from adapters.telegram.request import AiohttpRequest
from benchmarks.bars import Bar, Options, duel
from benchmarks.botapi import TOKEN, over_loopback
from benchmarks.databases import KINDS, fresh
from benchmarks.driving import Begin, Run, all_through, settle_collector
from benchmarks.floor import library
from benchmarks.scene import Poll, Scene, scene, voters
from bot.ports import Pressed, Reply

BALLOTS = 2_000
IN_FLIGHT = 256
SENT_IN_FLIGHT = 64
GATES = {"sqlite": (0.35, 0.5), "postgresql": (0.22, 0.4)}


async def button(options: Options) -> AsyncIterator[Bar]:
    """B1 and B1c: 256 presses in flight, each a first ballot; what is told to the presser stays in the process."""
    for kind in KINDS:
        with fresh(kind) as url:
            async with scene(url) as product, library() as nothing:
                runs = Runs(product, nothing)
                rates = await duel(options.rounds, runs.product, runs.floor)
        gate, target = GATES[kind]
        seen = {"ballots_per_second": rates.product, "floor_per_second": rates.floor}
        yield Bar("B1", rates.ratio, gate, target, kind, details=seen)
        costs = {"ballot_microseconds": runs.cost() * 1e6, "floor_microseconds": runs.floor_cost() * 1e6}
        yield Bar("B1c", runs.cost() / runs.floor_cost(), 3, 2, kind, lower_is_better=True, details=costs)


class Runs:
    """The product and the floor over presses of the same card, and what each run cost."""

    def __init__(self, product: Scene, nothing: Begin, begin: Begin | None = None, in_flight: int = IN_FLIGHT) -> None:
        self._product = product
        self._nothing = nothing
        self._begin = begin or product.begin
        self._in_flight = in_flight
        self._made: list[Run] = []
        self._least: list[Run] = []

    async def product(self) -> float:
        """Ballots per second in a poll that has none yet."""
        poll = await self._product.poll(voters(BALLOTS))
        presses = list(poll.presses((1, 2, 3, 4)))
        settle_collector()
        self._made.append(await all_through(presses, self._begin, self._in_flight))
        await must_hold(self._product, poll, BALLOTS)
        return self._made[-1].rate

    async def floor(self) -> float:
        """Updates per second that the library hands to a handler that does nothing."""
        poll = await self._product.poll(voters(BALLOTS))
        presses = list(poll.presses((1, 2, 3, 4)))
        settle_collector()
        self._least.append(await all_through(presses, self._nothing, IN_FLIGHT))
        return self._least[-1].rate

    def cost(self) -> float:
        """Seconds of processor per ballot, the first run left out."""
        return median(run.cost for run in self._made[1:])

    def floor_cost(self) -> float:
        """Seconds of processor per do-nothing update, the first run left out."""
        return median(run.cost for run in self._least[1:])


async def must_hold(product: Scene, poll: Poll, ballots: int) -> None:
    """A figure made of ballots that are not there is none."""
    found = await product.count(poll)
    if found != ballots:
        raise AssertionError(f"{found} ballots instead of {ballots}")


async def answered(options: Options) -> AsyncIterator[Bar]:
    """B3: the same with the answer really sent over loopback HTTP and its receipt awaited, 64 in flight."""
    with fresh("sqlite") as url:
        async with scene(url) as product, library() as nothing, over_loopback() as address:
            bot = Bot(TOKEN, base_url=f"{address}/bot", request=AiohttpRequest(), get_updates_request=AiohttpRequest())
            async with bot:
                line = Answered(product, bot)
                runs = Runs(product, nothing, line.begin, SENT_IN_FLIGHT)
                rates = await duel(options.rounds, runs.product, runs.floor)
    seen = {"ballots_per_second": rates.product, "floor_per_second": rates.floor}
    yield Bar("B3", rates.ratio, 0.2, 0.35, "sqlite", details=seen)


class Answered:
    """Presses that count as handled once Telegram has taken their answer."""

    def __init__(self, product: Scene, bot: Bot) -> None:
        self._answers = Answers(bot)
        self._reception = product.received(self._give)
        self._waiting: dict[str, asyncio.Future[None]] = {}

    def begin(self, update: bytes) -> asyncio.Future[None]:
        """Begin handling a press; done once its answer was received."""
        raw = json.loads(update)
        end: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[raw["callback_query"]["id"]] = end
        self._reception.receive(raw)
        return end

    async def _give(self, pressed: Pressed, reply: Reply) -> None:
        await self._answers.give(pressed, reply)
        self._waiting.pop(pressed.key.rpartition(":")[2]).set_result(None)


async def crowded(options: Options) -> AsyncIterator[Bar]:
    """B9: the same speed however many ballots the poll already holds."""
    for kind in KINDS:
        for crowd in (10_000, 100_000) if options.large else (10_000,):
            with fresh(kind) as url:
                async with scene(url) as product:
                    empty, full = Fresh(product, 0), Fresh(product, crowd)
                    await full.fill(options.rounds + 1)
                    rates = await duel(options.rounds, full.rate, empty.rate)
            seen = {"already_cast": crowd, "ballots_per_second": rates.product, "with_none_per_second": rates.floor}
            yield Bar("B9", rates.ratio, 0.8, 0.95, kind, details=seen)


class Fresh:
    """First ballots in a poll that already holds so many; each round finds more voters in the same poll."""

    def __init__(self, product: Scene, crowd: int) -> None:
        self._product = product
        self._crowd = crowd
        self._full: Poll | None = None
        self._next = crowd

    async def fill(self, rounds: int) -> None:
        """Make the poll, with voters for so many rounds, and cast the ballots that are there before."""
        self._full = await self._product.poll(voters(self._crowd + rounds * BALLOTS))
        await all_through(list(self._part(0, self._crowd).presses((1, 2, 3))), self._product.begin, IN_FLIGHT)

    def _part(self, start: int, end: int) -> Poll:
        assert self._full
        return Poll(self._full.number, self._full.voters[start:end], self._full.message)

    async def rate(self) -> float:
        """Ballots per second."""
        if self._full is None:
            poll = await self._product.poll(voters(BALLOTS))
        else:
            poll = self._part(self._next, self._next + BALLOTS)
            self._next += BALLOTS
        presses = list(poll.presses((1, 2, 3)))
        settle_collector()
        return (await all_through(presses, self._product.begin, IN_FLIGHT)).rate
