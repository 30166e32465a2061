"""The bot may die between any two steps: what it promised holds all the same.

The real core on a real database takes a poll in two rooms from its creation to its
result, on a platform that recognises a message asked for twice and on one that
doesn't. It is killed before and after everything that reaches a platform or the
database, then started again; what people did is delivered again until confirmed.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.casting import Cast, Ruling
from bot.domain.ids import Action
from bot.ports import Incoming
from bot.store import Store, Transaction
from tests.fakes.bench import Bench
from tests.fakes.platforms import Platform

CREATION = '/poll "Where?" "Café" "Library" "Park" --close 2h --reminders 1h --rooms Salon,Hall --yes'
DOWN = timedelta(minutes=5)
"""How long it stays down when it does: long enough for the outage rule."""


class Killed(BaseException):
    """The process died here. No code of the bot may catch it, and nothing runs after it."""


class Fate:
    """Decides when the bot dies: after so many more steps, each time it lives."""

    def __init__(self, lives: Iterable[int]) -> None:
        self._lives = iter(lives)
        self.steps = 0
        self._left: int | None = next(self._lives, None)
        self.dead = False

    async def tick(self, what: str) -> None:
        """One step; maybe the last."""
        if self.dead:
            raise Killed(what)
        self.steps += 1
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                self.dead = True
                raise Killed(what)

    def live_again(self) -> None:
        """A new process, with its own fate."""
        self.dead, self._left = False, next(self._lives, None)


class MortalStore:
    """The store of a process that may die before it asks, and after the commit before it hears of it."""

    def __init__(self, store: Store, fate: Fate) -> None:
        self._store, self._fate = store, fate

    async def _mortal(self, work: Awaitable[Any]) -> Any:
        try:
            await self._fate.tick("before the database")
        except Killed:
            if asyncio.iscoroutine(work):
                work.close()
            raise
        value = await work
        await self._fate.tick("after the database")
        return value

    async def write(self, work: Callable[[Transaction], Any]) -> Any:
        return await self._mortal(self._store.write(work))

    async def read(self, query: Callable[[Transaction], Any]) -> Any:
        return await self._mortal(self._store.read(query))

    async def cast(self, cast: Cast, charter_version: str) -> Ruling:
        async def asked() -> Ruling:
            return await self._store.cast(cast, charter_version)

        ruling: Ruling = await self._mortal(asked())
        return ruling

    async def scrub(self, people: bool = False) -> None:
        await self._mortal(self._store.scrub(people))

    async def close(self) -> None:
        raise AssertionError("a process that dies closes nothing")


@dataclass
class Life:
    """The bot through its deaths, and what people saw of it."""

    bench: Bench
    fate: Fate
    down: timedelta
    deaths: int = 0
    wrong: list[str] = field(default_factory=list)

    async def begin(self) -> None:
        """Start, dying as often as it is fated."""
        self.bench.app = self.bench.assembled(MortalStore(self.bench.store, self.fate), self._step)
        await self.until_done(self.bench.app.start)

    async def until_done(self, act: Callable[[], Awaitable[Any]]) -> Any:
        """Do it, again after each death, until it was done by a process that lived."""
        while True:
            try:
                return await act()
            except Killed:
                await self._bury()
                act = self._after_start(act)

    def _after_start(self, act: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
        original = getattr(act, "original", act)

        async def again() -> Any:
            await self.bench.app.start()
            await self.bench.app.settle()
            return await original()

        again.original = original  # type: ignore[attr-defined]
        return again

    async def _bury(self) -> None:
        """Let what the dead process still had running die too, then start another."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)
        self.deaths += 1
        self.bench.clock.move(self.down)
        self.fate.live_again()
        self.bench.app = self.bench.assembled(MortalStore(self.bench.store, self.fate), self._step)

    async def _step(self, what: str) -> None:
        await self.fate.tick(what)
        if what == "posted":
            self._watch()

    def _watch(self) -> None:
        """At every message that appears: nothing stands too early."""
        rooms = [(self.bench.telegram, self.bench.salon), (self.bench.matrix, self.bench.hall)]
        keys = dict(self.bench.rows("SELECT 'post-' || id, role FROM post"))
        told = [any(keys.get(one.key) == "disclosure" for one in platform.at(room)) for platform, room in rooms]
        state = dict(self.bench.rows("SELECT 1, state FROM consultation")).get(1, "none")
        if state not in {"none", "draft", "scheduled"} and not all(told):
            self.wrong.append(f"{state} while a room has no disclosure")
        for platform, room in rooms:
            for one in platform.at(room):
                role = keys.get(one.key, "")
                if role == "card" and state in {"none", "draft", "scheduled", "disclosed"}:
                    self.wrong.append(f"a ballot card while {state}")
                if role == "result" and state != "certified":
                    self.wrong.append(f"a result while {state}")

    async def deliver(self, incoming: Incoming) -> None:
        """What a platform does: deliver until it is confirmed, then let the bot go on."""
        reply = await self.until_done(lambda: self.bench.app(incoming))
        assert reply is not None
        await self.until_done(self.settle)

    async def settle(self) -> None:
        """Everything due happens."""
        await self.bench.app.settle()

    async def pass_time(self, **by: float) -> None:
        """Time passes, all that is due happening on the way."""
        end = self.bench.clock.now() + timedelta(**by)
        while True:
            await self.until_done(self.settle)
            due = await self.bench.app.next_due()
            if due is None or due > end:
                break
            self.bench.clock.move(max(due - self.bench.clock.now(), timedelta(seconds=1)))
        self.bench.clock.move(max(end - self.bench.clock.now(), timedelta()))
        await self.until_done(self.settle)


PRESSES = (("bruno", 1), ("chloe", 2), ("bruno", 3), ("dan", 2), ("ana", 3), ("dan", 2))
REPLIES = (("emma", "2"), ("farid", "Park"), ("emma", "1"))
COUNTED = {"1": 1, "2": 2, "3": 3}  # emma; chloe and dan; bruno, ana and farid


async def whole_life(folder: Path, lives: Iterable[int], down: timedelta) -> Life:
    """The poll from its creation to its result, the bot dying after so many steps of each of its lives."""
    bench = await Bench(folder / "palabre.db").start()
    life = Life(bench, Fate(lives), down)
    try:
        await life.begin()
        await life.deliver(bench.said("ana", CREATION, bench.salon))
        await life.pass_time(minutes=1)
        for name, option in PRESSES:
            await life.deliver(bench.pressed(name, Action("v", 1, str(option)), bench.salon))
        card = next(one.ref for one in bench.matrix.at(bench.hall) if "/v 1" in one.plain)
        for name, words in REPLIES:
            await life.deliver(bench.said(name, words, bench.hall, reply_to=card))
        await life.deliver(bench.said("ana", "/extend 1 1h", bench.salon))
        await life.pass_time(hours=12)
        check(life)
    finally:
        await bench.close()
    return life


def check(life: Life) -> None:
    """What was promised, whatever happened."""
    bench = life.bench
    assert life.wrong == []
    assert bench.rows("SELECT number, state FROM consultation") == [(1, "certified")]
    assert dict(bench.rows("SELECT choice, count FROM sheet")) == COUNTED
    assert bench.rows("SELECT choice FROM ballot") == []
    assert bench.rows("SELECT count(*) FROM voting_right WHERE used") == [(6,)]
    closings = bench.rows("SELECT facts FROM journal WHERE kind = 'closed'")
    assert len(closings) == 1
    extensions = check_extensions(bench, life.deaths)
    check_posts(bench, bench.matrix, extensions)
    check_posts(bench, bench.telegram, extensions)


def check_extensions(bench: Bench, deaths: int) -> int:
    """The organiser's hour was added once and each absence once, by its length; how many changes that makes."""
    changes = [json.loads(facts) for (facts,) in bench.rows("SELECT facts FROM journal WHERE kind = 'extended'")]
    assert [one["cause"] for one in changes].count("organiser") == 1
    assert len(changes) - 1 <= deaths
    away = timedelta(seconds=sum(one.get("seconds", 0) for one in changes))
    ((opened_at, closes_at, extensions),) = bench.rows("SELECT opened_at, closes_at, extensions FROM consultation")
    lasted = datetime.fromisoformat(closes_at) - datetime.fromisoformat(opened_at)
    assert lasted == timedelta(hours=2) + timedelta(hours=1) + away
    assert extensions == len(changes)
    return len(changes)


def check_posts(bench: Bench, platform: Platform, extensions: int) -> None:
    """Everything owed stands in the platform's room: once where it recognises a message asked for twice."""
    room = bench.salon if platform is bench.telegram else bench.hall
    keys = dict(bench.rows("SELECT 'post-' || id, role FROM post"))
    standing = [keys[one.key] for one in platform.at(room) if one.key in keys]
    owed = {"disclosure", "card", "result", *(f"extended-{count}" for count in range(1, extensions + 1))}
    assert owed <= set(standing)
    if platform.once_by_key:
        assert sorted(set(standing)) == sorted(standing)
    cards = [one for one in platform.at(room) if keys.get(one.key) == "card"]
    recorded = bench.rows("SELECT message FROM post WHERE role = 'card' AND platform = ?", platform.name)
    final = next(one for one in cards if (one.ref.id,) in recorded)
    assert "Closed since" in final.plain
    assert "6 voters" in final.plain


async def test_without_any_death_all_goes_well(tmp_path: Path) -> None:
    life = await whole_life(tmp_path, [], timedelta())
    assert (life.deaths, life.fate.steps > 150) == (0, True)


SHARES = 16
"""Runs. In each the bot dies about ten times, after lives of every length; a quarter of an hour would try all pairs."""


@pytest.mark.parametrize("share", range(SHARES))
async def test_it_may_die_at_any_step(tmp_path: Path, share: int) -> None:
    # The lengths from 0 to 95 are spread over the runs, short ones drawn between; what is left is lived in peace.
    dice = random.Random(share)
    lives = [share + SHARES * turn for turn in range(6)] + [dice.randrange(60) for _ in range(10)]
    dice.shuffle(lives)
    life = await whole_life(tmp_path, lives, DOWN if share % 3 == 0 else timedelta())
    assert life.deaths >= 3
