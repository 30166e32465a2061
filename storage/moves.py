"""A room gets a new address: a group became a supergroup, a Matrix room was upgraded.

The room keeps its number, so everything that happened in it follows. What was
seen at the new address before the move was announced is absorbed.
"""

from __future__ import annotations

from sqlalchemy import Table, and_, delete, exists, select, true, update
from sqlalchemy.sql import ColumnElement

from bot.domain.ids import RoomRef
from storage.database import Database
from storage.deliberation_tables import ARGUMENT, HELD_ROOM
from storage.tables import CONSULTATION_ROOM, POST, PRESENCE, ROOM, ROOM_ADDRESS


def room_at(db: Database, ref: RoomRef) -> int | None:
    """The room an address leads to, or once led to."""
    row = db.first(select(ROOM_ADDRESS.c.room).where(_at(ref)))
    return row and row.room


def set_address(db: Database, room: int, ref: RoomRef) -> None:
    """Make this the room's current address; the others stay as ways to find it."""
    db.run(update(ROOM_ADDRESS).where(ROOM_ADDRESS.c.room == room).values(current=None))
    known = db.first(select(ROOM_ADDRESS.c.id).where(_at(ref)))
    if known is None:
        db.add(ROOM_ADDRESS, platform=ref.platform, address=ref.id, thread=ref.thread, room=room, current=True)
    else:
        db.run(update(ROOM_ADDRESS).where(ROOM_ADDRESS.c.id == known.id).values(current=True, room=room))


def move(db: Database, place: int, old: RoomRef, new: RoomRef) -> None:
    """Move the place and its topics from one address to the other, absorbing what was seen at the new one."""
    topics = db.all(
        select(ROOM.c.id, ROOM_ADDRESS.c.thread)
        .join(ROOM_ADDRESS, and_(ROOM_ADDRESS.c.room == ROOM.c.id, ROOM_ADDRESS.c.current == true()))
        .where(ROOM.c.place == place)
    )
    for room, thread in [(place, ""), *topics]:
        _move_one(db, room, RoomRef(new.platform, new.id, thread))
    db.run(
        update(POST)
        .where(POST.c.platform == old.platform, POST.c.address == old.id, POST.c.state == "sent")
        .values(state="stale")
    )


def _move_one(db: Database, room: int, new: RoomRef) -> None:
    settler = room_at(db, new)
    if settler is not None and settler != room:
        _absorb(db, settler, room)
    set_address(db, room, new)


def _absorb(db: Database, settler: int, room: int) -> None:
    """Make everything about the room first seen at the new address be about the room that moved there."""
    db.run(update(ROOM_ADDRESS).where(ROOM_ADDRESS.c.room == settler).values(room=room, current=None))
    # Its topics that the moved room also has are absorbed in their turn, when they come to the same address.
    organisation = select(ROOM.c.organisation).where(ROOM.c.id == room).scalar_subquery()
    db.run(update(ROOM).where(ROOM.c.place == settler).values(place=room, organisation=organisation))
    _merge_presence(db, settler, room)
    _drop_doubles(db, CONSULTATION_ROOM, settler, room, "consultation")
    # Of a post that both have, the one at the new address stays: it can still be edited.
    _drop_doubles(db, POST, room, settler, "consultation", "version", "role", "part")
    # Of what is to be restored, the first record was made before we changed anything.
    _drop_doubles(db, HELD_ROOM, settler, room, "consultation")
    for table in (CONSULTATION_ROOM, POST, ARGUMENT, HELD_ROOM):
        db.run(update(table).where(table.c.room == settler).values(room=room))
    db.run(delete(ROOM).where(ROOM.c.id == settler))


def _merge_presence(db: Database, settler: int, room: int) -> None:
    """The earlier arrival stands, and so does the latest that was seen of a departure."""
    for row in db.all(select(PRESENCE).where(PRESENCE.c.room == settler)):
        mine = and_(PRESENCE.c.room == room, PRESENCE.c.account == row.account)
        if db.first(select(PRESENCE.c.account).where(mine)):
            db.run(update(PRESENCE).where(mine).values(left_at=row.left_at))
        else:
            db.run(
                PRESENCE.insert().values(room=room, account=row.account, arrived_at=row.arrived_at, left_at=row.left_at)
            )
    db.run(delete(PRESENCE).where(PRESENCE.c.room == settler))


def _at(ref: RoomRef) -> ColumnElement[bool]:
    return and_(
        ROOM_ADDRESS.c.platform == ref.platform, ROOM_ADDRESS.c.address == ref.id, ROOM_ADDRESS.c.thread == ref.thread
    )


def _drop_doubles(db: Database, table: Table, loser: int, keeper: int, *same: str) -> None:
    """Delete the rows of one room that another room has too."""
    other = table.alias()
    kept = exists().where(other.c.room == keeper, *(other.c[name] == table.c[name] for name in same))
    db.run(delete(table).where(table.c.room == loser, kept))
