"""A journal written before lines were hashed in two steps is chained anew, so that it can still be checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Engine

from bot.domain.canonical import canonical, digest
from storage.dialects import dialect_of
from storage.journal import entry_hash
from storage.schema import alembic_settings
from storage.store import open_store
from storage.tables import JOURNAL
from tests.storage.scene import NOW


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = dialect_of(url).writer_engine()
    yield engine
    engine.dispose()


def _alembic(connection: Connection) -> Any:
    settings = alembic_settings()
    settings.attributes["connection"] = connection
    return settings


def _write_as_before(connection: Connection) -> list[dict[str, Any]]:
    """Three lines, each hashed at once over its other fields."""
    previous, told = "", []
    for sequence in (1, 2, 3):
        at, facts = NOW + timedelta(microseconds=sequence), {"é": sequence, "text": '"quoted"\n'}
        line = {"at": at, "facts": facts, "kind": "said", "number": None, "previous": previous, "sequence": sequence}
        hashed = digest(line)
        text = canonical(facts)
        columns = {"sequence": sequence, "at": at, "kind": "said", "facts": text, "previous": previous, "hash": hashed}
        connection.execute(JOURNAL.insert().values(consultation=None, **columns))
        previous = hashed
        told.append(facts)
    return told


async def test_every_line_keeps_what_it_says_and_gets_its_new_hash(url: str, engine: Engine) -> None:
    with engine.begin() as connection:
        command.upgrade(_alembic(connection), "0004")
        told = _write_as_before(connection)
    engine.dispose()
    store = open_store(url)
    lines = await store.read(lambda tx: tx.journal())
    assert [json.loads(canonical(dict(line.facts))) for line in lines] == told
    assert [line.hash for line in lines] == [entry_hash(line) for line in lines]
    assert [line.previous for line in lines] == ["", *(line.hash for line in lines[:-1])]
    written = await store.write(lambda tx: tx.record(NOW, "said", {}))
    assert written.previous == lines[-1].hash
    assert await store.read(lambda tx: tx.journal(between=(2, 3))) == lines[1:]
    await store.close()
