"""What Telegram tells us → `Incoming`: total, so that no update, however odd, can stop the others.

It knows who is behind a message, what is addressed to the bot, and how events are
named; it knows nothing about what they mean. Updates come as parsed JSON and are read
by python-telegram-bot; what it can't read, and what isn't for us, is left out with a
note for debugging that holds no content.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from telegram import (
    CallbackQuery,
    Chat,
    ChatMember,
    ChatMemberRestricted,
    ChatMemberUpdated,
    MaybeInaccessibleMessage,
    Message,
    Poll,
    Update,
    User,
)

from adapters.telegram import tokens
from adapters.telegram.utf16 import clean
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.ports import (
    BotMoved,
    BroughtPoll,
    Edited,
    EventKey,
    Incoming,
    MemberMoved,
    Person,
    Pressed,
    RoomMoved,
    Said,
    SentFile,
    Speaker,
    Spoke,
)

logger = logging.getLogger(__name__)

PLATFORM = "telegram"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")

ANONYMOUS_ADMIN = 1087968824
"""GroupAnonymousBot, who signs what administrators write anonymously."""
CHANNEL_BOT = 136817688
"""Channel Bot, who signs what people write as one of their channels."""
TELEGRAM = 777000
"""Telegram itself, who signs the posts that a linked channel sends into its group."""

_GROUPS = frozenset({Chat.GROUP, Chat.SUPERGROUP})
_INSIDE = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR, ChatMember.MEMBER})
_PLACE = frozenset({"message_id", "date", "chat", "message_thread_id", "is_topic_message"})
_LANGUAGE = re.compile("[a-z]{2}")
_COMMAND = re.compile(r"/([^\s@/]+)(?:@(\w+))?(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is: needed to tell what is addressed to it."""

    id: int
    name: str


def decode(raw: object, us: Identity, at: datetime) -> tuple[Incoming, ...]:
    """What an update (parsed JSON, received at `at`) says; empty when it says nothing to us. Raises nothing."""
    if not isinstance(raw, dict):
        return ()
    if (press := _plain_press(raw, at)) is not None:
        return (press,)
    try:
        return tuple(_events(Update.de_json(_light(raw)), us, at))
    except Exception as error:
        # The library raises whatever its constructors happen to raise, and an update that raises would come for ever.
        logger.debug("an update that can't be read is left out: %s", type(error).__name__)
        return ()


def room_of(chat: Chat, message: MaybeInaccessibleMessage | None = None) -> RoomRef:
    """Where a message stands: its chat, and its topic if it is in one (a private chat is one room all the same)."""
    if chat.type == Chat.SUPERGROUP and isinstance(message, Message) and message.is_topic_message:
        return RoomRef(PLATFORM, str(chat.id), str(message.message_thread_id or ""))
    return RoomRef(PLATFORM, str(chat.id))


def person_of(user: User) -> Person:
    """The person, as the platform presents them."""
    return _person(user.id, user.full_name, user.language_code or "")


def _person(number: int, name: str, language: str) -> Person:
    hint = language[:2].lower()
    return Person(AccountRef(PLATFORM, str(number)), clean(name), hint if _LANGUAGE.fullmatch(hint) else "")


def moved_key(old: RoomRef, new: RoomRef) -> EventKey:
    """The name of a group's move, the same however we hear of it."""
    return f"{PLATFORM}:move:{old.id}:{new.id}"


def _plain_press(raw: dict[str, Any], at: datetime) -> Pressed | None:
    """A press by a person on a message with a place, the shape of nearly all; None for any other update.

    Read here because the library makes two hundred fields of it, in twenty times the time.
    """
    match raw:
        case {
            "callback_query": {
                "id": str(name),
                "data": str(data),
                "from": {"id": int(who), "is_bot": False, "first_name": str(first), **about},
                "message": {"message_id": int(number), "chat": {"id": int(chat), "type": str(kind)}, **where},
            }
        }:
            last, language = about.get("last_name", ""), about.get("language_code", "")
            thread = where.get("message_thread_id") if where.get("is_topic_message") else None
            if not (isinstance(last, str) and isinstance(language, str) and isinstance(thread, int | None)):
                return None
        case _:
            return None
    room = RoomRef(PLATFORM, str(chat), str(thread or "") if kind == Chat.SUPERGROUP else "")
    return Pressed(
        key=f"{PLATFORM}:cb:{name}",
        at=at,
        who=_person(who, f"{first} {last}" if last else first, language),
        room=room,
        action=tokens.decode(data),
        private=kind == Chat.PRIVATE,
        post=PostRef(room, str(number)),
    )


def _light(raw: dict[str, Any]) -> dict[str, Any]:
    """The update, a press without its message's text and buttons: a third of the time of reading it."""
    press = raw.get("callback_query")
    if not isinstance(press, dict) or not isinstance(press.get("message"), dict):
        return raw
    message = {name: value for name, value in press["message"].items() if name in _PLACE}
    return {"update_id": raw.get("update_id"), "callback_query": press | {"message": message}}


def _events(update: Update, us: Identity, at: datetime) -> Iterator[Incoming]:
    if update.callback_query:
        yield _pressed(update.callback_query, at)
    elif update.message:
        yield from _message(update.message, us, at)
    elif update.edited_message:
        yield from _edited(update.edited_message, at)
    elif update.my_chat_member:
        yield from _bot_moved(update.my_chat_member, at)
    elif update.chat_member:
        yield from _member_moved(update.chat_member, us, at)


def _pressed(query: CallbackQuery, at: datetime) -> Pressed:
    message = query.message
    room = room_of(message.chat, message) if message else None
    return Pressed(
        key=f"{PLATFORM}:cb:{query.id}",
        at=at,
        who=person_of(query.from_user),
        room=room,
        action=tokens.decode(query.data),
        private=bool(message and message.chat.type == Chat.PRIVATE),
        post=PostRef(room, str(message.message_id)) if room and message else None,
        speaker="bot" if query.from_user.is_bot else "person",
    )


def _message(message: Message, us: Identity, at: datetime) -> Iterator[Incoming]:
    if message.migrate_to_chat_id:
        # The new group says the same with migrate_from_chat_id: one of the two is enough.
        old, new = room_of(message.chat), RoomRef(PLATFORM, str(message.migrate_to_chat_id))
        yield RoomMoved(moved_key(old, new), at, old, new)
    elif message.new_chat_members or message.left_chat_member:
        left = (message.left_chat_member,) if message.left_chat_member else ()
        yield from _service(message, message.new_chat_members, True, us, at)
        yield from _service(message, left, False, us, at)
    else:
        yield from _said(message, us, at)


def _service(
    message: Message, users: tuple[User, ...], joined: bool, us: Identity, at: datetime
) -> Iterator[MemberMoved]:
    for user in users:
        if user.id != us.id:
            key = f"{_key(message)}:{user.id}"
            yield MemberMoved(key, at, person_of(user), room_of(message.chat), joined, _kind(user))


def _said(message: Message, us: Identity, at: datetime) -> Iterator[Said | Spoke]:
    text = _addressed(message, us)
    who, speaker = _author(message)
    if who is None:
        return
    room = room_of(message.chat, message)
    file = _document(message)
    if text is None and message.chat.type == Chat.PRIVATE and (message.poll or file):
        text = ""
    if text is None:
        if message.chat.type in _GROUPS and (message.text or message.effective_attachment):
            yield Spoke(_key(message), at, who, room, len(message.text or message.caption or ""), speaker)
        return
    reply = _answered(message, us)
    yield Said(
        key=_key(message),
        at=at,
        who=who,
        room=room,
        text=text,
        room_title=clean(message.chat.title or ""),
        private=message.chat.type == Chat.PRIVATE,
        reply_to=PostRef(room, str(reply.message_id)) if reply else None,
        speaker=speaker,
        message=PostRef(room, str(message.message_id)),
        poll=_poll(message),
        file=file,
    )


def _document(message: Message) -> SentFile | None:
    """The document sent to the bot alone, by the number under which Telegram keeps it."""
    if message.document is None or message.chat.type != Chat.PRIVATE:
        return None
    return SentFile(message.document.file_id)


def _poll(message: Message) -> BroughtPoll | None:
    """The poll that this message brings: its own if it is sent to the bot alone, else the one that its command answers,
    here or in another chat."""
    sent = message.poll if message.chat.type == Chat.PRIVATE else None
    if sent is None and _COMMAND.match(message.text or ""):
        answered = message.reply_to_message or message.external_reply
        sent = answered.poll if answered else None
    if sent is None:
        return None
    options = tuple(clean(option.text) for option in sent.options)
    return BroughtPoll(clean(sent.question), options, sent.allows_multiple_answers, sent.type == Poll.QUIZ)


def _addressed(message: Message, us: Identity) -> str | None:
    """The text if it is for the bot, `@name` taken off its command; None otherwise."""
    text = clean(message.text or message.caption or "")
    if not text or message.chat.type == Chat.CHANNEL:
        return None
    command = _COMMAND.match(text)
    if command:
        if command[2] and command[2].lower() != us.name.lower():
            return None
        return f"/{command[1]}{text[command.end() :]}"
    return text if message.chat.type == Chat.PRIVATE or _answered(message, us) else None


def _answered(message: Message, us: Identity) -> Message | None:
    """Our message that this one replies to. In a topic every message "replies" to the one that opened the topic."""
    reply = message.reply_to_message
    if reply is None or reply.forum_topic_created or reply.from_user is None or reply.from_user.id != us.id:
        return None
    return reply


def _author(message: Message) -> tuple[Person | None, Speaker]:
    user, chat = message.from_user, message.sender_chat
    who = person_of(user) if user else None
    if chat is not None:
        who = who or Person(AccountRef(PLATFORM, str(chat.id)), clean(chat.title or ""))
        return who, "anonymous-admin" if chat.id == message.chat.id else "channel"
    return who, _kind(user) if user else "channel"


def _kind(user: User) -> Speaker:
    if user.id == ANONYMOUS_ADMIN:
        return "anonymous-admin"
    if user.id in {CHANNEL_BOT, TELEGRAM}:
        return "channel"
    return "bot" if user.is_bot else "person"


def _edited(message: Message, at: datetime) -> Iterator[Edited]:
    who, speaker = _author(message)
    # A shared live position is "edited" every few seconds for hours, and was never addressed to us.
    if who is None or speaker != "person" or message.location or message.chat.type == Chat.CHANNEL:
        return
    moment = int(message.edit_date.timestamp()) if message.edit_date else 0
    private = message.chat.type == Chat.PRIVATE
    original = _key(message)
    yield Edited(f"{original}:edit:{moment}", at, who, room_of(message.chat, message), original, private)


def _bot_moved(change: ChatMemberUpdated, at: datetime) -> Iterator[BotMoved]:
    present = inside(change.new_chat_member)
    # Blocking or starting the bot in private moves nobody; a change of rights alone is the messenger's business.
    if change.chat.type in _GROUPS and present != inside(change.old_chat_member):
        title = clean(change.chat.title or "")
        yield BotMoved(_change_key(change), at, room_of(change.chat), title, present, person_of(change.from_user))


def _member_moved(change: ChatMemberUpdated, us: Identity, at: datetime) -> Iterator[MemberMoved]:
    user = change.new_chat_member.user
    joined = inside(change.new_chat_member)
    if change.chat.type in _GROUPS and user.id != us.id and joined != inside(change.old_chat_member):
        yield MemberMoved(_change_key(change), at, person_of(user), room_of(change.chat), joined, _kind(user))


def inside(member: ChatMember) -> bool:
    """Whether this status means being in the group."""
    return member.status in _INSIDE or (isinstance(member, ChatMemberRestricted) and member.is_member)


def _key(message: Message) -> EventKey:
    return f"{PLATFORM}:msg:{message.chat.id}:{message.message_id}"


def _change_key(change: ChatMemberUpdated) -> EventKey:
    member, moment = change.new_chat_member, int(change.date.timestamp())
    return f"{PLATFORM}:member:{change.chat.id}:{member.user.id}:{moment}:{member.status}"
