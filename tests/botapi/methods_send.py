"""The methods that put a new message into a chat: text, picture, document, copies, and the "typing…" sign."""

from __future__ import annotations

from typing import Any

from tests.botapi import errors, wire
from tests.botapi.calls import Call
from tests.botapi.errors import ApiError, bad_request
from tests.botapi.methods import Desk, method, shown
from tests.botapi.rules import MAX_PHOTO_RATIO, MAX_PHOTO_SIDES, png_size
from tests.botapi.schema import Upload, units
from tests.botapi.world import Chat, File, Message, Topic, Version


@method("sendMessage")
async def send_message(desk: Desk, call: Call) -> Any:
    """Post a text."""
    text, entities = trimmed(call.params["text"], call.params.get("entities", []))
    if not text:
        raise bad_request(errors.EMPTY_TEXT)
    return shown(_post(desk, call, desk.world.version(text, entities, markup=call.params.get("reply_markup"))))


@method("sendPhoto")
async def send_photo(desk: Desk, call: Call) -> Any:
    """Post a picture, whose bytes are kept."""
    return shown(_post(desk, call, captioned(desk, call.params, kept_photo(desk, call, call.params["photo"]))))


@method("sendDocument")
async def send_document(desk: Desk, call: Call) -> Any:
    """Post a document, whose bytes are kept."""
    return shown(_post(desk, call, captioned(desk, call.params, kept_file(desk, call, call.params["document"]))))


@method("sendChatAction")
async def send_chat_action(desk: Desk, call: Call) -> Any:
    """Show that the bot is busy; leaves no trace."""
    desk.reachable(call)
    return True


@method("forwardMessage")
async def forward_message(desk: Desk, call: Call) -> Any:
    """Post another message again, with its origin."""
    source = _source(desk, call, errors.FORWARD_NOT_FOUND)
    origin: dict[str, Any] = {"date": int(source.at)}
    if source.sender_chat:
        origin |= {"type": "chat", "sender_chat": wire.chat(source.sender_chat)}
    elif source.sender:
        origin |= {"type": "user", "sender_user": wire.user(source.sender)}
    now = source.current
    content = desk.world.version(now.text, now.entities, file=now.file)
    return shown(_post(desk, call, content, extra={"forward_origin": origin}))


@method("copyMessage")
async def copy_message(desk: Desk, call: Call) -> Any:
    """Post another message's content as one's own, perhaps with another caption."""
    source = _source(desk, call, errors.COPY_NOT_FOUND)
    now = source.current
    content = Version(desk.world.clock(), now.text, now.entities, call.params.get("reply_markup"), now.file)
    if now.file and "caption" in call.params:
        content = captioned(desk, call.params, now.file)
    return {"message_id": _post(desk, call, content).id}


def _source(desk: Desk, call: Call, missing: str) -> Message:
    chat = desk.world.reachable(call.params["from_chat_id"])
    message = chat.messages.get(call.params["message_id"])
    if message is None or message.deleted or message.service:
        raise bad_request(missing)
    return message


def _post(desk: Desk, call: Call, content: Version, **details: Any) -> Message:
    chat = desk.reachable(call)
    posted = prepare(desk, call, chat, content.file)
    return desk.world.post(chat, desk.world.me, content, **posted, **details)


def prepare(desk: Desk, call: Call, chat: Chat, file: File | None = None) -> dict[str, Any]:
    """Where in the chat the message goes (topic, answered message); a refusal when the bot may not write there."""
    if not desk.world.may(chat, "can_send_messages"):
        raise bad_request(errors.CANNOT_SEND)
    if file and file.size and not desk.world.may(chat, "can_send_photos"):
        raise bad_request(errors.CANNOT_SEND_PHOTOS)
    if file and not file.size and not desk.world.may(chat, "can_send_documents"):
        raise bad_request(errors.CANNOT_SEND_DOCUMENTS)
    answered = _answered(call, chat)
    topic = _topic(desk, call, chat) or (answered.topic if answered else None)
    return {"reply_to": answered, "topic": topic, "silent": call.params.get("disable_notification", False)}


def _answered(call: Call, chat: Chat) -> Message | None:
    wanted = call.params.get("reply_parameters")
    if wanted is None:
        return None
    if wanted.get("chat_id", chat.id) != chat.id:
        raise ApiError(501, "Not Implemented: replies across chats are not modelled")
    message = chat.messages.get(wanted.get("message_id", 0))
    if message and not message.deleted:
        return message
    if wanted.get("allow_sending_without_reply"):
        return None
    raise bad_request(errors.REPLY_NOT_FOUND)


def _topic(desk: Desk, call: Call, chat: Chat) -> Topic | None:
    thread = call.params.get("message_thread_id")
    if thread is None or (not chat.is_forum and thread in chat.messages):
        return None
    if thread not in chat.topics:
        raise bad_request(errors.THREAD_NOT_FOUND)
    topic = chat.topics[thread]
    if topic.closed and "can_manage_topics" not in chat.member(desk.world.me).rights:
        raise bad_request(errors.TOPIC_CLOSED)
    return topic


def trimmed(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The text without the blanks around it, as the server stores it, and its entities moved along."""
    lead = units(text) - units(text.lstrip())
    kept, most = [], units(text.strip())
    for entity in entities:
        begin = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, most)
        if end > begin:
            kept.append(entity | {"offset": begin, "length": end - begin})
    return text.strip(), sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


def captioned(desk: Desk, values: dict[str, Any], file: File) -> Version:
    """A file with the caption and keyboard of these parameters."""
    text, entities = trimmed(values.get("caption", ""), values.get("caption_entities", []))
    return desk.world.version(text, entities, markup=values.get("reply_markup"), file=file)


def kept_file(desk: Desk, call: Call, value: Any) -> File:
    """The file a parameter stands for: uploaded now, or sent before and named by its id."""
    found = call.file(value)
    if isinstance(found, Upload):
        if not found.data:
            raise bad_request("Bad Request: file must be non-empty")
        number = f"F{desk.number():06d}"
        desk.world.files[number] = File(number, found.name, found.mime, found.data)
        return desk.world.files[number]
    if found not in desk.world.files:
        raise bad_request(errors.BAD_FILE)
    return desk.world.files[found]


def kept_photo(desk: Desk, call: Call, value: Any) -> File:
    """The picture a parameter stands for; a refusal when it is no PNG, or of a shape Telegram doesn't take."""
    file = kept_file(desk, call, value)
    size = png_size(file.data)
    if size is None or 0 in size:
        raise bad_request(errors.BAD_IMAGE)
    if sum(size) > MAX_PHOTO_SIDES or max(size) > MAX_PHOTO_RATIO * min(size):
        raise bad_request(errors.BAD_DIMENSIONS)
    photo = File(file.id, file.name, file.mime, file.data, size)
    desk.world.files[file.id] = photo
    return photo
