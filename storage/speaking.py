"""The floor of a debate: who waits for it, who has it, and the rooms to restore."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, null, select, true, update

from bot.domain.debate.model import HeldRoom, Request, Speech
from storage import deliberation_mapping as mapping
from storage.database import Database
from storage.deliberation_tables import FLOOR_REQUEST, HELD_ROOM, SPEECH
from storage.mapping import storable


class Speaking:
    """The part of debates about the floor (`bot.deliberation.Debates` says what each does)."""

    _db: Database

    def ask_floor(self, number: int, request: Request) -> bool:
        """See Debates. Who asks again keeps their place, and the instant since which they wait."""
        said = _said(request)
        mine = {"consultation": number, "alias": request.alias}
        if self._db.add_missing(FLOOR_REQUEST, **mine, **said, at=request.at):
            return True
        self._db.run(update(FLOOR_REQUEST).filter_by(**mine).values(said))
        return False

    def leave_floor(self, number: int, alias: int) -> bool:
        """See Debates."""
        mine = (FLOOR_REQUEST.c.consultation == number, FLOOR_REQUEST.c.alias == alias)
        return self._db.first(delete(FLOOR_REQUEST).where(*mine).returning(FLOOR_REQUEST.c.id)) is not None

    def requests(self, number: int) -> Sequence[Request]:
        """See Debates."""
        mine = select(FLOOR_REQUEST).where(FLOOR_REQUEST.c.consultation == number)
        return [mapping.request(row) for row in self._db.all(mine.order_by(FLOOR_REQUEST.c.id))]

    def begin_speech(self, number: int, request: Request, at: datetime) -> Speech:
        """See Debates. The database refuses a second speech under way."""
        self.leave_floor(number, request.alias)
        identity = self._db.add(
            SPEECH,
            consultation=number,
            alias=request.alias,
            **_said(request),
            began_at=at,
            under_way=True,
            messages=0,
            characters=0,
        )
        row = self._db.first(select(SPEECH).where(SPEECH.c.id == identity))
        assert row is not None
        return mapping.speech(row)

    def end_speech(self, number: int, at: datetime) -> Speech | None:
        """See Debates."""
        ended = update(SPEECH).where(SPEECH.c.consultation == number, SPEECH.c.under_way == true())
        row = self._db.first(ended.values(under_way=null(), ended_at=at).returning(SPEECH))
        return None if row is None else mapping.speech(row)

    def note_words(self, number: int, messages: int, characters: int) -> None:
        """See Debates. Nothing when nobody has the floor."""
        spoken = update(SPEECH).where(SPEECH.c.consultation == number, SPEECH.c.under_way == true())
        self._db.run(spoken.values(messages=SPEECH.c.messages + messages, characters=SPEECH.c.characters + characters))

    def speeches(self, number: int) -> Sequence[Speech]:
        """See Debates."""
        mine = select(SPEECH).where(SPEECH.c.consultation == number)
        return [mapping.speech(row) for row in self._db.all(mine.order_by(SPEECH.c.id))]

    def hold_room(self, held: HeldRoom) -> None:
        """See Debates. What was noted first stays until the room is released: what is read later is our own doing."""
        self._db.add_missing(HELD_ROOM, consultation=held.number, room=held.room, saved=held.saved)

    def held_rooms(self, number: int | None = None) -> Sequence[HeldRoom]:
        """See Debates."""
        statement = select(HELD_ROOM).order_by(HELD_ROOM.c.consultation, HELD_ROOM.c.room)
        if number is not None:
            statement = statement.where(HELD_ROOM.c.consultation == number)
        return [HeldRoom(row.consultation, row.room, row.saved) for row in self._db.all(statement)]

    def release_room(self, number: int, room: int) -> None:
        """See Debates."""
        self._db.run(delete(HELD_ROOM).where(HELD_ROOM.c.consultation == number, HELD_ROOM.c.room == room))


def _said(request: Request) -> dict[str, Any]:
    return {
        "name": storable(request.name),
        "side": request.side.value,
        "quota_list": storable(request.list),
        "point_of_order": request.order,
    }
