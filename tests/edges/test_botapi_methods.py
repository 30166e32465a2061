"""The Bot API emulator, driven by python-telegram-bot over loopback: what the bot can do, and what it is refused."""

from __future__ import annotations

import asyncio
import struct
import zlib

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    ChatPermissions,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    MessageEntity,
)
from telegram.error import BadRequest, Forbidden

from tests.botapi import EVERY_RIGHT, BotApi, Chat, Message, User
from tests.edges.conftest import told

KEYS = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Café", callback_data="1|v|1"),
            InlineKeyboardButton("Bar", url="https://t.me/palabre_bot?start=x7"),
        ]
    ]
)


def png(width: int = 4, height: int = 3, grey: int = 0) -> bytes:
    rows = (b"\0" + bytes([grey]) * width) * height
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


async def test_nobody_is_written_to_before_start_or_after_a_block(api: BotApi, bot: Bot, ana: User) -> None:
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.send_message(ana.id, "hello")
    await api.start(ana)
    await bot.send_message(ana.id, "hello")
    await api.block_bot(ana)
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(ana.id, "hello")
    await api.start(ana)
    await bot.send_message(ana.id, "hello again")
    statuses = [u.my_chat_member.new_chat_member.status for u in await told(bot) if u.my_chat_member]
    assert statuses == ["kicked", "member"]
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(424242, "hello")


async def test_an_edit_keeps_the_history_and_drops_the_keyboard(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    sent = await bot.send_message(group.id, "one", reply_markup=KEYS)
    await bot.edit_message_text("two", group.id, sent.message_id)
    card = await api.message_in(group, "two")
    assert [version.text for version in card.history] == ["one", "two"]
    assert card.buttons == []
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text(" two ", group.id, sent.message_id)
    await bot.edit_message_reply_markup(group.id, sent.message_id, reply_markup=KEYS)
    assert card.labels == ["Café", "Bar"]


async def test_only_own_standing_messages_of_the_right_sort_can_be_edited(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    hers = await api.say(ana, group, "/poll")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", group.id, hers.id)
    sent = await bot.send_message(group.id, "one")
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await bot.edit_message_caption(group.id, sent.message_id, caption="x")
    await bot.delete_message(group.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", group.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(group.id, sent.message_id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(group.id, hers.id)


async def test_blanks_around_a_text_go_and_entities_move_along(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    sent = await bot.send_message(group.id, "  🌳 tree ", entities=[MessageEntity("bold", 2, 8)])
    assert sent.text == "🌳 tree"
    assert [(entity.offset, entity.length) for entity in sent.entities] == [(0, 7)]
    with pytest.raises(BadRequest, match="Message text is empty"):
        await bot.send_message(group.id, " \n ")


async def test_pictures_keep_their_bytes(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    sent = await bot.send_photo(group.id, png(8, 5), caption="chart", reply_markup=KEYS)
    assert (sent.photo[0].width, sent.photo[0].height) == (8, 5)
    kept = await api.message_in(group, "chart")
    assert kept.file is not None
    assert kept.file.data == png(8, 5)
    assert await (await bot.get_file(sent.photo[0].file_id)).download_as_bytearray() == png(8, 5)
    await bot.edit_message_caption(group.id, sent.message_id, caption="final")
    await bot.edit_message_media(InputMediaPhoto(png(8, 5, grey=9), caption="final"), group.id, sent.message_id)
    assert [version.text for version in kept.history] == ["chart", "final", "final"]
    assert kept.file.data == png(8, 5, grey=9)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", group.id, sent.message_id)
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(group.id, b"not a picture")
    await bot.send_document(group.id, b"a;b\n1;2\n", filename="sheet.csv", caption="sheet")
    sheet = (await api.message_in(group, "sheet")).file
    assert sheet is not None
    assert (sheet.name, sheet.data) == ("sheet.csv", b"a;b\n1;2\n")


async def test_pinning_needs_the_right(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.supergroup("Assembly", [ana], admins=[ana], bot_rights=())
    sent = await bot.send_message(group.id, "card")
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages in the chat"):
        await bot.pin_chat_message(group.id, sent.message_id)
    await api.promote(api.me, group, ana, rights=["can_pin_messages"])
    await bot.pin_chat_message(group.id, sent.message_id)
    assert [message.text for message in group.pinned] == ["card"]
    pinned = (await bot.get_chat(group.id)).pinned_message
    assert pinned is not None
    assert pinned.message_id == sent.message_id
    await bot.unpin_chat_message(group.id, sent.message_id)
    assert group.pins == []


async def test_members_are_what_telegram_says(api: BotApi, bot: Bot, ana: User) -> None:
    bo, cy, robot = api.user("Bo"), api.user("Cy"), api.user("Robot", is_bot=True)
    group = api.supergroup("Assembly", [bo, robot], creator=ana)
    await api.restrict(bo, group, ana, is_member=False)
    await api.restrict(cy, group, ana, rights=["can_send_messages"])
    await api.promote(robot, group, ana)
    found = [await bot.get_chat_member(group.id, user.id) for user in (ana, bo, cy, api.user("Di"))]
    assert [member.status for member in found] == ["creator", "restricted", "restricted", "left"]
    assert [member.is_member for member in found[1:3]] == [False, True]  # type: ignore[attr-defined]
    assert await bot.get_chat_member_count(group.id) == 4
    assert [member.user.id for member in await bot.get_chat_administrators(group.id)] == [ana.id]
    with pytest.raises(BadRequest, match="Member not found"):
        await bot.get_chat_member(group.id, 424242)


async def test_hidden_members_are_shown_to_administrators_only(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.supergroup("Assembly", [ana], hidden_members=True)
    with pytest.raises(BadRequest, match="Chat_admin_required"):
        await bot.get_chat_member(group.id, ana.id)
    await api.promote(api.me, group, ana)
    assert (await bot.get_chat_member(group.id, ana.id)).status == "member"


async def test_a_muted_bot_cannot_write(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.supergroup("Assembly", [ana])
    group.permissions.discard("can_send_messages")
    with pytest.raises(BadRequest, match="Not enough rights to send text messages"):
        await bot.send_message(group.id, "x")


async def test_an_answer_needs_its_message(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    asked = await api.say(ana, group, "/poll")
    sent = await bot.send_message(group.id, "here", reply_to_message_id=asked.id)
    assert sent.reply_to_message is not None
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(group.id, "here", reply_to_message_id=999)
    assert await bot.send_message(group.id, "here", reply_to_message_id=999, allow_sending_without_reply=True)


async def test_menus_are_kept_by_scope_and_language(api: BotApi, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("sondage", "poser une question")], BotCommandScopeAllGroupChats(), "fr")
    assert api.commands("all_group_chats", "fr") == [("sondage", "poser une question")]
    assert await bot.get_my_commands() == ()
    await bot.delete_my_commands(BotCommandScopeAllGroupChats(), "fr")
    assert api.commands("all_group_chats", "fr") == []
    await bot.set_my_description("Il délibère", "fr")
    assert (await bot.get_my_description("fr")).description == "Il délibère"
    assert (await bot.get_my_name()).name == "Palabre"


async def test_native_polls_count_and_close(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    sent = await bot.send_poll(group.id, "Where?", ["Café", "Library"], is_anonymous=False)
    await api.vote_in_poll(ana, group.messages[sent.message_id], [1])
    answers = [update.poll_answer.option_ids for update in await told(bot) if update.poll_answer]
    assert answers == [(1,)]
    closed = await bot.stop_poll(group.id, sent.message_id)
    assert [option.voter_count for option in closed.options] == [0, 1]
    with pytest.raises(BadRequest, match="Poll has already been closed"):
        await bot.stop_poll(group.id, sent.message_id)


async def test_messages_are_forwarded_and_copied(api: BotApi, bot: Bot, ana: User) -> None:
    group, other = api.group("Assembly", [ana]), api.supergroup("Board", [ana], username="board")
    asked = await api.say(ana, group, "/poll")
    forwarded = await bot.forward_message("@board", group.id, asked.id)
    assert forwarded.forward_origin is not None
    copied = await bot.copy_message(other.id, group.id, asked.id)
    assert [message.id for message in api.messages_in(other, "/poll")] == [forwarded.message_id, copied.message_id]
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(other.id, group.id, 999)
    assert await bot.send_chat_action(group.id, "typing")


async def test_waiting_says_what_was_there_instead(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    await bot.send_message(group.id, "draft")
    with pytest.raises(TimeoutError, match=r"no message with 'result'.*draft"):
        await api.message_in(group, "result", timeout=0.01)
    late = asyncio.create_task(api.message_in(group, "result"))
    await bot.send_message(group.id, "result: draft")
    assert isinstance(await late, Message)
    assert isinstance(api.private(ana), Chat)


async def test_what_a_group_closes_no_member_is_exempted_from(api: BotApi, bot: Bot, ana: User) -> None:
    bruno = api.user("Bruno")
    group = api.supergroup("Assembly", [bruno], creator=ana, bot_rights=EVERY_RIGHT)
    await bot.set_chat_permissions(group.id, ChatPermissions.no_permissions(), use_independent_chat_permissions=True)
    await bot.restrict_chat_member(group.id, bruno.id, ChatPermissions.all_permissions())
    assert not group.lets_write(bruno)
    with pytest.raises(PermissionError):
        await api.say(bruno, group, "hello")
    await bot.promote_chat_member(group.id, bruno.id, can_manage_chat=True)
    assert group.lets_write(bruno)
    with pytest.raises(BadRequest, match="administrator"):
        await bot.restrict_chat_member(group.id, bruno.id, ChatPermissions.no_permissions())
    await bot.promote_chat_member(group.id, bruno.id)
    assert not group.lets_write(bruno)


async def test_permissions_that_are_not_independent_bring_others(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.supergroup("Assembly", [], creator=ana, bot_rights=EVERY_RIGHT)
    polls = ChatPermissions(can_send_polls=True)
    await bot.set_chat_permissions(group.id, polls)
    assert group.permissions == {"can_send_polls", "can_send_messages"}
    await bot.set_chat_permissions(group.id, polls, use_independent_chat_permissions=True)
    assert group.permissions == {"can_send_polls"}


async def test_only_an_administrator_with_the_right_changes_rights(api: BotApi, bot: Bot, ana: User) -> None:
    bruno = api.user("Bruno")
    group = api.supergroup("Assembly", [bruno], creator=ana, bot_rights={"can_manage_chat"})
    with pytest.raises(BadRequest, match="rights to restrict"):
        await bot.set_chat_permissions(group.id, ChatPermissions.no_permissions())
    await api.promote(api.me, group, ana, rights=EVERY_RIGHT)
    with pytest.raises(BadRequest, match=r"(?i)chat_admin_required"):
        await bot.promote_chat_member(group.id, ana.id)
    with pytest.raises(BadRequest, match=r"(?i)user_not_participant"):
        await bot.promote_chat_member(group.id, api.user("Dan").id, can_manage_chat=True)
