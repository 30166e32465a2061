"""What happens on Matrix reaches the door: all of it, in order, after crashes and absences, on a real homeserver."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from nio import RoomPreset, ShareGroupSessionResponse

from bot.domain.ids import PostRef, RoomRef
from bot.ports import BotMoved, Edited, MemberMoved, RoomMoved, Said
from tests.contracts.matrix_bot import Account, Book, Crash, Friend, card, delivered

both = pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])


async def _met(ana: Friend, bot: Account, door: Book, **options: Any) -> RoomRef:
    already = len(door.of(BotMoved))
    room = await ana.meets(bot.user, **options)
    await door.first(BotMoved, already + 1)
    await ana.waits_for(bot.user, room)
    return room


@both
async def test_what_was_said_while_the_bot_was_down_is_heard_in_order(
    matrix_bot: Account, ana: Friend, encrypted: bool
) -> None:
    door = Book()
    async with matrix_bot.serving(door):
        room = await _met(ana, matrix_bot, door, encrypted=encrypted)
        await ana.says(room, "!v before")
        await door.first(Said)
    words = [f"/v 12 {number}" for number in range(130)]
    for word in words:
        await ana.says(room, word.replace("/", "!"))
    door = Book()
    async with matrix_bot.serving(door):
        said = await door.first(Said, len(words))
    assert [each.text for each in said] == words
    assert len({each.key for each in said}) == len(words)


@both
async def test_after_a_crash_the_same_events_come_again(matrix_bot: Account, ana: Friend, encrypted: bool) -> None:
    door = Book()
    async with matrix_bot.serving(door):
        room = await _met(ana, matrix_bot, door, encrypted=encrypted)
    for number in range(3):
        await ana.says(room, f"!v 12 {number}")
    crashed = Book(crash_at=2)
    with pytest.raises(Crash):
        async with matrix_bot.serving(crashed) as platform:
            await platform.serve(crashed)
    door = Book()
    async with matrix_bot.serving(door):
        said = await door.first(Said, 3)
    assert [each.text for each in said] == ["/v 12 0", "/v 12 1", "/v 12 2"]
    assert {each.key for each in crashed.of(Said)} <= {each.key for each in said}


@both
async def test_a_fresh_bot_does_not_answer_the_past(matrix_bot: Account, ana: Friend, encrypted: bool) -> None:
    door = Book()
    room = await ana.meets(matrix_bot.user, encrypted=encrypted)
    await ana.says(room, "!before we were there")
    async with matrix_bot.serving(door):
        [moved] = await door.first(BotMoved)
        await ana.waits_for(matrix_bot.user, room)
        await ana.says(room, "!after")
        [said] = await door.first(Said)
    assert said.text == "/after"
    assert (moved.room, moved.room_title, moved.present) == (room, "Agora", True)
    assert moved.by is not None
    assert moved.by.account == ana.account


async def test_only_what_is_addressed_to_the_bot_is_heard(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door)
        post = delivered(await platform.messenger.post(room, card("1. Café"), "k"))
        chatter = await ana.says(room, "Good evening! /v is a command")
        await ana.says(room, "hello you", reply_to=chatter)
        await ana.says(room, "!ping@otherbot")
        await ana.says(room, "!!!")
        await ana.says(room, "/poll", kind="m.emote")
        await ana.says(room, f"> <{matrix_bot.user}> 1. Café\n> more\n\n2 > 1", reply_to=post.id)
        thread = {"rel_type": "m.thread", "event_id": post.id, "is_falling_back": True}
        relation = {**thread, "m.in_reply_to": {"event_id": chatter}}
        await ana.says(room, "3", **{"m.relates_to": relation})
        await ana.says(room, f"!V@{matrix_bot.user[1:].partition(':')[0]} 12 2")
        await ana.says(room, "/poll", kind="m.notice")
        said = await door.first(Said, 4)
    assert [each.text for each in said] == ["2 > 1", "3", "/V 12 2", "/poll"]
    assert [each.reply_to for each in said] == [post, post, None, None]
    assert [each.speaker for each in said] == ["person", "person", "person", "bot"]
    assert {(each.private, each.room_title, each.who.account) for each in said} == {(False, "Agora", ana.account)}


@both
async def test_replies_to_cards_older_than_the_bot_s_memory_are_known(
    matrix_bot: Account, ana: Friend, encrypted: bool
) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door, encrypted=encrypted)
        post = delivered(await platform.messenger.post(room, card("1. Café"), "k"))
        assert await platform.messenger.edit(post, card("1. Café ▇"))
        edit = await ana.sees(lambda event: "m.new_content" in event.source.get("content", {}))
    await ana.says(room, "1", reply_to=post.id)
    await ana.says(room, "2", reply_to=edit.event_id)
    door = Book()
    async with matrix_bot.serving(door):
        said = await door.first(Said, 2)
    assert [(each.text, each.reply_to) for each in said] == [("1", post), ("2", post)]


@both
async def test_edits_and_redactions_by_their_author_are_told(
    matrix_bot: Account, ana: Friend, bruno: Friend, encrypted: bool
) -> None:
    door = Book()
    async with matrix_bot.serving(door):
        room = await _met(ana, matrix_bot, door, encrypted=encrypted)
        await ana.client.room_invite(room.id, bruno.user)
        await bruno.joins(room)
        await ana.waits_for(bruno.user, room)
        ballot = await bruno.says(room, "!v 12 1")
        [said] = await door.first(Said)
        for author in (ana, bruno):
            content = {"msgtype": "m.text", "body": "!v 12 2"}
            relation = {"rel_type": "m.replace", "event_id": ballot}
            await author.sends(
                room, {**content, "body": "* !v 12 2", "m.new_content": content, "m.relates_to": relation}
            )
        await bruno.client.room_redact(room.id, ballot)
        edited = await door.first(Edited, 2)
    assert [(each.original, each.who.account) for each in edited] == [(said.key, bruno.account)] * 2
    assert len(door.of(Said)) == 1


async def test_arrivals_and_departures_are_told(matrix_bot: Account, ana: Friend, bruno: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door):
        room = await _met(ana, matrix_bot, door)
        await ana.client.room_invite(room.id, bruno.user)
        await bruno.joins(room)
        await bruno.client.set_displayname("Bruno <b>")
        await bruno.client.room_leave(room.id)
        moved = await door.first(MemberMoved, 2)
    assert [(each.who.account, each.joined, each.room) for each in moved] == [
        (bruno.account, True, room),
        (bruno.account, False, room),
    ]


async def test_a_private_chat_that_a_third_person_enters_is_private_no_more(
    matrix_bot: Account, ana: Friend, bruno: Friend
) -> None:
    door = Book()
    async with matrix_bot.serving(door):
        chat = await ana.meets(matrix_bot.user, name="", is_direct=True)
        await ana.waits_for(matrix_bot.user, chat)
        await ana.says(chat, "just us")
        assert (await door.first(Said))[0].private
    door = Book()
    async with matrix_bot.serving(door):
        await ana.says(chat, "still just us")
        assert (await door.first(Said))[0].private
        await ana.client.room_invite(chat.id, bruno.user)
        await bruno.joins(chat)
        await bruno.says(chat, "!hello")
        assert not (await door.first(Said, 2))[1].private


async def test_a_named_room_with_one_person_is_not_a_private_chat(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door):
        room = await _met(ana, matrix_bot, door, name="Assembly")
        await ana.says(room, "!poll")
        [said] = await door.first(Said)
    assert (said.private, said.room_title) == (False, "Assembly")


@pytest.mark.parametrize("public", [True, False], ids=["open to all", "by invitation"])
async def test_an_upgraded_room_is_followed(matrix_bot: Account, ana: Friend, public: bool) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        preset = {"preset": RoomPreset.public_chat} if public else {}
        room = await _met(ana, matrix_bot, door, room_version="10", **preset)
        answer = await ana.client.send(
            "POST",
            f"/_matrix/client/v3/rooms/{room.id}/upgrade",
            '{"new_version": "12"}',
            {"Authorization": f"Bearer {ana.client.access_token}"},
        )
        new = (await answer.json())["replacement_room"]
        if not public:
            await ana.client.room_invite(new, matrix_bot.user)
        [moved] = await door.first(RoomMoved)
        assert (moved.old, moved.new) == (room, RoomRef("matrix", new))
        assert len(door.of(BotMoved)) == 1
        assert await platform.messenger.is_admin(ana.account, moved.new)


async def test_nobody_can_take_over_a_room_by_claiming_to_continue_it(
    matrix_bot: Account, ana: Friend, bruno: Friend
) -> None:
    door = Book()
    async with matrix_bot.serving(door):
        room = await _met(ana, matrix_bot, door)
        await bruno.meets(matrix_bot.user, predecessor={"room_id": room.id, "event_id": "$any"})
        await door.first(BotMoved, 2)
    assert door.of(RoomMoved) == []


async def test_an_encrypted_message_cannot_pretend_to_be_a_departure(
    matrix_bot: Account, ana: Friend, bruno: Friend
) -> None:
    door = Book()
    async with matrix_bot.serving(door):
        room = await _met(ana, matrix_bot, door, encrypted=True)
        await ana.client.room_invite(room.id, bruno.user)
        await bruno.joins(room)
        await ana.waits_for(bruno.user, room)
        await ana.says(room, "!first")
        assert ana.client.olm
        claim = {"state_key": bruno.user, "unsigned": {"prev_content": {"membership": "join"}}}
        forged = {"type": "m.room.member", "content": {"membership": "leave"}, **claim}
        sealed = ana.client.olm.group_encrypt(room.id, forged)
        await ana.client.send(
            "PUT",
            f"/_matrix/client/v3/rooms/{room.id}/send/m.room.encrypted/forged",
            json.dumps(sealed),
            {"Authorization": f"Bearer {ana.client.access_token}"},
        )
        await ana.says(room, "!last")
        await door.first(Said, 2)
    assert [each.joined for each in door.of(MemberMoved)] == [True]


async def test_a_message_waits_for_its_key_even_across_a_restart(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    release: Callable[[], Awaitable[None]]
    async with matrix_bot.serving(door):
        room = await _met(ana, matrix_bot, door, encrypted=True)
        release = _holding_back_keys(ana)
        secret = await ana.says(room, "!v 12 1")
        await ana.client.room_send(room.id, "m.reaction", {"m.relates_to": {"rel_type": "m.annotation"}})
        await ana.client.set_displayname("Ana B.")
        await ana.client.room_leave(room.id)
        await door.first(MemberMoved)
    assert door.of(Said) == []
    door = Book()
    async with matrix_bot.serving(door):
        await release()
        [said] = await door.first(Said)
    assert (said.text, said.message) == ("/v 12 1", PostRef(room, secret))


def _holding_back_keys(friend: Friend) -> Callable[[], Awaitable[None]]:
    """From now on the friend's message keys stay with it, until what is returned is called."""
    send, held = friend.client._send, []

    async def hold(kind: type, method: str, path: str, data: Any = None, response_data: Any = None, **more: Any) -> Any:
        if kind is not ShareGroupSessionResponse:
            return await send(kind, method, path, data, response_data, **more)
        held.append((kind, method, path, data, response_data))
        return kind(*response_data)

    async def release() -> None:
        friend.client._send = send
        for request in held:
            await send(*request)

    friend.client._send = hold
    return release
