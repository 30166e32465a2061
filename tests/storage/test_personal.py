"""Forgetting: after it neither database holds anything that leads to the person, and what had to stay is nobody's."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.ballots import Answer
from bot.domain.consultation import Secrecy, State
from bot.domain.members import Grant, Role, RoleCode
from bot.domain.personal import Kept
from bot.domain.refusals import Missing
from bot.store import Transaction
from storage import dialects, forgetting
from storage.database import Database
from storage.store import SqlStore
from storage.tables import ACCOUNT, PERSON, VOTING_RIGHT, metadata
from tests.storage.deliberations import argument, debating
from tests.storage.scene import NOW, SALON, Scene, consultation, opened, poll, voter

ZOE = 8675309
"""An account whose address and name stand nowhere by chance."""
NAME = "Zoé Quintessence"
LATER = NOW + timedelta(days=2)


async def contents(store: SqlStore) -> str:
    """Every value of every row, as text."""

    def query(tx: Transaction) -> str:
        db: Database = tx._db  # type: ignore[attr-defined]
        return json.dumps(
            [[str(value) for value in row] for table in metadata.sorted_tables for row in db.all(select(table))]
        )

    return await store.read(query)


def zoe(tx: Transaction) -> int:
    return tx.account(voter(ZOE), NAME, NOW).id


async def zoe_of(store: SqlStore) -> int:
    return await store.write(zoe)


async def everywhere(store: SqlStore) -> tuple[Scene, int]:
    """Zoé has left a trace in all that is kept of people; her consultation is open."""
    scene = await opened(store, voters=2, definition=poll(secrecy=Secrecy.PUBLIC))
    number = scene.number

    def work(tx: Transaction) -> None:
        account = zoe(tx)
        person = tx.account_by_id(account).person
        room = tx.find_room(SALON)
        assert room is not None
        tx.freeze_roll(number, [account])
        tx.arrived(room.id, account, NOW)
        tx.set_accepted(account, "charter-1", accepted=True)
        tx.set_account_language(account, "fr")
        tx.set_dialogue(account, {"ask": "setup", "said": NAME})
        tx.members.enrol(room.organisation, account, "Member 12")
        tx.members.grant(Grant(room.organisation, None, person, Role.ORGANISER, account, NOW))
        tx.members.grant(Grant(room.organisation, number, person, Role.SCRUTINEER, None, NOW))
        tx.members.add_role_code(RoleCode(room.organisation, None, Role.AUTHOR, account), "hash", NOW)
        tx.members.ask_link(account, "otherhash", NOW)
        tx.members.note_wrong_code(account, NOW.date())
        tx.added_options.propose(number, account, "a fourth place")

    await store.write(work)
    await scene.cast(ZOE, Answer((1,)))
    return scene, number


async def ended(store: SqlStore, number: int) -> None:
    def work(tx: Transaction) -> None:
        tx.seal_ballots(number, keep_links=True)
        tx.save(replace(tx.consultation(number), state=State.CERTIFIED, closed_at=LATER))

    await store.write(work)


async def forget(store: SqlStore) -> Any:
    account = await zoe_of(store)
    return await store.write(lambda tx: tx.personal.forget(account, LATER))


async def test_nothing_is_left_of_someone_once_nothing_needs_them(store: SqlStore) -> None:
    _, number = await everywhere(store)
    await ended(store, number)
    assert str(ZOE) in await contents(store)
    done = await forget(store)
    assert done.whole
    left = await contents(store)
    assert str(ZOE) not in left
    assert NAME not in left
    assert "Member 12" in left, "the line of the roll is the organisation's"
    assert await store.read(lambda tx: tx.find_account(voter(ZOE))) is None
    assert await store.read(lambda tx: tx.tally(number)) == {(1,): 1}
    assert (await store.read(lambda tx: tx.turnout(number))).roll == 3


async def test_what_an_open_vote_needs_waits_and_goes_with_its_end(store: SqlStore) -> None:
    _, number = await everywhere(store)
    done = await forget(store)
    assert not done.whole
    left = await contents(store)
    assert str(ZOE) in left
    assert NAME not in left, "nobody needs a name to count a ballot"
    account = (await store.read(lambda tx: tx.find_account(voter(ZOE)))).id  # type: ignore[union-attr]
    assert [need.number for need in await store.read(lambda tx: tx.personal.needs(account))] == [number]
    assert await store.read(lambda tx: tx.ballot_of(number, account)) == (1,)
    kept: Kept = await store.read(lambda tx: tx.personal.kept(account))
    assert [each.label for each in kept.memberships] == ["Member 12"], "else its next code would open a second vote"
    assert await store.read(lambda tx: tx.personal.due()) == []
    await ended(store, number)
    assert await store.read(lambda tx: tx.personal.due()) == [account]
    await store.write(lambda tx: tx.personal.forget(account, LATER))
    assert await store.read(lambda tx: tx.personal.due()) == []
    assert str(ZOE) not in await contents(store)


async def test_rights_of_ended_votes_go_while_another_is_open(store: SqlStore) -> None:
    _, number = await everywhere(store)
    await ended(store, number)
    other = await opened(store, voters=1)
    account = await zoe_of(store)
    await store.write(lambda tx: tx.admit(other.number, account))
    await forget(store)
    assert await store.read(lambda tx: tx.rights_of(account)) == [other.number]
    await store.write(lambda tx: tx.save(replace(tx.consultation(other.number), state=State.CANCELLED)))
    assert await store.read(lambda tx: tx.personal.due()) == [account]


async def test_nothing_tells_that_two_rights_were_the_same_persons(store: SqlStore) -> None:
    scenes = [await opened(store, voters=2) for _ in range(2)]
    for scene in scenes:
        await ended(store, scene.number)
    account = await scenes[0].account(1)
    await store.write(lambda tx: tx.personal.forget(account, LATER))

    def people(tx: Transaction) -> list[tuple[int, int]]:
        db: Database = tx._db  # type: ignore[attr-defined]
        return [(row.consultation, row.person) for row in db.all(select(VOTING_RIGHT))]

    rights = await store.read(people)
    persons = [person for _, person in rights]
    assert len(rights) == 4
    assert sorted(persons.count(person) for person in set(persons)) == [1, 1, 2], "only the other voter has two"


async def test_the_author_of_what_is_open_is_needed_and_of_what_ended_is_nobody(store: SqlStore) -> None:
    scene = await opened(store, voters=1)
    author = await scene.account(0)
    assert not (await store.write(lambda tx: tx.personal.forget(author, LATER))).whole
    await ended(store, scene.number)
    assert (await store.write(lambda tx: tx.personal.forget(author, LATER))).whole
    stands = await store.read(lambda tx: tx.account_by_id(tx.consultation(scene.number).author))
    assert (str(stands.ref), stands.name) == (forgetting.NOBODY, "")


async def test_a_draft_goes_with_its_author(store: SqlStore) -> None:
    number = await store.write(lambda tx: consultation(tx, poll(), state=State.DRAFT).number)
    author = await store.read(lambda tx: tx.consultation(number).author)
    assert (await store.write(lambda tx: tx.personal.forget(author, LATER))).whole
    assert (await store.read(lambda tx: tx.consultation(number))).state is State.CANCELLED


@pytest.mark.parametrize("closed", [False, True])
async def test_signed_contributions_lose_the_name_and_keep_their_words(store: SqlStore, closed: bool) -> None:
    scene, _ = await debating(store, voters=2)
    number = scene.number
    account = await zoe_of(store)

    def work(tx: Transaction) -> None:
        tx.admit(number, account)
        alias = tx.debates.take_part(number, account)
        tx.debates.add_argument(number, argument(alias, text="Trees give shade.", signature=NAME))
        if closed:
            tx.debates.forget_aliases(number)
            tx.save(replace(tx.consultation(number), state=State.CERTIFIED, closed_at=LATER))

    await store.write(work)
    await store.write(lambda tx: tx.personal.forget(account, LATER))
    (left,) = await store.read(lambda tx: tx.debates.arguments(number))
    assert (left.text, left.signature) == ("Trees give shade.", "")
    assert NAME not in await contents(store)


async def test_two_linked_accounts_are_forgotten_together(store: SqlStore) -> None:
    def work(tx: Transaction) -> int:
        one, other = zoe(tx), tx.account(voter(ZOE + 1), NAME, NOW).id
        tx.members.merge(tx.account_by_id(one).person, tx.account_by_id(other).person, NOW)
        return other

    other = await store.write(work)
    await store.write(lambda tx: tx.personal.forget(other, LATER))
    assert await store.read(lambda tx: tx.find_account(voter(ZOE))) is None
    with pytest.raises(Missing):
        await store.read(lambda tx: tx.personal.kept(other))


async def test_an_account_taken_away_during_a_vote_does_not_come_back_as_somebody_new(store: SqlStore) -> None:
    scene = await opened(store, voters=2)
    accounts = [await scene.account(who) for who in (1, 2)]

    def work(tx: Transaction) -> None:
        one, other = (tx.account_by_id(account).person for account in accounts)
        tx.members.merge(one, other, NOW)
        tx.members.split(accounts[1])

    await store.write(work)
    assert not (await store.write(lambda tx: tx.personal.forget(accounts[1], LATER))).whole
    await ended(store, scene.number)
    assert (await store.write(lambda tx: tx.personal.forget(accounts[1], LATER))).whole


async def test_what_is_kept_is_shown_whole(store: SqlStore) -> None:
    """Each table that knows her is in the file, whichever it is."""
    _, number = await everywhere(store)
    account = await zoe_of(store)
    kept: Kept = await store.read(lambda tx: tx.personal.kept(account))
    assert [each.name for each in kept.accounts] == [NAME]
    assert [each.title for each in kept.rooms] == ["Salon"]
    assert [(each.number, each.voted) for each in kept.rights] == [(number, True)]
    assert [each.label for each in kept.memberships] == ["Member 12"]
    assert {each.role for each in kept.roles} == {Role.ORGANISER, Role.SCRUTINEER}
    assert {
        "acceptance", "account", "added_option", "ballot", "dialogue", "link_request", "member", "presence",
        "right_account", "role_code", "role_grant", "voting_right", "wrong_code",
    } <= kept.records.keys()  # fmt: skip
    assert "hash" not in json.dumps(kept.records)


async def test_the_last_administrator_is_known(store: SqlStore) -> None:
    def work(tx: Transaction) -> tuple[int, int]:
        organisation = tx.add_organisation("fr", "Europe/Paris", {}, bound=True)
        account = zoe(tx)
        tx.members.grant(Grant(organisation, None, tx.account_by_id(account).person, Role.ADMIN, None, NOW))
        return organisation, account

    organisation, account = await store.write(work)
    assert await store.read(lambda tx: tx.personal.only_admin_of(account)) == [organisation]
    second = await store.write(lambda tx: tx.account(voter(1), "Ana", NOW))
    await store.write(lambda tx: tx.members.grant(Grant(organisation, None, second.person, Role.ADMIN, None, NOW)))
    assert await store.read(lambda tx: tx.personal.only_admin_of(account)) == []


# -- the retention clock -----------------------------------------------------------------------------------------------
async def test_a_consultation_keeps_nobody_after_its_day(store: SqlStore) -> None:
    _, number = await everywhere(store)
    await ended(store, number)
    assert await store.write(lambda tx: tx.personal.erase(number)) == {"rights": 3, "records": 1}

    def rows(tx: Transaction) -> list[str]:
        db: Database = tx._db  # type: ignore[attr-defined]
        return [
            f"{column.table.name}.{column.name}"
            for to in (ACCOUNT, PERSON, VOTING_RIGHT)
            for column in forgetting.references(to)
            if "consultation" in column.table.c
            and db.count(column.table, column.table.c.consultation == number, column.is_not(None))
        ]

    assert await store.read(rows) == []
    assert await store.write(lambda tx: tx.personal.erase(number)) == {"rights": 0}
    assert await store.read(lambda tx: tx.tally(number)) == {(1,): 1}


async def test_old_traces_go(store: SqlStore) -> None:
    await everywhere(store)
    await store.write(lambda tx: consultation(tx, poll(), state=State.DRAFT))

    def member(tx: Transaction) -> None:
        one = tx.members.roll(tx.find_room(SALON).organisation)[0]  # type: ignore[union-attr]
        tx.members.invite(one.id, "first", NOW)
        tx.members.invite(one.id, "second", NOW)

    await store.write(member)
    after = NOW + timedelta(days=31)
    assert await store.write(lambda tx: tx.personal.sweep(NOW + timedelta(hours=1))) == {}
    assert await store.write(lambda tx: tx.personal.sweep(after)) == {
        "link-requests": 1, "wrong-codes": 1, "codes": 2, "drafts": 1,
    }  # fmt: skip
    assert await store.write(lambda tx: tx.personal.sweep(after)) == {}
    assert await store.read(lambda tx: tx.members.invitation("second")) is not None, "the current code stays"


# -- nothing overlooked ------------------------------------------------------------------------------------------------
def test_postgresql_rewrites_every_table_that_knows_people() -> None:
    known = {column.table.name for to in (ACCOUNT, PERSON, VOTING_RIGHT) for column in forgetting.references(to)}
    assert known.isdisjoint(dialects.IMPERSONAL)
    assert metadata.tables.keys() >= dialects.IMPERSONAL
