"""What a ballot costs the database, counted and not timed: commits, statements, and the order of commit and answer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.domain.ballots import Press, Withdrawal
from bot.domain.casting import Recorded
from bot.domain.consultation import Kind
from bot.domain.debate.model import Review
from storage.dialects import dialect_of
from storage.store import SqlStore, open_store
from tests.storage.scene import RULES, opened, poll
from tests.storage.turns import together


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Everything that is sent to the database: statements, and the beginnings and ends of transactions."""
    said: list[str] = []

    def statement(_c: Any, _cursor: Any, text: str, _p: Any, _context: Any, many: bool) -> None:
        assert not many, "one statement for each row"
        said.append(text)

    listened = [
        ("before_cursor_execute", statement),
        ("commit", lambda _c: said.append("COMMIT")),
        ("rollback", lambda _c: said.append("ROLLBACK")),
        ("savepoint", lambda _c, _name: said.append("SAVEPOINT")),
        ("release_savepoint", lambda _c, _name, _context: said.append("RELEASE")),
    ]
    for name, function in listened:
        event.listen(Engine, name, function)
    yield said
    for name, function in listened:
        event.remove(Engine, name, function)


@pytest.mark.parametrize("growing", [None, Review.BEFORE])
async def test_a_batch_of_a_hundred_ballots_takes_at_most_twelve_statements(
    store: SqlStore, log: list[str], growing: Review | None
) -> None:
    """The dearest batch there is: ballots placed, changed and withdrawn, rules accepted and asked, right and wrong."""
    scene = await opened(store, voters=100, definition=poll(kind=Kind.VOTE, add_options=growing))
    for who in range(1, 51):
        await scene.cast(who, Press(1), accepts=True)
    casts = [scene.made(who, Withdrawal() if who % 4 == 0 else Press(who % 3 + 1)) for who in range(1, 97)]
    casts += [scene.made(97, Press(1)), scene.made(97, Press(1)), scene.made(98, Press(9)), scene.made(555, Press(1))]
    assert len(casts) == 100
    log.clear()
    await together(store, [lambda cast=cast: store.cast(cast, RULES) for cast in casts])
    held = log.index("COMMIT") + 1  # the work that held the writer up
    batch = log[held:]
    assert batch.count("COMMIT") == 1
    begins = sum(text.startswith("BEGIN") for text in batch) or 1  # PostgreSQL's driver begins unseen
    assert len(batch) - sum(text.startswith("BEGIN") for text in batch) + begins <= 12, batch


async def test_a_batch_is_no_dearer_with_many_ballots_on_record(store: SqlStore, log: list[str]) -> None:
    scene = await opened(store, voters=600)
    lengths = []
    for start in (1, 201, 401):
        casts = [scene.made(who, Press(1)) for who in range(start, start + 200)]
        log.clear()
        await together(store, [lambda cast=cast: store.cast(cast, RULES) for cast in casts])
        lengths.append(len(log))
    assert len(set(lengths)) == 1


async def test_no_statement_of_a_batch_reads_rows_that_grow_with_the_ballots(url: str) -> None:
    """The databases' own plans: every table is looked up by a key, none is read from one end to the other."""
    store = open_store(url)
    scene = await opened(store, voters=300, definition=poll(kind=Kind.VOTE))
    sent: dict[str, Any] = {}

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        sent[statement] = parameters

    event.listen(Engine, "before_cursor_execute", note)
    try:
        casts = [scene.made(who, Withdrawal() if who % 2 else Press(1), accepts=True) for who in range(1, 101)]
        for cast in (*casts, *(scene.made(who, Withdrawal()) for who in range(1, 101))):
            await store.cast(cast, RULES)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    await store.close()
    batch = {text: values for text, values in sent.items() if not text.startswith("BEGIN")}
    assert len(batch) == 8
    engine = dialect_of(url).writer_engine()
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN (FORMAT JSON)"
    with engine.begin() as connection:
        for text, values in batch.items():
            plan = connection.exec_driver_sql(f"{explain} {text}", values).all()
            assert not list(_read_whole(plan)), text
    engine.dispose()


def _read_whole(plan: Any) -> Iterator[str]:
    """The tables a plan reads without a key."""
    for row in plan:
        if len(row) == 4:
            if row[3].startswith("SCAN") and "VIRTUAL TABLE" not in row[3]:  # the list that is passed is one
                yield row[3]
        else:
            yield from _scans(row[0][0]["Plan"])


def _scans(node: dict[str, Any]) -> Iterator[str]:
    if "Relation Name" in node and "Index Cond" not in node and node["Node Type"] != "ModifyTable":
        yield f"{node['Node Type']} {node['Relation Name']}"
    for part in node.get("Plans", []):
        yield from _scans(part)


async def test_bursts_share_their_commits(store: SqlStore, log: list[str]) -> None:
    scene = await opened(store, voters=1000)
    log.clear()
    for start in range(1, 1001, 100):
        await asyncio.gather(*(scene.cast(who, Press(1)) for who in range(start, start + 100)))
    assert log.count("COMMIT") <= 0.05 * 1000


async def test_nobody_is_answered_before_the_commit(store: SqlStore, log: list[str]) -> None:
    scene = await opened(store, voters=20)
    log.clear()

    async def vote(who: int) -> None:
        ruling = await scene.cast(who, Press(1))
        assert isinstance(ruling, Recorded)
        log.append(f"answered {who}")

    await asyncio.gather(*(vote(who) for who in range(1, 21)))
    first = next(index for index, text in enumerate(log) if text.startswith("answered"))
    assert "COMMIT" in log[:first]
    writes = [index for index, text in enumerate(log) if text.startswith("INSERT INTO ballot")]
    commits = [index for index, text in enumerate(log) if text == "COMMIT"]
    assert len(writes) == len(commits)
    assert all(write < commit for write, commit in zip(writes, commits, strict=True))


async def test_a_commit_on_sqlite_is_on_the_disk(sqlite_url: str) -> None:
    """The cost of a commit is one sync of the write-ahead log, which nothing may spare."""
    seen: list[sqlite3.Connection] = []

    def note(connection: sqlite3.Connection, _record: object) -> None:
        seen.append(connection)

    event.listen(Engine, "connect", note)
    try:
        store = open_store(sqlite_url)
    finally:
        event.remove(Engine, "connect", note)
    settings = [seen[0].execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert settings == ["wal", 2]
    assert seen[0].execute("PRAGMA secure_delete").fetchone() == (1,)
    await store.close()
