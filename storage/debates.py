"""Debates: their course, the opinion before and after, their conclusion; contributions and the floor are apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, union_all

from bot.domain.debate.model import Conclusion, Course, Moment, Shift, Stance
from storage import contributions
from storage import deliberation_mapping as mapping
from storage.arguments import Arguments
from storage.deliberation_tables import CONCLUSION, COURSE, STANCE, STANCE_SHEET
from storage.mapping import storable
from storage.participants import Participants
from storage.speaking import Speaking

COLUMNS = {Moment.BEFORE: "stance_before", Moment.AFTER: "stance_after"}


class SqlDebates(Participants, Arguments, Speaking):
    """`bot.deliberation.Debates` over one connection inside a transaction."""

    def set_course(self, course: Course) -> None:
        """See Debates."""
        self._db.put(COURSE, consultation=course.number, **mapping.course_columns(course))

    def course(self, number: int, lock: bool = False) -> Course | None:
        """See Debates."""
        statement = select(COURSE).where(COURSE.c.consultation == number)
        row = self._db.first(statement.with_for_update() if lock else statement)
        return None if row is None else mapping.course(row)

    def set_stance(self, number: int, alias: int, moment: Moment, stance: Stance) -> None:
        """See Debates."""
        self._db.put(STANCE, consultation=number, alias=alias, **{COLUMNS[moment]: stance.value})

    def stance_of(self, number: int, alias: int) -> Shift:
        """See Debates. Nothing once the links are erased."""
        row = self._db.first(select(STANCE).where(STANCE.c.consultation == number, STANCE.c.alias == alias))
        return (None, None) if row is None else mapping.shift(row)

    def shifts(self, number: int) -> Mapping[Shift, int]:
        """See Debates."""
        live = (
            select(STANCE.c.stance_before, STANCE.c.stance_after, func.count().label("people"))
            .where(STANCE.c.consultation == number)
            .group_by(STANCE.c.stance_before, STANCE.c.stance_after)
        )
        sheet = select(STANCE_SHEET.c.stance_before, STANCE_SHEET.c.stance_after, STANCE_SHEET.c.count).where(
            STANCE_SHEET.c.consultation == number
        )
        counts: Counter[Shift] = Counter()
        for row in self._db.all(union_all(live, sheet)):
            counts[mapping.shift(row)] += row.people
        return dict(counts)

    def add_conclusion(self, number: int, text: str, at: datetime, author: int | None) -> Conclusion:
        """See Debates."""
        version = contributions.next_number(self._db, number, "conclusion")
        text = storable(text)
        self._db.run(CONCLUSION.insert().values(consultation=number, version=version, text=text, at=at, author=author))
        return Conclusion(version, text, at, author)

    def conclusion(self, number: int) -> Conclusion | None:
        """See Debates."""
        mine = select(CONCLUSION).where(CONCLUSION.c.consultation == number)
        row = self._db.first(mine.order_by(CONCLUSION.c.version.desc()).limit(1))
        return None if row is None else mapping.conclusion(row)
