"""The methods that change or remove a message, pin it, or answer a press."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.botapi import errors
from tests.botapi.calls import Call
from tests.botapi.errors import ApiError, bad_request
from tests.botapi.methods import Desk, method, shown
from tests.botapi.methods_send import captioned, kept_file, kept_photo, trimmed
from tests.botapi.talk import Answer
from tests.botapi.world import Message, Version

TWO_DAYS = 48 * 3600


@method("editMessageText")
async def edit_message_text(desk: Desk, call: Call) -> Any:
    """Replace the text, and the keyboard (which goes when none is given)."""
    message = desk.own(call)
    if message.file or message.poll:
        raise bad_request(errors.NO_TEXT)
    text, entities = trimmed(call.params.get("text", ""), call.params.get("entities", []))
    if not text:
        raise bad_request(errors.EMPTY_TEXT)
    return _amend(desk, message, desk.world.version(text, entities, markup=call.params.get("reply_markup")))


@method("editMessageCaption")
async def edit_message_caption(desk: Desk, call: Call) -> Any:
    """Replace the caption, and the keyboard (which goes when none is given)."""
    message = desk.own(call)
    if message.file is None:
        raise bad_request(errors.NO_CAPTION)
    return _amend(desk, message, captioned(desk, call.params, message.file))


@method("editMessageMedia")
async def edit_message_media(desk: Desk, call: Call) -> Any:
    """Replace the picture or document, its caption, and the keyboard (which goes when none is given)."""
    message, media = desk.own(call), call.params["media"]
    if media["type"] not in {"photo", "document"}:
        raise ApiError(501, f"Not Implemented: {media['type']} is not modelled")
    keep = kept_photo if media["type"] == "photo" else kept_file
    values = media | {"reply_markup": call.params.get("reply_markup")}
    return _amend(desk, message, captioned(desk, values, keep(desk, call, media["media"])))


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(desk: Desk, call: Call) -> Any:
    """Replace the keyboard, which goes when none is given."""
    message = desk.own(call)
    markup = call.params.get("reply_markup")
    return _amend(desk, message, replace(message.current, at=desk.world.clock(), markup=markup))


def _amend(desk: Desk, message: Message, new: Version) -> dict[str, Any]:
    if _substance(new) == _substance(message.current):
        raise bad_request(errors.NOT_MODIFIED)
    message.history.append(new)
    desk.world.bell.ring()
    return shown(message)


def _substance(version: Version) -> tuple[Any, ...]:
    rows = (version.markup or {}).get("inline_keyboard", [])
    return version.text, version.entities, rows, version.file and version.file.data


@method("deleteMessage")
async def delete_message(desk: Desk, call: Call) -> Any:
    """Delete a message: one's own for two days, others' with the right to."""
    message = desk.standing(call, errors.DELETE_NOT_FOUND)
    own = message.sender is not None and message.sender.id == desk.world.me.id
    allowed = bool(message.chat.user) or "can_delete_messages" in message.chat.member(desk.world.me).rights
    if not own and not allowed:
        raise bad_request(errors.CANNOT_DELETE)
    if desk.world.clock() - message.at > TWO_DAYS and (message.chat.user or not allowed):
        raise bad_request(errors.CANNOT_DELETE_FOR_ALL)
    message.deleted = True
    desk.world.bell.ring()
    return True


@method("pinChatMessage")
async def pin_chat_message(desk: Desk, call: Call) -> Any:
    """Pin a message, with the right to."""
    if not desk.world.may(desk.reachable(call), "can_pin_messages"):
        raise bad_request(errors.CANNOT_PIN)
    message = desk.standing(call, errors.PIN_NOT_FOUND)
    if message.id not in message.chat.pins:
        message.chat.pins.append(message.id)
        desk.world.bell.ring()
    return True


@method("unpinChatMessage")
async def unpin_chat_message(desk: Desk, call: Call) -> Any:
    """Unpin a message (the latest pinned when none is named), with the right to."""
    chat = desk.reachable(call)
    if not desk.world.may(chat, "can_pin_messages"):
        raise bad_request(errors.CANNOT_PIN)
    number = call.params.get("message_id", chat.pins[-1] if chat.pins else 0)
    if number not in chat.pins:
        raise bad_request(errors.UNPIN_NOT_FOUND)
    chat.pins.remove(number)
    desk.world.bell.ring()
    return True


@method("answerCallbackQuery")
async def answer_callback_query(desk: Desk, call: Call) -> Any:
    """Answer a press, once."""
    press = desk.presses.get(call.params["callback_query_id"])
    if press is None or press.expired or press.answer:
        raise bad_request(errors.OLD_QUERY)
    said = {name: call.params[name] for name in ("text", "show_alert", "url", "cache_time") if name in call.params}
    press.give(Answer(**said))
    desk.world.bell.ring()
    return True
