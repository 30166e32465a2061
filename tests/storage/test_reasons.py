"""Reasons on record: recorded with the ballot or not at all, kept apart from it, and nobody's once it is sealed."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.ballots import Answer, Press, Withdrawal
from bot.domain.casting import Recorded
from bot.domain.consultation import Definition, Kind, Secrecy
from bot.domain.reasons import GivenReason
from bot.domain.refusals import Refusal
from bot.store import Transaction
from storage.reasons import merge_reasons
from storage.store import SqlStore
from storage.transaction import SqlTransaction
from tests.domain.votes import consented
from tests.storage.own_postgres import own_postgres
from tests.storage.scene import Scene, opened
from tests.storage.test_erasure import _cluster, _files

AGREE, DISAGREE, BLOCK = (1,), (3,), (4,)


def proposal(**changes: object) -> Definition:
    """A proposal that asks for consent, as a poll: nobody has to accept rules first."""
    return replace(consented(), kind=Kind.POLL, **changes)  # type: ignore[arg-type]


async def said(scene: Scene, who: int) -> tuple[object, str]:
    """The ballot and the reason on record for a voter."""
    account = await scene.account(who)

    def query(tx: Transaction) -> tuple[object, str]:
        return tx.ballot_of(scene.number, account), tx.reasons.of(scene.number, account)

    return await scene.store.read(query)


async def test_a_block_without_a_reason_is_nowhere(store: SqlStore) -> None:
    scene = await opened(store, definition=proposal())
    ruling = await scene.cast(1, Press(4))
    assert isinstance(ruling, Refusal)
    assert await said(scene, 1) == (None, "")
    assert await store.read(lambda tx: tx.tally_version(scene.number)) == 0


async def test_a_ballot_and_its_reason_come_back_together(store: SqlStore) -> None:
    scene = await opened(store, definition=proposal())
    assert await scene.cast(1, Answer(BLOCK, "too dear")) == Recorded(BLOCK, None, repeated=False, reason="too dear")
    assert await said(scene, 1) == (BLOCK, "too dear")
    await scene.cast(1, Press(4))
    assert await said(scene, 1) == (BLOCK, "too dear")
    await scene.cast(1, Answer(BLOCK, "too late"))
    assert await said(scene, 1) == (BLOCK, "too late")


@pytest.mark.parametrize("gesture", [Press(1), Press(3), Answer(AGREE), Withdrawal()], ids=str)
async def test_a_reason_goes_with_its_ballot(store: SqlStore, gesture: Press | Answer | Withdrawal) -> None:
    scene = await opened(store, definition=proposal())
    await scene.cast(1, Answer(BLOCK, "too dear"))
    await scene.cast(2, Answer(BLOCK, "too dear"))
    await scene.cast(1, gesture)
    assert (await said(scene, 1))[1] == ""
    assert (await said(scene, 2))[1] == "too dear"


async def test_a_replay_changes_neither(store: SqlStore) -> None:
    scene = await opened(store, definition=proposal())
    await scene.cast(1, Answer(BLOCK, "too dear"), key="k1")
    await scene.cast(1, Press(1), key="k2")
    replayed = await scene.cast(1, Answer(BLOCK, "too dear"), key="k1")
    assert replayed == Recorded(AGREE, AGREE, repeated=True)
    assert await said(scene, 1) == (AGREE, "")


async def test_many_at_once_in_one_batch(store: SqlStore) -> None:
    import asyncio

    scene = await opened(store, voters=60, definition=proposal())
    casts = [scene.cast(who, Answer(BLOCK, f"reason {who}")) for who in range(1, 61)]
    casts += [scene.cast(who, Press(1)) for who in range(1, 61, 2)]
    await asyncio.gather(*casts)
    found = [await said(scene, who) for who in range(1, 61)]
    assert found == [(AGREE, "") if who % 2 else (BLOCK, f"reason {who}") for who in range(1, 61)]


async def sealed(scene: Scene, keep_links: bool) -> list[GivenReason]:
    await scene.store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=keep_links))
    return sorted(await scene.store.read(lambda tx: tx.reasons.published(scene.number)), key=lambda each: each.text)


@pytest.mark.parametrize("keep_links", [False, True])
async def test_sealing_keeps_the_words_and_the_choice_and_not_whose(store: SqlStore, keep_links: bool) -> None:
    scene = await opened(store, voters=5, definition=proposal(secrecy=Secrecy.PUBLIC))
    await scene.cast(1, Answer(BLOCK, "too dear"))
    await scene.cast(2, Answer(BLOCK, "too dear"))
    await scene.cast(3, Answer(DISAGREE, "too dear"))
    await scene.cast(4, Press(3))
    await scene.cast(5, Press(1))
    assert await store.read(lambda tx: tx.reasons.published(scene.number)) == []
    published = sorted(await sealed(scene, keep_links), key=lambda each: each.choice)
    assert published == [GivenReason(DISAGREE, "too dear", 1), GivenReason(BLOCK, "too dear", 2)]
    assert await sealed(scene, keep_links) == sorted(published, key=lambda each: each.text)
    assert [(await said(scene, who))[1] for who in (1, 3)] == (["too dear", "too dear"] if keep_links else ["", ""])
    named = await store.read(lambda tx: tx.votes_by_name(scene.number))
    shown = [(one.choice, one.reason) for one in named if one.reason]
    assert shown == ([(BLOCK, "too dear"), (BLOCK, "too dear"), (DISAGREE, "too dear")] if keep_links else [])


async def test_a_reason_being_asked_for_is_forgotten_with_the_other_drafts(store: SqlStore) -> None:
    scene = await opened(store, definition=proposal())
    account = await scene.account(1)
    asking = {"ask": "reason", "number": scene.number, "options": "4"}
    await store.write(lambda tx: tx.set_dialogue(account, asking))
    await sealed(scene, keep_links=False)
    assert await store.read(lambda tx: tx.dialogue(account)) == {"ballot": scene.number}


async def test_what_is_cancelled_keeps_no_reason_and_what_is_erased_no_link(store: SqlStore) -> None:
    scene, other = [await opened(store, definition=proposal()) for _ in range(2)]
    for each in (scene, other):
        await each.cast(1, Answer(BLOCK, "too dear"))
    await store.write(lambda tx: tx.reasons.forget(scene.number))
    assert await sealed(scene, keep_links=False) == []
    assert await said(other, 1) == (BLOCK, "too dear")
    assert await sealed(other, keep_links=True) == [GivenReason(BLOCK, "too dear")]
    assert await store.write(lambda tx: tx.personal.erase(other.number)["rights"]) == 3
    assert await store.read(lambda tx: tx.reasons.published(other.number)) == [GivenReason(BLOCK, "too dear")]


@pytest.mark.parametrize("replaced", [True, False])
async def test_of_two_rights_that_become_one_the_reason_goes_with_the_ballot_that_stays(
    store: SqlStore, replaced: bool
) -> None:
    scene = await opened(store, definition=proposal())
    await scene.cast(1, Answer(BLOCK, "the first"))
    await scene.cast(2, Answer(BLOCK, "the second"))
    kept, gone = [await scene.account(who) for who in (1, 2)]

    def merge(tx: Transaction) -> None:
        assert isinstance(tx, SqlTransaction)
        mine, theirs = (tx.right_of(scene.number, account) for account in (kept, gone))
        assert mine is not None
        assert theirs is not None
        merge_reasons(tx.reasons.db, scene.number, mine, theirs, replaced=replaced)

    await store.write(merge)
    assert (await said(scene, 1))[1] == ("the second" if replaced else "the first")
    assert (await said(scene, 2))[1] == ""


WORDS = "unmistakable-and-withdrawn"
"""A reason that stands nowhere by chance."""


async def _withdrawn(store: SqlStore) -> Scene:
    """Two hundred voters who blocked, and whose reasons were given in the same words but for those who think again."""
    scene = await opened(store, voters=200, definition=proposal())
    await gather(*(scene.cast(who, Answer(BLOCK, WORDS)) for who in range(1, 201)))
    await gather(*(scene.cast(who, Answer(BLOCK, "kept")) for who in range(1, 201)))
    return scene


def _counted(files: Iterable[Path]) -> int:
    return sum(file.read_bytes().count(WORDS.encode()) for file in files)


async def test_sqlite_files_hold_no_reason_that_was_taken_back(sqlite_store: SqlStore, tmp_path: Path) -> None:
    scene = await _withdrawn(sqlite_store)
    assert _counted(_files(tmp_path)) > 10
    assert await sealed(scene, keep_links=False) == [GivenReason(BLOCK, "kept", 200)]
    await sqlite_store.scrub()
    assert _counted(_files(tmp_path)) == 0


async def test_postgresql_files_hold_no_reason_that_was_taken_back() -> None:
    from storage.store import open_store

    with own_postgres("fsync=off") as server:
        store = open_store(server.url)
        scene = await _withdrawn(store)
        assert await sealed(scene, keep_links=False) == [GivenReason(BLOCK, "kept", 200)]
        await store.scrub()
        assert _counted(_cluster(server)) == 0
        await store.close()
