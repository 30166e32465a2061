"""Once ballots are sealed and the database scrubbed, its files hold no choice beside a right: only the tally sheet."""

from __future__ import annotations

import asyncio
import sqlite3
from asyncio import gather
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
CODES = b"what the codes are made from"


def _files(folder: Path) -> list[Path]:
    return list(folder.glob("palabre.db*"))


def _found(files: Iterable[Path], what: Choice | bytes) -> int:
    searched = what if isinstance(what, bytes) else to_text(what).encode()
    return sum(file.read_bytes().count(searched) for file in files)


async def _voted(store: SqlStore) -> tuple[Scene, Scene]:
    """Three hundred voters, some of whom change their minds; and another consultation that stays open."""
    scene = await opened(store, voters=300, definition=approval(OPTIONS))
    other = await opened(store, voters=3, definition=approval(OPTIONS))
    await store.write(lambda tx: tx.receipts.keep_secret(scene.number, CODES))
    await gather(*(scene.cast(who, Answer(KEPT if who % 3 else CHANGED)) for who in range(1, 301)))
    for gesture in (Answer(WITHDRAWN), Withdrawal()):
        await gather(*(other.cast(who, Answer(OTHER)) for who in (1, 2, 3)))
        await gather(*(scene.cast(who, gesture) for who in range(3, 301, 3)))
    return scene, other


async def _check_sealing(store: SqlStore, scene: Scene, other: Scene) -> None:
    await store.write(lambda tx: tx.receipts.forget_secret(scene.number))
    await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=False))
    await store.scrub()
    assert await store.read(lambda tx: tx.tally(scene.number)) == {KEPT: 200}
    assert await store.read(lambda tx: tx.tally(other.number)) == {OTHER: 3}


async def test_sqlite_files_hold_no_link(sqlite_store: SqlStore, tmp_path: Path) -> None:
    scene, other = await _voted(sqlite_store)
    assert _found(_files(tmp_path), CHANGED) > 10, "the write-ahead log is full of old ballots"
    assert _found(_files(tmp_path), CODES) > 0
    await _check_sealing(sqlite_store, scene, other)
    files = _files(tmp_path)
    assert (tmp_path / "palabre.db-wal").stat().st_size == 0
    assert [_found(files, what) for what in (CHANGED, WITHDRAWN, KEPT, CODES)] == [0, 0, 1, 0]
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
    with own_postgres("fsync=off") as server:
        yield server


def _cluster(server: OwnPostgres) -> list[Path]:
    """Every file the server has: its tables, its log of changes, all the rest."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return [file for file in server.data.rglob("*") if file.is_file()]


async def test_postgresql_files_hold_no_link(server: OwnPostgres) -> None:
    store = open_store(server.url)
    scene, other = await _voted(store)
    assert _found(_cluster(server), CHANGED) >= 100, "the log of changes has them all"
    await _check_sealing(store, scene, other)
    files = _cluster(server)
    assert [_found(files, what) for what in (CHANGED, WITHDRAWN, CODES)] == [0, 0, 0]
    assert _found(files, KEPT) <= 2, "the sheet and its index"
    assert _found(files, OTHER) > 0
    await store.close()
    server.stop()
    assert "ready to accept" in server.log
    assert not [choice for choice in (CHANGED, WITHDRAWN, KEPT, OTHER) if to_text(choice) in server.log]


def _bot(server: OwnPostgres) -> str:
    """The address of a database whose owner is an ordinary role."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE bot LOGIN")
        connection.execute("CREATE DATABASE bots OWNER bot")
    return f"postgresql://bot@/bots?host={server.folder}"


def _log(server: OwnPostgres) -> list[Path]:
    return [file for file in (server.data / "pg_wal").iterdir() if file.is_file()]


async def test_an_ordinary_role_cannot_renew_the_servers_log_and_its_operator_is_told(
    server: OwnPostgres, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(_bot(server))
    await _check_sealing(store, *await _voted(store))
    await store.scrub()
    assert _found(_log(server), CHANGED) > 10, "the reason to be told"
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "pg_checkpoint" in caplog.text
    # What docs/postgresql.md asks for, without being a superuser.
    with psycopg.connect(server.url, dbname="bots", autocommit=True) as connection:
        connection.execute("GRANT pg_checkpoint, pg_monitor TO bot")
        connection.execute("GRANT EXECUTE ON FUNCTION pg_switch_wal() TO bot")
    await store.scrub()
    assert _found(_log(server), CHANGED) == 0
    assert len(caplog.records) == 1
    await store.close()


async def test_a_log_that_a_replica_still_needs_is_not_said_to_be_renewed(
    server: OwnPostgres, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(server.url)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("SELECT pg_create_physical_replication_slot('replica', true)")
    await store.scrub()
    await store.scrub()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "slot" in caplog.text
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


async def test_postgresql_files_hold_no_link_to_an_alias(server: OwnPostgres) -> None:
    store = open_store(server.url)
    scene, _ = await _debated(store)
    assert _counted(_cluster(server), SECRET) >= 200
    await _forget(store, scene)
    assert _counted(_cluster(server), SECRET) == 0
    with psycopg.connect(server.url) as connection:
        for table in ("stance", "floor_request"):
            assert connection.execute(f"SELECT pg_relation_size('{table}')").fetchone() == (0,)
        linked = "SELECT count(*) FROM participant WHERE voting_right IS NOT NULL"
        assert connection.execute(linked).fetchone() == (0,)
    await store.close()


NOBODYS = "Quintessence-of-nobody"
"""A name that stands nowhere by chance."""


async def _met(store: SqlStore) -> int:
    """Eight members of that name, who changed it, seen in the salon; the last of them is returned."""

    def work(tx: Transaction) -> int:
        room = tx.room(SALON, "Salon", NOW, "fr", "Europe/Paris")
        for who in range(1, 9):
            account = tx.account(voter(who), f"{NOBODYS} {who}", NOW)
            tx.arrived(room.id, account.id, NOW)
            tx.account(voter(who), f"{NOBODYS} {who} again", NOW)
        return account.id

    return await store.write(work)


async def _forget_all(store: SqlStore, last: int) -> None:
    await store.write(lambda tx: [tx.personal.forget(account, NOW) for account in range(last - 7, last + 1)])
    await store.scrub(people=True)


async def test_sqlite_files_hold_no_one_who_was_forgotten(sqlite_store: SqlStore, tmp_path: Path) -> None:
    last = await _met(sqlite_store)
    assert _counted(_files(tmp_path), NOBODYS) >= 8
    await _forget_all(sqlite_store, last)
    assert _counted(_files(tmp_path), NOBODYS) == 0


async def test_postgresql_files_hold_no_one_who_was_forgotten(server: OwnPostgres) -> None:
    store = open_store(server.url)
    last = await _met(store)
    assert _counted(_cluster(server), NOBODYS) >= 8
    await _forget_all(store, last)
    assert _counted(_cluster(server), NOBODYS) == 0
    await store.close()
