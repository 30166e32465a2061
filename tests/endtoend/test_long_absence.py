"""The database away for hours while the program runs on: the heart goes on beating, and the outage rule applies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.errors import StoreUnavailable
from tests.fakes.bench import Bench, BenchClock

AWAY = timedelta(hours=3)


class Unsteady:
    """A store that can be away."""

    def __init__(self, store: Any) -> None:
        self._store, self.away = store, False

    def __getattr__(self, name: str) -> Any:
        return self._gone if self.away else getattr(self._store, name)

    async def _gone(self, *_: object) -> None:
        raise StoreUnavailable("gone")


class BeatingClock(BenchClock):
    """A clock that sleeps in no time, and between two beats does what the test says."""

    def __init__(self) -> None:
        super().__init__()
        self.between: list[Callable[[], None]] = []

    async def sleep_until(self, at: datetime) -> None:
        self.move(at - self.now())
        if not self.between:
            raise asyncio.CancelledError
        self.between.pop(0)()


async def test_the_closing_moves_by_what_the_database_was_away(tmp_path: Path) -> None:
    clock = BeatingClock()
    bench = await Bench(tmp_path / "palabre.db", clock=clock).start()
    await bench.say("ana", '/poll "Where?" "Café" "Library" --close 2h --yes', bench.salon)
    before = await bench.store.read(lambda tx: tx.consultation(1).closes_at)
    store = Unsteady(bench.store)
    app = bench.assembled(store=store)

    def leave() -> None:
        store.away = True
        clock.move(AWAY)

    def come_back() -> None:
        store.away = False

    clock.between = [leave, come_back]
    with pytest.raises(asyncio.CancelledError):
        await app.heartbeat()
    after = await bench.store.read(lambda tx: tx.consultation(1).closes_at)
    assert before is not None
    assert after is not None
    assert AWAY <= after - before <= AWAY + timedelta(minutes=2)
    await bench.close()
