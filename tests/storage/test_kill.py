"""Processes killed without a word: nothing that was acknowledged is missing, and what was not may be done again."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.domain.ballots import Choice, Press
from bot.domain.casting import Recorded
from bot.store import Transaction
from storage.errors import AlreadyRunning
from storage.store import SqlStore, StoreUnavailable, open_store
from tests.storage.own_postgres import own_postgres
from tests.storage.scene import opened, voter

ROOT = Path(__file__).parents[2]
VOTERS = 3000


def _voting(url: str, number: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.storage.voting_process", url, str(number), str(VOTERS)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _take_lock(store: SqlStore) -> None:
    """The database server needs a moment to see that the process is gone."""
    for attempt in range(20_000):
        try:
            return store.take_lock()
        except AlreadyRunning:
            if attempt == 19_999:
                raise
    raise AssertionError


async def test_no_acknowledged_ballot_is_missing_after_a_kill(url: str) -> None:
    store = open_store(url)
    number = (await opened(store, voters=VOTERS)).number
    await store.close()
    with _voting(url, number) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        lines = [process.stdout.readline() for _ in range(150)]
        process.kill()
        lines += process.stdout.readlines()
    told = [int(line) for line in lines if line.endswith("\n")]
    assert 150 <= len(told) < VOTERS

    store = open_store(url)
    _take_lock(store)
    ballots = await store.read(lambda tx: {who: _ballot(tx, number, who) for who in told})
    assert ballots == {who: (1 + who % 3,) for who in told}
    await store.close()


def _ballot(tx: Transaction, number: int, who: int) -> Choice | None:
    account = tx.find_account(voter(who))
    assert account
    return tx.ballot_of(number, account.id)


async def test_one_process_serves_a_database_until_it_is_killed(url: str) -> None:
    store = open_store(url)
    number = (await opened(store, voters=0)).number
    with _voting(url, number) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(AlreadyRunning):
            store.take_lock()
        process.kill()
    _take_lock(store)
    store.take_lock()
    second = open_store(url)
    with pytest.raises(AlreadyRunning):
        second.take_lock()
    await store.close()
    _take_lock(second)
    await second.close()


async def test_a_database_server_killed_in_the_middle_loses_nothing_it_acknowledged() -> None:
    with own_postgres() as server:
        store = open_store(server.url)
        store.take_lock()
        scene = await opened(store, voters=VOTERS)
        killing = asyncio.Event()
        answers: dict[int, Any] = {}

        async def vote(who: int) -> None:
            try:
                answers[who] = await scene.cast(who, Press(1), key=f"telegram:cb:{who}")
            except StoreUnavailable as error:
                answers[who] = error
            if len(answers) == 300:
                killing.set()

        voting = [asyncio.ensure_future(vote(who)) for who in range(1, VOTERS + 1)]
        await killing.wait()
        server.kill()
        await asyncio.gather(*voting)
        with pytest.raises(StoreUnavailable):
            await scene.cast(1, Press(2))
        with pytest.raises(StoreUnavailable):
            await store.read(lambda tx: tx.tally(scene.number))

        server.start()
        told = [who for who, answer in answers.items() if isinstance(answer, Recorded)]
        failed = [who for who, answer in answers.items() if isinstance(answer, StoreUnavailable)]
        assert len(told) >= 300
        assert failed
        assert len(told) + len(failed) == VOTERS
        missing = await store.read(lambda tx: {ref.id for ref in tx.non_voters(scene.number)})
        assert not missing & {str(who) for who in told}
        again = await asyncio.gather(*(scene.cast(who, Press(1), key=f"telegram:cb:{who}") for who in failed))
        # Either it was not recorded, or it was and only the answer was lost.
        assert set(again) <= {Recorded((1,), None, False), Recorded((1,), (1,), True)}
        assert await store.read(lambda tx: tx.tally(scene.number)) == {(1,): VOTERS}
        other = open_store(server.url)
        with pytest.raises(AlreadyRunning):  # the lock came back with the writer's new session
            other.take_lock()
        await other.close()
        await store.close()
