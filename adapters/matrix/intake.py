"""What happens on Matrix, to the door: every event once or twice, never not at all, in the order of its room.

The cursor is ours: it is saved only after the door has handled everything of a sync, so a
crash means that the same events come again, under the same keys. It reads through
`inbound`, decides nothing and answers nobody.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.matrix.doorway import hand_over
from adapters.matrix.history import PAGE, events, is_arrival, rooms, said_since
from adapters.matrix.inbound import Reader, event_key
from adapters.matrix.invitations import Invitations
from adapters.matrix.keyring import KeyMissing
from adapters.matrix.people import PLATFORM
from adapters.matrix.rooms import RoomView
from adapters.matrix.session import Session
from adapters.matrix.unfinished import Sealed, Unfinished
from adapters.matrix.wire import Answer, Json
from bot.domain.ids import RoomRef
from bot.ports import Clock, Door, Incoming, RoomMoved

logger = logging.getLogger(__name__)

LoadCursor = Callable[[], Awaitable[str | None]]
SaveCursor = Callable[[str], Awaitable[None]]

LONG_POLL = 30
"""Seconds for which the homeserver may hold a sync when nothing happens."""
BACKOFF = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between attempts when the homeserver is not there."""
_FILTER = json.dumps(
    {
        "presence": {"not_types": ["*"]},
        "account_data": {"types": ["m.direct"]},
        "room": {
            "timeline": {"limit": PAGE},
            "state": {"lazy_load_members": False},
            "ephemeral": {"not_types": ["*"]},
            "account_data": {"not_types": ["*"]},
        },
    }
)


@dataclass(frozen=True, slots=True)
class _News:
    """One sync, and the cursor it continues from (None: the first ever)."""

    since: str | None
    sync: Json


class Intake:
    """The sync loop of one session. `last_contact` is when the homeserver last answered it."""

    def __init__(
        self, session: Session, reader: Reader, clock: Clock, load_cursor: LoadCursor, save_cursor: SaveCursor
    ) -> None:
        self._session = session
        self._reader = reader
        self._clock = clock
        self._load = load_cursor
        self._save = save_cursor
        self._unfinished = Unfinished(session.folder)
        self._invitations = Invitations(session, self._unfinished, clock)
        self._first: _News | None = None
        self.last_contact: datetime | None = None

    async def begin(self) -> None:
        """Ask for the first sync, and learn the state of all our rooms from it; ConnectionError if it can't be had."""
        since = await self._load()
        answer = await self._ask(since, whole=True)
        if not answer.ok:
            raise ConnectionError(f"the homeserver does not let us sync: {answer}")
        self._first = _News(since, answer.body)
        self._learn(answer.body)

    async def run(self, door: Door) -> None:
        """Take everything to the door until cancelled. What the door raises ends it and keeps the cursor."""
        self._invitations.resume()
        try:
            news = self._first or await self._next(await self._load())
            self._first = None
            await self._hand_late(door, None)
            while True:
                await self._take(news, door)
                news = await self._next(str(news.sync["next_batch"]))
        finally:
            await self._invitations.close()

    # ── asking ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _ask(self, since: str | None, *, whole: bool = False) -> Answer:
        query: dict[str, Any] = {"filter": _FILTER, "timeout": 0 if whole else LONG_POLL * 1000}
        if since is not None:
            query["since"] = since
        if whole:
            # After a restart nothing of the rooms' state is known, whatever the cursor.
            query["full_state"] = "true"
        patience = 600 if whole else LONG_POLL + 30
        answer = await self._session.wire.call("GET", "/sync", query=query, patience=patience)
        if answer.ok and not isinstance(answer.body.get("next_batch"), str):
            return Answer(502)
        if answer.ok:
            self.last_contact = self._clock.now()
        return answer

    async def _next(self, since: str | None) -> _News:
        """The next sync, however long the homeserver is away."""
        failures = 0
        while not (answer := await self._ask(since)).ok:
            if answer.status == 401:
                await self._session.renew()
                continue
            wait = max(BACKOFF[min(failures, len(BACKOFF) - 1)], answer.retry_after if answer.status == 429 else 0.0)
            logger.warning("no sync (%s): next attempt in %.0f s", answer, wait)
            failures += 1
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=wait))
        self._learn(answer.body)
        return _News(since, answer.body)

    # ── learning ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _learn(self, sync: Json) -> None:
        """Take in what the sync says of rooms and private chats, before any of its messages is read."""
        for event in events(sync, "account_data"):
            if event.get("type") == "m.direct" and isinstance(content := event.get("content"), dict):
                self._session.mark_all_direct(content)
        for room_id, part in rooms(sync, "join"):
            # What we knew of a room before we left it may be wrong by now; coming back brings all of it.
            room = self._session.room(room_id) or RoomView(room_id)
            self._session.rooms[room_id] = room
            _learn_state(room, part)
        for room_id, part in rooms(sync, "leave"):
            if room_id in self._session.rooms:
                _learn_state(self._session.rooms[room_id], part)

    # ── handling ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _take(self, news: _News, door: Door) -> None:
        at = self._clock.now()
        arrived = self._session.keyring.absorb(news.sync)
        await self._session.keyring.tend()
        await self._hand_late(door, arrived)
        heard: list[Incoming] = []
        for room_id, part in [*rooms(news.sync, "join"), *rooms(news.sync, "leave")]:
            heard += await self._hear(room_id, part, news.since, at)
        await hand_over(door, heard)
        for room_id, part in rooms(news.sync, "invite"):
            self._invitations.receive(room_id, events(part, "invite_state"))
        self._unfinished.save()
        await self._save(str(news.sync["next_batch"]))
        self._invitations.resume()

    async def _hear(self, room_id: str, part: Json, since: str | None, at: datetime) -> list[Incoming]:
        room = self._session.rooms.get(room_id)
        if room is None or since is None:
            # The first sync ever is where we begin: what was said before was not said to us.
            return []
        said = await said_since(self._session, room_id, part, since)
        for event in said:
            self._remember(event)
            if is_arrival(event, self._session.own):
                await self._mark(room, event)
        heard: list[Incoming] = []
        for event in said:
            if (opened := self._opened(room, event, at)) is not None:
                heard += await self._read(room, opened, at)
        return heard

    async def _read(self, room: RoomView, event: Json, at: datetime) -> list[Incoming]:
        heard: Incoming | None
        try:
            heard = await self._moved(room, event, at) or await self._reader.read(room, event, at)
        except Exception:
            # It would come again after every restart, and nothing after it would ever be heard.
            logger.exception("event %s in %s is left out", event.get("event_id"), self._session.in_log(room.id))
            return []
        return [] if heard is None else [heard]

    def _opened(self, room: RoomView, event: Json, at: datetime) -> Json | None:
        """The event itself, or the one it carries encrypted; None if that can't be read, yet or ever."""
        if event.get("type") != "m.room.encrypted" or event.get("sender") == self._session.own:
            return event
        if not isinstance(event.get("content"), dict) or not event["content"]:
            return None
        try:
            return self._session.keyring.unseal(room.id, event)
        except KeyMissing as missing:
            self._unfinished.keep(Sealed(room.id, at, missing.session, event))
            return None

    async def _hand_late(self, door: Door, sessions: set[str] | None) -> None:
        """Take to the door the kept messages whose key has come (all are tried if no session is named)."""
        if sessions is not None and not sessions:
            return
        heard: list[Incoming] = []
        done: list[Sealed] = []
        for sealed in self._unfinished.sealed(sessions):
            room = self._session.room(sealed.room)
            try:
                event = self._session.keyring.unseal(sealed.room, sealed.event)
            except KeyMissing:
                continue
            done.append(sealed)
            if room is not None and event is not None:
                heard += await self._read(room, event, sealed.at)
        await hand_over(door, heard)
        self._unfinished.drop(done, self._clock.now())

    def _remember(self, event: Json) -> None:
        event_id, sender = event.get("event_id"), event.get("sender")
        if isinstance(event_id, str) and isinstance(sender, str) and sender != self._session.own:
            self._session.remember(event_id, sender)

    async def _mark(self, room: RoomView, arrival: Json) -> None:
        """Mark the room as a private chat if we were invited to it as one: only the invitation says so."""
        unsigned = arrival.get("unsigned")
        invitation = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
        others = room.present() - {self._session.own}
        if isinstance(invitation, dict) and invitation.get("is_direct") is True and len(others) == 1:
            await self._session.mark_direct(next(iter(others)), room.id)

    # ── rooms that move ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _moved(self, room: RoomView, event: Json, at: datetime) -> RoomMoved | None:
        """A room replaced by another, told once we are in both.

        Only the old room's own tombstone, which takes power there to set, says where it
        went: anyone could make a room that claims to continue another.
        """
        if event.get("type") == "m.room.tombstone" and event.get("state_key") == "":
            if room.successor and self._session.room(room.successor) is not None:
                return _move(room, event.get("event_id"), at)
            if room.successor and isinstance(sender := event.get("sender"), str):
                self._unfinished.invite(room.successor, sender)
            return None
        if is_arrival(event, self._session.own):
            old = next((each for each in self._session.rooms.values() if each.successor == room.id), None)
            if old is not None:
                return _move(old, event.get("event_id"), at)
        return None


def _learn_state(room: RoomView, part: Json) -> None:
    for event in [*events(part, "state"), *events(part, "timeline")]:
        room.learn(event)


def _move(old: RoomView, event_id: object, at: datetime) -> RoomMoved:
    return RoomMoved(event_key(str(event_id)), at, RoomRef(PLATFORM, old.id), RoomRef(PLATFORM, old.successor))
