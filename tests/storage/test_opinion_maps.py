from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.opinions.model import Opinion, Statement, StatementState
from bot.domain.refusals import Missing
from bot.store import Transaction
from storage.store import SqlStore, open_store
from tests.storage.deliberations import mapping_opinions
from tests.storage.scene import NOW

PUBLISHED, PENDING = StatementState.PUBLISHED, StatementState.PENDING


async def test_a_statement_comes_back_with_all_that_was_said_of_it(store: SqlStore) -> None:
    scene, (ana, *_) = await mapping_opinions(store)
    first = await store.write(lambda tx: tx.opinion_maps.add_statement(scene.number, 0, "Où\x00 ?", NOW, PUBLISHED))
    second = await store.write(lambda tx: tx.opinion_maps.add_statement(scene.number, ana, "two", NOW, PENDING))
    assert (first, second) == (Statement(1, 0, "Où ?", NOW, PUBLISHED), Statement(2, ana, "two", NOW, PENDING))
    hidden = StatementState.MODERATED
    settled = await store.write(lambda tx: tx.opinion_maps.settle_statement(scene.number, 2, hidden, "spam", "why"))
    assert settled == replace(second, state=hidden, ground="spam", reason="why")
    assert await store.read(lambda tx: tx.opinion_maps.statements(scene.number)) == [first, settled]
    assert await store.read(lambda tx: tx.opinion_maps.statements(scene.number, states=[hidden])) == [settled]


@pytest.mark.parametrize("number", [0, -1, 1, 2**31, 2**70])
async def test_a_statement_nobody_made_is_missing_however_large(store: SqlStore, number: int) -> None:
    scene, _ = await mapping_opinions(store)
    with pytest.raises(Missing) as refused:
        await store.write(lambda tx: tx.opinion_maps.settle_statement(scene.number, number, PUBLISHED))
    assert refused.value.code == "no-such-statement"


async def test_the_last_answer_of_each_participant_counts(store: SqlStore) -> None:
    scene, (ana, eve, bob) = await mapping_opinions(store)

    def work(tx: Transaction) -> list[Opinion | int | None]:
        maps = tx.opinion_maps
        for text in ("one", "two"):
            maps.add_statement(scene.number, 0, text, NOW, PUBLISHED)
        given = [(1, ana, Opinion.AGREE), (1, eve, Opinion.PASS), (2, ana, Opinion.DISAGREE), (1, ana, Opinion.PASS)]
        return [
            *(maps.set_opinion(scene.number, statement, alias, opinion) for statement, alias, opinion in given),
            *(maps.report_statement(scene.number, 2, alias, "rude", NOW) for alias in (eve, bob, eve)),
        ]

    assert await store.write(work) == [None, None, None, Opinion.AGREE, 1, 2, 2]
    first, second = await store.read(lambda tx: tx.opinion_maps.statements(scene.number))
    assert (first.agrees, first.disagrees, first.passes, first.seen, first.reports) == (0, 0, 2, 2, 0)
    assert (second.agrees, second.disagrees, second.passes, second.reports) == (0, 1, 0, 2)
    mine = {1: Opinion.PASS, 2: Opinion.DISAGREE}
    assert await store.read(lambda tx: tx.opinion_maps.opinions_of(scene.number, ana)) == mine
    assert await store.read(lambda tx: tx.opinion_maps.opinions_of(scene.number, bob)) == {}
    answers = await store.read(lambda tx: tx.opinion_maps.answers(scene.number))
    assert answers == {ana: mine, eve: {1: Opinion.PASS}}


async def test_two_processes_lose_no_answer(url: str) -> None:
    first, second = open_store(url, process="a"), open_store(url, process="b")
    scene, aliases = await mapping_opinions(first, voters=20)

    def submit(tx: Transaction, alias: int) -> int:
        made = tx.opinion_maps.add_statement(scene.number, alias, "x", NOW, PUBLISHED).number
        tx.opinion_maps.set_opinion(scene.number, made, alias, Opinion.AGREE)
        return made

    calls = [store.write(lambda tx, a=alias: submit(tx, a)) for alias in aliases for store in (first, second)]
    assert sorted(await asyncio.gather(*calls)) == list(range(1, 41))
    counts = await first.read(lambda tx: [one.agrees for one in tx.opinion_maps.statements(scene.number)])
    assert counts == [1] * 40
    answers = await second.read(lambda tx: tx.opinion_maps.answers(scene.number))
    assert {alias: len(given) for alias, given in answers.items()} == dict.fromkeys(aliases, 2)
    await first.close()
    await second.close()
