"""SQLite with no room left amid a batch: whoever was told "recorded" is counted, the others may try again."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.domain.ballots import Press
from bot.domain.casting import Recorded
from bot.domain.consultation import Kind
from bot.store import Transaction
from storage.store import SqlStore, StoreUnavailable
from tests.storage.scene import RULES, Scene, opened, poll
from tests.storage.turns import together


@pytest.fixture
def connections() -> Iterator[list[sqlite3.Connection]]:
    """The driver's connections that are opened during the test."""
    seen: list[sqlite3.Connection] = []

    def note(connection: sqlite3.Connection, _record: object) -> None:
        seen.append(connection)

    event.listen(Engine, "connect", note)
    yield seen
    event.remove(Engine, "connect", note)


def _large(tx: Transaction) -> None:
    tx.set_cursor("large", "x" * 3_000_000)


async def _told_and_counted(scene: Scene, answers: list[Any]) -> tuple[int, int]:
    told = [answer for answer in answers if isinstance(answer, Recorded)]
    others = [answer for answer in answers if not isinstance(answer, Recorded)]
    assert all(isinstance(answer, StoreUnavailable) for answer in others)
    return len(told), sum((await scene.store.read(lambda tx: tx.tally(scene.number))).values())


async def test_a_page_limit_in_the_middle_of_a_batch(
    connections: list[sqlite3.Connection], sqlite_store: SqlStore
) -> None:
    """SQLite may end the whole transaction by itself: without care, what follows would commit piece by piece."""
    scene = await opened(sqlite_store, voters=60)
    (pages,) = connections[0].execute("PRAGMA page_count").fetchone()
    connections[0].execute(f"PRAGMA max_page_count={pages + 100}")
    casts = [scene.made(who, Press(1)) for who in range(1, 61)]
    calls: list[Any] = [lambda cast=cast: sqlite_store.cast(cast, RULES) for cast in casts]
    calls[30:30] = [lambda: sqlite_store.write(_large)]
    calls[10:10] = [lambda: sqlite_store.write(lambda tx: tx.set_cursor("small", "kept"))]
    answers = await together(sqlite_store, calls)
    assert [index for index, answer in enumerate(answers) if isinstance(answer, StoreUnavailable)] == [31]
    del answers[31], answers[10]
    assert await _told_and_counted(scene, answers) == (60, 60)
    assert await sqlite_store.read(lambda tx: (tx.cursor("small"), tx.cursor("large"))) == ("kept", None)

    connections[0].execute("PRAGMA max_page_count=1000000")
    await sqlite_store.write(_large)
    assert await sqlite_store.read(lambda tx: len(tx.cursor("large") or "")) == 3_000_000


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    """No file may grow beyond this: writing fails as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_commit_that_can_not_be_written(sqlite_store: SqlStore, tmp_path: Path) -> None:
    scene = await opened(sqlite_store, voters=400, definition=poll(kind=Kind.VOTE))
    log = (tmp_path / "palabre.db-wal").stat().st_size
    answers: list[Any] = []
    with _largest_file(log + 100_000):
        for start in range(1, 401, 40):
            casts = [scene.made(who, Press(1), key=f"press {who}", accepts=True) for who in range(start, start + 40)]
            answers += await together(
                sqlite_store, [lambda cast=cast: sqlite_store.cast(cast, RULES) for cast in casts]
            )
    told, counted = await _told_and_counted(scene, answers)
    assert told == counted
    assert 0 < told < 400

    for who, answer in enumerate(answers, start=1):
        if not isinstance(answer, Recorded):
            ruling = await scene.cast(who, Press(1), key=f"press {who}", accepts=True)
            assert ruling == Recorded((1,), None, False)
    assert sum((await sqlite_store.read(lambda tx: tx.tally(scene.number))).values()) == 400
