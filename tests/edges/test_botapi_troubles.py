"""The Bot API emulator's troubles (faults, limits), and the emulator in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import Forbidden, NetworkError, RetryAfter

from tests.botapi import BotApi, Chat

ROOT = Path(__file__).parents[2]


class Hand:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
async def api(hand: Hand) -> AsyncIterator[BotApi]:
    async with BotApi(clock=hand, enforce_limits=True) as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with Bot(api.token, base_url=api.base_url) as running:
        yield running


@pytest.fixture
def group(api: BotApi) -> Chat:
    return api.group("Assembly", [api.user("Ana")])


@pytest.fixture(autouse=True)
def _durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns that RetryAfter's number will become a duration, unless it already is one."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


async def test_a_fault_strikes_so_many_times_and_only_where_told(api: BotApi, bot: Bot, group: Chat) -> None:
    other = api.group("Board", [])
    fault = api.fault("sendMessage", "429", times=2, retry_after=7, chat_id=group.id)
    await bot.send_message(other.id, "x")
    for _ in range(2):
        with pytest.raises(RetryAfter) as refusal:
            await bot.send_message(group.id, "x")
        assert refusal.value.retry_after == timedelta(seconds=7)
    await bot.send_message(group.id, "x")
    assert len(fault.hits) == 2
    assert [call.fault for call in api.calls_of("sendMessage")] == ["", "429", "429", ""]


@pytest.mark.parametrize(("kind", "error"), [("500", NetworkError), ("502", NetworkError), ("403", Forbidden)])
async def test_refusals_do_no_work(api: BotApi, bot: Bot, group: Chat, kind: Any, error: type[Exception]) -> None:
    api.fault("*", kind)
    with pytest.raises(error):
        await bot.send_message(group.id, "x")
    assert api.messages_in(group) == []
    await bot.send_message(group.id, "x")
    assert len(api.messages_in(group)) == 1


@pytest.mark.parametrize(("kind", "posted"), [("drop-before", 0), ("drop-after", 1)])
async def test_a_connection_breaks_before_or_after_the_work(
    api: BotApi, bot: Bot, group: Chat, kind: Any, posted: int
) -> None:
    api.fault("sendMessage", kind)
    with pytest.raises(NetworkError):
        await bot.send_message(group.id, "x")
    assert len(api.messages_in(group)) == posted


async def test_an_answer_can_be_held_after_the_work(api: BotApi, bot: Bot, group: Chat) -> None:
    fault = api.fault("sendMessage", "hold")
    sending = asyncio.create_task(bot.send_message(group.id, "x"))
    assert (await fault.struck()).method == "sendMessage"
    await api.message_in(group, "x")
    assert not sending.done()
    fault.release()
    assert (await sending).text == "x"


async def test_a_slow_answer_comes(api: BotApi, bot: Bot, group: Chat) -> None:
    fault = api.fault("*", "slow", delay=0.01)
    assert (await bot.send_message(group.id, "x")).text == "x"
    fault.lift()
    assert len(fault.hits) == 1


async def test_twenty_a_minute_in_a_group_edits_included(api: BotApi, bot: Bot, group: Chat, hand: Hand) -> None:
    sent = await bot.send_message(group.id, "0")
    for number in range(1, 20):
        hand.now += 1
        await bot.edit_message_text(f"{number}", group.id, sent.message_id)
    with pytest.raises(RetryAfter) as refusal:
        await bot.send_message(group.id, "x")
    assert refusal.value.retry_after == timedelta(seconds=41)
    await bot.answer_callback_query(api.press(api.user("Bo"), await api.message_in(group), "1|x", forged=True).id)
    hand.now += 41
    await bot.send_message(group.id, "x")
    assert [beat.kind for beat in api.pace.of(group)] == ["send", *["edit"] * 19, "send"]


async def test_thirty_a_second_overall(api: BotApi, bot: Bot, hand: Hand) -> None:
    people = [api.user(f"U{number}") for number in range(31)]
    for person in people:
        await api.start(person)
    for person in people[:30]:
        await bot.send_message(person.id, "x")
    with pytest.raises(RetryAfter):
        await bot.send_message(people[30].id, "x")
    hand.now += 1
    await bot.send_message(people[30].id, "x")
    assert api.pace.breaches == 1


async def test_dates_are_the_worlds(api: BotApi, bot: Bot, group: Chat, hand: Hand) -> None:
    sent = await bot.send_message(group.id, "x")
    assert sent.date.timestamp() == hand.now


async def test_the_emulator_runs_by_itself_and_is_driven_over_http() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.botapi", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        about = json.loads(await process.stdout.readline())
        async with aiohttp.ClientSession() as session, Bot(about["token"], base_url=about["base_url"]) as bot:
            await drive(session, f"http://127.0.0.1:{about['port']}/control", bot)
    finally:
        process.terminate()
        assert await process.wait() == 0


async def drive(session: aiohttp.ClientSession, control: str, bot: Bot) -> None:
    async def act(name: str, status: int = 200, **given: Any) -> dict[str, Any]:
        async with session.post(f"{control}/{name}", json=given) as answer:
            assert answer.status == status, await answer.text()
            return dict(await answer.json())

    ana = (await act("user", first_name="Ana"))["id"]
    group = (await act("group", title="Assembly", members=[ana]))["id"]
    await act("say", user=ana, chat=group, text="/poll a b")
    (said,) = await bot.get_updates()
    assert said.message is not None
    assert said.message.text == "/poll a b"
    await bot.send_message(
        group, "card", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Café", callback_data="1")]])
    )
    card = await act("message_in", chat=group, containing="card")
    assert card["labels"] == ["Café"]
    press = asyncio.create_task(act("press", user=ana, chat=group, message=card["id"], button="Café"))
    (pressed,) = await bot.get_updates(offset=said.update_id + 1, timeout=5)
    assert pressed.callback_query is not None
    await pressed.callback_query.answer("noted")
    assert (await press)["text"] == "noted"
    await act("close_down", status=404)
    await act("say", status=400, user=999, chat=group, text="x")
    async with session.get(f"{control}/state") as answer:
        state = await answer.json()
    assert (state["violations"], state["pending"]) == ([], 1)
    async with session.get(f"{control}/messages?chat={group}") as answer:
        assert [message["text"] for message in await answer.json()] == ["/poll a b", "card"]
