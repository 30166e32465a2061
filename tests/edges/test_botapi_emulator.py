"""The Bot API emulator, driven by python-telegram-bot over loopback: what the bot is told, and what it can do."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden

from tests.botapi import BotApi, User
from tests.edges.conftest import told

KEYS = InlineKeyboardMarkup(
    [
        [
            InlineKeyboardButton("Café", callback_data="1|v|1"),
            InlineKeyboardButton("Bar", url="https://t.me/palabre_bot?start=x7"),
        ]
    ]
)


async def texts(bot: Bot) -> list[str | None]:
    return [update.effective_message.text for update in await told(bot) if update.effective_message]


# What the bot hears


async def test_privacy_mode_lets_through_commands_replies_and_service_messages(
    api: BotApi, bot: Bot, ana: User
) -> None:
    group = api.supergroup("Assembly", [ana])
    await bot.send_message(group.id, "card")
    card = await api.message_in(group, "card")
    await api.say(ana, group, "hello")
    await api.say(ana, group, "/poll a b")
    await api.say(ana, group, "/poll@palabre_bot a b")
    await api.say(ana, group, "/poll@other_bot a b")
    await api.say(ana, group, "/pétition a")
    await api.reply(ana, card, "2")
    assert await texts(bot) == ["/poll a b", "/poll@palabre_bot a b", "2"]
    await api.join(api.user("Bo"), group)
    (update,) = await told(bot)
    assert update.message is not None
    assert [user.first_name for user in update.message.new_chat_members] == ["Bo"]


async def test_an_administrator_bot_hears_everything_but_other_bots(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.supergroup("Assembly", [ana], bot_rights=())
    await api.say(api.user("Robot", is_bot=True), group, "/poll")
    await api.say(ana, group, "hello")
    assert await texts(bot) == ["hello"]


async def test_a_bot_without_privacy_mode_says_so_and_hears_everything() -> None:
    async with BotApi(privacy=False) as api, Bot(api.token, base_url=api.base_url) as bot:
        assert (await bot.get_me()).can_read_all_group_messages
        ana = api.user("Ana")
        await api.say(ana, api.group("Assembly", [ana]), "hello")
        assert await texts(bot) == ["hello"]


async def test_nothing_is_heard_in_a_chat_the_bot_left(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    await bot.leave_chat(group.id)
    await api.say(ana, group, "/poll")
    (update,) = await told(bot)
    assert update.my_chat_member is not None
    assert update.my_chat_member.new_chat_member.status == "left"


async def test_an_anonymous_administrator_speaks_as_the_group_and_presses_as_oneself(
    api: BotApi, bot: Bot, ana: User
) -> None:
    group = api.supergroup("Assembly", [ana])
    await api.promote(ana, group)
    await api.hide_name(ana, group)
    await bot.send_message(group.id, "card", reply_markup=KEYS)
    await api.say(ana, group, "/settings")
    api.press(ana, await api.message_in(group, "card"), "Café")
    said, pressed = await told(bot)
    assert said.message is not None
    assert said.message.from_user is not None
    assert said.message.from_user.id == 1087968824
    assert said.message.sender_chat is not None
    assert said.message.sender_chat.id == group.id
    assert pressed.callback_query is not None
    assert pressed.callback_query.from_user.id == ana.id


async def test_channels_speak_through_their_own_account_and_linked_posts_through_777000(
    api: BotApi, bot: Bot, ana: User
) -> None:
    group = api.supergroup("Assembly", [ana], bot_rights=())
    channel = api.channel("News", linked=group)
    await api.say(ana, group, "/poll", as_chat=channel)
    await api.post_in_channel(channel, "Edition 1")
    spoken, forwarded = (update.message for update in await told(bot))
    assert spoken is not None
    assert forwarded is not None
    assert spoken.from_user is not None
    assert spoken.sender_chat is not None
    assert forwarded.from_user is not None
    assert (spoken.from_user.id, spoken.sender_chat.id) == (136817688, channel.id)
    assert (forwarded.from_user.id, forwarded.is_automatic_forward) == (777000, True)


async def test_a_deep_link_opens_the_private_chat(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    await bot.send_message(group.id, "card", reply_markup=KEYS)
    await api.follow(ana, await api.message_in(group), "Bar")
    (update,) = await told(bot)
    assert update.message is not None
    assert (update.message.text, update.message.chat.type, update.message.chat.id) == ("/start x7", "private", ana.id)
    await bot.send_message(ana.id, "welcome")
    assert (await api.message_in(ana)).text == "welcome"


async def test_a_username_can_change_hands(api: BotApi, bot: Bot, ana: User) -> None:
    await api.start(ana)
    api.rename(ana, username="ana_old")
    thief = api.user("Not Ana", username="ana_l")
    await api.start(thief)
    renamed = await bot.get_chat(ana.id)
    assert (renamed.username, (await bot.get_chat(thief.id)).username) == ("ana_old", "ana_l")


async def test_an_edit_reaches_the_bot_as_an_edit(api: BotApi, bot: Bot, ana: User) -> None:
    message = await api.say(ana, api.group("Assembly", [ana]), "/poll a")
    await api.edit_message(message, "/poll b")
    said, edited = await told(bot)
    assert edited.edited_message is not None
    assert edited.edited_message.text == "/poll b"
    assert edited.edited_message.edit_date is not None
    assert said.message is not None
    assert edited.edited_message.message_id == said.message.message_id


async def test_members_are_told_of_only_to_an_administrator_that_asked(api: BotApi, bot: Bot, ana: User) -> None:
    group, bo = api.supergroup("Assembly", [ana], bot_rights=()), api.user("Bo")
    await api.join(bo, group, announced=False)
    assert await told(bot) == []
    await bot.get_updates(allowed_updates=["message", "chat_member"])
    await api.leave(bo, group, announced=False)
    (update,) = await told(bot)
    assert update.chat_member is not None
    assert (update.chat_member.old_chat_member.status, update.chat_member.new_chat_member.status) == ("member", "left")
    await api.demote(api.me, group)
    await api.join(bo, group, announced=False)
    assert [update.my_chat_member for update in await told(bot)] == []


async def test_adding_and_removing_the_bot_is_told(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.supergroup("Assembly", [ana], bot=False)
    with pytest.raises(Forbidden, match="not a member of the supergroup"):
        await bot.send_message(group.id, "x")
    await api.add_bot(group, ana, rights=["can_pin_messages"])
    await api.remove_bot(group, ana)
    moves = [update.my_chat_member for update in await told(bot) if update.my_chat_member]
    assert [move.new_chat_member.status for move in moves] == ["member", "administrator", "kicked"]
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "x")


async def test_a_group_that_becomes_a_supergroup_says_so_in_both(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    new = await api.migrate(group)
    left, entered = (update.message for update in await told(bot))
    assert left is not None
    assert entered is not None
    assert (left.chat.id, left.migrate_to_chat_id) == (group.id, new.id)
    assert (entered.chat.id, entered.migrate_from_chat_id) == (new.id, group.id)
    with pytest.raises(ChatMigrated) as refusal:
        await bot.send_message(group.id, "x")
    assert refusal.value.new_chat_id == new.id


async def test_topics_and_threads_are_told_apart(api: BotApi, bot: Bot, ana: User) -> None:
    forum, group = api.forum("Forum", [ana]), api.supergroup("Assembly", [ana])
    topic = await api.create_topic(forum, "Budget", ana)
    await bot.send_message(forum.id, "in the topic", message_thread_id=topic.id)
    await api.reply(ana, await api.message_in(forum), "/vote")
    await bot.send_message(group.id, "card")
    await api.reply(ana, await api.message_in(group), "1")
    _, in_forum, in_group = (update.message for update in await told(bot))
    assert in_forum is not None
    assert in_group is not None
    assert (in_forum.message_thread_id, in_forum.is_topic_message) == (topic.id, True)
    assert in_group.message_thread_id is not None
    assert not in_group.is_topic_message
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(forum.id, "x", message_thread_id=99)
    await api.close_topic(forum, topic, ana)
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(forum.id, "x", message_thread_id=topic.id)


# Presses


async def test_a_press_resolves_with_the_answer_which_can_be_given_once(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    await bot.send_message(group.id, "card", reply_markup=KEYS)
    press = api.press(ana, await api.message_in(group, "card"), "Café")
    (update,) = await told(bot)
    assert update.callback_query is not None
    assert update.callback_query.data == "1|v|1"
    await update.callback_query.answer("noted", show_alert=True)
    answer = await press
    assert (answer.text, answer.show_alert) == ("noted", True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await update.callback_query.answer("again")
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("12345")


async def test_a_press_answered_by_a_link_leads_to_the_private_chat(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    await bot.send_message(group.id, "card", reply_markup=KEYS)
    press = api.press(ana, await api.message_in(group), "Café")
    await bot.answer_callback_query(press.id, url="https://t.me/palabre_bot?start=b12")
    await api.follow(ana, await press)
    assert "/start b12" in await texts(bot)


async def test_a_press_nobody_answers_times_out(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    await bot.send_message(group.id, "card", reply_markup=KEYS)
    with pytest.raises(TimeoutError, match="Ana's press"):
        await api.press(ana, await api.message_in(group), "Café", timeout=0.01)


async def test_forged_data_and_vanished_messages_are_pressed_too(api: BotApi, bot: Bot, ana: User) -> None:
    group = api.group("Assembly", [ana])
    await bot.send_message(group.id, "card", reply_markup=KEYS)
    card = await api.message_in(group)
    api.press(ana, card, "1|close|1", forged=True)
    await bot.delete_message(group.id, card.id)
    api.press(ana, card, "Café")
    forged, gone = (update.callback_query for update in await told(bot))
    assert forged is not None
    assert gone is not None
    assert forged.data == "1|close|1"
    assert gone.message is not None
    assert not gone.message.is_accessible
    with pytest.raises(LookupError, match="0 buttons"):
        api.press(ana, card, "Library")


# Updates and their confirmation


async def test_updates_are_told_again_until_confirmed(api: BotApi, bot: Bot, ana: User) -> None:
    await api.start(ana)
    for number in range(3):
        await api.say(ana, ana, f"{number}")
    first = await bot.get_updates(limit=2)
    assert [update.update_id for update in await bot.get_updates(limit=2)] == [update.update_id for update in first]
    assert api.pending == 4
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message.text for update in rest if update.message] == ["1", "2"]
    assert api.pending == 2
    await bot.get_updates(offset=rest[-1].update_id + 1)
    await api.drained()


async def test_a_long_poll_returns_when_something_happens(api: BotApi, bot: Bot, ana: User) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await api.wait(lambda: api.calls_of("getUpdates"))
    await api.start(ana)
    assert [update.message.text for update in await poll if update.message] == ["/start"]


async def test_a_second_poll_ends_the_first(api: BotApi, bot: Bot, ana: User) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=10))
    await api.wait(lambda: api.calls_of("getUpdates"))
    async with Bot(api.token, base_url=api.base_url) as twin:
        second = asyncio.create_task(twin.get_updates(timeout=10))
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await first
        await api.start(ana)
        assert len(await second) == 1


async def test_old_updates_can_come_back_and_new_ones_twice(api: BotApi, bot: Bot, ana: User) -> None:
    await api.start(ana)
    (first,) = await told(bot)
    api.redeliver()
    assert [update.update_id for update in await told(bot)] == [first.update_id]
    assert api.pending == 0
    api.redeliver(api.updates[:1], fresh_id=True)
    (fresh,) = await told(bot)
    assert fresh.update_id > first.update_id
    api.duplicate()
    await api.say(ana, ana, "hello")
    assert await texts(bot) == ["hello", "hello"]


async def test_a_webhook_is_posted_to_with_the_secret_until_it_accepts(api: BotApi, bot: Bot, ana: User) -> None:
    got: list[tuple[str | None, int]] = []

    async def hook(request: web.Request) -> web.Response:
        update = await request.json()
        got.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), update["update_id"]))
        return web.Response(status=200 if len(got) > 1 else 503)

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")
        await api.start(ana)
        await api.drained()
        assert len(got) == 2
        assert got[0] == got[1] == ("s3cret", api.updates[0]["update_id"])
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()
        assert (await bot.get_webhook_info()).pending_update_count == 0
        await bot.delete_webhook()
        assert (await bot.get_webhook_info()).url == ""
    finally:
        await runner.cleanup()
