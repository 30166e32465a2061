"""Two rights that become one: everything that hung on them, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ballots import Answer, Withdrawal
from bot.domain.casting import NoRight, PollAnswer, Recorded
from bot.domain.consultation import State
from bot.domain.members import LinkRequest
from bot.domain.opinions.model import Opinion, StatementState
from storage.poll_answer_tables import POLL_ANSWER
from storage.store import SqlStore
from storage.tables import BALLOT, VOTING_RIGHT
from tests.storage.deliberations import argument, debating, mapping_opinions
from tests.storage.scene import NOW, Scene, consultation, opened, poll, voter


async def persons(scene: Scene, *who: int) -> list[int]:
    accounts = [await scene.account(each) for each in who]
    return await scene.store.read(lambda tx: [tx.account_by_id(each).person for each in accounts])


async def merge(scene: Scene, kept: int, gone: int) -> Any:
    one, other = await persons(scene, kept, gone)
    return await scene.store.write(lambda tx: tx.members.merge(one, other, NOW))


async def rows(store: SqlStore, table: Any, *conditions: Any) -> int:
    def query(tx: Any) -> int:
        return int(tx._db.count(table, *conditions))

    return await store.read(query)


@pytest.mark.parametrize("again", [False, True])
async def test_the_later_ballot_is_the_one_that_was_said_last(store: SqlStore, again: bool) -> None:
    """Voter 1 votes, voter 2 votes otherwise, voter 1 says the same once more: pressing twice is no change, and says
    all the same what that person wants now."""
    scene = await opened(store, voters=2)
    first = scene.made(1, Answer((1,)), at=NOW)
    await store.cast(first, "1")
    await scene.cast(2, Answer((2,)), at=NOW + timedelta(seconds=1))
    if again:
        ruling = await scene.cast(1, Answer((1,)), at=NOW + timedelta(seconds=2))
        assert isinstance(ruling, Recorded)
        assert ruling.repeated
    else:
        # The same event delivered again says nothing new, however late it comes.
        await store.cast(replace(first, at=NOW + timedelta(seconds=2)), "1")
    await merge(scene, 2, 1)
    assert await store.read(lambda tx: tx.tally(scene.number)) == {((1,) if again else (2,)): 1}


async def test_a_ballot_said_again_leaves_the_tally_as_it_is(store: SqlStore) -> None:
    scene = await opened(store, voters=1)
    await scene.cast(1, Answer((1,)), at=NOW)
    before = await store.read(lambda tx: tx.tally_version(scene.number))
    await scene.cast(1, Answer((1,)), at=NOW + timedelta(seconds=2))
    assert await store.read(lambda tx: tx.tally_version(scene.number)) == before
    assert await rows(store, BALLOT) == 1


async def test_one_batch_may_say_withdraw_and_say_again(store: SqlStore) -> None:
    scene = await opened(store, voters=2)
    gestures = [Answer((1,)), Answer((1,)), Withdrawal(), Answer((2,)), Answer((2,))]
    casts = [scene.cast(1, each, at=NOW + timedelta(seconds=turn)) for turn, each in enumerate(gestures)]
    await asyncio.gather(*casts, scene.cast(2, Answer((3,))), scene.cast(2, Answer((3,))), scene.cast(2, Withdrawal()))
    assert await store.read(lambda tx: tx.tally(scene.number)) == {(2,): 1}


async def test_a_thousand_ballots_from_two_accounts_linked_in_the_middle_are_one(store: SqlStore) -> None:
    scene = await opened(store, voters=2)
    casts = [
        scene.cast(1 + turn % 2, Answer((1 + turn % 3,)), at=NOW + timedelta(milliseconds=turn)) for turn in range(1000)
    ]
    one, other = await persons(scene, 1, 2)
    both = (
        asyncio.gather(*casts[:500]),
        store.write(lambda tx: tx.members.merge(one, other, NOW)),
        asyncio.gather(*casts[500:]),
    )
    first, merges, second = await asyncio.gather(*both)
    assert all(isinstance(ruling, Recorded) for ruling in (*first, *second))
    assert [each.number for each in merges] == [scene.number]
    assert await rows(store, BALLOT) == 1
    assert await store.read(lambda tx: tx.tally(scene.number)) == {(1,): 1}
    assert (await store.read(lambda tx: tx.turnout(scene.number))).roll == 2
    await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=False))
    assert await store.read(lambda tx: tx.tally(scene.number)) == {(1,): 1}
    assert await store.write(lambda tx: tx.personal.erase(scene.number)["rights"]) == 2


async def test_the_answer_by_which_a_ballot_came_goes_with_both(store: SqlStore) -> None:
    scene = await opened(store, voters=2)
    for who in (1, 2):
        await scene.cast(who, Answer((1,)), answer=PollAnswer(f"k{who}", "p"))
    assert await rows(store, POLL_ANSWER) == 2
    await merge(scene, 1, 2)
    assert await rows(store, POLL_ANSWER) == 0


async def test_before_the_opening_one_of_two_rights_goes(store: SqlStore) -> None:
    def work(tx: Any) -> int:
        made = consultation(tx, poll(), state=State.SCHEDULED)
        for who in (1, 2, 3):
            tx.admit(made.number, tx.account(voter(who), "", NOW).id)
        return int(made.number)

    scene = Scene(store, await store.write(work))
    assert list(await merge(scene, 1, 2)) == []
    assert await rows(store, VOTING_RIGHT) == 2
    account = await scene.account(2)
    assert await store.read(lambda tx: tx.right_of(scene.number, account)) is not None


async def test_an_account_that_left_is_noted_until_the_voters_are_erased(store: SqlStore) -> None:
    scene = await opened(store, voters=2)
    await merge(scene, 1, 2)
    left, stays = await scene.account(2), await scene.account(1)
    await store.write(lambda tx: tx.members.split(left))
    assert await store.read(lambda tx: tx.members.gave_up(scene.number, left))
    assert not await store.read(lambda tx: tx.members.gave_up(scene.number, stays))
    assert isinstance(await scene.cast(2, Answer((1,))), NoRight)
    await store.write(lambda tx: tx.personal.erase(scene.number))
    assert not await store.read(lambda tx: tx.members.gave_up(scene.number, left))


@pytest.mark.parametrize("suspended", [0, 1])
async def test_of_two_lines_on_one_roll_the_one_that_stays_is_suspended_if_either_was(
    store: SqlStore, suspended: int
) -> None:
    def work(tx: Any) -> list[tuple[str, str]]:
        organisation = tx.add_organisation("en", "UTC", {}, bound=True)
        members = [tx.members.add(organisation, label) for label in ("Ana", "Ana L.")]
        tx.members.save(replace(members[suspended], suspended="fees"))
        tx.members.merge(members[0].person, members[1].person, NOW)
        return [(each.label, each.suspended) for each in tx.members.roll(organisation)]

    assert await store.write(work) == [("Ana", "fees")]


async def test_an_account_is_in_one_request_at_a_time(store: SqlStore) -> None:
    def work(tx: Any) -> tuple[LinkRequest | None, ...]:
        one, two, three = (tx.account(voter(who), "", NOW).id for who in (1, 2, 3))
        first = tx.members.ask_link(one, "a", NOW)
        tx.members.save_link(replace(first, other=two))
        second = tx.members.ask_link(three, "b", NOW)
        waiting = tx.members.pending_link(one), tx.members.pending_link(three)
        tx.members.save_link(replace(second, other=two))
        return (*waiting, tx.members.pending_link(one), tx.members.pending_link(two))

    one, three, dropped, two = await store.write(work)
    assert one is not None
    assert (three, dropped) == (None, None)
    assert two is not None
    assert two.other is not None


async def test_two_aliases_of_a_debate_have_one_voice(store: SqlStore) -> None:
    scene, (one, two, three) = await debating(store, voters=3)

    def work(tx: Any) -> tuple[Any, ...]:
        debates, number = tx.debates, scene.number
        mine, theirs, other = (debates.add_argument(number, argument(each)).number for each in (one, two, three))
        for alias, supported in ((one, other), (two, other), (two, mine), (three, theirs)):
            debates.support(number, supported, alias, on=True)
        debates.rate(number, other, one, 5)
        debates.rate(number, other, two, 1)
        persons = [tx.account_by_id(tx.find_account(voter(who)).id).person for who in (1, 2)]
        tx.members.merge(*persons, NOW)
        kept = debates.alias_of(number, tx.find_account(voter(2)).id)
        supports = [each.supports for each in debates.arguments(number)]
        return kept, supports, debates.ratings_by(number, one), debates.ratings_by(number, two), other

    kept, supports, mine, theirs, other = await store.write(work)
    assert kept == one
    assert supports == [0, 1, 1]
    assert (mine, theirs) == ({other: 5}, {})
    assert await store.read(lambda tx: [each.alias for each in tx.debates.arguments(scene.number)]) == [one, two, three]


async def test_two_aliases_of_an_opinion_map_answer_once(store: SqlStore) -> None:
    scene, (one, two, _) = await mapping_opinions(store, voters=3)

    def work(tx: Any) -> tuple[Any, ...]:
        maps, number = tx.opinion_maps, scene.number
        said = [
            maps.add_statement(number, 0, f"statement {each}", NOW, StatementState.PUBLISHED).number for each in (1, 2)
        ]
        maps.set_opinion(number, said[0], one, Opinion.AGREE)
        maps.set_opinion(number, said[0], two, Opinion.DISAGREE)
        maps.set_opinion(number, said[1], two, Opinion.DISAGREE)
        persons = [tx.account_by_id(tx.find_account(voter(who)).id).person for who in (1, 2)]
        tx.members.merge(*persons, NOW)
        return maps.opinions_of(number, one), maps.opinions_of(number, two), said, maps.participants(number)

    mine, theirs, said, participants = await store.write(work)
    assert (dict(mine), dict(theirs)) == ({said[0]: Opinion.AGREE, said[1]: Opinion.DISAGREE}, {})
    assert participants == 2
