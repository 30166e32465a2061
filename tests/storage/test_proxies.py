"""Votes cast in another's place, on both databases: whose ballot stands, races between processes, links that go."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ballots import Answer, Press, Withdrawal
from bot.domain.casting import Cast, NoRight, Recorded, Ruling
from bot.domain.consultation import Secrecy, State
from bot.domain.proxies import NOTICE, DayProxy, Notice, Proxy, Side, Word, must_be_able_to_hold, notice_in
from bot.domain.proxy_rules import ProxyRule
from bot.domain.refusals import Refusal
from bot.store import Store, Transaction
from storage.proxy_tables import PROXY, PROXY_DAY
from storage.store import SqlStore, open_store
from tests.storage.scene import NOW, RULES, Scene, opened, poll, voter

ADMITS = poll(proxies=ProxyRule(2))
MANY = 40


async def person(scene: Scene, who: int) -> int:
    account = await scene.account(who)
    return (await scene.store.read(lambda tx: tx.account_by_id(account))).person


async def represented(store: Store, holder: int = 2, **changes: Any) -> Scene:
    """Voter 1 gave their vote to another one; there are three voters."""
    scene = await opened(store, definition=replace(ADMITS, **changes))
    await give(scene, 1, holder)
    return scene


async def give(scene: Scene, giver: int, holder: int) -> None:
    one, other = await person(scene, giver), await person(scene, holder)
    await scene.store.write(lambda tx: tx.proxies.give(Proxy(scene.number, one, other)))


async def cast_for(scene: Scene, holder: int, giver: int, gesture: Any, store: Store | None = None) -> Ruling:
    cast, whose = scene.made(holder, gesture), await person(scene, giver)
    return await (store or scene.store).write(lambda tx: tx.proxies.cast(cast, whose, RULES))


async def tally(scene: Scene) -> Any:
    return await scene.store.read(lambda tx: tx.tally(scene.number))


async def words_owed(store: Store) -> list[Word]:
    """What people are still to be told of proxies, in order."""
    return [notice_in(each.facts).word for each in await store.read(lambda tx: tx.owed()) if each.kind == NOTICE]


async def by_proxy(scene: Scene) -> int:
    return await scene.store.read(lambda tx: tx.proxies.counted(scene.number))


async def rows(store: Store, table: Any) -> list[Any]:
    def query(tx: Any) -> list[Any]:
        return [tuple(row) for row in tx._db.all(table.select())]

    return await store.read(query)


async def test_the_ballot_stands_on_the_givers_right_and_the_holders_stays_theirs(store: SqlStore) -> None:
    scene = await represented(store)
    version = await store.read(lambda tx: tx.tally_version(scene.number))
    assert await cast_for(scene, 2, 1, Answer((2,))) == Recorded((2,), None, False)
    assert await store.read(lambda tx: tx.tally_version(scene.number)) == version + 1
    await scene.cast(2, Press(1))
    assert await tally(scene) == {(1,): 1, (2,): 1}
    assert (await store.read(lambda tx: tx.turnout(scene.number))).voters == 2
    assert await by_proxy(scene) == 1
    ties = await store.read(lambda tx: tx.roll_accounts(scene.number))
    assert ties == [voter(1), voter(2), voter(3)]
    accounts = [await scene.account(who) for who in (1, 2)]
    rights = [await store.read(lambda tx, each=each: tx.right_of(scene.number, each)) for each in accounts]
    assert len(set(rights)) == 2


async def test_what_the_holder_chose_is_nobody_elses_to_know(store: SqlStore) -> None:
    scene = await represented(store)
    await cast_for(scene, 2, 1, Answer((2,)))
    account = await scene.account(1)
    assert await store.read(lambda tx: tx.ballot_of(scene.number, account)) is None
    assert await store.read(lambda tx: tx.has_voted(scene.number, account))
    kept = await store.read(lambda tx: tx.personal.kept(account))
    assert "ballot" not in kept.records
    assert kept.records["proxy"][0]["used"]
    assert await scene.cast(1, Press(3)) == Recorded((3,), None, False)
    assert (await store.read(lambda tx: tx.personal.kept(account))).records["ballot"][0]["choice"] == "3"


@pytest.mark.parametrize("choice", [1, 2])
async def test_the_givers_own_ballot_replaces_it_and_cancels_the_proxy(store: SqlStore, choice: int) -> None:
    """Also when it says the same."""
    scene = await represented(store)
    await cast_for(scene, 2, 1, Answer((2,)))
    assert await scene.cast(1, Press(choice)) == Recorded((choice,), None, False)
    assert (await tally(scene), await by_proxy(scene)) == ({(choice,): 1}, 0)
    refused = await cast_for(scene, 2, 1, Answer((2,)))
    assert isinstance(refused, Refusal)
    assert refused.code == "proxy-not-held"
    (owed,) = await store.read(lambda tx: tx.owed())
    assert (owed.account, owed.kind) == (await scene.account(2), NOTICE)
    assert notice_in(owed.facts) == Notice(scene.number, await person(scene, 1), Word.CANCELLED)


async def test_withdrawing_nothing_leaves_the_proxy(store: SqlStore) -> None:
    scene = await represented(store)
    await cast_for(scene, 2, 1, Answer((2,)))
    assert await scene.cast(1, Withdrawal()) == Recorded(None, None, True)
    assert (await tally(scene), await by_proxy(scene)) == ({(2,): 1}, 1)


async def test_a_holder_changes_repeats_and_withdraws_it(store: SqlStore) -> None:
    scene = await represented(store)
    cast, giver = scene.made(2, Answer((2,)), key="once"), await person(scene, 1)
    for repeated in (False, True):
        ruling = await store.write(lambda tx: tx.proxies.cast(cast, giver, RULES))
        assert ruling == Recorded((2,), (2,) if repeated else None, repeated)
    assert await cast_for(scene, 2, 1, Answer((3,))) == Recorded((3,), (2,), False)
    assert await cast_for(scene, 2, 1, Withdrawal()) == Recorded(None, (3,), False)
    side = await store.read(lambda tx: tx.proxies.side(scene.number, giver))
    assert side == Side(giver, Proxy(scene.number, giver, await person(scene, 2)))
    assert (await tally(scene), await by_proxy(scene)) == ({}, 0)


async def test_nobody_else_casts_it_and_nothing_is_recorded_after_the_closing(store: SqlStore) -> None:
    scene = await represented(store)
    stranger = await cast_for(scene, 3, 1, Answer((2,)))
    assert isinstance(stranger, Refusal)
    giver, late = await person(scene, 1), scene.made(2, Answer((2,)), at=NOW + timedelta(days=3))
    too_late = await store.write(lambda tx: tx.proxies.cast(late, giver, RULES))
    assert isinstance(too_late, Refusal)
    assert too_late.code == "already-closed"
    wrong = await cast_for(scene, 2, 1, Answer((9,)))
    assert isinstance(wrong, Refusal)
    assert await tally(scene) == {}


async def test_a_giver_without_a_right_yet_is_admitted_first(store: SqlStore) -> None:
    scene = await represented(store)
    newcomer = await store.write(lambda tx: tx.account(voter(9), "New", NOW))
    holder = await person(scene, 2)
    await store.write(lambda tx: tx.proxies.give(Proxy(scene.number, newcomer.person, holder)))
    cast = scene.made(2, Answer((1,)))
    assert await store.write(lambda tx: tx.proxies.cast(cast, newcomer.person, RULES)) == NoRight()
    await store.write(lambda tx: tx.admit(scene.number, newcomer.id))
    assert await store.write(lambda tx: tx.proxies.cast(cast, newcomer.person, RULES)) == Recorded((1,), None, False)


async def test_other_votes_are_not_concerned(store: SqlStore) -> None:
    scene, other = await represented(store), await opened(store)
    await cast_for(scene, 2, 1, Answer((2,)))
    await other.cast(1, Press(1))
    assert await by_proxy(scene) == 1
    assert await words_owed(store) == []


# ── races ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def another(store: SqlStore, url: str) -> Any:
    """Another process that serves the same database."""
    made = open_store(url, process="other")
    yield made
    await made.close()


async def test_of_a_givers_ballot_and_a_proxys_the_givers_stands(store: SqlStore, another: SqlStore) -> None:
    scene = await opened(store, voters=MANY + 1, definition=ADMITS)
    holder = MANY + 1
    people = {who: await person(scene, who) for who in range(1, holder + 1)}
    for who in range(1, holder):
        await store.write(
            lambda tx, who=who: tx.proxies.give(Proxy(scene.number, people[who], people[holder]))  # type: ignore[misc]
        )

    def for_them(who: int, by: Store) -> Any:
        cast: Cast = scene.made(holder, Answer((2,)))
        return by.write(lambda tx: tx.proxies.cast(cast, people[who], RULES))

    calls: list[Any] = []
    for who in range(1, holder):
        own, proxys = (store, another) if who % 2 else (another, store)
        both = [for_them(who, proxys), own.cast(scene.made(who, Press(1)), RULES), for_them(who, own)]
        calls += both if who % 3 else both[::-1]
    rulings = await asyncio.gather(*calls)
    assert all(isinstance(ruling, Recorded | Refusal) for ruling in rulings)
    assert await tally(scene) == {(1,): MANY}
    assert await by_proxy(scene) == 0
    assert await rows(store, PROXY) == []


async def test_two_who_accept_at_once_keep_within_the_limit(store: SqlStore, another: SqlStore) -> None:
    scene = await opened(store, voters=12, definition=poll(proxies=ProxyRule(1)))
    people = {who: await person(scene, who) for who in range(1, 13)}

    def accept(giver: int, holder: int) -> Any:
        def work(tx: Transaction) -> bool:
            rule = tx.consultation(scene.number, lock=True).definition.proxies
            assert rule is not None
            sides = [tx.proxies.side(scene.number, people[each]) for each in (giver, holder)]
            try:
                must_be_able_to_hold(scene.number, rule, *sides)
            except Refusal:
                return False
            tx.proxies.give(Proxy(scene.number, people[giver], people[holder]))
            return True

        return work

    holders = [11, 12] * 5
    taken = await asyncio.gather(
        *((store if giver % 2 else another).write(accept(giver, 11)) for giver in range(1, 11)),
        *((another if giver % 2 else store).write(accept(giver, holder)) for giver, holder in enumerate(holders, 1)),
    )
    assert sum(taken) == 2
    held = [await store.read(lambda tx, each=each: tx.proxies.held(scene.number, people[each])) for each in (11, 12)]
    assert [len(each) for each in held] == [1, 1]
    assert held[0][0].giver != held[1][0].giver


# ── linking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def merge(scene: Scene, kept: int, gone: int) -> None:
    one, other = await person(scene, kept), await person(scene, gone)
    for _ in range(2):  # doing it twice changes nothing more
        await scene.store.write(lambda tx: tx.members.merge(one, other, NOW))


async def test_giver_and_holder_who_are_one_person_need_no_proxy(store: SqlStore) -> None:
    scene = await represented(store)
    await cast_for(scene, 2, 1, Answer((2,)))
    await merge(scene, 2, 1)
    assert (await tally(scene), await by_proxy(scene), await rows(store, PROXY)) == ({(2,): 1}, 0, [])


@pytest.mark.parametrize(("kept", "gone"), [(1, 3), (3, 1)])
async def test_of_two_ballots_the_persons_own_stays_whichever_is_later(store: SqlStore, kept: int, gone: int) -> None:
    scene = await represented(store)
    await scene.cast(3, Press(1), at=NOW)
    later, giver = scene.made(2, Answer((2,)), at=NOW + timedelta(minutes=5)), await person(scene, 1)
    await store.write(lambda tx: tx.proxies.cast(later, giver, RULES))
    await merge(scene, kept, gone)
    assert (await tally(scene), await by_proxy(scene)) == ({(1,): 1}, 0)
    assert await words_owed(store) == [Word.CANCELLED]


@pytest.mark.parametrize("later", [1, 2])
async def test_of_two_proxies_ballots_the_later_one_stays(store: SqlStore, later: int) -> None:
    scene = await opened(store, voters=4, definition=ADMITS)
    people = {who: await person(scene, who) for who in range(1, 5)}
    for giver, holder in ((1, 3), (2, 4)):
        await give(scene, giver, holder)
        at = NOW + timedelta(minutes=giver == later)
        cast = scene.made(holder, Answer((giver,)), at=at)
        await store.write(lambda tx, cast=cast, giver=giver: tx.proxies.cast(cast, people[giver], RULES))  # type: ignore[misc]
    await merge(scene, 1, 2)
    assert (await tally(scene), await by_proxy(scene)) == ({(later,): 1}, 1)
    (left,) = await store.read(lambda tx: tx.proxies.every(scene.number))
    assert (left.giver, left.holder) == (people[1], people[2 + later])


async def test_nobody_holds_more_than_allowed_by_linking_and_givers_hold_none(store: SqlStore) -> None:
    scene = await opened(store, voters=6, definition=ADMITS)
    for giver, holder in ((1, 5), (2, 5), (3, 6), (4, 6)):
        await give(scene, giver, holder)
    await merge(scene, 5, 6)
    everyone = await store.read(lambda tx: tx.proxies.every(scene.number))
    assert [each.giver for each in everyone] == [await person(scene, 1), await person(scene, 2)]
    accounts = [await scene.account(who) for who in (5, 6)]
    told = [(each.account in accounts, notice_in(each.facts).word) for each in await store.read(lambda tx: tx.owed())]
    # Whoever held them hears it on both of their accounts now, about two givers; each giver once.
    assert sorted(told) == [(False, Word.LEFT_OUT)] * 2 + [(True, Word.CANCELLED)] * 4
    await give(scene, 3, 4)
    await merge(scene, 5, 3)
    (left,) = await store.read(lambda tx: tx.proxies.every(scene.number))
    assert (left.giver, left.holder) == (await person(scene, 5), await person(scene, 4))


async def test_what_is_owed_about_somebody_names_whom_they_became(store: SqlStore) -> None:
    scene = await represented(store)
    await scene.cast(1, Press(1))
    await merge(scene, 3, 1)
    (owed,) = await store.read(lambda tx: tx.owed())
    assert notice_in(owed.facts) == Notice(scene.number, await person(scene, 3), Word.CANCELLED)


# ── closing, forgetting ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("secrecy", [Secrecy.CONFIDENTIAL, Secrecy.PUBLIC])
async def test_the_closing_keeps_how_many_and_erases_for_whom(store: SqlStore, secrecy: Secrecy) -> None:
    scene, public = await represented(store, secrecy=secrecy), secrecy is Secrecy.PUBLIC
    await give(scene, 3, 2)
    await cast_for(scene, 2, 1, Answer((2,)))
    mine, other = Notice(scene.number, 1, Word.OPENS), Notice(scene.number * 10, 1, Word.OPENS)
    for notice in (mine, other):
        await store.write(lambda tx, notice=notice: tx.owe(1, NOTICE, notice.facts, notice.key("x", 1), NOW))  # type: ignore[misc]
    for _ in range(2):
        await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=public))
    assert (await tally(scene), await by_proxy(scene)) == ({(2,): 1}, 1)
    left = [(row[1], row[2], row[3]) for row in await rows(store, PROXY)]
    assert left == ([(await person(scene, 1), None, None)] if public else [])
    assert [notice_in(each.facts) for each in await store.read(lambda tx: tx.owed())] == [other]
    assert await store.read(lambda tx: tx.proxies.represented(scene.number)) == ([voter(1)] if public else [])
    if public:
        (named,) = await store.read(lambda tx: tx.votes_by_name(scene.number))
        assert named.account == voter(1)
    await store.write(lambda tx: tx.personal.erase(scene.number))
    assert (await rows(store, PROXY), await by_proxy(scene)) == ([], 1)


async def test_what_was_not_told_goes_at_the_closing_even_of_a_proxy_that_is_no_more(store: SqlStore) -> None:
    scene = await represented(store)
    await scene.cast(1, Press(1))
    assert await words_owed(store) == [Word.CANCELLED]
    await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=True))
    assert await words_owed(store) == []


async def test_a_ballot_that_does_not_count_is_no_proxys(store: SqlStore) -> None:
    scene = await represented(store)
    await store.write(lambda tx: tx.seal_ballots(scene.number, keep_links=False))
    assert await by_proxy(scene) == 0


@pytest.mark.parametrize("who", [1, 2])
async def test_whoever_asks_to_be_forgotten_has_no_part_in_any_proxy(store: SqlStore, who: int) -> None:
    scene = await represented(store)
    account, someone = await scene.account(who), await person(scene, who)
    await store.write(lambda tx: tx.personal.forget(account, NOW))
    assert await rows(store, PROXY) == []
    owed = await store.read(lambda tx: tx.owed())
    assert account not in {each.account for each in owed}
    assert someone not in {notice_in(each.facts).about for each in owed}
    assert await words_owed(store) == ([] if who == 1 else [Word.LEFT_OUT])


async def test_a_ballot_cast_for_someone_forgotten_stays(store: SqlStore) -> None:
    scene = await represented(store)
    await cast_for(scene, 2, 1, Answer((2,)))
    account = await scene.account(1)
    await store.write(lambda tx: tx.personal.forget(account, NOW))
    assert (await tally(scene), await by_proxy(scene)) == ({(2,): 1}, 1)

    def close(tx: Transaction) -> None:
        tx.seal_ballots(scene.number, keep_links=False)
        tx.save(replace(tx.consultation(scene.number), state=State.CERTIFIED, closed_at=NOW))

    await store.write(close)
    assert await store.write(lambda tx: tx.personal.forget(account, NOW))
    assert (await rows(store, PROXY), await by_proxy(scene)) == ([], 1)


# ── codes and days ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_fresh_code_takes_the_place_of_one_nobody_brought(store: SqlStore) -> None:
    scene = await opened(store, definition=ADMITS)
    giver, holder = await person(scene, 1), await person(scene, 2)
    for code in ("a", "b"):
        await store.write(lambda tx, code=code: tx.proxies.offer(scene.number, giver, code))  # type: ignore[misc]
    assert await store.read(lambda tx: tx.proxies.by_code("a")) is None
    assert await store.read(lambda tx: tx.proxies.by_code("b")) == Proxy(scene.number, giver)
    await store.write(lambda tx: tx.proxies.give(Proxy(scene.number, giver, holder)))
    assert await store.read(lambda tx: tx.proxies.by_code("b")) == Proxy(scene.number, giver, holder)
    await store.write(lambda tx: tx.proxies.drop(scene.number, giver))
    assert await store.read(lambda tx: tx.proxies.by_code("b")) is None


async def test_a_proxy_for_a_day_is_kept_until_the_day_is_over(store: SqlStore) -> None:
    scene = await opened(store, definition=ADMITS)
    giver, holder, day = await person(scene, 1), await person(scene, 2), NOW.date()
    organisation = (await store.read(lambda tx: tx.consultation(scene.number))).organisation
    await store.write(lambda tx: tx.proxies.offer_day(organisation, day, giver, "code"))
    assert await store.read(lambda tx: tx.proxies.by_code("code")) == DayProxy(organisation, day, giver)
    assert await store.read(lambda tx: tx.proxies.days(organisation)) == []
    taken = DayProxy(organisation, day, giver, holder)
    await store.write(lambda tx: tx.proxies.give_day(taken))
    assert await store.read(lambda tx: tx.proxies.days(organisation)) == [taken]
    assert await store.read(lambda tx: tx.proxies.days_of(holder)) == [taken]
    assert await store.write(lambda tx: tx.personal.sweep(NOW + timedelta(days=1))) == {}
    assert await store.write(lambda tx: tx.personal.sweep(NOW + timedelta(days=3))) == {"proxies": 1}
    assert await rows(store, PROXY_DAY) == []


@pytest.mark.parametrize("who", [1, 2])
async def test_a_day_of_someone_forgotten_is_forgotten(store: SqlStore, who: int) -> None:
    scene = await opened(store, definition=ADMITS)
    giver, holder = await person(scene, 1), await person(scene, 2)
    organisation = (await store.read(lambda tx: tx.consultation(scene.number))).organisation
    await store.write(lambda tx: tx.proxies.give_day(DayProxy(organisation, NOW.date(), giver, holder)))
    account = await scene.account(who)
    await store.write(lambda tx: tx.personal.forget(account, NOW))
    assert await rows(store, PROXY_DAY) == []
