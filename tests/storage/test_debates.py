from __future__ import annotations

import asyncio
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from bot.domain.canonical import digest
from bot.domain.consultation import Definition, definition_facts
from bot.domain.debate.model import (
    Argument,
    ArgumentKind,
    ArgumentState,
    Conclusion,
    Course,
    DebateRules,
    Moment,
    NewArgument,
    Stance,
    Wording,
)
from bot.domain.ids import RoomRef
from bot.domain.opinions.model import OpinionRules
from bot.domain.refusals import Missing
from bot.store import Transaction
from storage.store import SqlStore, open_store
from tests.storage.deliberations import FULL_DEBATE, FULL_MAP, STAGES, argument, debate, debating, opinion_map
from tests.storage.scene import NOW, SALON, consultation, opened, voter

LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("definition", [debate(FULL_DEBATE), debate(), opinion_map(FULL_MAP), opinion_map()])
async def test_the_rules_come_back_exactly_as_they_were_stored(store: SqlStore, definition: Definition) -> None:
    stored = await store.write(lambda tx: consultation(tx, definition))
    assert (await store.read(lambda tx: tx.consultation(stored.number))).definition == definition
    assert digest(definition_facts(stored.definition)) == digest(definition_facts(definition))


def test_the_full_rules_leave_nothing_at_its_default() -> None:
    for full, default in ((FULL_DEBATE, DebateRules(STAGES)), (FULL_MAP, OpinionRules())):
        unset = [each.name for each in fields(full) if getattr(full, each.name) == getattr(default, each.name)]
        assert unset == ["stages"] * isinstance(full, DebateRules)


async def test_a_course_is_replaced_as_a_whole(store: SqlStore) -> None:
    scene, _ = await debating(store)
    vote = (await opened(store)).number
    assert await store.read(lambda tx: tx.debates.course(scene.number)) is None
    first = Course(scene.number, 0, NOW, LATER)
    second = Course(scene.number, 1, LATER, None, LATER, moves=1, digests=2, digested_at=LATER, follow_up=vote)
    for course in (first, second, first):
        await store.write(lambda tx, course=course: tx.debates.set_course(course))
        assert await store.write(lambda tx: tx.debates.course(scene.number, lock=True)) == course


async def test_an_argument_comes_back_with_all_that_was_said_of_it(store: SqlStore) -> None:
    scene, (ana, *_) = await debating(store)
    room = await store.read(lambda tx: tx.find_room(SALON))
    assert room is not None
    parent = await store.write(lambda tx: tx.debates.add_argument(scene.number, argument(ana)))
    given = NewArgument(
        ana,
        ArgumentKind.QUESTION,
        "Où ?",
        "Chouette",
        LATER,
        stage=2,
        state=ArgumentState.PENDING,
        source="https://example.org/a",
        parent=parent.number,
        room=room.id,
    )
    stored = await store.write(lambda tx: tx.debates.add_argument(scene.number, given))
    assert stored.number == 2
    assert {each.name: getattr(stored, each.name) for each in fields(given)} == {
        each.name: getattr(given, each.name) for each in fields(given)
    }
    settled = await store.write(
        lambda tx: tx.debates.settle_argument(scene.number, 2, ArgumentState.MODERATED, "hors sujet", "plus tard")
    )
    assert settled == replace(stored, state=ArgumentState.MODERATED, ground="hors sujet", reason="plus tard")
    assert await store.read(lambda tx: tx.debates.arguments(scene.number)) == [parent, settled]
    published = [ArgumentState.PUBLISHED]
    assert await store.read(lambda tx: tx.debates.arguments(scene.number, states=published)) == [parent]
    assert await store.read(lambda tx: tx.debates.arguments(scene.number, states=[])) == []


@pytest.mark.parametrize("number", [0, -1, 2, 2**31, 2**70])
async def test_an_argument_nobody_made_is_missing_however_large(store: SqlStore, number: int) -> None:
    scene, (ana, *_) = await debating(store)
    await store.write(lambda tx: tx.debates.add_argument(scene.number, argument(ana)))

    def settle(tx: Transaction) -> Argument:
        return tx.debates.settle_argument(scene.number, number, ArgumentState.WITHDRAWN)

    def revise(tx: Transaction) -> Argument:
        return tx.debates.revise_argument(scene.number, number, "x", "", NOW)

    for work in (settle, revise, lambda tx: tx.debates.argument(scene.number, number)):
        with pytest.raises(Missing) as refused:
            await store.write(work)
        assert refused.value.code == "no-such-argument"


async def test_each_debate_numbers_its_own_arguments(store: SqlStore) -> None:
    (first, (ana, *_)), (second, (eve, *_)) = await debating(store), await debating(store)
    for number, alias, expected in ((first.number, ana, 1), (second.number, eve, 1), (first.number, ana, 2)):
        made = await store.write(lambda tx, n=number, a=alias: tx.debates.add_argument(n, argument(a)))
        assert made.number == expected


async def test_former_wordings_are_kept(store: SqlStore) -> None:
    scene, (ana, *_) = await debating(store)
    await store.write(lambda tx: tx.debates.add_argument(scene.number, argument(ana, "one", source="https://a.org")))
    revised = await store.write(lambda tx: tx.debates.revise_argument(scene.number, 1, "two\x00", "", LATER))
    assert (revised.text, revised.source, revised.version, revised.at) == ("two", "", 2, NOW)
    wordings = await store.read(lambda tx: tx.debates.wordings(scene.number, 1))
    assert wordings == [Wording(1, "one", "https://a.org", NOW), Wording(2, "two", "", LATER)]


async def test_support_ratings_and_reports_are_counted_once_each(store: SqlStore) -> None:
    scene, (ana, eve, bob) = await debating(store)

    def work(tx: Transaction) -> list[object]:
        debates = tx.debates
        for text in ("one", "two"):
            debates.add_argument(scene.number, argument(ana, text))
        return [
            *(debates.support(scene.number, 1, alias, on=True) for alias in (eve, bob, eve)),
            debates.support(scene.number, 2, eve, on=True),
            debates.support(scene.number, 1, bob, on=False),
            debates.support(scene.number, 1, bob, on=False),
            *(debates.rate(scene.number, 1, alias, weight) for alias, weight in ((eve, 5), (bob, 1), (bob, 3))),
            *(debates.report(scene.number, 2, alias, "rude", NOW) for alias in (eve, eve, bob)),
        ]

    said = await store.write(work)
    assert said == [True, True, False, True, True, False, None, None, None, 1, 1, 2]
    first, second = await store.read(lambda tx: tx.debates.arguments(scene.number))
    assert (first.supports, first.ratings, first.weight, first.reports) == (1, 2, 8, 0)
    assert (second.supports, second.ratings, second.weight, second.reports) == (1, 0, 0, 2)
    assert await store.read(lambda tx: tx.debates.argument(scene.number, 1)) == first
    assert await store.read(lambda tx: tx.debates.supported_by(scene.number, eve)) == [1, 2]
    assert await store.read(lambda tx: tx.debates.ratings_by(scene.number, bob)) == {1: 3}
    assert await store.read(lambda tx: tx.debates.supported_by(scene.number, bob)) == []


async def test_the_last_stance_of_each_moment_counts(store: SqlStore) -> None:
    scene, (ana, eve, bob) = await debating(store)
    said = [
        (ana, Moment.BEFORE, Stance.AGAINST),
        (ana, Moment.BEFORE, Stance.FOR),
        (ana, Moment.AFTER, Stance.UNDECIDED),
        (eve, Moment.AFTER, Stance.FOR),
        (bob, Moment.AFTER, Stance.FOR),
    ]
    for alias, moment, stance in said:
        await store.write(lambda tx, a=alias, m=moment, s=stance: tx.debates.set_stance(scene.number, a, m, s))
    assert await store.read(lambda tx: tx.debates.stance_of(scene.number, ana)) == (Stance.FOR, Stance.UNDECIDED)
    assert await store.read(lambda tx: tx.debates.stance_of(scene.number, 0)) == (None, None)
    expected = {(Stance.FOR, Stance.UNDECIDED): 1, (None, Stance.FOR): 2}
    assert await store.read(lambda tx: tx.debates.shifts(scene.number)) == expected


async def test_the_last_conclusion_is_the_one_that_stands(store: SqlStore) -> None:
    scene, _ = await debating(store)
    author = await scene.account(1)
    assert await store.read(lambda tx: tx.debates.conclusion(scene.number)) is None
    await store.write(lambda tx: tx.debates.add_conclusion(scene.number, "draft", NOW, None))
    edited = await store.write(lambda tx: tx.debates.add_conclusion(scene.number, "édité", LATER, author))
    assert edited == Conclusion(2, "édité", LATER, author)
    assert await store.read(lambda tx: tx.debates.conclusion(scene.number)) == edited


async def test_two_processes_never_give_the_same_number_nor_fail(url: str) -> None:
    first, second = open_store(url, process="a"), open_store(url, process="b")
    scene, aliases = await debating(first, voters=20)

    def work(tx: Transaction, alias: int) -> int:
        number = tx.debates.add_argument(scene.number, argument(alias)).number
        tx.debates.support(scene.number, number, alias, on=True)
        return number

    calls = [store.write(lambda tx, a=alias: work(tx, a)) for alias in aliases for store in (first, second)]
    assert sorted(await asyncio.gather(*calls)) == list(range(1, 41))
    listed = await second.read(lambda tx: tx.debates.arguments(scene.number))
    assert [(one.number, one.supports) for one in listed] == [(number, 1) for number in range(1, 41)]
    await first.close()
    await second.close()


async def test_a_work_that_is_undone_leaves_its_number_to_the_next(store: SqlStore) -> None:
    """As a work that runs again after its batch failed: nothing of the first run is there."""
    scene, (ana, *_) = await debating(store)
    runs: list[int] = []

    def work(tx: Transaction) -> None:
        runs.append(tx.debates.add_argument(scene.number, argument(ana)).number)
        if len(runs) == 1:
            raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        await store.write(work)
    await store.write(work)
    assert runs == [1, 1]
    assert len(await store.read(lambda tx: tx.debates.arguments(scene.number))) == 1


async def test_a_debate_is_there_after_a_restart(url: str) -> None:
    store = open_store(url)
    scene, (ana, eve, _) = await debating(store)
    await store.write(lambda tx: tx.debates.add_argument(scene.number, argument(ana)))
    await store.write(lambda tx: tx.debates.support(scene.number, 1, eve, on=True))
    before = await store.read(lambda tx: tx.debates.arguments(scene.number))
    await store.close()
    again = open_store(url)
    assert await again.read(lambda tx: tx.debates.arguments(scene.number)) == before
    assert (await again.write(lambda tx: tx.debates.add_argument(scene.number, argument(eve)))).number == 2
    account = await again.read(lambda tx: tx.find_account(voter(1)))
    assert account is not None
    assert await again.write(lambda tx: tx.debates.take_part(scene.number, account.id)) == ana
    await again.close()


async def test_an_argument_follows_the_room_it_was_typed_in(store: SqlStore) -> None:
    new = RoomRef("telegram", "-100200")

    scene, (ana, *_) = await debating(store)

    def move(tx: Transaction) -> int:
        seen = tx.room(new, "Salon", NOW, "fr", "UTC")
        tx.debates.add_argument(scene.number, argument(ana, room=seen.id))
        moved = tx.move_room(SALON, new)
        assert moved is not None
        return moved.id

    room = await store.write(move)
    assert (await store.read(lambda tx: tx.debates.argument(scene.number, 1))).room == room


async def test_a_listing_takes_one_statement_however_many_arguments(store: SqlStore) -> None:
    scene, aliases = await debating(store, voters=5)
    said: list[str] = []

    def note(_c: object, _cursor: object, text: str, *_rest: object) -> None:
        said.append(text)

    def grow(tx: Transaction) -> None:
        for alias in aliases * 4:
            number = tx.debates.add_argument(scene.number, argument(alias)).number
            tx.debates.support(scene.number, number, alias, on=True)

    for expected in (20, 40):
        await store.write(grow)
        event.listen(Engine, "before_cursor_execute", note)
        listed = await store.read(lambda tx: tx.debates.arguments(scene.number))
        event.remove(Engine, "before_cursor_execute", note)
        assert len(listed) == expected
    assert len([text for text in said if not text.startswith("BEGIN")]) == 2
