"""The rules of the Bot API that its schema doesn't write down: entities, keyboards, links, names of commands.

Each check yields what is wrong, one sentence each. A call that breaks one is
refused and held against the caller. Limits: Bot API documentation and Bots FAQ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.botapi.schema import units

MAX_ENTITIES = 100
MAX_ROW = 8
MAX_BUTTONS = 100
MAX_COMMANDS = 100
MAX_PHOTO_SIDES = 10_000
MAX_PHOTO_RATIO = 20

UNMODELLED = frozenset(
    {
        "business_connection_id",
        "direct_messages_topic_id",
        "ephemeral_message_parameters",
        "suggested_post_parameters",
        "message_effect_id",
        "inline_message_id",
        "rich_message",
        "certificate",
    }
)
"""Parameters that are in the schema and not in this emulator: silently ignoring them would hide a mistake."""

_ENTITIES = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)
_NEEDS = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id", "date_time": "unix_time"}
_ACTS = [
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
]
_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def breaches(method: str, params: dict[str, Any], username: str) -> Iterator[str]:
    """What the call does that the schema allows and the server doesn't."""
    yield from (f"{name}: not modelled by the emulator" for name in params if name in UNMODELLED)
    for name in params:
        if name.endswith("parse_mode"):
            yield f"{name}: formatting is sent as entities here, never parsed"
    yield from _entities(params.get("text", ""), params.get("entities", []), "entities")
    yield from _entities(params.get("caption", ""), params.get("caption_entities", []), "caption_entities")
    yield from _keyboard(params.get("reply_markup"), username)
    if method == "sendChatAction" and params["action"] not in _ACTIONS:
        yield f"action: {params['action']!r} is unknown"
    if method == "setMyCommands":
        yield from _commands(params)
    if method == "answerCallbackQuery" and "url" in params and start_payload(params["url"], username) is None:
        yield "url: only https://t.me/<this bot>?start=… opens from a press"


def _entities(text: str, entities: list[dict[str, Any]], at: str) -> Iterator[str]:
    if len(entities) > MAX_ENTITIES:
        yield f"{at}: more than {MAX_ENTITIES}"
    cuts = _boundaries(text) if entities else set()
    for index, entity in enumerate(entities):
        where, kind = f"{at}[{index}]", entity["type"]
        if kind not in _ENTITIES:
            yield f"{where}: unknown type {kind!r}"
        if kind in _NEEDS and _NEEDS[kind] not in entity:
            yield f"{where}: {kind} needs {_NEEDS[kind]}"
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["length"] < 1 or begin < 0 or end > units(text):
            yield f"{where}: {begin}…{end} is not inside the text of {units(text)} units"
        elif begin not in cuts or end not in cuts:
            yield f"{where}: {begin}…{end} splits a surrogate pair"


def _boundaries(text: str) -> set[int]:
    """The offsets, in UTF-16 units, at which a character begins or the text ends."""
    cuts, position = {0}, 0
    for character in text:
        position += 2 if character > "\uffff" else 1
        cuts.add(position)
    return cuts


def _keyboard(markup: dict[str, Any] | None, username: str) -> Iterator[str]:
    rows = (markup or {}).get("inline_keyboard", [])
    if sum(len(row) for row in rows) > MAX_BUTTONS:
        yield f"reply_markup: more than {MAX_BUTTONS} buttons"
    for index, row in enumerate(rows):
        if not 1 <= len(row) <= MAX_ROW:
            yield f"reply_markup: row {index} has {len(row)} buttons, not 1 to {MAX_ROW}"
        for button in row:
            yield from _button(button, username)


def _button(button: dict[str, Any], username: str) -> Iterator[str]:
    if not button["text"].strip():
        yield "reply_markup: a button without a text"
    if sum(act in button for act in _ACTS) != 1:
        yield f"reply_markup: {button['text']!r} must do exactly one thing"
    if "url" in button:
        yield from _link(button["url"], username)


def _link(url: str, username: str) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https", "tg"} or not parts.netloc:
        yield f"reply_markup: {url!r} is not a link"
    opens_us = parts.netloc == "t.me" and parts.path.strip("/").lower() == username.lower() and "start" in parts.query
    if opens_us and start_payload(url, username) is None:
        yield f"reply_markup: the start payload of {url!r} is not 1 to 64 letters, digits, _ or -"


def start_payload(url: str, username: str) -> str | None:
    """The payload of a deep link that starts this bot; None for any other address."""
    parts = urlsplit(url)
    payload = parse_qs(parts.query).get("start", [""])[0]
    ours = parts.scheme == "https" and parts.netloc == "t.me" and parts.path.strip("/").lower() == username.lower()
    return payload if ours and _PAYLOAD.fullmatch(payload) else None


def _commands(params: dict[str, Any]) -> Iterator[str]:
    if len(params["commands"]) > MAX_COMMANDS:
        yield f"commands: more than {MAX_COMMANDS}"
    for command in params["commands"]:
        if not _COMMAND.fullmatch(command["command"]):
            yield f"commands: {command['command']!r} is not 1 to 32 of a-z, 0-9 and _"
    if not re.fullmatch(r"([a-z]{2})?", params.get("language_code", "")):
        yield f"language_code: {params['language_code']!r} is not a two-letter code"


def png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG picture; None when the bytes are something else."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
