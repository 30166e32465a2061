"""Rooms, their addresses past and present, and who was seen in them.

A room keeps its number whatever becomes of its address. A topic belongs to the
place of its group, and follows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, true, update

from bot.domain.ids import RoomRef
from bot.domain.refusals import Missing
from bot.store import Presence, Room
from storage import mapping, moves
from storage.database import Database
from storage.tables import ORGANISATION, PRESENCE, ROOM, ROOM_ADDRESS

CURRENT = (
    select(ROOM, ROOM_ADDRESS.c.platform, ROOM_ADDRESS.c.address, ROOM_ADDRESS.c.thread)
    .join(ROOM_ADDRESS, ROOM_ADDRESS.c.room == ROOM.c.id)
    .where(ROOM_ADDRESS.c.current == true())
)


class Rooms:
    """The part of a transaction about rooms (`bot.store.Transaction` says what each does)."""

    _db: Database

    def room(self, ref: RoomRef, title: str, at: datetime, language: str, time_zone: str) -> Room:
        """See Transaction."""
        known = self.find_room(ref)
        title = mapping.storable(title)
        if known is not None:
            return self._seen_again(known, title)
        if not ref.thread:
            organisation = self._db.add(
                ORGANISATION, language=language, time_zone=time_zone, declaration="{}", bound=False
            )
            return self._add_room(ref, None, title, at, organisation, language)
        place = self.find_room(ref.place)
        # What a topic is called says nothing about its group, unless there is nothing else to call it.
        place = self._seen_again(place, "") if place else self.room(ref.place, title, at, language, time_zone)
        # The group may have moved since the address was learnt: its topics are kept at the present one.
        present = RoomRef(place.ref.platform, place.ref.id, ref.thread)
        known = self.find_room(present)
        if known is not None:
            return self._seen_again(known, title)
        return self._add_room(present, place.id, title, at, place.organisation, place.language)

    def _add_room(
        self, ref: RoomRef, place: int | None, title: str, at: datetime, organisation: int, language: str
    ) -> Room:
        number = self._db.add(
            ROOM, place=place, title=title, organisation=organisation, language=language, active=True, first_seen=at
        )
        moves.set_address(self._db, number, ref)
        return self.room_by_id(number)

    def _seen_again(self, room: Room, title: str) -> Room:
        if title and title != room.title:
            self._change_rooms(ROOM.c.id == room.id, title=title)
        if not room.active:
            self.set_room_active(room.place, active=True)
        return self.room_by_id(room.id)

    def find_room(self, ref: RoomRef) -> Room | None:
        """See Transaction."""
        number = moves.room_at(self._db, ref)
        return None if number is None else self.room_by_id(number)

    def room_by_id(self, room: int) -> Room:
        """The room with this number."""
        row = self._db.first(CURRENT.where(ROOM.c.id == room))
        if row is None:
            raise Missing("no-such-room", room=str(room))
        return mapping.room(row)

    def rooms_of(self, organisation: int) -> Sequence[Room]:
        """See Transaction."""
        mine = (ROOM.c.organisation == organisation, ROOM.c.active == true())
        return [mapping.room(row) for row in self._db.all(CURRENT.where(*mine).order_by(ROOM.c.id))]

    def set_room_language(self, room: int, language: str) -> None:
        """The language the bot speaks in the room."""
        self._change_rooms(ROOM.c.id == room, language=language)

    def set_room_active(self, room: int, active: bool) -> None:
        """Whether the bot is in the room; a group's topics go with it."""
        self._change_rooms(_with_topics(room), active=active)

    def bind_room(self, room: int, organisation: int) -> None:
        """See Transaction."""
        self._change_rooms(_with_topics(self.room_by_id(room).place), organisation=organisation)

    def _change_rooms(self, which: ColumnElement[bool], **values: object) -> None:
        self._db.run(update(ROOM).where(which).values(values))

    def move_room(self, old: RoomRef, new: RoomRef) -> Room | None:
        """See Transaction."""
        place = moves.room_at(self._db, old.place)
        if place is None:
            return None
        moves.move(self._db, place, old.place, new.place)
        return self.room_by_id(place)

    def presence(self, room: int, account: int) -> Presence | None:
        """What was seen of the account there."""
        row = self._db.first(select(PRESENCE).where(PRESENCE.c.room == room, PRESENCE.c.account == account))
        return row and Presence(row.arrived_at, row.left_at)

    def arrived(self, room: int, account: int, at: datetime | None) -> None:
        """See Transaction."""
        seen = {} if at is None else {"arrived_at": at}
        self._db.put(PRESENCE, room=room, account=account, left_at=None, **seen)

    def departed(self, room: int, account: int, at: datetime) -> None:
        """The account left the room."""
        self._db.put(PRESENCE, room=room, account=account, left_at=at)

    def rooms_with(self, account: int) -> Sequence[int]:
        """See Transaction. Oldest first."""
        places = select(PRESENCE.c.room).where(PRESENCE.c.account == account, PRESENCE.c.left_at.is_(None))
        there = or_(ROOM.c.id.in_(places), ROOM.c.place.in_(places))
        return [row.id for row in self._db.all(select(ROOM.c.id).where(there).order_by(ROOM.c.id))]


def _with_topics(room: int) -> ColumnElement[bool]:
    return or_(ROOM.c.id == room, ROOM.c.place == room)
