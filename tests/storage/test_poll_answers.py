"""By which answer in a platform's own poll a ballot came: known while it is on record, and until the sealing."""

from __future__ import annotations

import pytest

from bot.domain.ballots import Answer, Withdrawal
from bot.domain.casting import AnsweredPoll, PollAnswer, Recorded
from storage.store import SqlStore
from tests.storage.scene import Scene, opened
from tests.storage.turns import together

FIRST, SECOND = PollAnswer("matrix:$1", "$poll"), PollAnswer("matrix:$2", "$poll")


async def came_by(scene: Scene, who: int, answer: PollAnswer) -> AnsweredPoll | None:
    account = await scene.account(who)
    return await scene.store.read(lambda tx: tx.poll_answered(account, answer.key))


async def test_the_answer_that_made_the_ballot_is_known_until_something_else_does(store: SqlStore) -> None:
    scene = await opened(store)
    await scene.cast(1, Answer((1,)), answer=FIRST)
    assert await came_by(scene, 1, FIRST) == AnsweredPoll(scene.number, "$poll")
    assert await came_by(scene, 1, SECOND) is None
    assert await came_by(scene, 2, FIRST) is None
    await scene.cast(1, Answer((1,)), answer=SECOND)
    assert (await came_by(scene, 1, FIRST), await came_by(scene, 1, SECOND)) == (
        None, AnsweredPoll(scene.number, "$poll"),
    )  # fmt: skip
    await scene.cast(1, Answer((1,)))
    assert await came_by(scene, 1, SECOND) is None


async def test_the_answer_that_withdrew_a_ballot_is_known_too(store: SqlStore) -> None:
    scene = await opened(store)
    await scene.cast(1, Answer((1,)), answer=FIRST)
    await scene.cast(1, Withdrawal(), answer=SECOND)
    assert await came_by(scene, 1, SECOND) == AnsweredPoll(scene.number, "$poll")


async def test_casts_of_one_batch_see_one_another(store: SqlStore) -> None:
    scene = await opened(store)
    casts = [
        scene.made(1, Answer((1,)), answer=FIRST),
        scene.made(1, Answer((2,))),
        scene.made(1, Answer((3,)), answer=SECOND, instead_of=FIRST.key),
        scene.made(2, Answer((1,)), answer=FIRST),
        scene.made(2, Answer((3,)), answer=SECOND, instead_of=FIRST.key),
    ]
    await together(store, [lambda cast=cast: store.cast(cast, "charter-1") for cast in casts])  # type: ignore[misc]
    assert await store.read(lambda tx: tx.tally(scene.number)) == {(2,): 1, (3,): 1}
    assert await came_by(scene, 1, SECOND) is None
    assert await came_by(scene, 2, SECOND) is not None


async def test_a_cast_for_a_ballot_that_is_no_more_changes_nothing(store: SqlStore) -> None:
    scene = await opened(store)
    await scene.cast(1, Answer((2,)))
    ruling = await scene.cast(1, Withdrawal(), instead_of=FIRST.key)
    assert ruling == Recorded((2,), (2,), repeated=True)


@pytest.mark.parametrize("keep_links", [False, True])
async def test_nothing_is_left_once_ballots_are_sealed(store: SqlStore, keep_links: bool) -> None:
    scene, other = await opened(store), await opened(store)
    for each in (scene, other):
        await each.cast(1, Answer((1,)), answer=FIRST)
    await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=keep_links))
    assert await came_by(scene, 1, FIRST) == AnsweredPoll(other.number, "$poll")
    await store.write(lambda tx: tx.personal.erase(other.number))
    assert await came_by(scene, 1, FIRST) is None
