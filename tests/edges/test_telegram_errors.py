"""What Telegram's refusals mean, in the words of the ports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from adapters.telegram.errors import NeverSent, outcome
from adapters.telegram.request import AiohttpRequest
from bot.domain.ids import PostRef, RoomRef
from bot.ports import Delivered, Later, Never

POST = PostRef(RoomRef("telegram", "-1"), "7")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RetryAfter(7), Later(8.0)),
        (TimedOut(), Later(5.0, maybe_delivered=True)),
        (NetworkError("ServerDisconnectedError"), Later(5.0, maybe_delivered=True)),
        (TelegramError("the server's answer is no JSON object"), Later(5.0, maybe_delivered=True)),
        (NeverSent("ClientConnectorError"), Later(5.0)),
        (InvalidToken(), Later(60.0)),
        (Conflict("…"), Later(5.0, maybe_delivered=True)),
        (ChatMigrated(-100), Later(5.0)),
    ],
)
def test_troubles_that_pass_are_for_later(error: TelegramError, expected: Later) -> None:
    assert outcome(error) == expected


@pytest.mark.parametrize("error", [TimedOut(), NetworkError("Internal Server Error"), NeverSent("")])
def test_an_edit_can_be_repeated_without_harm(error: TelegramError) -> None:
    assert outcome(error, post=POST) == Later(5.0)


def test_a_message_that_already_reads_so_is_delivered() -> None:
    error = BadRequest("Message is not modified: specified new message content and reply markup are exactly the same")
    assert outcome(error, post=POST) == Delivered(POST)


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (BadRequest("Chat not found"), "room-gone"),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), "room-gone"),
        (Forbidden("Forbidden: the group chat was deleted"), "room-gone"),
        (Forbidden("Forbidden: something new"), "room-gone"),
        (BadRequest("Bad Request: message thread not found"), "room-gone"),
        (BadRequest("Bad Request: not enough rights to send text messages to the chat"), "not-allowed"),
        (BadRequest("Bad Request: have no rights to send a message"), "not-allowed"),
        (BadRequest("Bad Request: TOPIC_CLOSED"), "not-allowed"),
        (BadRequest("Bad Request: message to edit not found"), "message-gone"),
        (BadRequest("Bad Request: BUTTON_DATA_INVALID"), "rejected"),
        (BadRequest("Bad Request: message is too long"), "rejected"),
    ],
)
def test_refusals_of_a_room_say_why(error: TelegramError, cause: str) -> None:
    result = outcome(error)
    assert isinstance(result, Never)
    assert (result.why, result.detail) == (cause, error.message)


@pytest.mark.parametrize(
    "error",
    [
        Forbidden("Forbidden: bot was blocked by the user"),
        Forbidden("Forbidden: bot can't initiate conversation with a user"),
        Forbidden("Forbidden: user is deactivated"),
        BadRequest("Chat not found"),
        BadRequest("Bad Request: PEER_ID_INVALID"),
    ],
)
def test_a_person_without_a_private_chat_is_no_lost_room(error: TelegramError) -> None:
    result = outcome(error, whisper=True)
    assert isinstance(result, Never)
    assert result.why == "no-private-chat"


def test_an_edit_in_a_group_that_moved_finds_its_message_gone() -> None:
    result = outcome(ChatMigrated(-100), post=POST)
    assert isinstance(result, Never)
    assert result.why == "message-gone"


class Canned(AiohttpRequest):
    """A transport whose server always says the same."""

    __slots__ = ("_answer",)

    def __init__(self, answer: object) -> None:
        super().__init__()
        self._answer = json.dumps(answer).encode()

    async def do_request(self, *_positional: Any, **_named: Any) -> tuple[int, bytes]:
        return 400, self._answer


async def test_public_error_answers_become_outcomes(test_data: Path) -> None:
    cases = json.loads((test_data / "06_telegram/api_error_responses.json").read_text())
    seen = []
    for case in cases:
        with pytest.raises(TelegramError) as raised:
            await Canned(case["response"]).post("http://127.0.0.1")
        seen.append(outcome(raised.value))
    assert seen == [Later(2.0), Later(43.0), Later(43.0), Later(5.0)], (
        "the last one is a move: its wait is not asked for"
    )
