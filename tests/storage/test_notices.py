"""Private messages that are owed, on both databases: each once until it is sent, gone with its reader or with time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ids import AccountRef
from bot.store import Transaction
from storage.store import SqlStore
from tests.storage.scene import NOW


def _account(tx: Transaction, name: str) -> int:
    return tx.account(AccountRef("matrix", name), name, NOW).id


async def test_what_is_owed_comes_back_in_order_until_it_is_paid(store: SqlStore) -> None:
    def owe(tx: Transaction) -> int:
        ana = _account(tx, "ana")
        tx.owe(ana, "linked", {"merges": [[7, True]]}, "k1", NOW)
        tx.owe(ana, "merged", {}, "k2", NOW)
        tx.owe(ana, "linked", {"merges": []}, "k1", NOW)
        return ana

    ana = await store.write(owe)
    first, second = await store.read(lambda tx: tx.owed())
    assert (first.account, first.kind, first.facts, first.key) == (ana, "linked", {"merges": [[7, True]]}, "k1")
    assert second.key == "k2"
    await store.write(lambda tx: tx.paid("k1"))
    await store.write(lambda tx: tx.paid("k1"))
    assert [each.key for each in await store.read(lambda tx: tx.owed())] == ["k2"]


async def test_a_refused_act_owes_nothing(store: SqlStore) -> None:
    def owe(tx: Transaction) -> None:
        tx.owe(_account(tx, "ana"), "linked", {}, "k1", NOW)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await store.write(owe)
    assert await store.read(lambda tx: tx.owed()) == []


async def test_a_notice_goes_with_its_reader_and_after_a_month(store: SqlStore) -> None:
    def owe(tx: Transaction) -> int:
        ana = _account(tx, "ana")
        tx.owe(ana, "linked", {}, "ana", NOW)
        tx.owe(_account(tx, "emma"), "linked", {}, "emma", NOW)
        return ana

    ana = await store.write(owe)
    kept = await store.read(lambda tx: tx.personal.kept(ana).records)
    assert [row["key"] for row in kept["notice"]] == ["ana"]
    await store.write(lambda tx: tx.personal.forget(ana, NOW))
    assert [each.key for each in await store.read(lambda tx: tx.owed())] == ["emma"]
    assert await store.write(lambda tx: tx.personal.sweep(NOW + timedelta(days=29))) == {}
    assert await store.write(lambda tx: tx.personal.sweep(NOW + timedelta(days=31))) == {"notices": 1}
    assert await store.read(lambda tx: tx.owed()) == []
