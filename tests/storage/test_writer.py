from __future__ import annotations

import asyncio
from threading import Event
from typing import Any

import psycopg
import pytest

import storage.store
from bot.domain.ballots import Press
from bot.domain.casting import Recorded
from bot.domain.members import Grant, Role
from bot.domain.refusals import Refusal
from bot.store import Transaction
from storage.store import SqlStore, StoreUnavailable, open_store
from tests.storage.scene import NOW, RULES, opened
from tests.storage.turns import together


def _noting(key: str, error: Exception | None = None) -> Any:
    def work(tx: Transaction) -> str:
        assert tx.first_time(key)
        if error:
            raise error
        return key

    return work


async def _noted(store: SqlStore, *keys: str) -> list[bool]:
    return await store.read(lambda tx: [tx.was_seen(key) for key in keys])


@pytest.mark.parametrize("error", [Refusal("too-late"), ZeroDivisionError("a bug")])
async def test_a_work_that_fails_undoes_itself_and_nothing_else(store: SqlStore, error: Exception) -> None:
    works = [_noting("a"), _noting("b", error), _noting("c")]
    answers = await together(store, [lambda work=work: store.write(work) for work in works])
    assert answers == ["a", error, "c"]
    assert await _noted(store, "a", "b", "c") == [True, False, True]


async def test_a_work_the_database_refuses_leaves_the_rest_of_its_batch(store: SqlStore) -> None:
    scene = await opened(store, voters=2)

    def orphan(tx: Transaction) -> None:
        tx.first_time("orphan")
        tx.members.grant(Grant(99, None, 99, Role.ADMIN, None, NOW))

    casts = [scene.made(who, Press(1)) for who in (1, 2)]
    calls = [
        lambda: store.write(_noting("a")),
        lambda: store.cast(casts[0], RULES),
        lambda: store.write(orphan),
        lambda: store.cast(casts[1], RULES),
    ]
    noted, first, error, second = await together(store, calls)
    assert noted == "a"
    assert first == second == Recorded((1,), None, False)
    assert isinstance(error, Exception)
    assert "foreign key" in str(error).lower()
    assert await _noted(store, "a", "orphan") == [True, False]
    assert await store.read(lambda tx: tx.tally(scene.number)) == {(1,): 2}


async def test_an_error_never_tells_what_was_to_be_stored(store: SqlStore) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key") as caught:
        await store.write(lambda tx: tx.set_dialogue(99, {"secret": "s3cr3t"}))
    assert "s3cr3t" not in str(caught.value)


async def test_readers_neither_wait_for_the_writer_nor_see_half_of_its_work(store: SqlStore) -> None:
    running, loop, go = asyncio.Event(), asyncio.get_running_loop(), Event()

    def half(tx: Transaction) -> None:
        tx.set_cursor("one", "new")
        loop.call_soon_threadsafe(running.set)
        assert go.wait(timeout=30)
        tx.set_cursor("two", "new")

    writing = asyncio.ensure_future(store.write(half))
    await running.wait()
    try:
        assert await store.read(lambda tx: (tx.cursor("one"), tx.cursor("two"))) == (None, None)
    finally:
        go.set()
    await writing
    assert await store.read(lambda tx: (tx.cursor("one"), tx.cursor("two"))) == ("new", "new")


async def test_a_query_sees_one_state_however_long_it_lasts(store: SqlStore) -> None:
    read, loop, go = asyncio.Event(), asyncio.get_running_loop(), Event()

    def query(tx: Transaction) -> tuple[str | None, str | None]:
        first = tx.cursor("one")
        loop.call_soon_threadsafe(read.set)
        assert go.wait(timeout=30)
        return first, tx.cursor("one")

    reading = asyncio.ensure_future(store.read(query))
    await read.wait()
    try:
        await store.write(lambda tx: tx.set_cursor("one", "new"))
    finally:
        go.set()
    assert await reading == (None, None)


async def test_a_query_can_not_write(store: SqlStore) -> None:
    with pytest.raises(Exception, match=r"(?i)read.?only|readonly|unavailable"):
        await store.read(lambda tx: tx.beat("telegram", NOW))
    assert await store.read(lambda tx: tx.last_beat("telegram")) is None


async def test_closing_finishes_what_is_queued_and_refuses_the_rest(url: str) -> None:
    store = open_store(url)
    keys = [f"key {number}" for number in range(300)]
    writing = [asyncio.ensure_future(store.write(_noting(key))) for key in keys]
    await asyncio.gather(writing[0])
    await store.close()
    assert await asyncio.gather(*writing) == keys
    await store.close()
    for late in (store.write(_noting("late")), store.read(lambda tx: tx.was_seen("late")), store.scrub()):
        with pytest.raises(StoreUnavailable):
            await late
    again = open_store(url)
    assert all(await _noted(again, *keys))
    await again.close()


async def test_a_caller_who_gave_up_disturbs_nobody(store: SqlStore) -> None:
    quitter = asyncio.ensure_future(store.write(_noting("quitter")))
    patient = asyncio.ensure_future(store.write(_noting("patient")))
    await asyncio.wait([quitter], timeout=0)
    quitter.cancel()
    assert await patient == "patient"


async def test_more_callers_than_places_are_all_served(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage.store, "LONGEST_QUEUE", 3)
    store = open_store(url)
    keys = [f"key {number}" for number in range(50)]
    assert await asyncio.gather(*(store.write(_noting(key)) for key in keys)) == keys
    await store.close()


# ── PostgreSQL: sessions that end ────────────────────────────────────────────────────────────────────────────────────


def _end_sessions(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'palabre' AND datname = current_database()"
        ).fetchall()
    assert ended


@pytest.fixture
async def postgres_store(fresh_postgres: str) -> Any:
    store = open_store(fresh_postgres)
    yield store
    await store.close()


async def test_a_session_that_ended_while_idle_is_replaced(postgres_store: SqlStore, fresh_postgres: str) -> None:
    scene = await opened(postgres_store)
    await postgres_store.read(lambda tx: tx.turnout(scene.number))
    _end_sessions(fresh_postgres)
    assert await scene.cast(1, Press(1)) == Recorded((1,), None, False)
    assert await postgres_store.read(lambda tx: tx.tally(scene.number)) == {(1,): 1}


async def test_a_batch_whose_session_ends_is_run_again(postgres_store: SqlStore, fresh_postgres: str) -> None:
    scene = await opened(postgres_store)
    runs = []

    def interrupted(tx: Transaction) -> None:
        runs.append(tx.first_time("interrupted"))
        if len(runs) == 1:
            _end_sessions(fresh_postgres)

    press = scene.made(1, Press(1))
    calls = [
        lambda: postgres_store.write(_noting("a")),
        lambda: postgres_store.write(interrupted),
        lambda: postgres_store.cast(press, RULES),
    ]
    assert await together(postgres_store, calls) == ["a", None, Recorded((1,), None, False)]
    assert runs == [True, True]
    assert await _noted(postgres_store, "a", "interrupted") == [True, True]


async def test_a_commit_without_an_answer_is_told_as_an_error(postgres_store: SqlStore, fresh_postgres: str) -> None:
    """The session is ended by the commit itself: nobody may be told that it was recorded."""
    scene = await opened(postgres_store, voters=2)
    await postgres_store.read(lambda tx: tx.turnout(scene.number))
    with psycopg.connect(fresh_postgres, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
        )
        connection.execute(
            "CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON ballot DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION hang_up()"
        )
    casts = [scene.made(who, Press(1)) for who in (1, 2)]
    calls = [lambda cast=cast: postgres_store.cast(cast, RULES) for cast in casts]
    answers = await together(postgres_store, calls)
    assert [type(answer) for answer in answers] == [StoreUnavailable, StoreUnavailable]
    with psycopg.connect(fresh_postgres, autocommit=True) as connection:
        connection.execute("DROP TRIGGER hang_up ON ballot")
    assert await asyncio.gather(*(call() for call in calls)) == [Recorded((1,), None, False)] * 2
