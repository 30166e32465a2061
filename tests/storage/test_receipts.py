"""What ballots' codes are made from while a vote is open, and what is published of them, on both databases."""

from __future__ import annotations

from bot.domain.ballots import Answer, Press, Withdrawal
from bot.domain.casting import Recorded
from bot.domain.consultation import Kind
from bot.domain.receipts import Receipt
from bot.store import Transaction
from storage.store import SqlStore
from tests.storage.scene import approval, opened, poll

CODED = poll(kind=Kind.VOTE, receipt=Receipt.INCLUSION)
SECRET = bytes(range(32))


async def _right(store: SqlStore, number: int, account: int) -> int | None:
    return await store.read(lambda tx: tx.right_of(number, account))


async def test_a_ruling_names_the_right_it_is_on(store: SqlStore) -> None:
    scene = await opened(store, definition=poll())
    for who in (1, 2):
        right = await _right(store, scene.number, await scene.account(who))
        rulings = [await scene.cast(who, answer) for answer in (Answer((1,)), Answer((1,)), Answer((2,)), Withdrawal())]
        rulings += [await scene.cast(who, Answer((3,)), f"same {who}") for _ in range(2)]
        assert [ruling.right for ruling in rulings if isinstance(ruling, Recorded)] == [right] * 6


async def test_a_secret_is_kept_and_forgotten(store: SqlStore) -> None:
    scene = await opened(store, definition=CODED)
    number = scene.number
    assert await store.read(lambda tx: tx.receipts.secret(number)) is None
    for _ in range(2):  # a work may run twice
        await store.write(lambda tx: tx.receipts.keep_secret(number, SECRET))
    assert await store.read(lambda tx: tx.receipts.secret(number)) == SECRET
    assert await store.read(lambda tx: tx.receipts.secret(number + 1)) is None
    await store.write(lambda tx: tx.receipts.forget_secret(number))
    assert await store.read(lambda tx: tx.receipts.secret(number)) is None


async def test_only_ballots_that_count_have_a_receipt(store: SqlStore) -> None:
    scene = await opened(store, voters=4, definition=approval(4, at_least=2))
    for who, answer in ((1, (1, 2)), (2, (3,)), (3, (2, 4)), (4, (1, 3))):
        await scene.cast(who, Press(answer[0]) if len(answer) == 1 else Answer(answer))
    await scene.cast(4, Withdrawal())
    rights = {who: await _right(store, scene.number, await scene.account(who)) for who in (1, 3)}
    found = await store.read(lambda tx: tx.receipts.ballots(scene.number))
    assert dict(found) == {rights[1]: (1, 2), rights[3]: (2, 4)}
    await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=False))
    assert await store.read(lambda tx: tx.receipts.ballots(scene.number)) == []


async def test_receipts_are_published_once_and_found_by_their_hash(store: SqlStore) -> None:
    one, other = await opened(store, definition=CODED), await opened(store, definition=CODED)
    for _ in range(2):
        await store.write(lambda tx: tx.receipts.publish(one.number, [("r2", ""), ("r1", "")]))
    await store.write(lambda tx: tx.receipts.publish(other.number, [("r3", "2")]))
    await store.write(lambda tx: tx.receipts.publish(other.number, []))
    assert await store.read(lambda tx: tx.receipts.published(one.number)) == [("r1", ""), ("r2", "")]
    assert await store.read(lambda tx: tx.receipts.counted("r2")) == (one.number, "")
    assert await store.read(lambda tx: tx.receipts.counted("r3")) == (other.number, "2")
    assert await store.read(lambda tx: tx.receipts.counted("r4")) is None


async def test_the_retention_clock_erases_them(store: SqlStore) -> None:
    scene = await opened(store, definition=CODED)

    def work(tx: Transaction) -> int:
        tx.receipts.keep_secret(scene.number, SECRET)
        tx.receipts.publish(scene.number, [("r1", ""), ("r2", "")])
        return tx.personal.erase(scene.number)["records"]

    assert await store.write(work) >= 3
    assert await store.read(lambda tx: tx.receipts.secret(scene.number)) is None
    assert await store.read(lambda tx: tx.receipts.published(scene.number)) == []
