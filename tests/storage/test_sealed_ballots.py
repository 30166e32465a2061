"""Unlinked ballots as they are kept, on both databases, and the keys, in their files."""

from __future__ import annotations

import os
import stat
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballots import Answer, Press, Withdrawal
from bot.domain.consultation import Secrecy
from bot.domain.refusals import Refusal
from bot.store import Transaction
from storage.key_files import KeyFiles
from storage.store import SqlStore
from tests.storage.scene import opened, poll, voter

UNLINKED = poll(secrecy=Secrecy.UNLINKED)


async def test_the_hot_path_takes_no_unlinked_ballot(store: SqlStore) -> None:
    scene = await opened(store, definition=UNLINKED)
    for gesture in (Press(1), Answer((1,)), Withdrawal()):
        ruling = await scene.cast(1, gesture)
        assert isinstance(ruling, Refusal)
        assert ruling.code == "unlinked-in-private"


async def test_a_right_is_used_apart_from_the_ballot(store: SqlStore) -> None:
    scene = await opened(store, definition=UNLINKED)
    account = await scene.account(1)

    def vote(tx: Transaction) -> None:
        right = tx.right_of(scene.number, account)
        assert right is not None
        tx.sealed.put(scene.number, "name", b"sealed")
        tx.sealed.use(right, used=True)

    await store.write(vote)
    assert await store.read(lambda tx: tx.has_voted(scene.number, account))
    assert (await store.read(lambda tx: tx.turnout(scene.number))).voters == 1
    assert await store.read(lambda tx: tx.non_voters(scene.number)) == [voter(2), voter(3)]
    assert await store.read(lambda tx: tx.tally(scene.number)) == {}
    assert await store.read(lambda tx: tx.ballot_of(scene.number, account)) is None


async def test_ballots_are_replaced_and_dropped_by_name(store: SqlStore) -> None:
    scene = await opened(store, definition=UNLINKED)
    number = scene.number

    def work(tx: Transaction) -> None:
        tx.sealed.put(number, "b", b"first")
        tx.sealed.put(number, "a", b"other")
        tx.sealed.put(number, "b", b"second")

    await store.write(work)
    assert await store.read(lambda tx: tx.sealed.all(number)) == [b"other", b"second"]
    await store.write(lambda tx: tx.sealed.drop(number, "a"))
    assert not await store.read(lambda tx: tx.sealed.has(number, "a"))
    assert await store.read(lambda tx: tx.sealed.has(number, "b"))


async def test_the_sheet_takes_the_place_of_what_was_sealed(store: SqlStore) -> None:
    scene = await opened(store, definition=UNLINKED)
    number = scene.number
    await store.write(lambda tx: tx.sealed.put(number, "a", b"sealed"))
    for _ in range(2):  # a work may run twice
        await store.write(lambda tx: tx.sealed.publish(number, {"1": 2, "2": 1}))
    await store.write(lambda tx: tx.seal_ballots(number, keep_links=False))
    assert await store.read(lambda tx: tx.tally(number)) == {(1,): 2, (2,): 1}
    assert (await store.read(lambda tx: tx.turnout(number))).voters == 3
    assert await store.read(lambda tx: tx.sealed.all(number)) == []


def test_a_key_opens_what_was_sealed_to_it_and_nothing_else(tmp_path: Path) -> None:
    ring = KeyFiles(tmp_path / "keys")
    mine, other = ring.make(1), ring.make(2)
    sealed = mine.seal(b"for one")
    assert mine.seal(b"for one") != sealed
    assert mine.open(sealed) == b"for one"
    assert other.open(sealed) is None
    assert mine.open(sealed[:-1]) is None
    again = ring.key(1)
    assert again is not None
    assert again.open(sealed) == b"for one"
    assert again.public == mine.public
    assert mine.name(7, "CODE") == again.name(7, "CODE")
    assert Counter([mine.name(7, "CODE"), mine.name(8, "CODE"), other.name(7, "CODE")]).most_common(1)[0][1] == 1


def test_only_the_bot_can_read_its_keys(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        KeyFiles(tmp_path / "keys").make(1)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "1.key").stat().st_mode) == 0o600


def test_a_key_is_destroyed_for_good(tmp_path: Path) -> None:
    ring = KeyFiles(tmp_path / "keys")
    assert ring.numbers() == []
    ring.make(3)
    # A second name for the same file shows what is left of it.
    (tmp_path / "seen").hardlink_to(tmp_path / "keys" / "3.key")
    secret = (tmp_path / "seen").read_bytes()
    assert ring.numbers() == [3]
    ring.destroy(3)
    ring.destroy(3)
    assert ring.key(3) is None
    assert ring.numbers() == []
    assert (tmp_path / "seen").read_bytes() != secret


@given(st.binary(max_size=40))
def test_a_file_that_is_no_key_is_none(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "1.key").write_bytes(content)
        assert (KeyFiles(Path(folder)).key(1) is None) is (len(content) != 32)


@pytest.mark.parametrize("interrupted", [b"", b"half of a key"])
def test_a_key_half_written_is_made_anew(tmp_path: Path, interrupted: bytes) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "1.new").write_bytes(interrupted)
    assert KeyFiles(folder).make(1).public == KeyFiles(folder).make(1).public
