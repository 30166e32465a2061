"""Cards out to Matrix, against a real homeserver: what people's own clients then show, in plain and encrypted rooms."""

from __future__ import annotations

import asyncio
import struct
import zlib

import pytest
from nio import DownloadResponse
from nio.crypto.attachments import decrypt_attachment

from bot.domain.ids import AccountRef, RoomRef
from bot.ports import BotMoved, Delivered, Later, Never, Said
from bot.text.card import Button, Card, File, Image, Line, Span
from tests.contracts.matrix_bot import PASSWORD, Account, Book, Friend, card, delivered, new_name

both = pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])


async def _met(ana: Friend, bot: Account, door: Book, **options: object) -> RoomRef:
    room = await ana.meets(bot.user, **options)
    await door.first(BotMoved)
    await ana.waits_for(bot.user, room)
    return room


@both
async def test_a_card_is_posted_edited_and_pinned(matrix_bot: Account, ana: Friend, encrypted: bool) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        levels = {"users": {matrix_bot.user: 50}}
        room = await _met(ana, matrix_bot, door, encrypted=encrypted, power_level_override=levels)
        posted = await platform.messenger.post(room, card("Where do we meet?", "", "1. Café", pin=True), "k1")
        assert isinstance(posted, Delivered)
        assert posted.pinned
        seen = await ana.hears("Where do we meet?")
        assert seen.event_id == posted.post.id
        assert seen.body == "Where do we meet?\n\n1. Café"
        assert seen.formatted_body == "<p>Where do we meet?</p><p>1. Café</p>"
        assert seen.source["content"]["m.mentions"] == {}
        pins = await ana.client.room_get_state_event(room.id, "m.room.pinned_events")
        assert pins.content["pinned"] == [posted.post.id]

        assert await platform.messenger.edit(posted.post, card("Where do we meet?", "", "1. Café ▇ 1")) == Delivered(
            posted.post
        )
        edit = (await ana.hears("1. Café ▇ 1")).source["content"]
        assert edit["m.relates_to"] == {"rel_type": "m.replace", "event_id": posted.post.id}
        assert edit["m.new_content"]["body"] == "Where do we meet?\n\n1. Café ▇ 1"


async def test_an_edit_to_what_already_stands_makes_no_event(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door)
        post = delivered(await platform.messenger.post(room, card("Same"), "k"))
        assert await platform.messenger.edit(post, card("Same")) == Delivered(post)
        delivered(await platform.messenger.post(room, card("Last"), "k2"))
        await ana.hears("Last")
    assert [event.body for event in ana.seen if hasattr(event, "body")] == ["Same", "Last"]


@both
async def test_the_same_key_posts_once_even_after_a_restart(matrix_bot: Account, ana: Friend, encrypted: bool) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door, encrypted=encrypted)
        first = delivered(await platform.messenger.post(room, card("Once"), "key"))
        assert delivered(await platform.messenger.post(room, card("Once"), "key")) == first
    async with matrix_bot.serving(door) as platform:
        assert delivered(await platform.messenger.post(room, card("Once"), "key")) == first
        assert delivered(await platform.messenger.post(room, card("Once"), "other key")) != first


async def test_messages_stand_in_the_order_they_were_given(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door, encrypted=True)
        words = [f"message {number}" for number in range(15)]
        await asyncio.gather(*(platform.messenger.post(room, card(word), word) for word in words))
        await ana.hears(words[-1])
        await ana.sees(lambda _: sum(event.body in words for event in ana.seen if hasattr(event, "body")) == len(words))
    assert [event.body for event in ana.seen if getattr(event, "body", "") in words] == words


@both
async def test_an_answer_in_the_room_is_a_reply(matrix_bot: Account, ana: Friend, encrypted: bool) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door, encrypted=encrypted)
        await ana.says(room, "!help")
        [said] = await door.first(Said)
        delivered(await platform.messenger.post(room, card("Here is help"), "k", said.message))
        answer = (await ana.hears("Here is help")).source["content"]
    assert said.message is not None
    assert answer["m.relates_to"] == {"m.in_reply_to": {"event_id": said.message.id}}


@both
async def test_a_picture_comes_with_words_and_below_the_card(matrix_bot: Account, ana: Friend, encrypted: bool) -> None:
    door = Book()
    picture = Image(_png(3, 2), "Library: 2 votes, Café: 1 vote", "results.png")
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door, encrypted=encrypted)
        for _ in range(2):
            delivered(await platform.messenger.post(room, card("Results", image=picture), "k"))
        delivered(await platform.messenger.post(room, card("Next"), "k2"))
        await ana.hears("Next")
    said = [event.source["content"] for event in ana.seen if event.sender == matrix_bot.user and hasattr(event, "body")]
    assert [content["body"] for content in said] == ["Results", "Library: 2 votes, Café: 1 vote", "Next"]
    shown = said[1]
    assert (shown["msgtype"], shown["filename"]) == ("m.image", "results.png")
    assert shown["info"] == {"mimetype": "image/png", "size": len(picture.png), "w": 3, "h": 2}
    assert ("file" in shown, "url" in shown) == (encrypted, not encrypted)


@both
async def test_a_file_comes_below_the_card_and_reads_back(matrix_bot: Account, ana: Friend, encrypted: bool) -> None:
    door = Book()
    file = File(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "dates-12.ics", "text/calendar")
    result = card("Results", image=Image(_png(3, 2), "Library: 2", "results.png"), file=file)
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door, encrypted=encrypted)
        for _ in range(2):
            delivered(await platform.messenger.post(room, result, "k"))
        delivered(await platform.messenger.post(room, card("Next"), "k2"))
        await ana.hears("Next")
        delivered(await platform.messenger.whisper(ana.account, card("Alone", file=file), "k3", open_chat=True))
    said = [event.source["content"] for event in ana.seen if event.sender == matrix_bot.user and hasattr(event, "body")]
    assert [content["body"] for content in said] == ["Results", "Library: 2", "dates-12.ics", "Next"]
    shown = said[2]
    assert (shown["msgtype"], shown["filename"]) == ("m.file", "dates-12.ics")
    assert shown["info"] == {"mimetype": "text/calendar", "size": len(file.data)}
    assert ("file" in shown, "url" in shown) == (encrypted, not encrypted)
    stored = await ana.client.download(shown["file"]["url"] if encrypted else shown["url"])
    assert isinstance(stored, DownloadResponse), stored
    bare = stored.body
    if encrypted:
        sealed = shown["file"]
        assert bare != file.data
        bare = decrypt_attachment(bare, sealed["key"]["k"], sealed["hashes"]["sha256"], sealed["iv"])
    assert bare == file.data


@both
async def test_a_card_too_long_for_an_event_becomes_several(matrix_bot: Account, ana: Friend, encrypted: bool) -> None:
    door = Book()
    lines = [f"{number}. {'é<' * 200}" for number in range(150)]
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door, encrypted=encrypted)
        post = delivered(await platform.messenger.post(room, card(*lines), "k"))
        assert isinstance(await platform.messenger.edit(post, card(*lines, "The end")), Delivered)
        await ana.sees(lambda event: "The end" in event.source["content"].get("m.new_content", {}).get("body", ""))
    posted = [event for event in ana.seen if event.sender == matrix_bot.user and hasattr(event, "body")]
    whole = [event for event in posted if "m.new_content" not in event.source["content"]]
    assert len(whole) > 1
    assert "\n".join(event.body for event in whole).splitlines() == lines
    assert whole[0].event_id == post.id


async def test_a_whisper_opens_a_chat_only_if_it_may(matrix_bot: Account, ana: Friend) -> None:
    async with matrix_bot.serving(Book()) as platform:
        assert await platform.messenger.whisper(ana.account, card("Psst"), "k", open_chat=False) == Never(
            "no-private-chat", "no chat with them yet"
        )
        # She has not accepted the invitation yet: the message waits for her, and the second finds the same chat.
        first = delivered(await platform.messenger.whisper(ana.account, card("Psst"), "k", open_chat=True))
        second = delivered(await platform.messenger.whisper(ana.account, card("Psst again"), "k2", open_chat=False))
        assert first.room == second.room
        await ana.joins(first.room)
        assert (await ana.hears("Psst")).decrypted
        assert (await ana.hears("Psst again")).decrypted
    async with matrix_bot.serving(Book()) as platform:
        third = delivered(await platform.messenger.whisper(ana.account, card("Still here"), "k3", open_chat=False))
        assert third.room == first.room


async def test_a_whisper_goes_to_the_chat_that_the_person_began(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await ana.meets(matrix_bot.user, name="", is_direct=True)
        await ana.waits_for(matrix_bot.user, room)
        await ana.says(room, "hello")
        [said] = await door.first(Said)
        assert (said.private, said.text) == (True, "hello")
        assert delivered(await platform.messenger.whisper(ana.account, card("Yes?"), "k", open_chat=False)).room == room
        assert door.of(BotMoved) == []


async def test_what_is_no_account_cannot_be_written_to(matrix_bot: Account) -> None:
    async with matrix_bot.serving(Book()) as platform:
        outcome = await platform.messenger.whisper(AccountRef("matrix", "ana"), card("?"), "k", open_chat=True)
        assert outcome == Never("no-private-chat", "not an account")


@pytest.mark.parametrize("version", ["10", "12"])
async def test_who_is_in_the_room_and_who_administers_it(
    matrix_bot: Account, ana: Friend, bruno: Friend, version: str
) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        levels = {"users": {bruno.user: 50} if version == "12" else {ana.user: 100, bruno.user: 50}}
        room = await _met(ana, matrix_bot, door, room_version=version, power_level_override=levels)
        asked = platform.messenger
        assert await asked.is_admin(ana.account, room) is True
        assert await asked.is_admin(bruno.account, room) is False  # has the power, but is not there
        await ana.client.room_invite(room.id, bruno.user)
        await bruno.joins(room)
        await ana.says(room, "!now")
        await door.first(Said)
        roster = await asked.roster(room)
        assert roster is not None
        assert {person.account for person in roster.members or ()} == {ana.account, bruno.account}
        assert roster.count == 2
        assert await asked.is_admin(bruno.account, room) is True
        assert await asked.is_member(bruno.account, room) is True
        assert await asked.is_admin(AccountRef("matrix", matrix_bot.user), room) is False
        await bruno.client.room_leave(room.id)
        await ana.says(room, "!again")
        await door.first(Said, 2)
        assert await asked.is_member(bruno.account, room) is False
        assert await asked.is_admin(bruno.account, room) is False
        roster = await asked.roster(room)
        assert [person.account for person in roster.members or ()] == [ana.account]


async def test_ghosts_and_foreign_accounts_are_not_on_the_roster(
    matrix_bot: Account, ana: Friend, befriend: object
) -> None:
    ghost: Friend = await befriend("telegram_12345678")  # type: ignore[operator]
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door)
        await ana.client.room_invite(room.id, ghost.user)
        await ghost.joins(room)
        await ghost.says(room, "!poll")
        [said] = await door.first(Said)
        assert said.speaker == "ghost"
        roster = await platform.messenger.roster(room)
        assert [person.account for person in roster.members or ()] == [ana.account]
    matrix_bot.changes = {"allowed_homeservers": ("example.org",)}
    async with matrix_bot.serving(door) as platform:
        roster = await platform.messenger.roster(room)
        assert (roster.members, roster.count) == ((), 0)


@pytest.mark.parametrize(
    ("levels", "may_send", "pins"),
    [({}, True, False), ({"events_default": 50}, False, False), ({"state_default": 0}, True, True)],
    ids=["usual", "announcements", "everybody decides"],
)
async def test_what_can_be_done_in_a_room(
    matrix_bot: Account, ana: Friend, levels: dict[str, int], may_send: bool, pins: bool
) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door, power_level_override=levels)
        able = await platform.messenger.abilities(room)
        assert able is not None
        assert (able.members_may_send, able.pins) == (may_send, pins)
        assert able.exact_roster
        assert able.sees_arrivals
        assert not able.private_answer
        assert not able.encrypted
        posted = await platform.messenger.post(room, card("Pin me", pin=True), "k")
        assert posted == (
            Never("not-allowed", "403 M_FORBIDDEN") if not may_send else Delivered(delivered(posted), pinned=pins)
        )
        assert await platform.messenger.abilities(RoomRef("matrix", "!elsewhere:localhost")) is None


async def test_rooms_are_found_by_every_kind_of_address(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    alias = new_name("agora")
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door, name=f"Agora {alias}", alias=alias)
        for address in (
            room.id,
            f"#{alias}:localhost",
            f"https://matrix.to/#/%23{alias}%3Alocalhost?via=localhost",
            f"https://matrix.to/#/{room.id}",
            f"matrix:r/{alias}:localhost",
            f"  agora   {alias} ",
        ):
            assert await platform.messenger.find_room(address) == room, address
        for address in ("#nothing:localhost", "!nothing", "Nothing", "", "https://matrix.to/#/"):
            assert await platform.messenger.find_room(address) is None, address


async def test_a_room_we_were_put_out_of_is_gone(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door)
        post = delivered(await platform.messenger.post(room, card("Here"), "k"))
        await ana.client.room_kick(room.id, matrix_bot.user)
        moved = (await door.first(BotMoved, 2))[1]
        assert (moved.present, moved.by and moved.by.account) == (False, ana.account)
        gone = Never("room-gone", "not in the room")
        assert await platform.messenger.post(room, card("?"), "k2") == gone
        assert await platform.messenger.edit(post, card("?")) == gone
        assert await platform.messenger.roster(room) is None
        assert await platform.messenger.is_member(ana.account, room) is None


async def test_nothing_on_a_card_calls_anybody(matrix_bot: Account, ana: Friend) -> None:
    door = Book()
    wicked = Card(
        (
            Line(
                (Span("!kick @room <b>"), Span("x", url="javascript:alert(1)"), Span("y", url="https://e.org/?a&b")),
            ),
        ),
        buttons=((Button("Site", url="https://e.org"),),),
    )
    async with matrix_bot.serving(door) as platform:
        room = await _met(ana, matrix_bot, door)
        delivered(await platform.messenger.post(room, wicked, "k"))
        content = (await ana.hears("@room")).source["content"]
    assert content["m.mentions"] == {}
    assert content["body"] == "\u2060!kick @room <b>xy (https://e.org/?a&b)\n\nSite: https://e.org"
    assert content["formatted_body"] == (
        '<p>!kick @room &lt;b&gt;x<a href="https://e.org/?a&amp;b">y</a></p><p><a href="https://e.org">Site</a></p>'
    )


async def test_limits_of_the_homeserver_are_obeyed(limited_bot: Account, limited_ana: Friend) -> None:
    door = Book()
    async with limited_bot.serving(door) as platform:
        room = await _met(limited_ana, limited_bot, door)
        posts = [platform.messenger.post(room, card(f"{number}"), f"k{number}") for number in range(6)]
        assert all(isinstance(outcome, Delivered) for outcome in await asyncio.gather(*posts))
        post = delivered(await platform.messenger.post(room, card("Live"), "live"))
        outcomes = [await platform.messenger.edit(post, card(f"{number}")) for number in range(6)]
        assert any(isinstance(outcome, Later) and outcome.after > 0 for outcome in outcomes)


def test_the_password_is_never_shown(matrix_bot: Account) -> None:
    assert PASSWORD not in repr(matrix_bot.settings)


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x20" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
