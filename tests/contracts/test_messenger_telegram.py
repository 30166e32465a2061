"""The messenger on Telegram, over the strict emulator: what becomes of a card, and how Telegram says no."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator

import pytest

from adapters.telegram.platform import TelegramPlatform
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.ports import Delivered, Later, Never, RoomMoved
from bot.text.card import File, Image
from tests.botapi import BotApi
from tests.contracts.telegram_bot import Book, card, connected, room, served

CALENDAR = File(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "dates-12.ics", "text/calendar")


def png(width: int = 2, height: int = 2) -> bytes:
    """A white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api
        assert api.violations == []


@pytest.fixture
async def platform(api: BotApi) -> AsyncIterator[TelegramPlatform]:
    async with connected(api) as platform:
        yield platform


def delivered(outcome: object) -> PostRef:
    assert isinstance(outcome, Delivered), outcome
    return outcome.post


async def test_a_card_is_posted_with_its_buttons_and_without_a_preview(api: BotApi, platform: TelegramPlatform) -> None:
    group = api.group("Assembly")
    post = delivered(await platform.messenger.post(room(group), card("Where?", "https://x.org", label="Café"), "k"))
    shown = await api.message_in(group, "Where?")
    assert post == PostRef(room(group), str(shown.id))
    assert shown.labels == ["Café"]
    assert api.calls_of("sendMessage")[0].params["link_preview_options"] == {"is_disabled": True}


async def test_a_silent_card_makes_no_sound(api: BotApi, platform: TelegramPlatform) -> None:
    group = api.group("Assembly")
    await platform.messenger.post(room(group), card("Quiet", silent=True), "k")
    assert (await api.message_in(group)).silent


async def test_an_edit_replaces_text_and_buttons_and_repeating_it_is_delivered(
    api: BotApi, platform: TelegramPlatform
) -> None:
    group = api.group("Assembly")
    post = delivered(await platform.messenger.post(room(group), card("Open", label="Café"), "k"))
    for _ in range(2):
        assert await platform.messenger.edit(post, card("Closed")) == Delivered(post)
    shown = await api.message_in(group, "Closed")
    assert shown.labels == []
    assert len(shown.history) == 2


async def test_an_edit_of_a_deleted_message_says_that_it_is_gone(api: BotApi, platform: TelegramPlatform) -> None:
    group = api.group("Assembly")
    post = delivered(await platform.messenger.post(room(group), card("Open"), "k"))
    await api.delete_message(await api.message_in(group))
    outcome = await platform.messenger.edit(post, card("Closed"))
    assert isinstance(outcome, Never)
    assert outcome.why == "message-gone"


@pytest.mark.parametrize(("rights", "may"), [(("can_pin_messages",), True), ((), False), (None, True)])
async def test_a_card_is_pinned_where_the_bot_may_and_posted_all_the_same(
    api: BotApi, platform: TelegramPlatform, rights: tuple[str, ...] | None, may: bool
) -> None:
    group = api.supergroup("Assembly", bot_rights=rights)
    outcome = await platform.messenger.post(room(group), card("Vote", pin=True), "k")
    assert isinstance(outcome, Delivered)
    assert outcome.pinned is may
    assert bool(group.pins) is may
    abilities = await platform.messenger.abilities(room(group))
    assert abilities is not None
    assert abilities.pins is may
    assert abilities.sees_arrivals is (rights is not None)


async def test_a_whisper_needs_a_private_chat_that_the_person_began(api: BotApi, platform: TelegramPlatform) -> None:
    ana = api.user("Ana")
    to = AccountRef("telegram", str(ana.id))
    refused = await platform.messenger.whisper(to, card("Preview"), "k", open_chat=True)
    assert isinstance(refused, Never)
    assert refused.why == "no-private-chat"
    await api.start(ana)
    delivered(await platform.messenger.whisper(to, card("Preview"), "k", open_chat=False))
    assert (await api.message_in(ana, "Preview")).chat.user == ana
    await api.block_bot(ana)
    blocked = await platform.messenger.whisper(to, card("Again"), "k2", open_chat=False)
    assert isinstance(blocked, Never)
    assert blocked.why == "no-private-chat"


async def test_the_log_says_what_failed_and_names_nobody_written_to_in_private(
    api: BotApi, platform: TelegramPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="adapters")
    ana = api.user("Ana")
    to = AccountRef("telegram", str(ana.id))
    await platform.messenger.whisper(to, card("Preview"), "k", open_chat=True)
    await platform.messenger.is_member(to, RoomRef("telegram", str(ana.id)))
    await platform.messenger.abilities(RoomRef("telegram", str(ana.id)))
    assert "not sent to a private chat: Forbidden" in caplog.text
    assert to.id not in caplog.text


async def test_too_many_requests_pause_that_chat_and_no_other(api: BotApi, platform: TelegramPlatform) -> None:
    busy, other = api.group("Busy"), api.group("Other")
    api.fault("sendMessage", "429", retry_after=30, chat_id=busy.id)
    first = await platform.messenger.post(room(busy), card("1"), "k1")
    again = await platform.messenger.post(room(busy), card("1"), "k1")
    assert first == Later(31.0)
    assert isinstance(again, Later)
    assert 29 < again.after <= 31
    assert len(api.calls_of("sendMessage")) == 1, "the second attempt did not bother Telegram"
    delivered(await platform.messenger.post(room(other), card("2"), "k2"))


async def test_a_lost_reply_may_have_been_delivered_but_a_refused_connection_was_not(
    api: BotApi, platform: TelegramPlatform
) -> None:
    group = api.group("Assembly")
    api.fault("sendMessage", "drop-after")
    outcome = await platform.messenger.post(room(group), card("Vote"), "k")
    assert outcome == Later(5.0, maybe_delivered=True)
    assert len(api.messages_in(group)) == 1
    api.fault("editMessageText", "drop-after")
    post = PostRef(room(group), str(api.messages_in(group)[0].id))
    assert await platform.messenger.edit(post, card("Edited")) == Later(5.0), "an edit can be repeated without harm"
    assert await platform.messenger.edit(post, card("Edited")) == Delivered(post)


async def test_nothing_is_delivered_when_telegram_can_t_be_reached() -> None:
    async with BotApi() as api:
        group = api.group("Assembly")
        async with connected(api) as platform:
            await api.__aexit__(None, None, None)
            assert await platform.messenger.post(room(group), card("Vote"), "k") == Later(5.0)


@pytest.mark.parametrize("trouble", ["500", "502"])
async def test_a_server_error_is_for_later(api: BotApi, platform: TelegramPlatform, trouble: str) -> None:
    group = api.group("Assembly")
    api.fault("sendMessage", trouble)  # type: ignore[arg-type]
    assert await platform.messenger.post(room(group), card("Vote"), "k") == Later(5.0, maybe_delivered=True)


async def test_a_group_that_became_a_supergroup_gets_its_card_there_and_the_door_hears_of_it(api: BotApi) -> None:
    ana, door = api.user("Ana"), Book()
    group = api.group("Assembly", admins=[ana])
    async with served(api, door) as platform:
        old = delivered(await platform.messenger.post(room(group), card("Before"), "k0"))
        new = await api.migrate(group)
        post = delivered(await platform.messenger.post(room(group), card("After"), "k"))
        assert post.room == room(new)
        assert await api.message_in(new, "After")
        moves = await door.first(RoomMoved, 2)
        assert {(move.old, move.new) for move in moves} == {(room(group), room(new))}
        assert len({move.key for move in moves}) == 1, "however it is heard of, it is one event"
        gone = await platform.messenger.edit(old, card("Edited"))
        assert isinstance(gone, Never)
        assert gone.why == "message-gone"


async def test_a_removed_bot_can_t_post_and_a_muted_one_may_not(api: BotApi, platform: TelegramPlatform) -> None:
    ana = api.user("Ana")
    group, muted = api.supergroup("Assembly", admins=[ana]), api.supergroup("Muted", admins=[ana])
    await api.remove_bot(group, ana)
    await api.restrict(api.me, muted, ana)
    gone = await platform.messenger.post(room(group), card("Vote"), "k1")
    refused = await platform.messenger.post(room(muted), card("Vote"), "k2")
    assert isinstance(gone, Never)
    assert gone.why == "room-gone"
    assert isinstance(refused, Never)
    assert refused.why == "not-allowed"
    assert await platform.messenger.abilities(room(group)) is None


async def test_a_card_stays_in_its_topic(api: BotApi, platform: TelegramPlatform) -> None:
    ana = api.user("Ana")
    forum = api.forum("Assembly", admins=[ana])
    topic = await api.create_topic(forum, "Votes", ana)
    there = room(forum, str(topic.id))
    post = delivered(await platform.messenger.post(there, card("Vote"), "k"))
    assert post.room == there
    assert (await api.message_in(forum, "Vote")).topic == topic
    nowhere = await platform.messenger.post(room(forum, "999"), card("Vote"), "k2")
    assert isinstance(nowhere, Never)
    assert nowhere.why == "room-gone"


async def test_a_card_answers_a_message_even_one_deleted_meanwhile(api: BotApi, platform: TelegramPlatform) -> None:
    ana = api.user("Ana")
    group = api.group("Assembly", [ana])
    asked, deleted = await api.say(ana, group, "/list"), await api.say(ana, group, "/help")
    await api.delete_message(deleted)
    for key, message in (("k1", asked), ("k2", deleted)):
        answered = PostRef(room(group), str(message.id))
        delivered(await platform.messenger.post(room(group), card(key), key, reply_to=answered))
    assert (await api.message_in(group, "k1")).reply_to is asked


async def test_a_long_card_is_several_messages_and_is_edited_as_such(api: BotApi, platform: TelegramPlatform) -> None:
    group = api.group("Assembly")
    long = card("a" * 3000, "b" * 3000, label="Café")
    post = delivered(await platform.messenger.post(room(group), long, "k"))
    first, second = api.messages_in(group)
    assert post.id == f"{first.id}+{second.id}"
    assert (first.labels, second.labels) == ([], ["Café"])
    assert await platform.messenger.edit(post, card("short", label="Café")) == Delivered(post)
    assert (first.text, second.text) == ("short", "…")
    assert second.labels == ["Café"]


async def test_the_parts_already_sent_are_not_sent_again(api: BotApi, platform: TelegramPlatform) -> None:
    group = api.group("Assembly")
    long = card("a" * 3000, "b" * 3000)
    api.fault("sendMessage", "slow", delay=0)
    api.fault("sendMessage", "500")
    assert isinstance(await platform.messenger.post(room(group), long, "k"), Later)
    delivered(await platform.messenger.post(room(group), long, "k"))
    assert [message.text[0] for message in api.messages_in(group)] == ["a", "b"]


async def test_a_picture_takes_its_words_with_it_and_they_can_be_edited(
    api: BotApi, platform: TelegramPlatform
) -> None:
    group = api.group("Assembly")
    image = Image(png(), "Café 3, Library 1", "result.png")
    post = delivered(await platform.messenger.post(room(group), card("Result", image=image), "k"))
    shown = await api.message_in(group, "Result")
    assert shown.file is not None
    assert (shown.file.data, shown.file.name) == (image.png, "result.png")
    assert await platform.messenger.edit(post, card("Certified", image=image)) == Delivered(post)
    assert await platform.messenger.edit(post, card("Answered")) == Delivered(post)
    assert shown.text == "Answered"


async def test_words_too_long_for_a_caption_follow_their_picture(api: BotApi, platform: TelegramPlatform) -> None:
    group = api.group("Assembly")
    image = Image(png(), "…", "result.png")
    post = delivered(await platform.messenger.post(room(group), card("R" * 2000, label="Café", image=image), "k"))
    picture, words = api.messages_in(group)
    assert picture.file is not None
    assert post.id == str(words.id)
    assert words.labels == ["Café"]
    assert await platform.messenger.edit(post, card("Certified", image=image)) == Delivered(post)
    assert words.text == "Certified"


async def test_a_file_takes_the_words_with_it_and_they_can_be_edited(api: BotApi, platform: TelegramPlatform) -> None:
    group = api.group("Assembly")
    post = delivered(await platform.messenger.post(room(group), card("Result", label="Data", file=CALENDAR), "k"))
    shown = await api.message_in(group, "Result")
    assert shown.file is not None
    assert (shown.file.data, shown.file.name, shown.file.mime) == (CALENDAR.data, CALENDAR.name, CALENDAR.mime)
    assert (post.id, shown.labels) == (str(shown.id), ["Data"])
    assert len(api.messages_in(group)) == 1
    assert await platform.messenger.edit(post, card("Certified", file=CALENDAR)) == Delivered(post)
    assert await platform.messenger.edit(post, card("Answered")) == Delivered(post)
    assert shown.text == "Answered"
    ana = api.user("Ana")
    await api.start(ana)
    to = AccountRef("telegram", str(ana.id))
    delivered(await platform.messenger.whisper(to, card("Yours", file=CALENDAR), "k2", open_chat=False))
    alone = (await api.message_in(ana, "Yours")).file
    assert alone is not None
    assert alone.name == CALENDAR.name


async def test_a_file_follows_its_picture_and_words_too_long_for_a_caption(
    api: BotApi, platform: TelegramPlatform
) -> None:
    group = api.supergroup("Assembly", bot_rights=["can_pin_messages"])
    image = Image(png(), "…", "result.png")
    both = card("Short", label="Data", image=image, file=CALENDAR, pin=True)
    post = delivered(await platform.messenger.post(room(group), both, "k"))
    picture, file = api.messages_in(group)
    assert (post.id, picture.text, file.text) == (str(picture.id), "Short", "")
    assert (picture.labels, file.labels) == (["Data"], [])
    assert group.pins == [picture.id]
    assert file.file is not None
    assert file.file.data == CALENDAR.data
    long = card("R" * 2000, label="Data", file=CALENDAR)
    post = delivered(await platform.messenger.post(room(group), long, "k2"))
    words, file = api.messages_in(group)[2:]
    assert (post.id, words.labels) == (str(words.id), ["Data"])
    assert file.file is not None
    assert await platform.messenger.edit(post, card("Certified", file=CALENDAR)) == Delivered(post)
    assert words.text == "Certified"


async def test_a_file_not_sent_yet_is_sent_when_asked_again_and_its_words_are_not_repeated(
    api: BotApi, platform: TelegramPlatform
) -> None:
    group = api.group("Assembly")
    long = card("R" * 2000, file=CALENDAR)
    api.fault("sendDocument", "500")
    assert isinstance(await platform.messenger.post(room(group), long, "k"), Later)
    delivered(await platform.messenger.post(room(group), long, "k"))
    assert [message.file is not None for message in api.messages_in(group)] == [False, True]


@pytest.mark.parametrize("words", ["Result", "R" * 2000], ids=["caption", "own message"])
async def test_where_files_and_pictures_are_not_taken_the_words_arrive(
    api: BotApi, platform: TelegramPlatform, words: str
) -> None:
    ana = api.user("Ana")
    group = api.supergroup("Assembly", admins=[ana])
    await api.restrict(api.me, group, ana, rights=["can_send_messages"])
    for key, attached in (("k1", {"file": CALENDAR}), ("k2", {"image": Image(png(), "…", "result.png")})):
        post = delivered(await platform.messenger.post(room(group), card(words, **attached), key))
        shown = api.messages_in(group)[-1]
        assert (shown.text, shown.file, post.id) == (words, None, str(shown.id))
        assert await platform.messenger.edit(post, card("Certified", **attached)) == Delivered(post)
        assert shown.text == "Certified"


async def test_members_and_administrators_are_asked_for_when_needed(api: BotApi, platform: TelegramPlatform) -> None:
    ana, bruno, chloe = api.user("Ana"), api.user("Bruno"), api.user("Chloé")
    helper = api.user("Helper", is_bot=True)
    group = api.supergroup("Assembly", [bruno], creator=ana, admins=[helper], bot_rights=())
    messenger, there = platform.messenger, room(group)
    accounts = [AccountRef("telegram", str(user.id)) for user in (ana, bruno, chloe)]
    assert [await messenger.is_member(account, there) for account in accounts] == [True, True, False]
    assert [await messenger.is_admin(account, there) for account in accounts] == [True, False, False]
    await api.restrict(bruno, group, ana)
    assert await messenger.is_member(accounts[1], there) is True
    await api.leave(bruno, group)
    assert await messenger.is_member(accounts[1], there) is False
    assert await messenger.is_member(AccountRef("matrix", "@ana:x.org"), there) is None


async def test_a_roster_is_a_number_of_people_without_the_bots_we_know(api: BotApi, platform: TelegramPlatform) -> None:
    people = [api.user(name) for name in ("Ana", "Bruno", "Chloé")]
    helper = api.user("Helper", is_bot=True)
    group = api.supergroup("Assembly", people, admins=[helper], bot_rights=())
    roster = await platform.messenger.roster(room(group))
    assert roster is not None
    assert (roster.members, roster.count) == (None, 3)
    assert await platform.messenger.roster(RoomRef("telegram", "-1009999")) is None


async def test_without_the_right_to_ask_membership_is_not_known(api: BotApi, platform: TelegramPlatform) -> None:
    bruno = api.user("Bruno")
    group = api.supergroup("Assembly", [bruno], hidden_members=True)
    assert await platform.messenger.is_member(AccountRef("telegram", str(bruno.id)), room(group)) is None


async def test_a_room_is_found_by_number_name_and_link_if_the_bot_is_in_it(
    api: BotApi, platform: TelegramPlatform
) -> None:
    group = api.supergroup("Assembly", username="assembly_of_all")
    api.supergroup("Elsewhere", username="elsewhere", bot=False)
    number = str(group.id).removeprefix("-100")
    for typed in (str(group.id), "@assembly_of_all", "https://t.me/assembly_of_all", f"t.me/c/{number}/17"):
        assert await platform.messenger.find_room(typed) == room(group), typed
    for typed in ("@elsewhere", "@nobody_at_all", "https://t.me/+AbCdEf", "assembly", "", "-100999"):
        assert await platform.messenger.find_room(typed) is None, typed


async def test_what_the_bot_may_do_is_asked_again_once_its_rights_changed(api: BotApi) -> None:
    ana, door = api.user("Ana"), Book()
    group = api.supergroup("Assembly", admins=[ana], bot_rights=())
    async with served(api, door) as platform:
        before = await platform.messenger.abilities(room(group))
        await platform.messenger.abilities(room(group))
        assert len(api.calls_of("getChat")) == 1
        await api.promote(api.me, group, ana, rights=["can_pin_messages"])
        await api.drained()
        after = await platform.messenger.abilities(room(group))
    assert before is not None
    assert after is not None
    assert (before.pins, after.pins) == (False, True)


async def test_what_a_person_typed_is_text_and_mentions_nobody(api: BotApi, platform: TelegramPlatform) -> None:
    group = api.group("Assembly")
    typed = '<b>@everyone</b> /ban@otherbot [x](tg://user?id=1) <a href="https://x.org">'
    await platform.messenger.post(room(group), card(typed), "k")
    shown = await api.message_in(group, "<b>")
    assert shown.text.replace("\u2060", "") == typed
    assert not {"mention", "bot_command", "text_mention"} & {entity["type"] for entity in shown.current.entities}


async def test_menus_are_set_for_each_language_and_kind_of_chat(api: BotApi, platform: TelegramPlatform) -> None:
    french = {"private": [("aide", "Aide"), ("débat", "Débattre")], "group": [("sondage", "Demander")]}
    english = {"private": [("help", "Help")], "group": [("poll", "Ask")], "admins": [("setup", "Set up")]}
    await platform.set_menu({"fr": french, "en": english})
    assert api.commands("all_private_chats", "fr") == [("aide", "Aide")], "no accents in a menu"
    assert api.commands("all_private_chats", "en") == [("help", "Help")]
    assert api.commands("all_group_chats") == [("sondage", "Demander")]
    assert api.commands("all_chat_administrators", "en") == [("setup", "Set up")]


async def test_a_refused_token_is_said_without_the_token() -> None:
    async with BotApi(token="1:TEST") as api:
        api.fault("getMe", "401")
        with pytest.raises(ConnectionError) as refused:
            async with connected(api):
                pass
        assert "TEST" not in repr(refused.value)
        assert refused.value.__suppress_context__
