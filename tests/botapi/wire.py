"""The Bot API's JSON for what is in the world: users, chats, members, messages, files.

It only writes; what it writes is checked against the schema by whoever sends it.
"""

from __future__ import annotations

from typing import Any

from tests.botapi.rights import ADMIN_RIGHTS, OPTIONAL_RIGHTS, PERMISSIONS
from tests.botapi.world import Chat, File, Member, Message, User

Json = dict[str, Any]


def user(who: User) -> Json:
    """A `User`."""
    names = {"last_name": who.last_name, "username": who.username, "language_code": who.language_code}
    return {"id": who.id, "is_bot": who.is_bot, "first_name": who.first_name} | _given(names)


def chat(place: Chat) -> Json:
    """A `Chat`."""
    if place.user:
        names = {"first_name": place.user.first_name, "last_name": place.user.last_name}
        return {"id": place.id, "type": "private"} | _given(names | {"username": place.user.username})
    details = {"username": place.username, "is_forum": place.is_forum}
    return {"id": place.id, "type": place.type, "title": place.title} | _given(details)


def full_chat(place: Chat) -> Json:
    """A `ChatFullInfo`."""
    gifts = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"]
    details: Json = {"has_hidden_members": place.hidden_members}
    if place.type in {"group", "supergroup"}:
        details["permissions"] = {name: name in place.permissions for name in PERMISSIONS}
    if place.linked:
        details["linked_chat_id"] = place.linked.id
    if place.pins:
        details["pinned_message"] = message(place.pinned[-1])
    always = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    return chat(place) | always | _given(details)


def member(who: Member) -> Json:
    """A `ChatMember`."""
    common: Json = {"user": user(who.user), "status": who.status}
    match who.status:
        case "creator":
            return common | {"is_anonymous": who.anonymous}
        case "administrator":
            rights = {name: name in who.rights for name in ADMIN_RIGHTS + OPTIONAL_RIGHTS}
            return common | {"is_anonymous": who.anonymous} | rights
        case "restricted":
            rights = {name: name in who.rights for name in PERMISSIONS}
            return common | {"is_member": who.is_member, "until_date": 0} | rights
        case "kicked":
            return common | {"until_date": 0}
        case _:
            return common


def message(what: Message, nested: bool = False) -> Json:
    """A `Message`; one that is nested in another shows no further message."""
    body: Json = {"message_id": what.id, "date": int(what.at), "chat": chat(what.chat)}
    if what.sender and what.chat.type != "channel":
        body["from"] = user(what.sender)
    if what.sender_chat:
        body["sender_chat"] = chat(what.sender_chat)
    if len(what.history) > 1:
        body["edit_date"] = int(what.current.at)
    if what.reply_to and not nested:
        body["reply_to_message"] = message(what.reply_to, nested=True)
    return body | _thread(what) | what.extra | _content(what)


def inaccessible(what: Message) -> Json:
    """An `InaccessibleMessage`: all that the bot is told of a message deleted or too old."""
    return {"chat": chat(what.chat), "message_id": what.id, "date": 0}


def file(what: File) -> Json:
    """A `File`."""
    return _unique(what) | {"file_path": f"files/{what.id}"}


def _thread(what: Message) -> Json:
    if what.topic:
        return {"message_thread_id": what.topic.id, "is_topic_message": True}
    if what.reply_to and what.chat.type == "supergroup":
        # In a supergroup without topics the replies to one message form a thread too, which is no topic.
        return {"message_thread_id": _root(what.reply_to).id}
    return {}


def _root(what: Message) -> Message:
    while what.reply_to:
        what = what.reply_to
    return what


def _content(what: Message) -> Json:
    now, held = what.current, what.file
    body: Json = {"reply_markup": now.markup} if now.markup and "inline_keyboard" in now.markup else {}
    if what.poll:
        return body | {"poll": what.poll}
    if held is None:
        return body | _given({"text": now.text, "entities": now.entities}) | what.service
    body |= _given({"caption": now.text, "caption_entities": now.entities})
    if held.size:
        return body | {"photo": [_unique(held) | {"width": held.size[0], "height": held.size[1]}]}
    return body | {"document": _unique(held) | {"file_name": held.name, "mime_type": held.mime}}


def _unique(what: File) -> Json:
    return {"file_id": what.id, "file_unique_id": f"u{what.id}", "file_size": len(what.data)}


def _given(values: Json) -> Json:
    return {name: value for name, value in values.items() if value}
