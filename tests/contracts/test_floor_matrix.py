"""The floor on Matrix, on a real homeserver: who can write while somebody speaks, and that all is as before."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from nio import RoomSendError

from adapters.matrix.platform import MatrixPlatform
from bot.domain.ids import RoomRef
from bot.ports import BotMoved, Delivered, MemberMoved, Never, Spoke
from tests.contracts.matrix_bot import Account, Book, Friend

LEVELS = "m.room.power_levels"


async def met(ana: Friend, bot: Account, door: Book, *others: Friend, **options: Any) -> RoomRef:
    """Ana's room with the bot at its level of power, and the others in it."""
    levels = {"users": {bot.user: 100}} | options.pop("levels", {})
    if "room_version" in options:
        # Since version 12 the creator stands above the levels and may not be listed; before, it had to be.
        levels["users"] |= {ana.user: 100}
    room = await ana.meets(bot.user, power_level_override=levels, **options)
    await door.first(BotMoved)
    await ana.waits_for(bot.user, room)
    for other in others:
        await ana.client.room_invite(room.id, other.user)
        await other.joins(room)
    if others:
        await door.first(MemberMoved, len(others))
    return room


async def levels(who: Friend, room: RoomRef) -> dict[str, Any]:
    answer = await who.client.room_get_state_event(room.id, LEVELS)
    return {name: value for name, value in answer.content.items() if value != {}}


async def may(who: Friend, room: RoomRef, kind: str = "m.room.message", content: dict[str, Any] | None = None) -> bool:
    """Whether the homeserver takes an event of this person."""
    said = content or {"msgtype": "m.text", "body": "words"}
    answer = await who.client.room_send(room.id, kind, said, uuid4().hex, ignore_unverified_devices=True)
    return not isinstance(answer, RoomSendError)


async def saved(platform: MatrixPlatform, room: RoomRef) -> str:
    found = await platform.messenger.floor(room)
    assert found is not None
    return found


@pytest.fixture
async def chloe(befriend: Any) -> Friend:
    found: Friend = await befriend("chloe")
    return found


@pytest.mark.parametrize("options", [{}, {"encrypted": True}, {"room_version": "10"}], ids=["plain", "sealed", "v10"])
async def test_one_speaker_after_another_has_the_room_then_everyone(
    matrix_bot: Account, ana: Friend, bruno: Friend, chloe: Friend, options: dict[str, Any]
) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, bruno, chloe, **options)
        before = await levels(ana, room)
        record = await saved(platform, room)
        assert await levels(ana, room) == before
        everyone = (ana, bruno, chloe)
        for speaker, silent in ((bruno, chloe), (chloe, bruno), (chloe, bruno)):
            assert isinstance(await platform.messenger.give_floor(room, record, speaker.account), Delivered)
            assert [await may(one, room) for one in (ana, speaker, silent)] == [True, True, False]
        said = await ana.says(room, "words")
        reaction = {"m.relates_to": {"rel_type": "m.annotation", "event_id": said, "key": "+"}}
        assert await may(bruno, room, "m.reaction", reaction)
        assert isinstance(await platform.messenger.give_floor(room, record, None), Delivered)
        assert [await may(one, room) for one in everyone] == [True, False, False]
        for _ in range(2):
            assert isinstance(await platform.messenger.free_floor(room, record), Delivered)
            assert await levels(ana, room) == before
        assert [await may(one, room) for one in everyone] == [True, True, True]


async def test_the_speaker_gets_no_right_but_to_write(matrix_bot: Account, ana: Friend, bruno: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, bruno)
        record = await saved(platform, room)
        await platform.messenger.give_floor(room, record, bruno.account)
        answer = await bruno.client.room_put_state(room.id, "m.room.topic", {"topic": "mine"})
        assert "M_FORBIDDEN" in str(answer)


async def test_a_new_process_restores_from_the_record_alone(matrix_bot: Account, ana: Friend, bruno: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, bruno)
        before, record = await levels(ana, room), await saved(platform, room)
        await platform.messenger.give_floor(room, record, bruno.account)
    async with matrix_bot.serving(Book()) as platform:
        assert isinstance(await platform.messenger.free_floor(room, record), Delivered)
    assert await levels(ana, room) == before


async def test_rooms_with_levels_of_their_own_are_closed_and_restored(
    matrix_bot: Account, ana: Friend, bruno: Friend, chloe: Friend
) -> None:
    own = {
        "users": {matrix_bot.user: 100, bruno.user: 10},
        "events": {"m.room.message": 0, "m.reaction": 5, "m.room.name": 50},
        "events_default": 5,
        "users_default": 5,
    }
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, bruno, chloe, levels=own)
        before, record = await levels(ana, room), await saved(platform, room)
        await platform.messenger.give_floor(room, record, chloe.account)
        assert [await may(one, room) for one in (bruno, chloe)] == [False, True]
        await platform.messenger.give_floor(room, record, bruno.account)
        assert [await may(one, room) for one in (bruno, chloe)] == [True, False]
        await platform.messenger.free_floor(room, record)
        assert await levels(ana, room) == before


async def test_what_others_changed_meanwhile_stays(matrix_bot: Account, ana: Friend, bruno: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, bruno)
        before, record = await levels(ana, room), await saved(platform, room)
        await platform.messenger.give_floor(room, record, bruno.account)
        now = await levels(ana, room)
        changed = now | {"kick": 60, "users": now["users"] | {bruno.user: 50}}
        await ana.client.room_put_state(room.id, LEVELS, changed)
        assert isinstance(await platform.messenger.free_floor(room, record), Delivered)
        after = await levels(ana, room)
        assert after == before | {"kick": 60, "users": before["users"] | {bruno.user: 50}}


@pytest.mark.parametrize(
    "own",
    [
        pytest.param({"users_default": 50}, id="everyone runs it"),
        pytest.param({"events_default": 50}, id="only those who run it write"),
    ],
)
async def test_where_closing_would_change_nothing_there_is_only_the_list(
    matrix_bot: Account, ana: Friend, own: dict[str, Any]
) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, levels=own)
        assert await platform.messenger.floor(room) is None


async def test_without_the_power_there_is_only_the_list(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, levels={"users": {matrix_bot.user: 50}})
        assert await platform.messenger.floor(room) is None
        assert await platform.messenger.floor(RoomRef("matrix", "!nowhere:example.org")) is None


async def test_power_lost_meanwhile_is_said(matrix_bot: Account, ana: Friend, bruno: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, bruno, levels={"users": {matrix_bot.user: 99},
                         "events": {LEVELS: 50}})  # fmt: skip
        record = await saved(platform, room)
        await platform.messenger.give_floor(room, record, bruno.account)
        now = await levels(ana, room)
        await ana.client.room_put_state(room.id, LEVELS, now | {"users": now["users"] | {matrix_bot.user: 0}})
        outcome = await platform.messenger.free_floor(room, record)
        assert isinstance(outcome, Never)
        assert outcome.why == "not-allowed"


async def test_what_a_speaker_writes_is_heard_as_a_length(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door):
        room = await met(ana, matrix_bot, door, encrypted=True)
        await ana.says(room, "twelve chars")
        (heard,) = await door.first(Spoke)
    assert (heard.who.account, heard.room, heard.length) == (ana.account, room, 12)
