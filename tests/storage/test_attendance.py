"""Who holds the rights of a consultation and whether they used them, on both databases."""

from __future__ import annotations

from bot.domain.attendance import Attending
from bot.domain.ballots import Press
from bot.domain.consultation import State
from bot.store import Transaction
from storage.store import SqlStore
from tests.storage.scene import NOW, Scene, opened, voter


async def attending(scene: Scene) -> dict[str, Attending]:
    """The rights by the name of whoever holds them."""
    found = await scene.store.read(lambda tx: tx.scrutiny.attendance(scene.number))
    return {each.accounts[0][1] if each.accounts else "": each for each in found}


async def test_a_right_was_used_once_its_ballot_is_sealed(store: SqlStore) -> None:
    scene = await opened(store)
    await scene.cast(1, Press(1))
    await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=False))
    found = await attending(scene)
    assert {name: each.voted for name, each in found.items()} == {"Voter 1": True, "Voter 2": False, "Voter 3": False}
    assert found["Voter 2"].accounts == ((voter(2), "Voter 2"),)


async def test_of_two_merged_rights_one_is_there_and_stands_where_either_stood(store: SqlStore) -> None:
    scene = await opened(store)
    await scene.cast(1, Press(1))
    accounts = [await scene.account(number) for number in (1, 2)]

    def merge(tx: Transaction) -> frozenset[int]:
        first = tx.consultation(scene.number).organisation
        other = tx.add_organisation("en", "Europe/Paris", {}, bound=False)
        people = [tx.account_by_id(account).person for account in accounts]
        tx.joint.stand(scene.number, people[:1], first)
        tx.joint.stand(scene.number, people[1:], other)
        tx.members.merge(*people, NOW)
        tx.seal_ballots(scene.number, keep_links=False)
        return frozenset({first, other})

    both = await store.write(merge)
    found = await attending(scene)
    assert sorted(found) == ["Voter 1", "Voter 3"]
    assert (found["Voter 1"].voted, found["Voter 1"].organisations) == (True, both)
    assert [name for _, name in found["Voter 1"].accounts] == ["Voter 1", "Voter 2"]
    assert found["Voter 3"].organisations == frozenset()


async def test_who_was_forgotten_is_nobody_and_nothing_is_left_once_everyone_is_erased(store: SqlStore) -> None:
    scene = await opened(store, state=State.CERTIFIED)
    account = await scene.account(1)
    await store.write(lambda tx: tx.personal.forget(account, NOW))
    found = await attending(scene)
    assert sorted(found) == ["", "Voter 2", "Voter 3"]
    await store.write(lambda tx: tx.personal.erase(scene.number))
    assert await attending(scene) == {}
