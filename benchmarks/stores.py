"""B5, B7, B8: what recording ballots costs the database, and how that compares with the database's own driver."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg

from benchmarks.bars import Bar, Options, duel
from benchmarks.databases import KINDS, fresh
from benchmarks.driving import all_through, settle_collector
from bot.domain.ballots import Press
from storage.store import SqlStore, open_store
from tests.storage.counting import counted
from tests.storage.scene import RULES, Scene, opened
from tests.storage.turns import Call, together

ROOT = Path(__file__).parents[1]
BALLOTS = 3_000
RAW_BALLOTS = 1_000
IN_FLIGHT = 32
BURSTS, BURST = 20, 100
PUT = "INSERT INTO raw VALUES ({0}, {0}) ON CONFLICT (voter) DO UPDATE SET choice = excluded.choice"
VOTERS = count(1)
"""Each writes a first ballot, as on the other side: SQLite syncs nothing at all for a row that stays as it was."""
MAKE = "CREATE TABLE raw (voter INTEGER PRIMARY KEY, choice TEXT)"
BEGINS, ENDS = "/bench-bursts-begin", "/bench-bursts-end"


async def storage(options: Options) -> AsyncIterator[Bar]:
    """B5: the store alone, with all its rules, next to the bare driver writing one row and committing it, each time."""
    for kind in KINDS:
        with fresh(kind) as url, raw_commits(kind) as raw:
            store = open_store(url)
            try:
                rates = await duel(options.rounds, lambda: _acknowledged(store), raw_side(raw))  # noqa: B023
            finally:
                await store.close()
        seen = {"ballots_per_second": rates.product, "raw_commits_per_second": rates.floor, "in_flight": IN_FLIGHT}
        yield Bar("B5", rates.ratio, 4, 8, kind, details=seen)


async def _acknowledged(store: SqlStore) -> float:
    scene = await opened(store, BALLOTS)
    casts = [scene.made(who, Press(1 + who % 3)) for who in range(1, BALLOTS + 1)]
    settle_collector()
    run = await all_through(casts, lambda cast: asyncio.ensure_future(store.cast(cast, RULES)), IN_FLIGHT)
    return run.rate


def raw_side(commit: Callable[[], None]) -> Callable[[], object]:
    """A side of a duel that commits so many rows, one by one, and tells how many a second."""

    async def side() -> float:
        start = time.perf_counter()
        for _ in range(RAW_BALLOTS):
            commit()
        return RAW_BALLOTS / (time.perf_counter() - start)

    return side


@contextmanager
def raw_commits(kind: str) -> Iterator[Callable[[], None]]:
    """Writes one row through the bare driver and commits it, as durably as the store does."""
    with fresh(kind) as url:
        connection = _sqlite(url) if kind == "sqlite" else psycopg.connect(url)
        statement = PUT.format("?" if kind == "sqlite" else "%s")
        with closing(connection):
            connection.execute(MAKE)
            connection.commit()

            def commit() -> None:
                connection.execute(statement, (next(VOTERS), "1"))
                connection.commit()

            yield commit


def _sqlite(url: str) -> sqlite3.Connection:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


async def statements(options: Options) -> AsyncIterator[Bar]:
    """B8: statements, savepoints, BEGIN and COMMIT included, for 100 ballots that share a batch."""
    del options
    for kind in KINDS:
        with fresh(kind) as url:
            store = open_store(url)
            try:
                scene = await opened(store, BURST)
                with counted() as nothing:
                    await together(store, [])
                with counted() as asked:
                    await together(store, _casts(scene))
            finally:
                await store.close()
        yield Bar("B8", len(asked.statements) - len(nothing.statements), 40, 12, kind, lower_is_better=True)


def _casts(scene: Scene) -> list[Call]:
    return [lambda who=who: scene.cast(who, Press(1)) for who in range(1, BURST + 1)]


async def syncs(options: Options) -> AsyncIterator[Bar]:
    """B7: calls that wait for the disk, counted by strace or by PostgreSQL itself, per ballot in bursts of 100."""
    del options
    for kind, syncs_of in (("sqlite", _sqlite_syncs), ("postgresql", _postgres_syncs)):
        with fresh(kind) as url:
            found, how = await syncs_of(url)
        each = None if found is None else found / (BURSTS * BURST)
        yield Bar("B7", each, 0.05, 0.02, kind, lower_is_better=True, details={"syncs": found, "counted_by": how})


async def _sqlite_syncs(url: str) -> tuple[int | None, str]:
    if shutil.which("strace") is None:
        return None, "strace, which is not installed"
    with tempfile.NamedTemporaryFile("r") as log:
        tracing = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,rmdir", "-o", log.name]
        command = [*tracing, sys.executable, "-m", __name__, url]
        await asyncio.to_thread(subprocess.run, command, check=True, cwd=ROOT)
        bursts = log.read().partition(BEGINS)[2].partition(ENDS)[0]
    return bursts.count("sync("), "strace"


async def _postgres_syncs(url: str) -> tuple[int | None, str]:
    def syncs_so_far() -> int:
        with psycopg.connect(url, autocommit=True) as connection:
            row = connection.execute("SELECT wal_sync FROM pg_stat_wal").fetchone()
            assert row
            return int(row[0])

    store = open_store(url)
    try:
        scene = await opened(store, BURSTS * BURST)
        await asyncio.sleep(2)  # the server adds up its own figures about once a second
        before = syncs_so_far()
        await _bursts(scene)
        await asyncio.sleep(2)
        return syncs_so_far() - before, "pg_stat_wal"
    finally:
        await store.close()


async def _bursts(scene: Scene) -> None:
    for burst in range(BURSTS):
        first = 1 + burst * BURST
        await asyncio.gather(*(scene.cast(who, Press(1)) for who in range(first, first + BURST)))


async def _traced(url: str) -> None:
    """Cast the bursts between two calls that a tracer recognises."""
    store = open_store(url)
    try:
        scene = await opened(store, BURSTS * BURST)
        _mark(BEGINS)
        await _bursts(scene)
        _mark(ENDS)
    finally:
        await store.close()


def _mark(path: str) -> None:
    with suppress(FileNotFoundError):
        Path(path).rmdir()


if __name__ == "__main__":
    asyncio.run(_traced(sys.argv[1]))
