"""How updates reach the door and are confirmed: nothing is lost, order is kept, presses are answered at once."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest

from adapters.telegram import polling
from bot.domain.ids import AccountRef, PostRef
from bot.ports import BotMoved, Incoming, MemberMoved, Pressed, Reply, Said
from bot.text.card import Card
from tests.botapi import BotApi, Chat, Message, User
from tests.contracts.telegram_bot import Book, card, connected, room, served


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        yield api
        assert api.violations == []


class Gate:
    """A door's work that the test holds up, for the persons it names (all unless named)."""

    def __init__(self, *held: User) -> None:
        self._held = {str(user.id) for user in held}
        self._open = asyncio.Event()
        self.passed: list[Incoming] = []

    async def __call__(self, incoming: Incoming) -> Reply | None:
        who = getattr(incoming, "who", None)
        if not self._held or (who and who.account.id in self._held):
            await self._open.wait()
        self.passed.append(incoming)
        return None

    def open(self) -> None:
        self._open.set()


async def posted(api: BotApi, group: Chat, shown: Card) -> Message:
    """The card, posted by a bot that is not serving."""
    async with connected(api) as platform:
        await platform.messenger.post(room(group), shown, "k")
    return api.messages_in(group)[-1]


async def test_a_press_is_answered_with_what_the_door_says(api: BotApi) -> None:
    ana = api.user("Ana", language_code="fr-CA")
    group = api.group("Assembly", [ana])
    message = await posted(api, group, card("Where?", label="Library"))
    async with served(api, Book()) as platform:
        assert platform.name == "palabre_bot"
        answer = await api.press(ana, message, "Library")
    assert (answer.text, answer.show_alert, answer.url) == ("noted", False, "")


async def test_a_press_tells_who_pressed_what_and_where(api: BotApi) -> None:
    ana = api.user("Ana", last_name="Lau", language_code="fr-CA")
    group = api.group("Assembly", [ana])
    message = await posted(api, group, card("Where?", label="Library"))
    door = Book()
    async with served(api, door):
        await api.press(ana, message, "Library")
    (press,) = door.of(Pressed)
    assert press.action == card("", label="x").buttons[0][0].action
    assert (press.who.account, press.who.name, press.who.language) == (_account(ana), "Ana Lau", "fr")
    assert (press.room, press.post) == (room(group), PostRef(room(group), str(message.id)))
    assert (press.private, press.speaker) == (False, "person")


async def test_forged_data_and_buttons_of_lost_messages_reach_the_door(api: BotApi) -> None:
    ana = api.user("Ana")
    group = api.group("Assembly", [ana])
    message = await posted(api, group, card("Where?", label="Library"))
    door = Book()
    async with served(api, door):
        await api.press(ana, message, "1|cast|12|2';DROP TABLE", forged=True)
        await api.press(ana, message, "Library", inaccessible=True)
    forged, lost = door.of(Pressed)
    assert forged.action is None
    assert lost.action is not None
    assert lost.post == PostRef(room(group), str(message.id))


async def test_the_answer_can_lead_to_the_private_chat(api: BotApi) -> None:
    ana = api.user("Ana")
    group = api.group("Assembly", [ana])
    message = await posted(api, group, card("Rank", label="Vote in private"))
    door = Book()
    door.reply = Reply(start="vote-12")
    async with served(api, door):
        answer = await api.press(ana, message, "Vote in private")
        assert answer.url == "https://t.me/palabre_bot?start=vote-12"
        await api.follow(ana, answer)
        (said,) = await door.first(Said)
    assert (said.text, said.private, said.room) == ("/start vote-12", True, room(ana))


async def test_a_long_toast_is_cut_and_an_alert_is_one(api: BotApi) -> None:
    ana = api.user("Ana")
    message = await posted(api, group := api.group("Assembly", [ana]), card("Where?", label="Library"))
    assert message.chat is group
    door = Book()
    door.reply = Reply("é" * 300, alert=True)
    async with served(api, door):
        answer = await api.press(ana, message, "Library")
    assert answer.text == "é" * 199 + "…"
    assert answer.show_alert


async def test_an_update_is_confirmed_only_after_the_door_has_returned(api: BotApi) -> None:
    ana, gate = api.user("Ana"), Gate()
    group = api.group("Assembly", [ana])
    message = await posted(api, group, card("Where?", label="Library"))
    door = Book(gate)
    async with served(api, door):
        press = api.press(ana, message, "Library")
        await door.first(Pressed)
        assert (api.pending, press.answer) == (1, None)
        gate.open()
        await press
        await api.drained()


async def test_what_was_not_finished_comes_again_under_the_same_name(api: BotApi) -> None:
    ana, gate = api.user("Ana"), Gate()
    group = api.group("Assembly", [ana])
    message = await posted(api, group, card("Where?", label="Library"))
    interrupted, next_door = Book(gate), Book()
    async with served(api, interrupted):
        press = api.press(ana, message, "Library")
        await interrupted.first(Pressed)
    assert gate.passed == []
    async with served(api, next_door):
        await press
        await api.drained()
    assert [event.key for event in next_door.events] == [event.key for event in interrupted.events]


async def test_one_person_s_acts_keep_their_order_and_nobody_waits_for_another(api: BotApi) -> None:
    ana, bruno = api.user("Ana"), api.user("Bruno")
    group = api.group("Assembly", [ana, bruno])
    gate = Gate(ana)
    door = Book(gate)
    async with served(api, door):
        for number in range(5):
            await api.say(ana, group, f"/v 12 {number}")
        await door.first(Said)
        await api.say(bruno, group, "/v 12 9")
        await door.first(Said, 2)
        assert {said.who.name for said in door.of(Said)} == {"Ana", "Bruno"}
        assert api.pending == 6, "nothing after an unfinished update is confirmed"
        gate.open()
        await api.drained()
    texts = [event.text for event in gate.passed if isinstance(event, Said)]
    assert texts == ["/v 12 9", *(f"/v 12 {number}" for number in range(5))]


async def test_a_door_that_raises_stops_nothing_and_its_update_does_not_come_back(
    api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    ana = api.user("Ana")
    group = api.group("Assembly", [ana])

    async def raising(incoming: Incoming) -> Reply | None:
        if isinstance(incoming, Said) and incoming.text == "/secret":
            raise ZeroDivisionError
        return None

    door = Book(raising)
    async with served(api, door):
        await api.say(ana, group, "/secret")
        await api.say(ana, group, "/help")
        await door.first(Said, 2)
        await api.drained()
    assert "ZeroDivisionError" in caplog.text
    assert "/secret" not in caplog.text


async def test_an_update_nobody_can_read_does_not_stop_the_others(api: BotApi) -> None:
    ana, door = api.user("Ana"), Book()
    group = api.group("Assembly", [ana])
    await api.say(ana, group, "/help")
    async with served(api, door):
        await door.first(Said)
        broken = {"message": {"message_id": 1, "chat": {"id": "?", "type": []}, "date": "yesterday"}}
        api.redeliver([broken], fresh_id=True)
        await api.say(ana, group, "/list")
        await door.first(Said, 2)
        await api.drained()
    api.violations[:] = [violation for violation in api.violations if not violation.startswith("emulator")]


async def test_updates_of_an_outage_are_fetched_after_it(api: BotApi) -> None:
    ana, door = api.user("Ana"), Book()
    group = api.group("Assembly", [ana])
    api.fault("getUpdates", "502")
    async with served(api, door):
        await api.say(ana, group, "/help")
        assert [said.text for said in await door.first(Said)] == ["/help"]


async def test_a_second_poller_is_named_in_the_log(
    api: BotApi, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = asyncio.Event()
    monkeypatch.setattr(polling.logger, "filters", [lambda _record: said.set() or True])
    async with connected(api) as platform, aiohttp.ClientSession() as other:
        serving = asyncio.create_task(platform.serve(Book()))
        await api.wait(lambda: api.calls_of("getUpdates"), what="the first poll")
        async with other.get(f"{api.base_url}{api.token}/getUpdates", params={"timeout": 0}) as answer:
            assert answer.status == 200
        async with asyncio.timeout(5):
            await said.wait()
        serving.cancel()
        await asyncio.wait({serving})
    assert [record.levelno for record in caplog.records if "another program" in record.message] == [logging.ERROR]


async def test_arrivals_departures_and_the_bot_s_own_are_told(api: BotApi) -> None:
    ana, bruno = api.user("Ana"), api.user("Bruno")
    door = Book()
    group = api.supergroup("Assembly", creator=ana, bot=False)
    async with served(api, door):
        await api.add_bot(group, ana, rights=["can_pin_messages"])
        (added,) = await door.first(BotMoved)
        await api.join(bruno, group)
        await api.leave(bruno, group, announced=False)
        moves = await door.first(MemberMoved, 3)
        await api.remove_bot(group, ana)
        gone = (await door.first(BotMoved, 2))[1]
    assert (added.present, added.room, added.room_title, added.by and added.by.name) == (
        True,
        room(group),
        "Assembly",
        "Ana",
    )
    assert (gone.present, gone.room) == (False, room(group))
    assert [(move.who.name, move.joined, move.room) for move in moves] == [
        ("Bruno", True, room(group)),
        ("Bruno", True, room(group)),
        ("Bruno", False, room(group)),
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_webhook_takes_updates_that_know_the_secret_and_no_others(api: BotApi) -> None:
    ana, door, port = api.user("Ana"), Book(), free_port()
    group = api.group("Assembly", [ana])
    hook = {"mode": "webhook", "webhook_url": f"http://127.0.0.1:{port}/hook", "webhook_listen": f"127.0.0.1:{port}"}
    async with served(api, door, **hook), aiohttp.ClientSession() as stranger:
        await api.say(ana, group, "/help")
        await door.first(Said)
        await api.drained()
        forged = {"update_id": 1, "message": dict(api.updates[0]["message"], text="/cancel 12")}
        for secret in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}, {"X-Telegram-Bot-Api-Secret-Token": "é"}):
            async with stranger.post(hook["webhook_url"], json=forged, headers=secret) as answer:
                assert answer.status == 403
    assert [said.text for said in door.of(Said)] == ["/help"]


async def test_a_webhook_says_200_only_after_the_door_has_returned(api: BotApi) -> None:
    ana, gate, port = api.user("Ana"), Gate(), free_port()
    await api.say(ana, api.group("Assembly", [ana]), "/help")
    url = f"http://127.0.0.1:{port}/"
    hook = {"mode": "webhook", "webhook_url": url, "webhook_listen": f"127.0.0.1:{port}", "webhook_secret": "s3cret"}
    door = Book(gate)
    async with served(api, door, **hook), aiohttp.ClientSession() as telegram:
        await door.first(Said)

        async def post() -> int:
            known = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
            async with telegram.post(url, json=api.updates[0] | {"update_id": 1}, headers=known) as answer:
                return answer.status

        posting = asyncio.create_task(post())
        for _ in range(3):
            async with telegram.post(url, json={}) as refused:
                assert refused.status == 403, "the server does answer meanwhile"
        assert not posting.done()
        assert api.pending == 1
        gate.open()
        assert await posting == 200
        await api.drained()


async def test_an_answer_that_the_network_lost_is_given_again(api: BotApi) -> None:
    ana = api.user("Ana")
    message = await posted(api, api.group("Assembly", [ana]), card("Where?", label="Library"))
    api.fault("answerCallbackQuery", "drop-before")
    async with served(api, Book()):
        assert (await api.press(ana, message, "Library")).text == "noted"


async def test_a_press_too_old_to_be_answered_is_no_trouble(api: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    ana = api.user("Ana")
    message = await posted(api, api.group("Assembly", [ana]), card("Where?", label="Library"))
    door = Book()
    api.press(ana, message, "Library").expire()
    async with served(api, door):
        await door.first(Pressed)
        await api.wait(lambda: api.calls_of("answerCallbackQuery"), what="the answer")
        assert (await api.press(ana, message, "Library")).text == "noted"
    told = [record for record in caplog.records if "too old" in record.getMessage().lower()]
    assert [record.levelno for record in told] == [logging.INFO]


async def test_the_bot_s_arrival_is_handled_before_what_follows(api: BotApi) -> None:
    ana, bruno, arrival = api.user("Ana"), api.user("Bruno"), asyncio.Event()

    async def slow_arrival(incoming: Incoming) -> Reply | None:
        if isinstance(incoming, BotMoved):
            await arrival.wait()
        return None

    door, group = Book(slow_arrival), api.supergroup("Assembly", [bruno], creator=ana, bot=False)
    async with served(api, door):
        await api.add_bot(group, ana)
        await door.first(BotMoved)
        await api.say(bruno, group, "/poll")
        # Fetched for the second time, the command has been taken in, and waits.
        await api.wait(lambda: _offered(api, "/poll") > 1, what="the command being fetched")
        assert door.of(Said) == []
        arrival.set()
        await door.first(Said)


def _offered(api: BotApi, text: str) -> int:
    """How many answers to getUpdates held a message with this text."""
    return sum(text in str(call.result) for call in api.calls_of("getUpdates"))


def _account(user: User) -> AccountRef:
    return AccountRef("telegram", str(user.id))
