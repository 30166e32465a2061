from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.ballots import Press
from storage.backups import backup, restore
from storage.errors import (
    AlreadyRunning,
    DatabaseExists,
    DatabaseForeign,
    DatabaseMissing,
    DatabaseTooNew,
    UseServerTools,
)
from storage.store import SqlStore, open_store
from tests.storage.scene import opened

POSTGRES = "postgresql://palabre@localhost/palabre"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "palabre.backup"


@pytest.fixture(autouse=True)
def _folder(copy: Path) -> None:
    copy.parent.mkdir()


def _modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


async def test_a_copy_made_while_in_use_brings_everything_back(
    sqlite_store: SqlStore, sqlite_url: str, copy: Path
) -> None:
    scene = await opened(sqlite_store)
    await scene.cast(1, Press(1))
    backup(sqlite_url, copy)
    await scene.cast(2, Press(2))
    await sqlite_store.close()
    assert _modes(copy.parent) == {copy.name: 0o600}, "one private file, nothing beside it"

    restore(copy, sqlite_url, replace=True)
    store = open_store(sqlite_url)
    assert await store.read(lambda tx: tx.tally(scene.number)) == {(1,): 1}
    await store.close()


async def test_a_copy_is_restored_where_nothing_was(sqlite_store: SqlStore, sqlite_url: str, copy: Path) -> None:
    await sqlite_store.write(lambda tx: tx.set_cursor("matrix", "s1"))
    backup(sqlite_url, copy)
    elsewhere = f"sqlite:///{copy.parent / 'other.db'}"
    restore(copy, elsewhere)
    store = open_store(elsewhere, create=False)
    assert await store.read(lambda tx: tx.cursor("matrix")) == "s1"
    await store.close()


async def test_what_was_not_yet_in_the_main_file_is_copied_too(
    sqlite_store: SqlStore, sqlite_url: str, copy: Path
) -> None:
    """After a kill, the last commits are in the write-ahead log only."""
    await sqlite_store.write(lambda tx: tx.set_cursor("matrix", "s1"))
    main = Path(sqlite_url.removeprefix("sqlite:///"))
    killed = copy.parent / "killed.db"
    for ending in ("", "-wal"):
        killed.with_name(killed.name + ending).write_bytes(main.with_name(main.name + ending).read_bytes())
    backup(f"sqlite:///{killed}", copy)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT value FROM cursor").fetchall() == [("s1",)]


async def test_nothing_is_overwritten_unasked(sqlite_store: SqlStore, sqlite_url: str, copy: Path) -> None:
    backup(sqlite_url, copy)
    with pytest.raises(DatabaseExists):
        backup(sqlite_url, copy)
    with pytest.raises(DatabaseExists):
        restore(copy, sqlite_url)


async def test_a_database_in_use_is_not_replaced(sqlite_store: SqlStore, sqlite_url: str, copy: Path) -> None:
    sqlite_store.take_lock()
    backup(sqlite_url, copy)
    with pytest.raises(AlreadyRunning):
        restore(copy, sqlite_url, replace=True)


async def test_a_copy_of_a_newer_program_is_refused(sqlite_store: SqlStore, sqlite_url: str, copy: Path) -> None:
    backup(sqlite_url, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(DatabaseTooNew):
        restore(copy, sqlite_url, replace=True)


def test_what_is_no_copy_of_ours_is_refused(sqlite_url: str, copy: Path) -> None:
    with pytest.raises(DatabaseMissing):
        backup(sqlite_url, copy)
    with pytest.raises(DatabaseMissing):
        restore(copy, sqlite_url)
    copy.write_text("not a database, " * 500)
    with pytest.raises(DatabaseForeign):
        restore(copy, sqlite_url)
    copy.unlink()
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(DatabaseForeign):
        restore(copy, sqlite_url)
    assert not Path(sqlite_url.removeprefix("sqlite:///")).exists()


def test_postgresql_is_copied_by_its_own_tools(copy: Path) -> None:
    with pytest.raises(UseServerTools):
        backup(POSTGRES, copy)
    copy.touch()
    with pytest.raises(UseServerTools):
        restore(copy, POSTGRES)
