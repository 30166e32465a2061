from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ballots import Answer, Press, Withdrawal
from bot.domain.casting import AcceptanceAsked, Cast, NoRight, Recorded, Ruling
from bot.domain.consultation import Kind, State
from bot.domain.ids import AccountRef
from bot.domain.refusals import Refusal
from bot.store import Transaction
from storage.store import SqlStore
from tests.storage.scene import NOW, RULES, Scene, approval, opened, poll, voter
from tests.storage.turns import together


async def _ballot(scene: Scene, who: int = 1) -> object:
    account = await scene.account(who)
    return await scene.store.read(lambda tx: tx.ballot_of(scene.number, account))


async def _batch(scene: Scene, casts: Sequence[Cast]) -> list[Ruling]:
    """Cast them all in one batch, in this order."""
    return await together(scene.store, [lambda cast=cast: scene.store.cast(cast, RULES) for cast in casts])


async def test_fifty_presses_of_one_member_at_once_make_one_ballot(store: SqlStore) -> None:
    scene = await opened(store, voters=1)
    rulings = await asyncio.gather(*(scene.cast(1, Press(1 + press % 3)) for press in range(50)))
    assert all(isinstance(ruling, Recorded) for ruling in rulings)
    assert sum((await store.read(lambda tx: tx.tally(scene.number))).values()) == 1
    assert await _ballot(scene) == rulings[-1].choice  # type: ignore[union-attr]


async def test_a_thousand_members_at_once_make_a_thousand_ballots(store: SqlStore) -> None:
    scene = await opened(store, voters=1000)
    rulings = await asyncio.gather(*(scene.cast(who, Press(1 + who % 2)) for who in range(1, 1001)))
    assert all(ruling == Recorded((1 + who % 2,), None, False) for who, ruling in enumerate(rulings, start=1))
    assert await store.read(lambda tx: tx.tally(scene.number)) == {(1,): 500, (2,): 500}


async def test_a_batch_is_decided_in_its_order(store: SqlStore) -> None:
    scene = await opened(store, voters=2, definition=approval())
    presses = [scene.made(1, Press(2)), scene.made(2, Press(5)), scene.made(1, Press(4)), scene.made(1, Press(2))]
    rulings = await _batch(scene, [*presses, scene.made(2, Withdrawal()), scene.made(2, Press(1))])
    assert rulings == [
        Recorded((2,), None, False),
        Recorded((5,), None, False),
        Recorded((2, 4), (2,), False),
        Recorded((4,), (2, 4), False),
        Recorded(None, (5,), False),
        Recorded((1,), None, False),
    ]
    assert await _ballot(scene, 1) == (4,)
    assert await _ballot(scene, 2) == (1,)


async def test_a_ballot_withdrawn_is_gone(store: SqlStore) -> None:
    scene = await opened(store, voters=1)
    await scene.cast(1, Press(1))
    assert await scene.cast(1, Withdrawal()) == Recorded(None, (1,), False)
    assert await scene.cast(1, Withdrawal()) == Recorded(None, None, True)
    assert await _ballot(scene) is None


@pytest.mark.parametrize("same_batch", [True, False])
async def test_the_same_event_again_changes_nothing(store: SqlStore, same_batch: bool) -> None:
    scene = await opened(store, voters=1, definition=approval())
    press = scene.made(1, Press(1), key="telegram:cb:77")
    if same_batch:
        first, again = await _batch(scene, [press, press])
    else:
        first, again = await scene.store.cast(press, RULES), await scene.store.cast(press, RULES)
    assert first == Recorded((1,), None, False)
    assert again == Recorded((1,), (1,), True)
    assert await _ballot(scene) == (1,)
    assert await store.read(lambda tx: tx.was_seen("telegram:cb:77"))


async def test_an_event_handled_by_a_work_is_a_replay_for_a_cast(store: SqlStore) -> None:
    scene = await opened(store, voters=1)
    await store.write(lambda tx: tx.first_time("telegram:cb:78"))
    assert await scene.cast(1, Press(1), key="telegram:cb:78") == Recorded(None, None, True)


async def _vote(store: SqlStore) -> Scene:
    return await opened(store, voters=1, definition=poll(kind=Kind.VOTE))


async def _accepted(scene: Scene, rules: str = RULES) -> bool:
    account = await scene.account(1)
    return await scene.store.read(lambda tx: tx.accepted(account, rules))


@pytest.mark.parametrize("same_batch", [True, False])
async def test_the_second_press_on_a_vote_accepts_the_rules(store: SqlStore, same_batch: bool) -> None:
    scene = await _vote(store)
    presses = [scene.made(1, Press(1)), scene.made(1, Press(1))]
    if same_batch:
        rulings = await _batch(scene, presses)
    else:
        rulings = [await store.cast(press, RULES) for press in presses]
    assert rulings == [AcceptanceAsked(), Recorded((1,), None, False)]
    assert await _accepted(scene)


async def test_the_first_press_delivered_again_does_not_accept(store: SqlStore) -> None:
    scene = await _vote(store)
    for _ in range(2):
        assert await scene.cast(1, Press(1), key="telegram:cb:80") == AcceptanceAsked()
    assert not await _accepted(scene)
    assert await scene.cast(1, Press(2)) == Recorded((2,), None, False)


async def test_a_typed_ballot_waits_for_a_yes(store: SqlStore) -> None:
    scene = await _vote(store)
    for _ in range(2):
        assert await scene.cast(1, Answer((2,))) == AcceptanceAsked()
    assert await scene.cast(1, Answer((2,)), accepts=True) == Recorded((2,), None, False)
    assert await _accepted(scene)


async def test_acceptance_is_of_one_version_of_the_rules(store: SqlStore) -> None:
    scene = await _vote(store)
    await scene.cast(1, Press(1), accepts=True)
    assert await store.cast(scene.made(1, Press(2)), "charter-2") == AcceptanceAsked()
    assert await _ballot(scene) == (1,)
    assert (await _accepted(scene), await _accepted(scene, "charter-2")) == (True, False)


async def test_voting_in_a_poll_accepts_the_rules(store: SqlStore) -> None:
    scene = await opened(store, voters=1)
    assert await scene.cast(1, Press(1)) == Recorded((1,), None, False)
    assert await _accepted(scene)


async def test_who_holds_no_right_is_told_so_and_may_try_again(store: SqlStore) -> None:
    scene = await opened(store, voters=1)
    account = 0
    for _ in range(2):  # an account that was never seen, then one that was
        assert await scene.cast(5, Press(1), key="telegram:cb:90") == NoRight()
        account = await store.write(lambda tx: tx.account(voter(5), "Late", NOW).id)
    await store.write(lambda tx: tx.admit(scene.number, account))
    assert await scene.cast(5, Press(1), key="telegram:cb:90") == Recorded((1,), None, False)


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.SCHEDULED, "not-open-yet"),
        (State.CLOSED, "already-closed"),
        (State.CANCELLED, "cancelled"),
        (State.OPEN, "no-such-option"),
    ],
)
async def test_a_refused_cast_leaves_nothing(store: SqlStore, state: State, code: str) -> None:
    scene = await opened(store, voters=1, state=state)
    ruling = await scene.cast(1, Press(9), key="telegram:cb:91")
    assert isinstance(ruling, Refusal)
    assert ruling.code == code
    assert not await store.read(lambda tx: tx.was_seen("telegram:cb:91"))
    assert await _ballot(scene) is None


@pytest.mark.parametrize("number", [999, 0, -3, 2**31, 2**80])
async def test_a_forged_number_is_refused_and_disturbs_nobody(store: SqlStore, number: int) -> None:
    scene = await opened(store, voters=2)
    forged = replace(scene.made(1, Press(1)), number=number)
    rulings = await _batch(scene, [scene.made(1, Press(1)), forged, scene.made(2, Press(1))])
    codes = [getattr(ruling, "code", "recorded") for ruling in rulings]
    assert codes == ["recorded", "no-such-consultation", "recorded"]


async def test_receipt_time_decides_about_the_deadline(store: SqlStore) -> None:
    scene = await opened(store, voters=2)
    deadline = NOW + timedelta(days=2)
    in_time = scene.made(1, Press(1), at=deadline - timedelta(microseconds=1))
    first, second = await _batch(scene, [in_time, scene.made(2, Press(1), at=deadline)])
    assert first == Recorded((1,), None, False)
    assert isinstance(second, Refusal)


async def test_one_batch_serves_several_consultations(store: SqlStore) -> None:
    one, two = await opened(store, voters=2), await opened(store, voters=2, definition=approval())
    casts = [one.made(1, Press(1)), two.made(1, Press(4)), one.made(2, Press(3)), two.made(1, Press(5))]
    await _batch(one, casts)
    assert await store.read(lambda tx: tx.tally(one.number)) == {(1,): 1, (3,): 1}
    assert await store.read(lambda tx: tx.tally(two.number)) == {(4, 5): 1}
    assert await store.read(lambda tx: [tx.tally_version(scene.number) for scene in (one, two)]) == [1, 1]


async def test_an_account_with_an_odd_name_is_still_itself(store: SqlStore) -> None:
    odd = AccountRef("matrix", '@a"b\\:é\u2028.example.org:8448')
    scene = await opened(store, voters=0)
    await store.write(lambda tx: tx.admit(scene.number, tx.account(odd, "Odd", NOW).id))
    cast = replace(scene.made(1, Press(1), key='matrix:$"\\é'), account=odd)
    assert await store.cast(cast, RULES) == Recorded((1,), None, False)
    assert await store.cast(cast, RULES) == Recorded((1,), (1,), True)


async def test_a_cast_sees_the_works_queued_before_it(store: SqlStore) -> None:
    scene = await opened(store, voters=1)

    def close(tx: Transaction) -> None:
        tx.save(replace(tx.consultation(scene.number, lock=True), state=State.CLOSED, closed_at=NOW))

    before, after = scene.made(1, Press(1)), scene.made(1, Press(2))
    calls = [lambda: store.cast(before, RULES), lambda: store.write(close), lambda: store.cast(after, RULES)]
    first, _, second = await together(store, calls)
    assert first == Recorded((1,), None, False)
    assert isinstance(second, Refusal)
    assert second.code == "already-closed"
