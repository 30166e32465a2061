from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.domain.debate.model import HeldRoom, Side, Speech
from bot.domain.ids import RoomRef
from bot.store import Transaction
from storage.store import SqlStore, open_store
from tests.storage.deliberations import debating, request
from tests.storage.scene import NOW, SALON

LATER = NOW + timedelta(minutes=3)


async def test_a_new_request_keeps_its_place(store: SqlStore) -> None:
    scene, (ana, eve, bob) = await debating(store)
    asked = [request(alias, at=NOW + timedelta(seconds=alias % 7)) for alias in (ana, eve)]
    again = request(ana, name="Ana", at=LATER, side=Side.AGAINST, list="staff", order=True)
    new = await store.write(lambda tx: [tx.debates.ask_floor(scene.number, one) for one in (*asked, again)])
    assert new == [True, True, False]
    kept = request(ana, name="Ana", at=asked[0].at, side=Side.AGAINST, list="staff", order=True)
    assert await store.read(lambda tx: tx.debates.requests(scene.number)) == [kept, asked[1]]
    left = await store.write(lambda tx: [tx.debates.leave_floor(scene.number, alias) for alias in (ana, ana, bob)])
    assert left == [True, False, False]
    assert await store.read(lambda tx: tx.debates.requests(scene.number)) == [asked[1]]


async def test_a_speech_takes_its_request_off_the_list_and_counts_what_it_used(store: SqlStore) -> None:
    scene, (ana, eve, _) = await debating(store)
    asked = request(ana, side=Side.FOR, list="staff", order=True)
    await store.write(lambda tx: [tx.debates.ask_floor(scene.number, one) for one in (asked, request(eve))])
    begun = await store.write(lambda tx: tx.debates.begin_speech(scene.number, asked, LATER))
    expected = Speech(begun.id, ana, asked.name, LATER, None, Side.FOR, "staff", order=True)
    assert begun == expected
    assert [one.alias for one in await store.read(lambda tx: tx.debates.requests(scene.number))] == [eve]
    for characters in (10, 32):
        await store.write(lambda tx, c=characters: tx.debates.note_words(scene.number, 1, c))
    ended = await store.write(lambda tx: tx.debates.end_speech(scene.number, LATER + timedelta(minutes=1)))
    assert ended is not None
    assert (ended.id, ended.messages, ended.characters) == (begun.id, 2, 42)
    assert ended.ended_at == LATER + timedelta(minutes=1)
    assert await store.write(lambda tx: tx.debates.end_speech(scene.number, LATER)) is None
    await store.write(lambda tx: tx.debates.note_words(scene.number, 1, 5))
    following = await store.write(lambda tx: tx.debates.begin_speech(scene.number, request(eve), LATER))
    assert await store.read(lambda tx: tx.debates.speeches(scene.number)) == [ended, following]


async def test_the_floor_is_never_given_twice(store: SqlStore) -> None:
    scene, (ana, eve, _) = await debating(store)
    await store.write(lambda tx: tx.debates.begin_speech(scene.number, request(ana), NOW))
    with pytest.raises(IntegrityError):
        await store.write(lambda tx: tx.debates.begin_speech(scene.number, request(eve), NOW))
    assert [one.alias for one in await store.read(lambda tx: tx.debates.speeches(scene.number))] == [ana]


async def test_two_processes_make_one_list(url: str) -> None:
    first, second = open_store(url, process="a"), open_store(url, process="b")
    scene, aliases = await debating(first, voters=10)

    def ask(tx: Transaction, alias: int) -> bool:
        return tx.debates.ask_floor(scene.number, request(alias))

    calls = [store.write(lambda tx, a=alias: ask(tx, a)) for alias in aliases for store in (first, second)]
    new = await asyncio.gather(*calls)
    assert [one != other for one, other in zip(new[::2], new[1::2], strict=True)] == [True] * 10
    assert {one.alias for one in await first.read(lambda tx: tx.debates.requests(scene.number))} == set(aliases)
    await first.close()
    await second.close()


async def test_what_was_read_before_anything_was_changed_is_what_is_restored(store: SqlStore) -> None:
    (first, _), (second, _) = await debating(store), await debating(store)
    room = await store.read(lambda tx: tx.find_room(SALON))
    assert room is not None
    kept = HeldRoom(first.number, room.id, "everyone")
    other = HeldRoom(second.number, room.id, "admins")
    for held in (kept, HeldRoom(first.number, room.id, "nobody"), other):
        await store.write(lambda tx, held=held: tx.debates.hold_room(held))
    assert await store.read(lambda tx: tx.debates.held_rooms(first.number)) == [kept]
    assert await store.read(lambda tx: tx.debates.held_rooms()) == [kept, other]
    await store.write(lambda tx: tx.debates.release_room(first.number, room.id))
    assert await store.read(lambda tx: tx.debates.held_rooms()) == [other]


async def test_a_held_room_that_moves_is_still_to_be_restored(store: SqlStore) -> None:
    scene, _ = await debating(store)
    new = RoomRef("telegram", "-100200")

    def move(tx: Transaction) -> HeldRoom:
        old, seen = tx.find_room(SALON), tx.room(new, "Salon", NOW, "fr", "UTC")
        assert old is not None
        for held in (HeldRoom(scene.number, old.id, "first"), HeldRoom(scene.number, seen.id, "second")):
            tx.debates.hold_room(held)
        tx.move_room(SALON, new)
        return HeldRoom(scene.number, old.id, "first")

    kept = await store.write(move)
    assert await store.read(lambda tx: tx.debates.held_rooms()) == [kept]
