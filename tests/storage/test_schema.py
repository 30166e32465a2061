from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.domain.canonical import canonical
from bot.domain.consultation import definition_facts
from storage.database import Database
from storage.dialects import dialect_of
from storage.errors import DatabaseForeign, DatabaseMissing, DatabaseTooNew, StoreUnavailable, UnknownDatabase
from storage.journal import entry_hash
from storage.schema import HEAD, VERSION, alembic_settings, prepare
from storage.store import open_store
from storage.tables import BALLOT, CONSULTATION, EVENT_KEY, metadata
from storage.transaction import SqlTransaction
from tests.storage.deliberations import debate, opinion_map
from tests.storage.scene import NOW, consultation, poll, voter


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
        "SELECT table_name, column_name, data_type, is_nullable, column_default"
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


@pytest.fixture
def first_release(engine: Engine) -> int:
    """A database of the first release, where someone voted in the consultation of this number."""
    with engine.begin() as connection:
        command.upgrade(_alembic(connection), "0001")
        tables = MetaData()
        tables.reflect(connection)
        number = _first_consultation(connection, tables.tables)
        tx = SqlTransaction(Database(connection, dialect_of(str(engine.url)), "main"))
        tx.freeze_roll(number, [tx.account(voter(who), f"Voter {who}", NOW).id for who in (1, 2)])
        connection.execute(insert(BALLOT).values(consultation=number, voting_right=1, choice="2"))
        tx.claim_post(number, 1, 1, "card")
        tx.record(NOW, "opened", {"title": "Where?"}, number)
    engine.dispose()
    return number


def _first_consultation(connection: Connection, tables: Mapping[str, Table]) -> int:
    """An open consultation in its room, laid out as the first release did."""

    def add(table: str, **values: object) -> None:
        connection.execute(insert(tables[table]).values(values))

    add("organisation", id=1, language="fr", time_zone="Europe/Paris", declaration="{}", bound=False)
    add("room", id=1, title="Salon", organisation=1, language="fr", active=True, first_seen=NOW)
    add("room_address", platform="telegram", address="-100", thread="", room=1, current=True)
    add("person", id=1)
    names = {"platform": "telegram", "name": "Ana", "language": "", "greeted": False}
    add("account", id=1, ref="telegram:0", person=1, first_seen=NOW, **names)
    columns = dict.fromkeys(("disclosure_digest", "roll_digest", "cancelled_because", "tie_reason", "seed"), "")
    times = {"created_at": NOW, "opens_at": NOW, "closes_at": NOW + timedelta(days=2)}
    add(
        "consultation", number=1, organisation=1, author=1, kind="poll", state="open", version=1, roll_known=True,
        extensions=0, definition=canonical(definition_facts(poll())), **columns, **times,
    )  # fmt: skip
    add("consultation_room", consultation=1, room=1, position=0, excused=False)
    if connection.dialect.name == "postgresql":
        for table in ("organisation", "room", "person", "account"):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1)"))
        connection.execute(text("SELECT setval(pg_get_serial_sequence('consultation', 'number'), 1)"))
    return 1


async def test_a_database_of_the_first_release_keeps_all_it_held(url: str, engine: Engine, first_release: int) -> None:
    store = open_store(url)
    kept = await store.read(lambda tx: tx.consultation(first_release))
    assert (kept.definition, kept.definition.debate, kept.definition.opinions) == (poll(), None, None)
    assert await store.read(lambda tx: tx.tally(first_release)) == {(2,): 1}
    assert [post.role for post in await store.read(lambda tx: tx.posts(first_release))] == ["card"]
    assert [entry_hash(entry) == entry.hash for entry in await store.read(lambda tx: tx.journal())] == [True]
    made = await store.write(lambda tx: consultation(tx, debate()))
    assert made.number == first_release + 1
    account = await store.read(lambda tx: tx.find_account(voter(2)))
    assert account is not None
    await store.write(lambda tx: tx.admit(made.number, account.id))
    assert await store.write(lambda tx: tx.debates.take_part(made.number, account.id)) > 0
    await store.close()
    with engine.begin() as connection:
        assert connection.execute(select(VERSION.c.version_num)).scalar_one() == HEAD
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").all() == [("ok",)]


@pytest.mark.usefixtures("first_release")
async def test_a_migrated_database_still_refuses_what_it_does_not_know(url: str) -> None:
    store = open_store(url)
    number = await store.write(lambda tx: consultation(tx, opinion_map()).number)
    for values in ({"kind": "party"}, {"author": 999}):
        with pytest.raises(IntegrityError):
            await store.write(lambda tx, values=values: _change(tx, number, **values))
    await store.close()


def _change(tx: Any, number: int, **values: object) -> None:
    tx._db.run(update(CONSULTATION).where(CONSULTATION.c.number == number).values(values))


async def test_a_debate_is_not_lost_to_a_former_release(url: str, engine: Engine) -> None:
    store = open_store(url)
    number = await store.write(lambda tx: consultation(tx, debate()).number)
    await store.close()
    with pytest.raises(RuntimeError, match="1 consultations"), engine.begin() as connection:
        command.downgrade(_alembic(connection), "0001")
    again = open_store(url)
    assert (await again.read(lambda tx: tx.consultation(number))).definition == debate()
    await again.close()


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
