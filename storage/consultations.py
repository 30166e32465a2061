"""Consultations and their disclosures."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select

from bot.domain.canonical import canonical
from bot.domain.consultation import Consultation, State
from bot.domain.refusals import Missing
from storage import mapping
from storage.added_options import with_additions
from storage.closing_tables import CONTEST_MOVE, PUT_OFF, TIE_DECISION
from storage.database import LARGEST_NUMBER, Database
from storage.follow_up_tables import FOLLOW_UP
from storage.tables import CONSULTATION, CONSULTATION_ROOM, DISCLOSURE


class Consultations:
    """The part of a transaction about consultations (`bot.store.Transaction` says what each does)."""

    _db: Database

    def add_consultation(self, draft: Consultation) -> Consultation:
        """See Transaction."""
        number = self._db.add(CONSULTATION, **mapping.consultation_columns(draft))
        self._set_rooms(number, draft)
        self._set_closing(number, draft)
        return self.consultation(number)

    def consultation(self, number: int, lock: bool = False) -> Consultation:
        """See Transaction."""
        found = self._find_consultation(number, lock)
        if found is None:
            raise Missing("no-such-consultation", number=str(number))
        return found

    def find_consultation(self, number: int) -> Consultation | None:
        """The consultation with this number, if there is one."""
        return self._find_consultation(number, lock=False)

    def _find_consultation(self, number: int, lock: bool) -> Consultation | None:
        if not 0 < number <= LARGEST_NUMBER:  # numbers are typed by people, and sent by whoever forges a button
            return None
        statement = select(CONSULTATION).where(CONSULTATION.c.number == number)
        row = self._db.first(statement.with_for_update() if lock else statement)
        return None if row is None else self._with_rooms([row])[0]

    def save(self, consultation: Consultation) -> None:
        """See Transaction."""
        mine = CONSULTATION.c.number == consultation.number
        self._db.run(CONSULTATION.update().where(mine).values(mapping.consultation_columns(consultation)))
        self._set_rooms(consultation.number, consultation)
        self._set_closing(consultation.number, consultation)

    def _set_rooms(self, number: int, consultation: Consultation) -> None:
        # An excused room is still one of the rooms: the journal and the minutes name it.
        assert set(consultation.excused) <= set(consultation.rooms)
        self._db.run(CONSULTATION_ROOM.delete().where(CONSULTATION_ROOM.c.consultation == number))
        rows = [
            {"consultation": number, "room": room, "position": position, "excused": room in consultation.excused}
            for position, room in enumerate(consultation.rooms)
        ]
        if rows:
            self._db.connection.execute(CONSULTATION_ROOM.insert(), rows)

    def consultations(
        self, *, rooms: Iterable[int] | None = None, states: Iterable[State] | None = None, limit: int = 50
    ) -> Sequence[Consultation]:
        """See Transaction."""
        statement = select(CONSULTATION).order_by(CONSULTATION.c.number.desc()).limit(limit)
        if states is not None:
            statement = statement.where(CONSULTATION.c.state.in_([state.value for state in states]))
        if rooms is not None:
            there = select(CONSULTATION_ROOM.c.consultation).where(CONSULTATION_ROOM.c.room.in_(list(rooms)))
            statement = statement.where(CONSULTATION.c.number.in_(there))
        return self._with_rooms(self._db.all(statement))

    def _with_rooms(self, rows: Sequence[Row[Any]]) -> Sequence[Consultation]:
        rooms: dict[int, list[int]] = defaultdict(list)
        excused: dict[int, list[int]] = defaultdict(list)
        mine = self._db.among(CONSULTATION_ROOM.c.consultation, [row.number for row in rows])
        for row in self._db.all(select(CONSULTATION_ROOM).where(mine).order_by(CONSULTATION_ROOM.c.position)):
            rooms[row.consultation].append(row.room)
            if row.excused:
                excused[row.consultation].append(row.room)
        made = [mapping.consultation(row, rooms[row.number], excused[row.number]) for row in rows]
        return self._with_closings(with_additions(self._db, made))

    def _set_closing(self, number: int, consultation: Consultation) -> None:
        self._db.run(TIE_DECISION.delete().where(TIE_DECISION.c.consultation == number))
        for position, option in enumerate(consultation.tie_choices):
            self._db.run(TIE_DECISION.insert().values(consultation=number, position=position, option=option))
        if consultation.put_off:
            self._db.add_missing(PUT_OFF, consultation=number)
        for position, lost in enumerate(consultation.contest_moves):
            seconds = int(lost.total_seconds())
            self._db.add_missing(CONTEST_MOVE, consultation=number, position=position, seconds=seconds)

    def _with_closings(self, made: Sequence[Consultation]) -> Sequence[Consultation]:
        """The consultations with what was decided at their closing."""
        numbers = [each.number for each in made]
        choices: dict[int, list[int]] = defaultdict(list)
        decided = select(TIE_DECISION).where(self._db.among(TIE_DECISION.c.consultation, numbers))
        for row in self._db.all(decided.order_by(TIE_DECISION.c.position)):
            choices[row.consultation].append(row.option)
        delayed = select(PUT_OFF.c.consultation).where(self._db.among(PUT_OFF.c.consultation, numbers))
        put_off = {row.consultation for row in self._db.all(delayed)}
        moves: dict[int, list[timedelta]] = defaultdict(list)
        moved = select(CONTEST_MOVE).where(self._db.among(CONTEST_MOVE.c.consultation, numbers))
        for row in self._db.all(moved.order_by(CONTEST_MOVE.c.position)):
            moves[row.consultation].append(timedelta(seconds=row.seconds))
        return [
            replace(
                each,
                tie_choices=tuple(choices[each.number]),
                put_off=each.number in put_off,
                contest_moves=tuple(moves[each.number]),
            )
            if each.number in put_off or choices[each.number] or moves[each.number]
            else each
            for each in made
        ]

    def set_follow_up(self, number: int, follower: int) -> None:
        """See Transaction."""
        self._db.run(FOLLOW_UP.insert().values(consultation=number, number=follower))

    def follow_up(self, number: int) -> int | None:
        """See Transaction."""
        row = self._db.first(select(FOLLOW_UP.c.number).where(FOLLOW_UP.c.consultation == number))
        return None if row is None else int(row.number)

    def set_disclosure(self, number: int, version: int, facts: Mapping[str, Any]) -> None:
        """See Transaction."""
        self._db.put(DISCLOSURE, consultation=number, version=version, facts=canonical(dict(facts)))

    def disclosure(self, number: int, version: int) -> Mapping[str, Any] | None:
        """See Transaction."""
        mine = (DISCLOSURE.c.consultation == number, DISCLOSURE.c.version == version)
        row = self._db.first(select(DISCLOSURE.c.facts).where(*mine))
        if row is None:
            return None
        facts: Mapping[str, Any] = json.loads(row.facts)
        return facts
