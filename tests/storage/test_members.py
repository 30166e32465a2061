from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.ballots import Press
from bot.domain.casting import Recorded
from bot.domain.ids import AccountRef
from bot.domain.members import Grant, Member, Merge, Role, RoleCode
from bot.domain.refusals import Missing
from bot.members import listed
from bot.store import Store, Transaction
from storage.store import SqlStore
from tests.storage.scene import NOW, RULES, Scene, consultation, opened, poll, voter

MATRIX = AccountRef("matrix", "@ana:example.org")


async def _organisation(store: Store) -> int:
    return await store.write(lambda tx: tx.add_organisation("fr", "Europe/Paris", {}, bound=True))


async def _member(store: Store, organisation: int, label: str, group: str = "") -> Member:
    return await store.write(lambda tx: tx.members.add(organisation, label, group))


async def test_a_roll_is_told_by_label_and_says_who_may_vote(store: SqlStore) -> None:
    organisation = await _organisation(store)
    zoe, ana = await _member(store, organisation, "zoé", "board"), await _member(store, organisation, "Ana")
    suspended = Member(ana.id, organisation, ana.person, "Ana", "", "fees of 2026")
    await store.write(lambda tx: tx.members.save(suspended))
    roll = await store.read(lambda tx: tx.members.roll(organisation))
    assert list(roll) == [suspended, zoe]
    assert (listed(roll), listed(roll, "board"), listed(roll, "staff")) == ([zoe], [zoe], [])
    assert await store.read(lambda tx: tx.members.accounts_of(zoe.person)) == []


async def test_a_code_is_used_once_and_only_while_it_is_the_members_last(store: SqlStore) -> None:
    ana = await _member(store, await _organisation(store), "Ana")
    assert await store.write(lambda tx: tx.members.invite(ana.id, "lost", NOW)) is False
    assert await store.write(lambda tx: tx.members.invite(ana.id, "good", NOW)) is True
    redeemed = [
        await store.write(lambda tx, code=code: tx.members.redeem(code, NOW)) for code in ("lost", "good", "good")
    ]  # type: ignore[misc]
    assert redeemed == [None, ana, None]
    lost, good = await store.read(lambda tx: [tx.members.invitation(code) for code in ("lost", "good")])
    assert lost is not None
    assert good is not None
    assert (lost.void, good.void, good.used_at) == (True, False, NOW)
    assert await store.write(lambda tx: tx.members.invite(ana.id, "again", NOW)) is False


async def test_wrong_codes_are_counted_by_account_and_day(store: SqlStore) -> None:
    bruno = await store.write(lambda tx: tx.account(voter(1), "Bruno", NOW).id)
    today, yesterday = NOW.date(), NOW.date() - timedelta(days=1)
    counts = [
        await store.write(lambda tx, on=on: tx.members.note_wrong_code(bruno, on)) for on in (yesterday, today, today)
    ]  # type: ignore[misc]
    assert counts == [1, 1, 2]
    assert await store.read(lambda tx: tx.members.wrong_codes_of_all(today)) == 2
    assert await store.read(lambda tx: tx.members.wrong_codes_of_all(yesterday)) == 3


async def test_roles_are_of_a_whole_organisation_or_of_one_consultation(store: SqlStore) -> None:
    organisation = await _organisation(store)
    ana = await store.write(lambda tx: tx.account(voter(1), "Ana", NOW))
    whole = Grant(organisation, None, ana.person, Role.ORGANISER, None, NOW)
    one = Grant(organisation, 12, ana.person, Role.SCRUTINEER, ana.id, NOW)
    assert await store.write(lambda tx: [tx.members.grant(grant) for grant in (whole, one)]) == [True, True]
    assert await store.read(lambda tx: tx.members.roles_of(organisation, ana.id)) == {Role.ORGANISER}
    assert await store.read(lambda tx: tx.members.roles_of(organisation, ana.id, 12)) == {
        Role.ORGANISER,
        Role.SCRUTINEER,
    }
    assert set(await store.read(lambda tx: tx.members.grants(organisation, 12))) == {whole, one}
    assert await store.write(lambda tx: tx.members.revoke(organisation, 12, ana.person, Role.SCRUTINEER)) is True
    assert await store.write(lambda tx: tx.members.revoke(organisation, 12, ana.person, Role.SCRUTINEER)) is False
    code = RoleCode(organisation, None, Role.ADMIN, ana.id)
    await store.write(lambda tx: tx.members.add_role_code(code, "hash", NOW))
    assert await store.write(lambda tx: tx.members.redeem_role_code("hash", NOW, NOW)) == code
    assert await store.write(lambda tx: tx.members.redeem_role_code("hash", NOW, NOW)) is None


async def test_codes_of_roles_grow_old_and_are_voided(store: SqlStore) -> None:
    organisation, other = await _organisation(store), await _organisation(store)
    ana, bruno = [await store.write(lambda tx, n=n: tx.account(voter(n), "", NOW).id) for n in (1, 2)]  # type: ignore[misc]
    later = NOW + timedelta(hours=1)
    given = {"one": (organisation, ana), "two": (organisation, bruno), "three": (other, ana)}
    for code_hash, (where, by) in given.items():
        code = RoleCode(where, 12, Role.SCRUTINEER, by)
        await store.write(lambda tx, code=code, code_hash=code_hash: tx.members.add_role_code(code, code_hash, NOW))  # type: ignore[misc]
    assert await store.write(lambda tx: tx.members.redeem_role_code("one", later, later)) is None
    assert await store.write(lambda tx: tx.members.drop_role_codes(organisation, ana)) == 1
    assert await store.write(lambda tx: tx.members.redeem_role_code("one", later, NOW)) is None
    assert await store.write(lambda tx: tx.members.redeem_role_code("three", later, NOW)) is not None
    assert await store.write(lambda tx: tx.members.drop_role_codes(organisation)) == 1
    assert await store.write(lambda tx: tx.members.drop_role_codes(other)) == 0  # used: it stays used


async def test_every_role_of_a_person_is_found_by_any_of_their_accounts(store: SqlStore) -> None:
    organisation, other = await _organisation(store), await _organisation(store)
    ana, phone = [await store.write(lambda tx, n=n: tx.account(voter(n), "", NOW)) for n in (1, 2)]  # type: ignore[misc]
    await store.write(lambda tx: tx.members.merge(ana.person, phone.person, NOW))
    held = [
        Grant(organisation, None, ana.person, Role.OBSERVER, None, NOW),
        Grant(other, 12, ana.person, Role.PARTICIPANT, ana.id, NOW + timedelta(hours=1)),
    ]
    await store.write(lambda tx: [tx.members.grant(grant) for grant in held])
    for account in (ana, phone):
        assert await store.read(lambda tx, account=account: list(tx.members.roles_held(account.id))) == held  # type: ignore[misc]
    stranger = await store.write(lambda tx: tx.account(voter(3), "", NOW).id)
    assert await store.read(lambda tx: list(tx.members.roles_held(stranger))) == []


async def test_a_link_is_asked_for_by_one_side_and_forgotten_once_done(store: SqlStore) -> None:
    ana = await store.write(lambda tx: tx.account(voter(1), "Ana", NOW).id)
    former = await store.write(lambda tx: tx.members.ask_link(ana, "first", NOW))
    asked = await store.write(lambda tx: tx.members.ask_link(ana, "second", NOW))
    assert await store.read(lambda tx: tx.members.link_by_code("first")) is None
    assert await store.read(lambda tx: tx.members.link_by_code("second")) == asked
    await store.write(lambda tx: tx.members.drop_link(asked.id))
    for request in (former.id, asked.id):
        with pytest.raises(Missing):
            await store.read(lambda tx, request=request: tx.members.link_request(request))  # type: ignore[misc]


async def _linked(store: Store, one: AccountRef, other: AccountRef) -> list[Merge]:
    def work(tx: Transaction) -> list[Merge]:
        kept, gone = (tx.account(ref, "Ana", NOW).person for ref in (one, other))
        return list(tx.members.merge(kept, gone, NOW))

    return await store.write(work)


async def _open_to_both(store: Store) -> Scene:
    scene = await opened(store, voters=2)

    def work(tx: Transaction) -> None:
        tx.admit(scene.number, tx.account(MATRIX, "ana", NOW).id)

    await store.write(work)
    return scene


async def _cast(store: Store, scene: Scene, ref: AccountRef, option: int, minute: int) -> object:
    made = scene.made(1, Press(option), account=ref, at=NOW + timedelta(minutes=minute))
    return await store.cast(made, RULES)


@pytest.mark.parametrize("first", ["telegram", "matrix"])
async def test_of_two_ballots_of_one_person_the_later_one_stays(store: SqlStore, first: str) -> None:
    scene = await _open_to_both(store)
    order = [voter(1), MATRIX] if first == "telegram" else [MATRIX, voter(1)]
    for minute, (ref, option) in enumerate(zip(order, (1, 2), strict=True)):
        assert isinstance(await _cast(store, scene, ref, option, minute), Recorded)
    assert await _linked(store, voter(1), MATRIX) == [Merge(scene.number, replaced=True)]
    assert await store.read(lambda tx: tx.tally(scene.number)) == {(2,): 1}
    turnout = await store.read(lambda tx: tx.turnout(scene.number))
    assert (turnout.roll, turnout.voters) == (3, 1)
    ballots = await store.read(lambda tx: [tx.ballot_of(scene.number, tx.find_account(ref).id) for ref in order])  # type: ignore[union-attr]
    assert ballots == [(2,), (2,)]


async def test_only_one_of_two_people_is_written_to_who_have_become_one(store: SqlStore) -> None:
    scene = await _open_to_both(store)
    await _linked(store, voter(1), MATRIX)
    assert set(await store.read(lambda tx: tx.non_voters(scene.number))) == {voter(1), voter(2)}


async def test_a_right_that_only_the_second_account_had_is_the_persons(store: SqlStore) -> None:
    scene = await _open_to_both(store)
    other = await store.write(lambda tx: consultation(tx, poll()).number)
    await store.write(lambda tx: tx.admit(other, tx.account(MATRIX, "ana", NOW).id))
    await _linked(store, voter(1), MATRIX)
    right = await store.read(lambda tx: tx.right_of(other, tx.find_account(voter(1)).id))  # type: ignore[union-attr]
    assert right is not None
    assert right == await store.read(lambda tx: tx.right_of(other, tx.find_account(MATRIX).id))  # type: ignore[union-attr]
    assert scene.number != other


async def test_memberships_roles_and_accepted_rules_follow_the_person(store: SqlStore) -> None:
    organisation, second = await _organisation(store), await _organisation(store)

    def work(tx: Transaction) -> tuple[int, int]:
        ana, other = tx.account(voter(1), "Ana", NOW), tx.account(MATRIX, "ana", NOW)
        kept = tx.members.enrol(organisation, ana.id, "Ana")
        line = tx.members.enrol(organisation, other.id, "Ana L.")
        tx.members.enrol(second, other.id, "Ana")
        tx.members.invite(line.id, "code", NOW)
        tx.members.grant(Grant(second, None, other.person, Role.ADMIN, None, NOW))
        tx.set_accepted(other.id, RULES, accepted=True)
        tx.members.merge(ana.person, other.person, NOW)
        return ana.id, kept.id

    ana, kept = await store.write(work)
    person = (await store.read(lambda tx: tx.account_by_id(ana))).person
    lines = await store.read(lambda tx: tx.members.memberships(person))
    assert [(line.organisation, line.id == kept) for line in lines] == [(organisation, True), (second, False)]
    assert await store.read(lambda tx: tx.members.roles_of(second, ana)) == {Role.ADMIN}
    assert await store.read(lambda tx: tx.accepted(ana, RULES)) is True
    assert await store.write(lambda tx: tx.members.redeem("code", NOW)) is None


async def test_an_unlinked_account_has_no_say_in_what_is_open(store: SqlStore) -> None:
    scene = await _open_to_both(store)
    await _linked(store, voter(1), MATRIX)
    await _cast(store, scene, MATRIX, 3, 1)
    account = await store.read(lambda tx: tx.find_account(MATRIX))
    assert account is not None
    await store.write(lambda tx: tx.members.split(account.id))
    assert await store.read(lambda tx: tx.right_of(scene.number, account.id)) is None
    assert await store.read(lambda tx: tx.tally(scene.number)) == {(3,): 1}
    accounts = await store.read(lambda tx: tx.members.accounts_of(account.person))
    assert [each.ref for each in accounts] == [voter(1)]


async def test_a_member_voting_from_both_accounts_at_once_and_linking_meanwhile_has_one_ballot(
    store: SqlStore,
) -> None:
    scene = await _open_to_both(store)
    casts = [
        _cast(store, scene, (voter(1), MATRIX)[turn % 2], turn % 3 + 1, turn) for turn in range(500)
    ]  # fmt: skip
    linking = _linked(store, voter(1), MATRIX)
    await asyncio.gather(*casts[:250], linking, *casts[250:])
    assert sum((await store.read(lambda tx: tx.tally(scene.number))).values()) == 1
    more = [_cast(store, scene, (voter(1), MATRIX)[turn % 2], turn % 3 + 1, 500 + turn) for turn in range(500)]
    await asyncio.gather(*more)
    assert sum((await store.read(lambda tx: tx.tally(scene.number))).values()) == 1
    assert (await store.read(lambda tx: tx.turnout(scene.number))).roll == 3
