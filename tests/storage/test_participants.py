from __future__ import annotations

import asyncio

import pytest

from bot.domain.debate.model import Argument, Moment, Stance
from bot.domain.ids import AccountRef
from bot.domain.opinions.model import Opinion, StatementState
from bot.domain.refusals import Missing
from bot.store import Transaction
from storage import participants
from storage.store import SqlStore, open_store
from tests.storage.deliberations import argument, debate, debating, mapping_opinions, request
from tests.storage.scene import NOW, Scene, opened, voter


async def test_an_alias_is_drawn_once_and_leads_back_to_the_account(store: SqlStore) -> None:
    scene, aliases = await debating(store, voters=40)
    assert len(set(aliases)) == 40
    assert all(1 <= alias <= 9_999 for alias in aliases)
    assert aliases != sorted(aliases), "drawn, not counted"
    account = await scene.account(7)
    assert await store.write(lambda tx: tx.opinion_maps.take_part(scene.number, account)) == aliases[6]
    assert await store.read(lambda tx: tx.debates.alias_of(scene.number, account)) == aliases[6]
    assert await store.read(lambda tx: tx.debates.accounts_behind(scene.number, aliases[6])) == [voter(7)]
    assert await store.read(lambda tx: tx.debates.participants(scene.number)) == 40


async def test_whoever_never_took_part_has_no_alias(store: SqlStore) -> None:
    scene = await opened(store, voters=2, definition=debate())
    account = await scene.account(1)
    assert await store.read(lambda tx: tx.debates.alias_of(scene.number, account)) is None
    assert await store.read(lambda tx: tx.debates.accounts_behind(scene.number, 1)) == []
    stranger = await store.write(lambda tx: tx.account(AccountRef("matrix", "@eve:x.org"), "Eve", NOW))
    with pytest.raises(Missing) as refused:
        await store.write(lambda tx: tx.debates.take_part(scene.number, stranger.id))
    assert refused.value.code == "no-right"
    assert await store.read(lambda tx: tx.debates.participants(scene.number)) == 0


async def test_more_participants_than_half_the_aliases_draw_from_more(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(participants, "FEWEST_ALIASES", 9)
    _, aliases = await debating(store, voters=30)
    assert len(set(aliases)) == 30
    assert 9 < max(aliases) <= 99


async def test_two_processes_draw_one_alias_for_one_right(url: str) -> None:
    first, second = open_store(url, process="a"), open_store(url, process="b")
    scene = await opened(first, voters=10, definition=debate())
    accounts = [await scene.account(who) for who in range(1, 11)]

    def draw(tx: Transaction, account: int) -> int:
        return tx.debates.take_part(scene.number, account)

    calls = [store.write(lambda tx, a=account: draw(tx, a)) for account in accounts for store in (first, second)]
    drawn = await asyncio.gather(*calls)
    assert drawn[::2] == drawn[1::2]
    assert len(set(drawn)) == 10
    await first.close()
    await second.close()


async def _used(store: SqlStore) -> tuple[Scene, list[int]]:
    scene, aliases = await debating(store, voters=4)

    def work(tx: Transaction) -> None:
        debates = tx.debates
        for alias in aliases[:2]:
            debates.add_argument(scene.number, argument(alias))
            debates.ask_floor(scene.number, request(alias))
        for alias, weight in zip(aliases, (5, 1, 5, 3), strict=True):
            debates.support(scene.number, 2, alias, on=True)
            debates.rate(scene.number, 1, alias, weight)
            debates.report(scene.number, 1, alias, "rude", NOW)
            debates.set_stance(scene.number, alias, Moment.BEFORE, Stance.FOR)
        debates.set_stance(scene.number, aliases[0], Moment.AFTER, Stance.AGAINST)

    await store.write(work)
    return scene, aliases


async def _listed(store: SqlStore, scene: Scene) -> list[Argument]:
    return list(await store.read(lambda tx: tx.debates.arguments(scene.number)))


async def test_erased_links_leave_what_was_counted_and_signed(store: SqlStore) -> None:
    scene, aliases = await _used(store)
    before = await _listed(store, scene)
    shifts = await store.read(lambda tx: tx.debates.shifts(scene.number))
    assert shifts == {(Stance.FOR, None): 3, (Stance.FOR, Stance.AGAINST): 1}
    account = await scene.account(1)
    for _ in range(2):
        await store.write(lambda tx: tx.debates.forget_aliases(scene.number))
        assert await _listed(store, scene) == before
        assert await store.read(lambda tx: tx.debates.shifts(scene.number)) == shifts
        assert await store.read(lambda tx: tx.debates.participants(scene.number)) == 4
        assert await store.read(lambda tx: tx.debates.alias_of(scene.number, account)) is None
    for alias in aliases:
        assert await store.read(lambda tx, a=alias: tx.debates.accounts_behind(scene.number, a)) == []
        assert await store.read(lambda tx, a=alias: tx.debates.stance_of(scene.number, a)) == (None, None)
        assert await store.read(lambda tx, a=alias: tx.debates.supported_by(scene.number, a)) == []
        assert await store.read(lambda tx, a=alias: tx.debates.ratings_by(scene.number, a)) == {}
    assert await store.read(lambda tx: tx.debates.requests(scene.number)) == []


async def test_forgetting_concerns_one_consultation(store: SqlStore) -> None:
    (first, _), (second, aliases) = await _used(store), await _used(store)
    await store.write(lambda tx: tx.debates.forget_aliases(first.number))
    assert await store.read(lambda tx: tx.debates.accounts_behind(second.number, aliases[2])) == [voter(3)]
    assert await store.read(lambda tx: tx.debates.supported_by(second.number, aliases[2])) == [2]
    assert len(await store.read(lambda tx: tx.debates.requests(second.number))) == 2


async def test_voters_are_erased_whether_or_not_their_aliases_were(store: SqlStore) -> None:
    for forgotten in (True, False):
        scene, _ = await _used(store)
        before = await _listed(store, scene)
        if forgotten:
            await store.write(lambda tx, n=scene.number: tx.debates.forget_aliases(n))
        assert await store.write(lambda tx, n=scene.number: tx.personal.erase(n)["rights"]) == 4
        assert await _listed(store, scene) == before
        assert await store.read(lambda tx, n=scene.number: tx.debates.participants(n)) == 4


async def test_the_map_keeps_its_answers_when_the_links_are_gone(store: SqlStore) -> None:
    scene, aliases = await mapping_opinions(store)

    def work(tx: Transaction) -> None:
        tx.opinion_maps.add_statement(scene.number, 0, "one", NOW, StatementState.PUBLISHED)
        for alias in aliases:
            tx.opinion_maps.set_opinion(scene.number, 1, alias, Opinion.AGREE)

    await store.write(work)
    await store.write(lambda tx: tx.opinion_maps.forget_aliases(scene.number))
    assert await store.write(lambda tx: tx.personal.erase(scene.number)["rights"]) == 3
    answers = await store.read(lambda tx: tx.opinion_maps.answers(scene.number))
    assert answers == {alias: {1: Opinion.AGREE} for alias in aliases}
