"""Who holds the shares of a key, on both databases, and the shares themselves, in their files."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.consultation import Secrecy, State
from bot.domain.key_shares import NUMBERS, KeyShare, combined
from bot.store import Transaction
from storage.key_files import KeyFiles
from storage.store import SqlStore
from tests.storage.scene import NOW, opened, poll, voter

UNLINKED = poll(secrecy=Secrecy.UNLINKED)


async def test_what_is_known_of_the_shares_comes_back(store: SqlStore) -> None:
    scene = await opened(store, voters=2, definition=UNLINKED)
    number, holder = scene.number, await scene.account(1)
    dealt = [KeyShare(number, share, "ab", f"digest {share}") for share in NUMBERS]

    def work(tx: Transaction) -> list[KeyShare]:
        shares = tx.sealed.shares
        shares.deal(number, [KeyShare(number, share, "old", "old") for share in NUMBERS])
        shares.deal(number, dealt)
        assert list(shares.of(number)) == dealt
        shares.hand(number, 2, holder)
        shares.sent(number, 2)
        shares.kept(number, 2, NOW)
        shares.kept(number, 2, NOW + timedelta(hours=1))
        return list(shares.of(number))

    assert await store.write(work) == [dealt[0], KeyShare(number, 2, "ab", "digest 2", holder, True, NOW)]


async def test_whoever_holds_a_share_is_needed_until_the_end_and_then_forgotten(store: SqlStore) -> None:
    scene = await opened(store, voters=2, definition=UNLINKED)
    number = scene.number

    def hold(tx: Transaction) -> int:
        account = tx.account(voter(777), "Zoé", NOW).id
        tx.sealed.shares.deal(number, [KeyShare(number, 1, "ab", "digest", account, True, NOW)])
        return account

    account = await store.write(hold)
    assert [need.number for need in await store.read(lambda tx: tx.personal.needs(account))] == [number]
    assert not (await store.write(lambda tx: tx.personal.forget(account, NOW))).whole
    (held,) = await store.read(lambda tx: tx.sealed.shares.of(number))
    assert held.account == account

    def end(tx: Transaction) -> None:
        tx.save(replace(tx.consultation(number, lock=True), state=State.CERTIFIED, closed_at=NOW))

    await store.write(end)
    assert (await store.write(lambda tx: tx.personal.forget(account, NOW))).whole
    (held,) = await store.read(lambda tx: tx.sealed.shares.of(number))
    assert held.account is None


def test_a_key_that_is_split_is_nowhere_whole(tmp_path: Path) -> None:
    ring = KeyFiles(tmp_path / "keys")
    whole = ring.split(4)
    names = sorted(path.name for path in (tmp_path / "keys").iterdir())
    assert names == ["4.1.share", "4.2.share", "4.seal"]
    one, two = (ring.share(4, share) for share in NUMBERS)
    assert one is not None
    assert two is not None
    written = b"".join(path.read_bytes() for path in (tmp_path / "keys").iterdir())
    assert combined(one, two) not in written
    ring.drop_share(4, 1)
    ring.drop_share(4, 1)
    left = ring.key(4)
    assert left is not None
    assert (left.public, left.opens) == (whole.public, False)
    ballot = left.seal(b"a ballot")
    assert left.open(ballot) is None
    assert left.name(1, "code") == whole.name(1, "code")
    ring.put_share(4, 1, one)
    again = ring.key(4)
    assert again is not None
    assert again.opens
    assert again.open(ballot) == whole.open(ballot) == b"a ballot"


def test_shares_without_what_seals_are_a_key_again(tmp_path: Path) -> None:
    ring = KeyFiles(tmp_path / "keys")
    whole = ring.split(4)
    (tmp_path / "keys" / "4.seal").unlink()
    again = ring.key(4)
    assert again is not None
    assert (again.public, again.name(1, "code")) == (whole.public, whole.name(1, "code"))


def test_a_new_pair_replaces_all_of_the_old_one(tmp_path: Path) -> None:
    ring = KeyFiles(tmp_path / "keys")
    first, shares = ring.split(4), [ring.share(4, share) for share in NUMBERS]
    second = ring.split(4)
    assert first.public != second.public
    assert not {*shares} & {ring.share(4, share) for share in NUMBERS}
    assert second.open(first.seal(b"a ballot")) is None


def test_everything_of_a_split_key_is_destroyed(tmp_path: Path) -> None:
    ring = KeyFiles(tmp_path / "keys")
    ring.split(4)
    ring.split(14)
    (tmp_path / "seen").hardlink_to(tmp_path / "keys" / "4.2.share")
    secret = (tmp_path / "seen").read_bytes()
    assert ring.numbers() == [4, 14]
    ring.destroy(4)
    assert ring.numbers() == [14]
    assert ring.key(4) is None
    assert (tmp_path / "seen").read_bytes() != secret


@pytest.mark.parametrize("left", ["4.1.share", "4.2.share"])
def test_a_split_that_a_crash_cut_off_is_no_key(tmp_path: Path, left: str) -> None:
    ring = KeyFiles(tmp_path / "keys")
    ring.split(4)
    for path in (tmp_path / "keys").iterdir():
        if path.name != left:
            path.unlink()
    assert ring.key(4) is None
    assert ring.numbers() == [4]
