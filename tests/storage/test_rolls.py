"""Rolls frozen from a list of members: everyone on it holds a right, whether an account of theirs is known or not."""

from __future__ import annotations

import asyncio

from bot.domain.members import Member
from bot.store import Store, Transaction
from storage.store import SqlStore
from tests.storage.scene import NOW, opened, voter


async def _members(store: Store, *labels: str) -> tuple[int, list[Member]]:
    def work(tx: Transaction) -> tuple[int, list[Member]]:
        organisation = tx.add_organisation("fr", "Europe/Paris", {}, bound=True)
        return organisation, [tx.members.add(organisation, label) for label in labels]

    return await store.write(work)


async def _known(store: Store, member: Member, number: int) -> int:
    """Make voter `number` the member's account."""

    def work(tx: Transaction) -> int:
        account = tx.account(voter(number), f"Voter {number}", NOW)
        tx.members.merge(member.person, account.person, NOW)
        return account.id

    return await store.write(work)


async def test_members_without_an_account_hold_a_right_too(store: SqlStore) -> None:
    number = (await opened(store, voters=0)).number
    _, (ana, bruno, chloe) = await _members(store, "Ana", "Bruno", "Chloé")
    account = await _known(store, ana, 1)
    people = [ana.person, bruno.person, chloe.person]
    assert await store.write(lambda tx: tx.freeze_people(number, people)) == 3
    assert await store.write(lambda tx: tx.freeze_people(number, people)) == 3
    assert await store.read(lambda tx: (tx.turnout(number).roll, tx.unclaimed(number))) == (3, 2)
    assert await store.read(lambda tx: tx.roll_people(number)) == sorted(people)
    assert await store.read(lambda tx: tx.roll_accounts(number)) == [voter(1)]
    assert await store.read(lambda tx: tx.right_of(number, account)) is not None


async def test_an_account_that_comes_later_can_use_the_right_and_none_is_added(store: SqlStore) -> None:
    number = (await opened(store, voters=0)).number
    _, (ana, bruno) = await _members(store, "Ana", "Bruno")
    await store.write(lambda tx: tx.freeze_people(number, [ana.person, bruno.person]))
    account = await _known(store, bruno, 2)
    assert await store.read(lambda tx: tx.right_of(number, account)) is not None
    assert await store.read(lambda tx: (tx.turnout(number).roll, tx.unclaimed(number))) == (2, 1)


async def test_lines_that_turn_out_to_be_one_person_leave_the_size_and_one_right(store: SqlStore) -> None:
    number = (await opened(store, voters=0)).number
    _, (ana, bruno) = await _members(store, "Ana", "Bruno")
    await store.write(lambda tx: tx.freeze_people(number, [ana.person, bruno.person]))
    await store.write(lambda tx: tx.members.merge(ana.person, bruno.person, NOW))
    assert await store.read(lambda tx: (tx.turnout(number).roll, tx.unclaimed(number))) == (2, 1)
    await _known(store, ana, 1)
    assert await store.read(lambda tx: (tx.turnout(number).roll, tx.unclaimed(number))) == (2, 0)


async def test_the_accounts_of_a_roll_are_told_by_person(store: SqlStore) -> None:
    organisation, (ana, bruno) = await _members(store, "Ana", "Bruno")
    await _members(store, "Elsewhere")
    await _known(store, ana, 1)
    await _known(store, ana, 2)
    assert await store.read(lambda tx: tx.members.accounts_on(organisation)) == {ana.person: [voter(1), voter(2)]}
    assert bruno.person not in await store.read(lambda tx: tx.members.accounts_on(organisation))


async def test_a_code_that_two_bring_together_is_one_persons(store: SqlStore) -> None:
    _, (ana,) = await _members(store, "Ana")
    await store.write(lambda tx: tx.members.invite(ana.id, "hash", NOW))

    def claim(number: int, tx: Transaction) -> bool:
        account = tx.account(voter(number), "", NOW)
        member = tx.members.redeem("hash", NOW)
        if member is not None:
            tx.members.merge(member.person, account.person, NOW)
        return member is not None

    claims = [store.write(lambda tx, number=number: claim(number, tx)) for number in range(20)]  # type: ignore[misc]
    assert sum(await asyncio.gather(*claims)) == 1
    assert len(await store.read(lambda tx: tx.members.accounts_of(ana.person))) == 1
