from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, insert, inspect, select, text, update

from storage.dialects import dialect_of
from storage.errors import DatabaseForeign, DatabaseMissing, DatabaseTooNew, StoreUnavailable, UnknownDatabase
from storage.schema import HEAD, VERSION, alembic_settings, prepare
from storage.store import open_store
from storage.tables import EVENT_KEY, metadata


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = dialect_of(url).writer_engine()
    yield engine
    engine.dispose()


def _alembic(connection: Connection) -> Any:
    settings = alembic_settings()
    settings.attributes["connection"] = connection
    return settings


def _layout(connection: Connection) -> list[Any]:
    """Everything the database itself says about its tables."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master")).all()
        return sorted((kind, name, table, _parts(sql)) for kind, name, table, sql in rows)
    columns = text(
        "SELECT table_name, column_name, data_type, is_nullable, column_default, ordinal_position::text"
        " FROM information_schema.columns WHERE table_schema = 'public'"
    )
    constraints = text(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace"
    )
    indexes = text("SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
    return sorted(str(row) for query in (columns, constraints, indexes) for row in connection.execute(query).all())


def _parts(sql: str | None) -> list[str]:
    """The lines of a definition: the order of constraints says nothing."""
    return sorted(line.strip().rstrip(",") for line in (sql or "").splitlines() if line.strip())


def test_the_migrations_make_the_same_tables_as_a_new_database(engine: Engine) -> None:
    with engine.begin() as connection:
        command.upgrade(_alembic(connection), "head")
    with engine.begin() as connection:
        migrated = _layout(connection)
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        command.downgrade(_alembic(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
        VERSION.drop(connection)
    prepare(engine)
    with engine.begin() as connection:
        assert _layout(connection) == migrated


def test_the_program_knows_its_last_migration() -> None:
    assert ScriptDirectory.from_config(alembic_settings()).get_current_head() == HEAD


async def test_a_database_is_opened_again_with_what_it_held(url: str) -> None:
    for expected in (None, "s1"):
        store = open_store(url)
        assert await store.read(lambda tx: tx.cursor("matrix")) == expected
        await store.write(lambda tx: tx.set_cursor("matrix", "s1"))
        await store.close()


async def test_a_newer_database_is_refused_and_left_alone(url: str, engine: Engine) -> None:
    await open_store(url).close()
    with engine.begin() as connection:
        connection.execute(update(VERSION).values(version_num="9999"))
    with pytest.raises(DatabaseTooNew) as refused:
        open_store(url)
    assert refused.value.code == "database-too-new"
    with engine.begin() as connection:
        assert connection.execute(select(VERSION.c.version_num)).scalar_one() == "9999"


def test_tables_that_are_not_ours_are_refused(url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE account (id INTEGER)"))
    with pytest.raises(DatabaseForeign):
        open_store(url)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("these are notes, " * 500)
    with pytest.raises(DatabaseForeign):
        open_store(f"sqlite:///{tmp_path / 'notes.txt'}")


def test_a_database_that_is_not_there_is_not_made_unasked(sqlite_url: str, fresh_postgres: str, tmp_path: Path) -> None:
    for url in (sqlite_url, fresh_postgres):
        with pytest.raises(DatabaseMissing):
            open_store(url, create=False)
    assert list(tmp_path.glob("palabre.db*")) == []


def test_a_place_that_can_not_be_reached_is_unavailable(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path / 'nowhere' / 'palabre.db'}", f"postgresql://palabre@/x?host={tmp_path}"):
        with pytest.raises(StoreUnavailable):
            open_store(url)


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite://", "sqlite:///:memory:", "palabre.db", ""])
def test_an_address_of_something_else_is_refused(url: str) -> None:
    with pytest.raises(UnknownDatabase):
        open_store(url)


def _modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


async def test_only_its_owner_may_read_the_database(sqlite_url: str, tmp_path: Path) -> None:
    store = open_store(sqlite_url)
    modes = _modes(tmp_path)
    assert modes.keys() >= {"palabre.db", "palabre.db-wal"}
    assert set(modes.values()) == {0o600}
    await store.close()


async def test_event_keys_are_forgotten_after_a_month(url: str, engine: Engine) -> None:
    await open_store(url).close()
    with engine.begin() as connection:
        today: date = connection.execute(select(func.current_date(type_=EVENT_KEY.c.noted_on.type))).scalar_one()
        days = {"today": 0, "last week": 7, "long ago": 31}
        rows = [{"key": key, "noted_on": today - timedelta(days=ago)} for key, ago in days.items()]
        connection.execute(insert(EVENT_KEY), rows)
    engine.dispose()
    store = open_store(url)
    assert await store.read(lambda tx: [key for key in days if tx.was_seen(key)]) == ["today", "last week"]
    await store.close()
