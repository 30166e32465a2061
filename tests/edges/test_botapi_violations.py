"""The Bot API emulator's severity: what it refuses and remembers, and that it takes what Telegram really sends."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi
from tests.botapi.schema import the_schema

GROUP = -5001
TEXT = {"chat_id": GROUP, "text": "🌳 tree"}


class Raw:
    """A bot that speaks plain HTTP."""

    def __init__(self, api: BotApi, session: aiohttp.ClientSession) -> None:
        self.api, self.session = api, session

    def address(self, method: str) -> str:
        return f"{self.api.base_url}{self.api.token}/{method}"

    async def call(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer to a call with a JSON body."""
        async with self.session.post(self.address(method), json=params or {}) as answer:
            body: dict[str, Any] = await answer.json()
            assert answer.status == (200 if body["ok"] else body["error_code"])
            return body


@pytest.fixture
async def raw() -> AsyncIterator[Raw]:
    async with BotApi() as api, aiohttp.ClientSession() as session:
        assert api.group("Assembly", [api.user("Ana")]).id == GROUP
        yield Raw(api, session)


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return TEXT | {"reply_markup": {"inline_keyboard": list(rows)}}


def key(**what: Any) -> dict[str, Any]:
    return {"text": "Café"} | what


def marked(**entity: Any) -> dict[str, Any]:
    return TEXT | {"entities": [{"type": "bold", "offset": 0, "length": 2} | entity]}


BREACHES: dict[str, tuple[str, dict[str, Any], str]] = {
    "unknown method": ("sendBallot", {}, "no such method"),
    "unmodelled method": ("sendDice", {"chat_id": GROUP}, "not modelled"),
    "unknown parameter": ("sendMessage", TEXT | {"colour": "red"}, "colour: not a parameter"),
    "missing parameter": ("sendMessage", {"chat_id": GROUP}, "text: missing"),
    "number for a text": ("sendMessage", {"chat_id": GROUP, "text": 7}, "7 is not String"),
    "text for a truth": ("sendMessage", TEXT | {"disable_notification": "maybe"}, "'maybe' is not Boolean"),
    "truth for a number": ("sendMessage", TEXT | {"message_thread_id": True}, "True is not Integer"),
    "too long": ("sendMessage", TEXT | {"text": "x" * 4097}, "length 4097"),
    "too long in UTF-16": ("sendMessage", TEXT | {"text": "🌳" * 2049}, "length 4098"),
    "empty": ("sendMessage", TEXT | {"text": ""}, "length 0"),
    "formatting": ("sendMessage", TEXT | {"parse_mode": "HTML"}, "never parsed"),
    "unmodelled parameter": ("sendMessage", TEXT | {"message_effect_id": "1"}, "not modelled"),
    "unknown field": ("sendMessage", TEXT | {"link_preview_options": {"disabled": True}}, "not a field of LinkPrev"),
    "entity outside": ("sendMessage", marked(length=9), "not inside the text of 7 units"),
    "entity without length": ("sendMessage", marked(length=0), "not inside"),
    "entity splits a pair": ("sendMessage", marked(offset=1, length=3), "splits a surrogate pair"),
    "entity of no type": ("sendMessage", marked(type="shiny"), "unknown type 'shiny'"),
    "link entity without link": ("sendMessage", marked(type="text_link"), "text_link needs url"),
    "data of 65 bytes": ("sendMessage", keyboard([key(callback_data="é" * 32 + "x")]), "length 65"),
    "empty data": ("sendMessage", keyboard([key(callback_data="")]), "length 0"),
    "button for nothing": ("sendMessage", keyboard([key()]), "exactly one thing"),
    "button for two things": ("sendMessage", keyboard([key(callback_data="1", url="https://a.eu")]), "exactly one"),
    "button without label": ("sendMessage", keyboard([key(text=" ", callback_data="1")]), "without a text"),
    "button to nowhere": ("sendMessage", keyboard([key(url="javascript:alert(1)")]), "is not a link"),
    "bad start": ("sendMessage", keyboard([key(url="https://t.me/palabre_bot?start=a.b")]), "start payload"),
    "nine in a row": ("sendMessage", keyboard([key(callback_data="1")] * 9), "9 buttons"),
    "empty row": ("sendMessage", keyboard([]), "0 buttons"),
    "101 buttons": ("sendMessage", keyboard(*[[key(callback_data="1")]] * 101), "more than 100 buttons"),
    "keyboard of no kind": ("sendMessage", TEXT | {"reply_markup": {"buttons": []}}, "reply_markup"),
    "long toast": ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "length 201"),
    "foreign link": ("answerCallbackQuery", {"callback_query_id": "1", "url": "https://a.eu"}, "only https://t.me"),
    "no such action": ("sendChatAction", {"chat_id": GROUP, "action": "voting"}, "'voting' is unknown"),
    "bad command": (
        "setMyCommands",
        {"commands": [{"command": "pétition", "description": "x"}]},
        "'pétition' is not 1 to 32",
    ),
    "scope of no kind": ("setMyCommands", {"commands": [], "scope": {"type": "everybody"}}, "scope"),
    "scope without chat": ("setMyCommands", {"commands": [], "scope": {"type": "chat"}}, "scope.chat_id: missing"),
    "lost attachment": (
        "editMessageMedia",
        {"chat_id": GROUP, "message_id": 1, "media": {"type": "photo", "media": "attach://chart"}},
        "chart: the file attach://chart is not in the request",
    ),
}


@pytest.mark.parametrize("case", BREACHES)
async def test_a_breach_is_refused_and_remembered(raw: Raw, case: str) -> None:
    method, params, problem = BREACHES[case]
    answer = await raw.call(method, params)
    assert not answer["ok"]
    assert answer["error_code"] in {400, 501}
    assert any(problem in violation for violation in raw.api.violations), raw.api.violations
    assert raw.api.messages_in(raw.api.world.chats[GROUP]) == []


@pytest.mark.parametrize(
    ("params", "words"),
    [
        (TEXT | {"text": "x" * 4097}, "Bad Request: message is too long"),
        (TEXT | {"text": ""}, "Bad Request: message text is empty"),
        (keyboard([key(callback_data="x" * 65)]), "Bad Request: BUTTON_DATA_INVALID"),
    ],
)
async def test_telegrams_own_words_are_used_where_it_has_some(raw: Raw, params: dict[str, Any], words: str) -> None:
    assert (await raw.call("sendMessage", params))["description"] == words


async def test_a_refusal_that_is_no_breach_is_not_held_against_the_bot(raw: Raw) -> None:
    assert (await raw.call("sendMessage", {"chat_id": 77, "text": "x"}))["description"] == "Bad Request: chat not found"
    assert (await raw.call("answerCallbackQuery", {"callback_query_id": "77"}))["error_code"] == 400
    assert raw.api.violations == []


async def test_forms_queries_json_and_multipart_all_say_the_same(raw: Raw) -> None:
    texts = {"chat_id": str(GROUP), "text": "tree", "disable_notification": "true"}
    texts["reply_markup"] = json.dumps({"inline_keyboard": [[key(callback_data="1")]]})
    parts = aiohttp.FormData(texts, default_to_multipart=True)
    native = texts | {"chat_id": GROUP, "disable_notification": True}
    sent: list[dict[str, Any]] = [{"data": texts}, {"params": texts}, {"json": native}, {"data": parts}]
    for how in sent:
        async with raw.session.post(raw.address("sendMessage"), **how) as answer:
            assert answer.status == 200, await answer.text()
    first, *others = (call.params for call in raw.api.calls_of("sendMessage"))
    assert all(params["text"] == "tree" and params["chat_id"] == GROUP for params in (first, *others))
    assert all(message.silent and message.labels == ["Café"] for message in raw.api.world.chats[GROUP].live)
    assert raw.api.violations == []


async def test_a_caption_is_at_most_1024_long_and_a_stray_file_is_refused(raw: Raw) -> None:
    form = aiohttp.FormData({"chat_id": str(GROUP), "caption": "x" * 1025})
    form.add_field("photo", b"\x89PNG", filename="a.png")
    async with raw.session.post(raw.address("sendPhoto"), data=form) as answer:
        assert (await answer.json())["description"] == "Bad Request: message caption is too long"
    form = aiohttp.FormData({"chat_id": str(GROUP), "text": "x"})
    form.add_field("chart", b"\x89PNG", filename="a.png")
    async with raw.session.post(raw.address("sendMessage"), data=form) as answer:
        assert answer.status == 400
    assert [v.split(": ", 1)[1] for v in raw.api.violations] == [
        "sendPhoto.caption: its length 1025 is not within [0, 1024]",
        "chart: a file that nothing refers to",
    ]


async def test_unreadable_requests_and_other_tokens_are_refused(raw: Raw) -> None:
    async with raw.session.post(
        raw.address("sendMessage"), data=b"{", headers={"Content-Type": "application/json"}
    ) as answer:
        assert answer.status == 400
    async with raw.session.get(f"{raw.api.base_url}2:OTHER/getMe") as answer:
        assert (await answer.json())["description"] == "Unauthorized"
    assert raw.api.violations == ["unreadable request: JSONDecodeError"]


async def test_a_bot_that_logged_out_is_unauthorised(raw: Raw) -> None:
    assert (await raw.call("logOut"))["ok"]
    assert (await raw.call("getMe"))["error_code"] == 401


# Fixtures of other libraries' tests that differ from what Bot API 10.3 sends, and in what.
UNFAITHFUL = {
    "channel_post_14": "type: not a field of Message",
    "chat_member_02": "None is not String",
    "message_26": "None is not String",
    "message_29": "None is not String",
    "message_44": "members_only: missing",
    "message_53": "chat_instance: missing",
    "message_65": "is_bot: missing",
    "message_92": "first_name: missing",
    "message_95": "True is none of",
    "message_98": "members_only: missing",
    "poll_answer_02": "option_persistent_ids: missing",
    "poll_answer_05_poll_answer_retracted": "option_persistent_ids: missing",
}


def test_updates_that_telegram_sent_satisfy_the_schema(test_data: Path) -> None:
    files = sorted((test_data / "06_telegram" / "updates").glob("*.json"))
    assert len(files) >= 50
    found = {
        file.stem: list(the_schema().problems("Update", json.loads(file.read_text("utf-8")), "update"))
        for file in files
    }
    assert {name for name, problems in found.items() if problems} == set(UNFAITHFUL)
    for name, problem in UNFAITHFUL.items():
        assert any(problem in said for said in found[name]), found[name]


def test_a_union_is_told_apart_by_its_constants() -> None:
    member = {"status": "restricted", "user": {"id": 1, "is_bot": False, "first_name": "Ana"}}
    problems = list(the_schema().problems("ChatMember", member, "member"))
    assert "member.is_member: missing" in problems
    assert all("owner" not in problem.lower() for problem in problems)


async def test_the_emulators_own_updates_and_answers_are_checked_too(raw: Raw) -> None:
    nameless = raw.api.user(None)  # type: ignore[arg-type]
    await raw.api.start(nameless)
    await raw.call("getChatMember", {"chat_id": GROUP, "user_id": nameless.id})
    assert "emulator: update.message.from.first_name: None is not String" in raw.api.violations
    assert "emulator: answer of getChatMember.user.first_name: None is not String" in raw.api.violations
