"""Once ballots are sealed and the database scrubbed, its files hold no choice beside a right: only the tally sheet."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from bot.domain.ballots import Answer, Choice, Withdrawal, to_text
from bot.domain.debate.model import Moment, Stance
from bot.store import Transaction
from storage.store import SqlStore, StoreUnavailable, open_store
from tests.storage.deliberations import argument, debating
from tests.storage.own_postgres import OwnPostgres, own_postgres
from tests.storage.scene import NOW, SALON, Scene, approval, opened, voter

OPTIONS = 40
KEPT: Choice = (3, 17, 22, 29, 31, 38)
CHANGED: Choice = (5, 11, 19, 23, 37, 39)
WITHDRAWN: Choice = (2, 13, 14, 26, 33, 40)
OTHER: Choice = (6, 12, 18, 24, 30, 36)
"""Choices whose text stands nowhere by chance."""


def _files(folder: Path) -> list[Path]:
    return list(folder.glob("palabre.db*"))


def _found(files: Iterable[Path], choice: Choice) -> int:
    return sum(file.read_bytes().count(to_text(choice).encode()) for file in files)


async def _voted(store: SqlStore) -> tuple[Scene, Scene]:
    """Three hundred voters, some of whom change their minds; and another consultation that stays open."""
    scene = await opened(store, voters=300, definition=approval(OPTIONS))
    other = await opened(store, voters=3, definition=approval(OPTIONS))
    for who in range(1, 301):
        await scene.cast(who, Answer(KEPT if who % 3 else CHANGED))
        if who % 3 == 0:
            await scene.cast(who, Answer(WITHDRAWN))
        if who % 2 == 0:
            await other.cast(1 + who % 3, Answer(OTHER))
    for who in range(3, 301, 3):
        await scene.cast(who, Withdrawal())
    return scene, other


async def _check_sealing(store: SqlStore, scene: Scene, other: Scene) -> None:
    await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=False))
    await store.scrub()
    assert await store.read(lambda tx: tx.tally(scene.number)) == {KEPT: 200}
    assert await store.read(lambda tx: tx.tally(other.number)) == {OTHER: 3}


async def test_sqlite_files_hold_no_link(sqlite_store: SqlStore, tmp_path: Path) -> None:
    scene, other = await _voted(sqlite_store)
    assert _found(_files(tmp_path), CHANGED) > 10, "the write-ahead log is full of old ballots"
    await _check_sealing(sqlite_store, scene, other)
    files = _files(tmp_path)
    assert (tmp_path / "palabre.db-wal").stat().st_size == 0
    assert [_found(files, choice) for choice in (CHANGED, WITHDRAWN, KEPT)] == [0, 0, 1]
    assert _found(files, OTHER) == 3


async def test_a_log_that_is_being_read_is_not_said_to_be_scrubbed(sqlite_store: SqlStore, tmp_path: Path) -> None:
    """And ballots are taken meanwhile."""
    await opened(sqlite_store)
    with closing(sqlite3.connect(tmp_path / "palabre.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM cursor").fetchall()
        await sqlite_store.write(lambda tx: tx.set_cursor("matrix", "s1"))
        scrubbing = asyncio.ensure_future(sqlite_store.scrub())
        await sqlite_store.write(lambda tx: tx.set_cursor("matrix", "s2"))
        assert not scrubbing.done()
        with pytest.raises(StoreUnavailable):
            await scrubbing
    await sqlite_store.scrub()


async def test_a_table_that_is_being_copied_is_not_said_to_be_scrubbed(fresh_postgres: str) -> None:
    """As pg_dump does, which may last: ballots are taken meanwhile."""
    store = open_store(fresh_postgres)
    with psycopg.connect(fresh_postgres) as reader:
        reader.execute("LOCK TABLE ballot IN ACCESS SHARE MODE")
        scrubbing = asyncio.ensure_future(store.scrub())
        await store.write(lambda tx: tx.set_cursor("matrix", "s1"))
        assert not scrubbing.done()
        with pytest.raises(StoreUnavailable):
            await scrubbing
    await store.scrub()
    await store.close()


@pytest.fixture
def server() -> Iterator[OwnPostgres]:
    with own_postgres() as server:
        yield server


def _tables(server: OwnPostgres) -> list[Path]:
    """Every file of every table (the server's own log of changes is another matter, which the disclosure tells)."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return [file for file in (server.data / "base").rglob("*") if file.is_file()]


async def test_postgresql_tables_hold_no_link(server: OwnPostgres) -> None:
    store = open_store(server.url)
    scene, other = await _voted(store)
    assert _found(_tables(server), CHANGED) > 10
    await _check_sealing(store, scene, other)
    files = _tables(server)
    assert [_found(files, choice) for choice in (CHANGED, WITHDRAWN)] == [0, 0]
    assert _found(files, KEPT) <= 2, "the sheet and its index"
    await store.close()


SECRET = "unlawful-and-hateful"
"""A reason that stands nowhere by chance."""


async def _debated(store: SqlStore) -> tuple[Scene, list[int]]:
    """Two hundred members who report an argument, and say what they think of the motion."""
    scene, aliases = await debating(store, voters=200)

    def work(tx: Transaction) -> None:
        tx.debates.add_argument(scene.number, argument(aliases[0]))
        for alias in aliases:
            tx.debates.report(scene.number, 1, alias, SECRET, NOW)
            tx.debates.set_stance(scene.number, alias, Moment.AFTER, Stance.UNDECIDED)

    await store.write(work)
    return scene, aliases


def _counted(files: Iterable[Path], word: str) -> int:
    return sum(file.read_bytes().count(word.encode()) for file in files)


async def _forget(store: SqlStore, scene: Scene) -> None:
    await store.write(lambda tx: tx.debates.forget_aliases(scene.number))
    await store.scrub()
    (kept,) = await store.read(lambda tx: tx.debates.arguments(scene.number))
    assert kept.reports == 200
    assert await store.read(lambda tx: tx.debates.shifts(scene.number)) == {(None, Stance.UNDECIDED): 200}


async def test_sqlite_files_hold_no_link_to_an_alias(sqlite_store: SqlStore, tmp_path: Path) -> None:
    scene, _ = await _debated(sqlite_store)
    assert _counted(_files(tmp_path), SECRET) >= 200
    assert _counted(_files(tmp_path), "undecided") > 200
    await _forget(sqlite_store, scene)
    assert (tmp_path / "palabre.db-wal").stat().st_size == 0
    assert _counted(_files(tmp_path), SECRET) == 0
    with closing(sqlite3.connect(tmp_path / "palabre.db")) as connection:
        words = "SELECT sum((length(sql) - length(replace(sql, 'undecided', ''))) / 9) FROM sqlite_master"
        (in_checks,) = connection.execute(words).fetchone()
        linked = "SELECT count(*) FROM participant WHERE voting_right IS NOT NULL"
        assert connection.execute(linked).fetchone() == (0,)
    assert _counted(_files(tmp_path), "undecided") == in_checks + 1, "the sheet's one row"


async def test_postgresql_tables_hold_no_link_to_an_alias(server: OwnPostgres) -> None:
    store = open_store(server.url)
    scene, _ = await _debated(store)
    assert _counted(_tables(server), SECRET) >= 200
    await _forget(store, scene)
    assert _counted(_tables(server), SECRET) == 0
    with psycopg.connect(server.url) as connection:
        for table in ("stance", "floor_request"):
            assert connection.execute(f"SELECT pg_relation_size('{table}')").fetchone() == (0,)
        linked = "SELECT count(*) FROM participant WHERE voting_right IS NOT NULL"
        assert connection.execute(linked).fetchone() == (0,)
    await store.close()


NOBODYS = "Quintessence-of-nobody"
"""A name that stands nowhere by chance."""


async def _met(store: SqlStore) -> int:
    """Forty members of that name, who changed it, seen in the salon; the last of them is returned."""

    def work(tx: Transaction) -> int:
        room = tx.room(SALON, "Salon", NOW, "fr", "Europe/Paris")
        for who in range(1, 41):
            account = tx.account(voter(who), f"{NOBODYS} {who}", NOW)
            tx.arrived(room.id, account.id, NOW)
            tx.account(voter(who), f"{NOBODYS} {who} again", NOW)
        return account.id

    return await store.write(work)


async def _forget_all(store: SqlStore, last: int) -> None:
    await store.write(lambda tx: [tx.personal.forget(account, NOW) for account in range(last - 39, last + 1)])
    await store.scrub(people=True)


async def test_sqlite_files_hold_no_one_who_was_forgotten(sqlite_store: SqlStore, tmp_path: Path) -> None:
    last = await _met(sqlite_store)
    assert _counted(_files(tmp_path), NOBODYS) >= 40
    await _forget_all(sqlite_store, last)
    assert _counted(_files(tmp_path), NOBODYS) == 0


async def test_postgresql_tables_hold_no_one_who_was_forgotten(server: OwnPostgres) -> None:
    store = open_store(server.url)
    last = await _met(store)
    assert _counted(_tables(server), NOBODYS) >= 40
    await _forget_all(store, last)
    assert _counted(_tables(server), NOBODYS) == 0
    await store.close()
