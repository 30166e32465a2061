"""The messenger: cards out to Matrix, in the order they were given to each room.

It knows how a card becomes events and how a homeserver says no; it decides nothing about
what is sent or when to try again. A delivery key becomes the transaction id, so asking
twice posts once. Somebody administers a room from power 50 on, the level that the
specification asks for to change a room's settings and to remove members.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from adapters.matrix import markup, polls
from adapters.matrix.addresses import find
from adapters.matrix.chats import Chats
from adapters.matrix.errors import undone
from adapters.matrix.files import fetch
from adapters.matrix.floor import Floor
from adapters.matrix.inbound import event_key
from adapters.matrix.keyring import seal_file
from adapters.matrix.pacing import PATIENCE, Pace
from adapters.matrix.people import PLATFORM, Census, person
from adapters.matrix.polling import Polls
from adapters.matrix.rooms import MODERATOR, RoomView
from adapters.matrix.session import PART_OF, Session
from adapters.matrix.wire import Answer, Json, Unanswered, path
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.ports import Abilities, Clock, Delivered, DeliveryKey, Later, Never, Outcome, Roster, SentFile, TypedAnswer
from bot.text.card import Card, NativePoll

logger = logging.getLogger(__name__)

SHOWN = 2000
"""How many messages of ours are remembered as they read now."""


class MatrixMessenger:
    """`bot.ports.Messenger` on Matrix."""

    platform = PLATFORM
    buttons = False
    command_sign = "!"
    account_shape = r"@[0-9a-z._=/+-]+:[0-9A-Za-z.\-\[\]:]+"

    def __init__(self, session: Session, census: Census, polls: Polls, clock: Clock, edit_interval: float) -> None:
        self._session = session
        self._census = census
        self._polls = polls
        self._edit_interval = edit_interval
        self._chats = Chats(session)
        self._pace = Pace(clock)
        self._floor = Floor(session, self._pace)
        self._queues: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._shown: OrderedDict[str, str] = OrderedDict()
        self._parts: OrderedDict[str, list[str]] = OrderedDict()

    def start_link(self, payload: str) -> str:
        """None: a Matrix link opens a chat, and brings nothing along."""
        del payload
        return ""

    # ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def post(self, room: RoomRef, card: Card, key: DeliveryKey, reply_to: PostRef | None = None) -> Outcome:
        """Post the card as a new message, pinned if it asks for it and we have the power."""
        async with self._queues[room.id]:
            view = self._session.room(room.id)
            if view is None:
                return Never("room-gone", "not in the room")
            posted = await self._post(view, _replying(markup.contents(card), reply_to), key)
            if isinstance(posted, Answer):
                return undone(posted, joined=view.is_in(self._session.own))
            if missed := await self._attach(view, card, key):
                return missed
            if (
                card.poll is not None
                and not card.poll.over
                and (missed := await self._ask(view, card.poll, posted, key))
            ):
                return missed
            pinned = card.pin and await self._pin(view, posted)
            return Delivered(PostRef(room, posted), pinned)

    async def edit(self, post: PostRef, card: Card) -> Outcome:
        """Replace our message; one that already reads so is Delivered."""
        async with self._queues[post.room.id]:
            view = self._session.room(post.room.id)
            if view is None:
                return Never("room-gone", "not in the room")
            parts = self._parts.get(post.id, [post.id])
            for part, content in zip(parts, markup.contents_exactly(card, len(parts)), strict=True):
                shown = content if part == post.id else content | {PART_OF: post.id}
                if self._shown.get(part) == _digest(shown):
                    continue
                # What would soon be replaced anyway doesn't wait here, before what must be said.
                answer = await self._send(view, markup.edit(part, shown), uuid4().hex, patience=0)
                if not answer.ok:
                    return undone(answer, joined=view.is_in(self._session.own))
                self._reads(part, shown)
            if card.poll is not None and card.poll.over and (missed := await self._end(view, card.poll, post.id)):
                return missed
        return Delivered(post)

    async def whisper(self, to: AccountRef, card: Card, key: DeliveryKey, open_chat: bool) -> Outcome:
        """Write to the person alone; a chat they haven't joined yet keeps the message for them."""
        chat = await self._chats.with_person(to.id, open_chat)
        if isinstance(chat, Later | Never):
            return chat
        return await self.post(RoomRef(PLATFORM, chat.id), replace(card, pin=False), key)

    async def _post(self, view: RoomView, contents: Sequence[Json], key: DeliveryKey) -> str | Answer:
        """The id of the message, or of the first of several; else why one of them could not be sent."""
        ids: list[str] = []
        for number, content in enumerate(contents):
            shown = content | {PART_OF: ids[0]} if ids else content
            answer = await self._send(view, shown, _transaction(key, f"/{number}" if number else ""))
            event_id = answer.body.get("event_id")
            if not answer.ok or not isinstance(event_id, str):
                return answer if not answer.ok else Answer(502)
            ids.append(event_id)
            self._session.remember(event_id, self._session.own, ids[0])
            self._reads(event_id, {name: value for name, value in shown.items() if name != "m.relates_to"})
        if len(ids) > 1:
            self._parts[ids[0]] = ids
        return ids[0]

    async def _send(
        self,
        view: RoomView,
        content: Json,
        transaction: str,
        patience: float = PATIENCE,
        kind: str = "m.room.message",
    ) -> Answer:
        if view.encrypted:
            try:
                content = await self._session.keyring.seal(view.id, view.audience(), kind, content)
            except Unanswered as failure:
                # Nothing was posted, whatever became of the keys.
                return replace(failure.answer, sent=False)
            kind = "m.room.encrypted"
        where = path("rooms", view.id, "send", kind, transaction)
        return await self._pace.send(lambda: self._session.wire.call("PUT", where, content), patience)

    async def _attach(self, view: RoomView, card: Card, key: DeliveryKey) -> Outcome | None:
        """Post the picture, then the file, below their words; what went wrong, if trying again may help."""
        missed: Outcome | None = None
        if card.image is not None:
            content = markup.image(card.image.name, card.image.alternative, card.image.png)
            missed = await self._upload(view, content, card.image.png, _transaction(key, "/image"))
        if card.file is not None and missed is None:
            content = markup.document(card.file.name, card.file.mime, len(card.file.data))
            missed = await self._upload(view, content, card.file.data, _transaction(key, "/file"))
        return missed

    async def _upload(self, view: RoomView, content: Json, bare: bytes, transaction: str) -> Outcome | None:
        """Post one picture or file; what went wrong, if trying again may help."""
        data, file = seal_file(bare) if view.encrypted else (bare, None)
        kind = content["info"]["mimetype"] if file is None else "application/octet-stream"
        answer = await self._pace.send(lambda: self._session.wire.upload(data, kind))
        address = answer.body.get("content_uri")
        if answer.ok and isinstance(address, str):
            content |= {"url": address} if file is None else {"file": file | {"url": address}}
            answer = await self._send(view, content, transaction)
        if answer.ok:
            return None
        missed = undone(answer)
        if isinstance(missed, Never):
            # The words say all that the picture or the file says, so the card counts as delivered.
            logger.warning(
                "%s could not be posted in %s: %s", content["filename"], self._session.in_log(view.id), answer
            )
            return None
        return missed

    async def _ask(self, view: RoomView, poll: NativePoll, card: str, key: DeliveryKey) -> Outcome | None:
        """Post the poll below its card; what went wrong, if trying again may help."""
        answer = await self._send(view, polls.start(poll, card), _transaction(key, "/poll"), kind=polls.START)
        event_id = answer.body.get("event_id")
        if answer.ok and isinstance(event_id, str):
            self._polls.posted(card, event_id)
            self._session.remember(event_id, self._session.own)
            return None
        missed = undone(answer if not answer.ok else Answer(502))
        if isinstance(missed, Never):
            # The card says how to vote without it.
            logger.warning("a poll could not be posted in %s: %s", self._session.in_log(view.id), answer)
            return None
        return missed

    async def _end(self, view: RoomView, poll: NativePoll, card: str) -> Outcome | None:
        """End the poll below the card, once; what went wrong, if trying again may help."""
        standing = await self._polls.to_end(view.id, card)
        if isinstance(standing, str):
            content, transaction = polls.end(standing, poll.over), _transaction(standing, "/end")
            answer = await self._send(view, content, transaction, patience=0, kind=polls.END)
            if answer.ok:
                self._polls.is_over(standing)
                return None
            standing = answer
        if standing is None:
            return None
        missed = undone(standing)
        if isinstance(missed, Never):
            # Whoever answers it now is told that it is too late.
            logger.warning("a poll could not be ended in %s: %s", self._session.in_log(view.id), standing)
            return None
        return missed

    async def _pin(self, view: RoomView, event_id: str) -> bool:
        if event_id in view.pinned:
            return True
        if view.power(self._session.own) < view.needed("m.room.pinned_events", state=True):
            return False
        content = {"pinned": [*view.pinned, event_id]}
        where = path("rooms", view.id, "state", "m.room.pinned_events") + "/"
        answer = await self._pace.send(lambda: self._session.wire.call("PUT", where, content))
        if not answer.ok:
            logger.warning("a card could not be pinned in %s: %s", self._session.in_log(view.id), answer)
            return False
        # The sync will say so too, but the next card may come first.
        view.learn({"type": "m.room.pinned_events", "state_key": "", "content": content})
        return True

    def _reads(self, event_id: str, content: Json) -> None:
        self._shown[event_id] = _digest(content)
        self._shown.move_to_end(event_id)
        if len(self._shown) > SHOWN:
            forgotten, _ = self._shown.popitem(last=False)
            self._parts.pop(forgotten, None)

    # ── asking ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def abilities(self, room: RoomRef) -> Abilities | None:
        """What can be done in the room; None when we are not in it."""
        view = self._session.room(room.id)
        if view is None:
            return None
        return Abilities(
            private_answer=False,
            pins=view.power(self._session.own) >= view.needed("m.room.pinned_events", state=True),
            sees_arrivals=True,
            members_may_send=view.members_may_send,
            exact_roster=True,
            encrypted=view.encrypted,
            edit_interval=self._edit_interval,
            title=view.title,
        )

    async def roster(self, room: RoomRef) -> Roster | None:
        """The persons who are in the room now, as the homeserver says; None when it doesn't."""
        view = self._session.room(room.id)
        if view is None:
            return None
        answer = await self._session.wire.call("GET", path("rooms", room.id, "joined_members"))
        joined = answer.body.get("joined")
        if not answer.ok or not isinstance(joined, dict):
            return None
        bridges = view.bridges
        persons = sorted(user for user in joined if self._census.speaker(user, bridges=bridges) == "person")
        members = tuple(person(user, _name(joined[user])) for user in persons)
        return Roster(members, len(members))

    async def is_member(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the account is in the room now; None when we are not in it ourselves."""
        view = self._session.room(room.id)
        return None if view is None else view.is_in(account.id)

    async def is_admin(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the account is in the room and has power 50 or more, or made a room of version 12 or later."""
        view = self._session.room(room.id)
        return None if view is None else view.is_in(account.id) and view.power(account.id) >= MODERATOR

    async def hidden_names(self, room: RoomRef) -> frozenset[AccountRef] | None:
        """Nobody: Matrix shows who everyone is."""
        return frozenset()

    async def find_room(self, address: str) -> RoomRef | None:
        """The room that an alias, id, matrix.to or matrix: link, or the name of one room of ours, leads to."""
        return await find(self._session, address)

    async def poll_answers(
        self, room: RoomRef, poll: str, account: AccountRef, until: datetime
    ) -> Sequence[TypedAnswer] | None:
        """What the account answered in that poll of ours and has not redacted, the newest first; None when the
        homeserver doesn't say."""
        answers = await self._polls.answers(room.id, poll, account.id, until)
        return None if answers is None else [TypedAnswer(event_key(event), text) for event, text in answers]

    async def fetch(self, file: SentFile, limit: int) -> bytes | None:
        """The document, decrypted if need be; None when the homeserver doesn't give it, or gives another."""
        return await fetch(self._session.wire, file.handle, limit)

    async def floor(self, room: RoomRef) -> str | None:
        """What closing the room would change, to be restored later; None where our power doesn't reach that far."""
        return await self._floor.saved(room)

    async def give_floor(self, room: RoomRef, saved: str, speaker: AccountRef | None) -> Outcome:
        """Close the room to all but those who run it and the speaker."""
        return await self._floor.give(room, saved, speaker)

    async def free_floor(self, room: RoomRef, saved: str) -> Outcome:
        """Let everyone write as before."""
        return await self._floor.free(room, saved)


def _replying(contents: Sequence[Json], reply_to: PostRef | None) -> Sequence[Json]:
    if reply_to is None:
        return contents
    return [contents[0] | {"m.relates_to": {"m.in_reply_to": {"event_id": reply_to.id}}}, *contents[1:]]


def _transaction(key: DeliveryKey, part: str) -> str:
    return "palabre-" + hashlib.sha256((key + part).encode()).hexdigest()[:40]


def _digest(content: Json) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _name(profile: object) -> str:
    name = profile.get("display_name") if isinstance(profile, dict) else None
    return name if isinstance(name, str) else ""
