"""Matrix events → what the core hears. Whatever an event holds, it is read or left aside, never an error.

It knows the shapes of messages, replies, edits, redactions and memberships; whose a
message is, it asks. It handles decrypted events only, asks no server itself and answers nobody.
Only what is addressed to the bot becomes `Said`: commands, replies to its messages, and
everything in private chats.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from adapters.matrix.files import handle_of
from adapters.matrix.people import PLATFORM, Census, is_account, local_part, person
from adapters.matrix.polls import RESPONSES, Asked
from adapters.matrix.rooms import RoomView
from adapters.matrix.wire import Json
from bot.domain.ids import PostRef, RoomRef
from bot.ports import BotMoved, Edited, EventKey, Incoming, MemberMoved, Said, SentFile, Speaker, Spoke

_COMMAND = re.compile(r"[!/](?P<word>[^\W\d_][^\s@]*)(?:@(?P<to>[^\s@]+))?(?=\s|$)")
_WORDS = frozenset({"m.text", "m.notice"})
_QUOTE = re.compile(r"> (?:\* )?<@[^\n]*\n(?:>[^\n]*\n)*\n?")


@dataclass(frozen=True, slots=True)
class Author:
    """Whose a message is, and the message it is a version or a part of (itself, if of none)."""

    user: str
    post: str


AskAuthor = Callable[[str, str], Awaitable[Author | None]]
"""Room id and event id → its author, None if there is no such message."""
AskPoll = Callable[[str, str], Awaitable[Asked | None]]
"""Room id and event id → what that poll of ours asks, None if it is no such poll."""


@dataclass(frozen=True, slots=True)
class _Event:
    """An event whose frame is sound; its content may still hold anything."""

    id: str
    kind: str
    sender: str
    content: Json
    source: Json


def event_key(event_id: str) -> EventKey:
    """The key under which the core knows a Matrix event."""
    return f"{PLATFORM}:{event_id}"


class Reader:
    """Reads the events of one bot account's rooms. `direct` says which rooms we marked as private chats."""

    def __init__(self, census: Census, author_of: AskAuthor, asked_in: AskPoll, direct: Callable[[str], bool]) -> None:
        self._census = census
        self._author_of = author_of
        self._asked_in = asked_in
        self._direct = direct

    async def read(self, room: RoomView, event: object, at: datetime) -> Incoming | None:
        """What the event means to the core, received at that instant; None when nothing."""
        sound = _sound(event)
        if sound is None:
            return None
        if sound.kind == "m.room.member":
            return self._membership(room, sound, at)
        if sound.sender == self._census.own:
            return None
        if sound.kind == "m.room.redaction":
            return await self._redaction(room, sound, at)
        if sound.kind == "m.room.message":
            return await self._message(room, sound, at)
        if sound.kind in RESPONSES:
            return await self._response(room, sound, at)
        return None

    def is_private(self, room: RoomView) -> bool:
        """Whether the room is a private chat between one person and us."""
        return bool(room.private_with(self._census.own, self._direct(room.id)))

    # ── messages ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _message(self, room: RoomView, event: _Event, at: datetime) -> Incoming | None:
        body, kind = event.content.get("body"), event.content.get("msgtype")
        relation = event.content.get("m.relates_to")
        relation = relation if isinstance(relation, dict) else {}
        if relation.get("rel_type") == "m.replace":
            return await self._edited(room, event, relation.get("event_id"), at)
        if not isinstance(body, str) or not isinstance(kind, str):
            return None
        if kind == "m.file" and self.is_private(room):
            return self._brought(room, event, body, at)
        if kind not in _WORDS:
            return self._spoke(room, event, body if kind == "m.emote" else "", at)
        answered = _answered(relation)
        text = _QUOTE.sub("", body, count=1) if answered and _QUOTE.match(body) else body
        return await self._said(room, event, text.strip(), answered, at)

    async def _said(self, room: RoomView, event: _Event, text: str, answered: str, at: datetime) -> Said | Spoke | None:
        command, ours = self._command(text)
        private = self.is_private(room)
        reply_to = await self._post(room.id, answered) if answered else None
        if not text or not ours or not (command or private or reply_to):
            return self._spoke(room, event, text, at)
        here = RoomRef(PLATFORM, room.id)
        return Said(
            key=event_key(event.id),
            at=at,
            who=person(event.sender, room.name_of(event.sender)),
            room=here,
            text=command or text,
            room_title=room.title,
            private=private,
            reply_to=PostRef(here, reply_to) if reply_to else None,
            speaker=self._speaker(room, event),
            message=PostRef(here, event.id),
        )

    def _brought(self, room: RoomView, event: _Event, body: str, at: datetime) -> Said | None:
        """A document sent to us alone, with the words below it if there are any: else `body` is what it is called."""
        handle = handle_of(event.content)
        if handle is None:
            return None
        name = event.content.get("filename")
        text = body.strip() if isinstance(name, str) and name != body else ""
        command, ours = self._command(text)
        here = RoomRef(PLATFORM, room.id)
        return Said(
            key=event_key(event.id),
            at=at,
            who=person(event.sender, room.name_of(event.sender)),
            room=here,
            text=(command or text) if ours else "",
            room_title=room.title,
            private=True,
            speaker=self._speaker(room, event),
            message=PostRef(here, event.id),
            file=SentFile(handle),
        )

    async def _response(self, room: RoomView, event: _Event, at: datetime) -> Said | None:
        """An answer in a poll of ours: the same as the ballot typed, which no reply in the room could refer to."""
        relation = event.content.get("m.relates_to")
        relation = relation if isinstance(relation, dict) else {}
        poll = relation.get("event_id")
        if not isinstance(poll, str) or relation.get("rel_type") != "m.reference":
            return None
        asked = await self._asked_in(room.id, poll)
        if asked is None:
            return None
        return Said(
            key=event_key(event.id),
            at=at,
            who=person(event.sender, room.name_of(event.sender)),
            room=RoomRef(PLATFORM, room.id),
            text=asked.command(event.content),
            room_title=room.title,
            private=self.is_private(room),
            speaker=self._speaker(room, event),
            in_poll=poll,
        )

    def _spoke(self, room: RoomView, event: _Event, text: str, at: datetime) -> Spoke | None:
        """Words to the room, of which only the length is told; nothing is to a private chat."""
        if self.is_private(room):
            return None
        who, here = person(event.sender, room.name_of(event.sender)), RoomRef(PLATFORM, room.id)
        return Spoke(event_key(event.id), at, who, here, len(text), self._speaker(room, event))

    def _speaker(self, room: RoomView, event: _Event) -> Speaker:
        notice = event.content.get("msgtype") == "m.notice"
        return self._census.speaker(event.sender, notice=notice, bridges=room.bridges)

    def _command(self, text: str) -> tuple[str, bool]:
        """The text as a command beginning with `/`, or nothing; and whether it may be for us: it names no other bot."""
        found = _COMMAND.match(text)
        if not found:
            return "", True
        to = found["to"]
        ours = to is None or to.casefold().partition(":")[0] == local_part(self._census.own).casefold()
        return f"/{found['word']}{text[found.end() :]}", ours

    async def _post(self, room_id: str, event_id: str) -> str | None:
        """Our own message that this event is, or is a version or a part of."""
        author = await self._author_of(room_id, event_id)
        return author.post if author is not None and author.user == self._census.own else None

    async def _edited(self, room: RoomView, event: _Event, original: object, at: datetime) -> Edited | None:
        if not isinstance(original, str):
            return None
        author = await self._author_of(room.id, original)
        if author is None or author.user != event.sender:
            # Nobody edits somebody else's message: clients don't show such an edit either.
            return None
        who = person(event.sender, room.name_of(event.sender))
        here = RoomRef(PLATFORM, room.id)
        return Edited(event_key(event.id), at, who, here, event_key(original), self.is_private(room))

    async def _redaction(self, room: RoomView, event: _Event, at: datetime) -> Edited | None:
        # The target moved into the content with room version 11.
        return await self._edited(room, event, event.content.get("redacts") or event.source.get("redacts"), at)

    # ── members ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _membership(self, room: RoomView, event: _Event, at: datetime) -> MemberMoved | BotMoved | None:
        user, now = event.source.get("state_key"), event.content.get("membership")
        if not is_account(user) or (now == "join") == (membership_before(event.source) == "join"):
            return None
        assert isinstance(user, str)
        here, key = RoomRef(PLATFORM, room.id), event_key(event.id)
        if user == self._census.own:
            return self._moved(room, event, key, at)
        if self.is_private(room) or self._direct(room.id):
            return None
        name = event.content.get("displayname")
        who = person(user, name if isinstance(name, str) else room.name_of(user))
        return MemberMoved(key, at, who, here, now == "join", self._census.speaker(user, bridges=room.bridges))

    def _moved(self, room: RoomView, event: _Event, key: EventKey, at: datetime) -> BotMoved | None:
        if self.is_private(room):
            return None
        present = event.content.get("membership") == "join"
        unsigned = event.source.get("unsigned")
        by = (unsigned.get("prev_sender") if isinstance(unsigned, dict) else None) if present else event.sender
        known = isinstance(by, str) and is_account(by) and by != self._census.own
        who = person(str(by), room.name_of(str(by))) if known else None
        return BotMoved(key, at, RoomRef(PLATFORM, room.id), room.title, present, who)


def membership_before(event: Json) -> object:
    """The membership that the event replaces, as the homeserver adds it; None when there was none."""
    for place in (event.get("unsigned"), event):
        before = place.get("prev_content") if isinstance(place, dict) else None
        if isinstance(before, dict):
            return before.get("membership")
    return None


def _sound(event: object) -> _Event | None:
    if not isinstance(event, dict):
        return None
    id_, kind, sender, content = (event.get(name) for name in ("event_id", "type", "sender", "content"))
    if not (isinstance(id_, str) and id_.startswith("$") and isinstance(kind, str) and isinstance(content, dict)):
        return None
    return _Event(id_, kind, str(sender), content, event) if is_account(sender) else None


def _answered(relation: Json) -> str:
    """The message that this one answers, or nothing: the root of a thread, unless the author chose another in it."""
    target = relation.get("m.in_reply_to")
    chosen = target.get("event_id") if isinstance(target, dict) else None
    if relation.get("rel_type") == "m.thread" and (relation.get("is_falling_back") is True or chosen is None):
        chosen = relation.get("event_id")
    return chosen if isinstance(chosen, str) else ""
