from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.ballots import Answer, Press, Withdrawal, complete
from bot.domain.consultation import Secrecy
from bot.domain.ids import AccountRef
from bot.domain.refusals import Missing
from bot.store import Transaction, Turnout
from storage.store import SqlStore
from tests.storage.scene import NOW, approval, opened, poll, voter


async def test_the_roll_gives_one_right_to_each_person(store: SqlStore) -> None:
    scene = await opened(store, voters=3)
    accounts = [await scene.account(who) for who in (1, 2, 3)]
    rights = await store.read(lambda tx: [tx.right_of(scene.number, account) for account in accounts])
    assert None not in rights
    assert len(set(rights)) == 3
    assert await store.read(lambda tx: tx.turnout(scene.number)) == Turnout(roll=3, voters=0)
    assert await store.write(lambda tx: tx.freeze_roll(scene.number, accounts[:2])) == 3


async def test_admitting_gives_a_right_once(store: SqlStore) -> None:
    scene = await opened(store, voters=1)
    late = await store.write(lambda tx: tx.account(voter(9), "Late", NOW).id)
    assert await store.read(lambda tx: tx.right_of(scene.number, late)) is None
    right = await store.write(lambda tx: tx.admit(scene.number, late))
    assert await store.write(lambda tx: tx.admit(scene.number, late)) == right
    assert await store.read(lambda tx: (tx.right_of(scene.number, late), tx.rights_of(late))) == (right, [scene.number])
    assert (await store.read(lambda tx: tx.turnout(scene.number))).roll == 2


async def test_a_roll_may_be_large(store: SqlStore) -> None:
    def work(tx: Transaction) -> int:
        return tx.freeze_roll(scene.number, [tx.account(voter(who), "", NOW).id for who in range(1, 1501)])

    scene = await opened(store, voters=0)
    assert await store.write(work) == 1500
    assert len(await store.read(lambda tx: tx.roll_accounts(scene.number))) == 1500


async def test_the_roll_lists_its_accounts_sorted(store: SqlStore) -> None:
    refs = [AccountRef("telegram", "9"), AccountRef("matrix", "@é:x.org"), AccountRef("matrix", "@Z:x.org"), voter(10)]
    scene = await opened(store, voters=0)
    await store.write(lambda tx: [tx.admit(scene.number, tx.account(ref, "", NOW).id) for ref in refs])
    assert await store.read(lambda tx: tx.roll_accounts(scene.number)) == sorted(refs)


async def test_ballots_are_read_and_tallied_while_open(store: SqlStore) -> None:
    scene = await opened(store, voters=4)
    for who, option in ((1, 1), (2, 1), (3, 2)):
        await scene.cast(who, Press(option))
    accounts = [await scene.account(who) for who in (1, 2, 3, 4)]
    ballots = await store.read(lambda tx: [tx.ballot_of(scene.number, account) for account in accounts])
    assert ballots == [(1,), (1,), (2,), None]
    voted = await store.read(lambda tx: [tx.has_voted(scene.number, account) for account in accounts])
    assert voted == [True, True, True, False]
    assert await store.read(lambda tx: tx.tally(scene.number)) == {(1,): 2, (2,): 1}
    assert await store.read(lambda tx: tx.turnout(scene.number)) == Turnout(roll=4, voters=3)
    assert await store.read(lambda tx: tx.non_voters(scene.number)) == [voter(4)]


async def test_the_tally_version_grows_with_every_change_and_only_then(store: SqlStore) -> None:
    scene = await opened(store, voters=1)
    versions = []
    for gesture in (Press(1), Press(1), Press(2), Withdrawal()):
        await scene.cast(1, gesture)
        versions.append(await store.read(lambda tx: tx.tally_version(scene.number)))
    assert versions == [1, 1, 2, 3]
    await store.write(lambda tx: tx.touch(scene.number))
    assert await store.read(lambda tx: tx.tally_version(scene.number)) == 4


async def test_a_ballot_that_is_not_complete_does_not_count(store: SqlStore) -> None:
    scene = await opened(store, voters=3, definition=approval(at_least=2))
    await scene.cast(1, Press(1))
    await scene.cast(2, Answer((1, 3)))
    one, two = await scene.account(1), await scene.account(2)
    assert await store.read(lambda tx: tx.ballot_of(scene.number, one)) == (1,)
    for _ in ("open", "sealed"):
        assert await store.read(lambda tx: tx.tally(scene.number)) == {(1, 3): 1}
        assert await store.read(lambda tx: tx.turnout(scene.number)) == Turnout(roll=3, voters=1)
        assert await store.read(lambda tx: tx.non_voters(scene.number)) == [voter(1), voter(3)]
        voted = await store.read(lambda tx: [tx.has_voted(scene.number, account) for account in (one, two)])
        assert voted == [False, True]
        await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=False))


@pytest.mark.parametrize("at_least", [1, 2, 3])
async def test_the_database_counts_as_complete_what_the_rules_do(store: SqlStore, at_least: int) -> None:
    definition = approval(options=12, at_least=at_least)
    scene = await opened(store, voters=6, definition=definition)
    for who, presses in enumerate(((1,), (10,), (1, 2), (10, 11), (1, 2, 3), (10, 11, 12)), start=1):
        for option in presses:
            await scene.cast(who, Press(option))
    accounts = [await scene.account(who) for who in range(1, 7)]
    ballots = await store.read(lambda tx: [tx.ballot_of(scene.number, account) for account in accounts])
    counted = {ballot for ballot in ballots if ballot and complete(definition, ballot)}
    assert set(await store.read(lambda tx: tx.tally(scene.number))) == counted


@pytest.mark.parametrize("keep_links", [True, False])
async def test_sealing_keeps_the_tally_and_who_voted(store: SqlStore, keep_links: bool) -> None:
    scene = await opened(store, voters=3)
    await scene.cast(1, Press(2))
    await scene.cast(2, Press(2))
    account = await scene.account(1)
    for _ in range(2):  # sealing again, after a crash, changes nothing
        await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=keep_links))
        assert await store.read(lambda tx: tx.tally(scene.number)) == {(2,): 2}
        assert await store.read(lambda tx: tx.turnout(scene.number)) == Turnout(roll=3, voters=2)
        assert await store.read(lambda tx: tx.has_voted(scene.number, account))
        assert await store.read(lambda tx: tx.non_voters(scene.number)) == [voter(3)]
        kept = await store.read(lambda tx: tx.ballot_of(scene.number, account))
        assert kept == ((2,) if keep_links else None)


async def test_sealing_one_consultation_leaves_the_others(store: SqlStore) -> None:
    first, second = await opened(store), await opened(store)
    await first.cast(1, Press(1))
    await second.cast(1, Press(3))
    await store.write(lambda tx: tx.seal_ballots(first.number, keep_links=False))
    account = await second.account(1)
    assert await store.read(lambda tx: tx.ballot_of(second.number, account)) == (3,)
    assert await store.read(lambda tx: tx.rights_of(account)) == [second.number, first.number]


@pytest.mark.parametrize("keep_links", [True, False])
async def test_erasing_the_voters_leaves_the_tally(store: SqlStore, keep_links: bool) -> None:
    scene, other = await opened(store, voters=3), await opened(store, voters=3)
    for each in (scene, other):
        await each.cast(1, Press(2))
    await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=keep_links))
    assert await store.write(lambda tx: tx.personal.erase(scene.number)["rights"]) == 3
    assert await store.read(lambda tx: tx.tally(scene.number)) == {(2,): 1}
    assert await store.read(lambda tx: tx.roll_accounts(scene.number)) == []
    account = await scene.account(1)
    assert not await store.read(lambda tx: tx.has_voted(scene.number, account))
    assert await store.read(lambda tx: tx.turnout(other.number)) == Turnout(roll=3, voters=1)
    assert await store.write(lambda tx: tx.personal.erase(scene.number)["rights"]) == 0


async def test_names_are_told_of_a_public_consultation_only(store: SqlStore) -> None:
    public = await opened(store, definition=poll(secrecy=Secrecy.PUBLIC))
    for who, option in ((3, 1), (1, 2)):
        await public.cast(who, Press(option))
    ballots = await store.read(lambda tx: tx.votes_by_name(public.number))
    assert [(ballot.name, ballot.choice) for ballot in ballots] == [("Voter 1", (2,)), ("Voter 3", (1,))]
    assert len({ballot.account for ballot in ballots}) == 2
    confidential = await opened(store)
    with pytest.raises(ValueError, match="public"):
        await store.read(lambda tx: tx.votes_by_name(confidential.number))


async def test_the_tally_of_no_consultation_is_missing(store: SqlStore) -> None:
    with pytest.raises(Missing, match="no-such-consultation"):
        await store.read(lambda tx: tx.tally(99))


async def test_a_ballot_after_the_deadline_is_not_in_the_tally(store: SqlStore) -> None:
    scene = await opened(store)
    ruling = await scene.cast(1, Press(1), at=NOW + timedelta(days=2))
    assert getattr(ruling, "code", None) == "already-closed"
    assert await store.read(lambda tx: tx.tally(scene.number)) == {}
