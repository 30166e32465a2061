"""Matrix's own polls (MSC3381) on a real homeserver: posted beside the card, answered, ended, known after a restart."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.matrix.platform import MatrixPlatform
from bot.domain.ids import RoomRef
from bot.ports import BotMoved, Edited, Later, Said
from bot.text.card import Card, NativePoll
from tests.contracts.matrix_bot import PASSWORD, Account, Book, Friend, card, delivered, new_name
from tests.contracts.test_strict_client_matrix import member
from tests.servers.synapse import Homeserver

both = pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
UNSTABLE = "org.matrix.msc3381.poll"
POLL = NativePoll(12, "Where?", ((1, "1. Café"), (2, "2. Library"), (4, "4. <b>Hall</b>")), most=2, disclosed=True)


def asking(**changes: Any) -> Card:
    return replace(card("Where? · 12"), poll=replace(POLL, **changes))


async def met(ana: Friend, bot: Account, door: Book, encrypted: bool) -> RoomRef:
    room = await ana.meets(bot.user, encrypted=encrypted)
    await door.first(BotMoved)
    await ana.waits_for(bot.user, room)
    return room


async def sees(friend: Friend, kind: str) -> dict[str, Any]:
    event = await friend.sees(lambda event: event.source.get("type") == f"{UNSTABLE}.{kind}")
    return dict(event.source)


async def seen(friend: Friend, room: RoomRef, kind: str) -> list[Any]:
    """The events of that kind that the friend knows of, once they have read up to now."""
    mark = await friend.says(room, "up to here")
    await friend.sees_event(mark)
    return [event for event in friend.seen if event.source.get("type") == f"{UNSTABLE}.{kind}"]


async def answers(friend: Friend, room: RoomRef, poll: str, answers: object, *, stable: bool = False) -> str:
    relation = {"m.relates_to": {"rel_type": "m.reference", "event_id": poll}}
    if stable:
        return await friend.sends(room, {**relation, "m.selections": answers}, "m.poll.response")
    return await friend.sends(room, {**relation, f"{UNSTABLE}.response": {"answers": answers}}, f"{UNSTABLE}.response")


@both
async def test_a_poll_stands_below_its_card_and_its_answers_are_ballots(
    matrix_bot: Account, ana: Friend, encrypted: bool
) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, encrypted)
        post = delivered(await platform.messenger.post(room, asking(), "k"))
        assert delivered(await platform.messenger.post(room, asking(), "k")) == post
        poll = await sees(ana, "start")
        await answers(ana, room, poll["event_id"], ["2"])
        await answers(ana, room, poll["event_id"], ["4", "4"])
        await answers(ana, room, poll["event_id"], ["1", "2", "4"])
        await answers(ana, room, poll["event_id"], [], stable=True)
        await answers(ana, room, poll["event_id"], ["1", "3"], stable=True)
        await answers(ana, room, poll["event_id"], "1")
        said = await door.first(Said, 6)
        assert len(await seen(ana, room, "start")) == 1
    assert [each.text for each in said] == ["/v 12 2", "/v 12 4", "/v 12 1, 2", "/v 12 -", "/v 12 -", "/v 12 -"]
    assert {(each.who.account, each.room, each.private, each.speaker) for each in said} == {
        (ana.account, room, False, "person")
    }
    assert poll["content"]["m.relates_to"]["m.in_reply_to"] == {"event_id": post.id}
    asked = poll["content"][f"{UNSTABLE}.start"]
    assert (asked["kind"], asked["max_selections"]) == (f"{UNSTABLE}.disclosed", 2)
    assert [answer["id"] for answer in asked["answers"]] == ["1", "2", "4"]


async def test_answers_to_what_is_no_poll_of_ours_are_not_heard(
    matrix_bot: Account, ana: Friend, bruno: Friend
) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, encrypted=False)
        post = delivered(await platform.messenger.post(room, asking(), "k"))
        ours = await sees(ana, "start")
        content = {name: value for name, value in ours["content"].items() if name != "m.relates_to"}
        hers = await ana.sends(room, content, f"{UNSTABLE}.start")
        for poll in (hers, post.id):
            await answers(ana, room, poll, ["1"])
        await answers(ana, room, ours["event_id"], ["2"])
        said = await door.first(Said)
    assert [each.text for each in said] == ["/v 12 2"]


@both
async def test_after_a_restart_polls_are_known_and_ended_once(
    matrix_bot: Account, ana: Friend, encrypted: bool
) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, encrypted)
        post = delivered(await platform.messenger.post(room, asking(disclosed=False), "k"))
    poll = await sees(ana, "start")
    assert poll["content"][f"{UNSTABLE}.start"]["kind"] == f"{UNSTABLE}.undisclosed"
    ballot = await answers(ana, room, poll["event_id"], ["2", "1"])
    door = Book()
    async with matrix_bot.serving(door) as platform:
        [said] = await door.first(Said)
        await ana.client.room_redact(room.id, ballot)
        [redacted] = await door.first(Edited)
        await platform.messenger.edit(post, asking(over="It is over."))
        ended = await sees(ana, "end")
    async with matrix_bot.serving(Book()) as platform:
        for _ in range(2):
            assert delivered(await platform.messenger.edit(post, asking(over="It is over."))) == post
    assert said.text == "/v 12 2, 1"
    assert redacted.original == said.key
    assert ended["content"]["m.relates_to"] == {"rel_type": "m.reference", "event_id": poll["event_id"]}
    assert ended["content"]["org.matrix.msc1767.text"] == "It is over."
    assert len(await seen(ana, room, "end")) == 1


async def left(platform: MatrixPlatform, room: RoomRef, poll: str, who: Friend, until: datetime) -> list[str]:
    """What the account has answered and not taken back until then, the newest first."""
    found = await platform.messenger.poll_answers(room, poll, who.account, until)
    assert found is not None
    return [each.text for each in found]


async def redacts(friend: Friend, room: RoomRef, event: str, door: Book, number: int) -> None:
    """Return once the bot has heard of it."""
    await friend.client.room_redact(room.id, event)
    assert (await door.first(Edited, number))[-1].original == f"matrix:{event}"


@both
async def test_a_redacted_answer_leaves_those_before_it(
    matrix_bot: Account, ana: Friend, bruno: Friend, encrypted: bool
) -> None:
    """As the proposal has it; the poll, the answers and their keys are known after a restart, too."""
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, encrypted)
        await ana.client.room_invite(room.id, bruno.user)
        await bruno.joins(room)
        await ana.waits_for(bruno.user, room)
        delivered(await platform.messenger.post(room, asking(), "k"))
        poll = (await sees(ana, "start"))["event_id"]
        sent = [await answers(ana, room, poll, said) for said in (["1"], ["4", "2"], ["unknown"], [], ["2"])]
        await answers(bruno, room, poll, ["4"], stable=True)
        await ana.says(room, "1", reply_to=poll)
        said = [each for each in await door.first(Said, 6) if each.in_poll]
        assert {each.in_poll for each in said} == {poll}
        now = datetime.now(UTC) + timedelta(minutes=1)
        assert await left(platform, room, poll, ana, now) == ["2", "-", "-", "4, 2", "1"]
        await redacts(ana, room, sent[-1], door, 1)
        assert await left(platform, room, poll, ana, now) == ["-", "-", "4, 2", "1"]
    door = Book()
    async with matrix_bot.serving(door) as platform:
        for number, event in enumerate(sent[2:4], 1):
            await redacts(ana, room, event, door, number)
        assert await left(platform, room, poll, ana, now) == ["4, 2", "1"]
        assert await left(platform, room, poll, bruno, now) == ["4"]
        assert await left(platform, room, poll, ana, now - timedelta(hours=1)) == []
        assert await platform.messenger.poll_answers(room, sent[0], ana.account, now) is None


async def test_a_card_that_comes_too_late_has_no_poll(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await met(ana, matrix_bot, door, encrypted=False)
        post = delivered(await platform.messenger.post(room, asking(over="It is over."), "k"))
        assert delivered(await platform.messenger.edit(post, asking(over="It is over."))) == post
    assert not await seen(ana, room, "start")
    assert not await seen(ana, room, "end")


async def test_a_private_chat_has_its_own_poll(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        await met(ana, matrix_bot, door, encrypted=False)
        delivered(await platform.messenger.whisper(ana.account, asking(), "k", open_chat=True))
        await ana.sync()
        [chat] = ana.client.invited_rooms
        await ana.joins(RoomRef("matrix", chat))
        poll = await sees(ana, "start")
        await answers(ana, RoomRef("matrix", chat), poll["event_id"], ["1"])
        [said] = await door.first(Said)
    assert (said.text, said.private) == ("/v 12 1", True)


async def test_element_s_own_library_shows_the_poll_answers_it_and_sees_it_end(
    matrix_bot: Account, ana: Friend, homeserver: Homeserver
) -> None:
    door = Book()
    chloe = homeserver.register(new_name("chloe"), PASSWORD)
    async with matrix_bot.serving(door) as platform:
        room = await ana.meets(matrix_bot.user, encrypted=True)
        await door.first(BotMoved)
        await ana.client.room_invite(room.id, chloe)
        async with member(homeserver, chloe, room.id) as client:
            post = delivered(await platform.messenger.post(room, asking(), "k"))
            shown = await client.tells(lambda told: "poll" in told)
            await client.takes({"answer": ["4"]})
            [said] = await door.first(Said)
            await platform.messenger.edit(post, asking(over="It is over."))
            assert await client.tells(lambda told: "ended" in told) == {"ended": "Where?"}
    assert shown == {
        "poll": "Where?",
        "kind": f"{UNSTABLE}.disclosed",
        "most": 2,
        "answers": [["1", "1. Café"], ["2", "2. Library"], ["4", "4. <b>Hall</b>"]],
    }
    assert (said.text, said.who.account.id) == ("/v 12 4", chloe)


async def test_where_polls_are_not_allowed_the_card_stands_alone(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        levels = {"events": {f"{UNSTABLE}.start": 100}}
        room = await ana.meets(matrix_bot.user, power_level_override=levels)
        await door.first(BotMoved)
        post = delivered(await platform.messenger.post(room, asking(), "k"))
        assert delivered(await platform.messenger.edit(post, asking(over="It is over."))) == post
        await ana.hears("Where?")
    assert not await seen(ana, room, "start")
    assert not await seen(ana, room, "end")


async def test_a_poll_that_had_to_wait_is_posted_once(limited_bot: Account, limited_ana: Friend) -> None:
    door = Book()
    async with limited_bot.serving(door) as platform:
        room = await limited_ana.meets(limited_bot.user)
        await door.first(BotMoved)
        for number in range(6):
            while isinstance(outcome := await platform.messenger.post(room, asking(), f"k{number}"), Later):
                await asyncio.sleep(outcome.after)
            delivered(outcome)
    assert len(await seen(limited_ana, room, "start")) == 6
