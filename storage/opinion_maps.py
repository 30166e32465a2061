"""Opinion maps: their statements, and what members answer to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.sql import ColumnElement

from bot.domain.opinions.model import Answers, Opinion, Statement, StatementState
from bot.domain.refusals import Missing
from storage import contributions
from storage import deliberation_mapping as mapping
from storage.contributions import counted
from storage.database import LARGEST_NUMBER
from storage.deliberation_tables import OPINION, REPORT, STATEMENT
from storage.mapping import storable
from storage.participants import Participants


class SqlOpinionMaps(Participants):
    """`bot.deliberation.OpinionMaps` over one connection inside a transaction."""

    def add_statement(self, number: int, alias: int, text: str, at: datetime, state: StatementState) -> Statement:
        """See OpinionMaps."""
        given = contributions.next_number(self._db, number, "statement")
        self._db.run(
            STATEMENT.insert().values(
                consultation=number,
                number=given,
                alias=alias,
                text=storable(text),
                at=at,
                state=state.value,
                ground="",
                reason="",
            )
        )
        return self.statement(number, given)

    def statement(self, number: int, statement: int) -> Statement:
        """See OpinionMaps."""
        row = self._db.first(_listing().where(*_this(number, statement))) if statement <= LARGEST_NUMBER else None
        if row is None:
            raise Missing("no-such-statement", number=str(number), statement=str(statement))
        return mapping.statement(row)

    def statements(self, number: int, *, states: Iterable[StatementState] | None = None) -> Sequence[Statement]:
        """See OpinionMaps."""
        listed = _listing().where(STATEMENT.c.consultation == number).order_by(STATEMENT.c.number)
        if states is not None:
            listed = listed.where(STATEMENT.c.state.in_([state.value for state in states]))
        return [mapping.statement(row) for row in self._db.all(listed)]

    def settle_statement(
        self, number: int, statement: int, state: StatementState, ground: str = "", reason: str = ""
    ) -> Statement:
        """See OpinionMaps."""
        self.statement(number, statement)
        words = {"ground": storable(ground), "reason": storable(reason)}
        self._db.run(update(STATEMENT).where(*_this(number, statement)).values(state=state.value, **words))
        return self.statement(number, statement)

    def report_statement(self, number: int, statement: int, alias: int, reason: str, at: datetime) -> int:
        """See OpinionMaps."""
        return contributions.report(self._db, number, statement, alias, reason, at)

    def set_opinion(self, number: int, statement: int, alias: int, opinion: Opinion) -> Opinion | None:
        """See OpinionMaps."""
        mine = {"consultation": number, "alias": alias, "statement": statement}
        if self._db.add_missing(OPINION, **mine, opinion=opinion.value):
            return None
        former = self._db.first(select(OPINION.c.opinion).filter_by(**mine).with_for_update())
        assert former is not None
        self._db.run(update(OPINION).filter_by(**mine).values(opinion=opinion.value))
        return Opinion(former.opinion)

    def opinions_of(self, number: int, alias: int) -> Mapping[int, Opinion]:
        """See OpinionMaps. In the order of their numbers."""
        mine = (OPINION.c.consultation == number, OPINION.c.alias == alias)
        rows = self._db.all(select(OPINION.c.statement, OPINION.c.opinion).where(*mine).order_by(OPINION.c.statement))
        return {row.statement: Opinion(row.opinion) for row in rows}

    def answers(self, number: int) -> Answers:
        """See OpinionMaps. In the order of aliases, then of statements."""
        given: dict[int, dict[int, Opinion]] = defaultdict(dict)
        mine = select(OPINION.c.alias, OPINION.c.statement, OPINION.c.opinion).where(OPINION.c.consultation == number)
        for row in self._db.all(mine.order_by(OPINION.c.alias, OPINION.c.statement)):
            given[row.alias][row.statement] = Opinion(row.opinion)
        return dict(given)


def _listing() -> Select[tuple[object, ...]]:
    return select(
        STATEMENT,
        counted(OPINION, STATEMENT, None, OPINION.c.opinion == Opinion.AGREE.value).label("agrees"),
        counted(OPINION, STATEMENT, None, OPINION.c.opinion == Opinion.DISAGREE.value).label("disagrees"),
        counted(OPINION, STATEMENT, None, OPINION.c.opinion == Opinion.PASS.value).label("passes"),
        counted(REPORT, STATEMENT).label("reports"),
    )


def _this(number: int, statement: int) -> tuple[ColumnElement[bool], ...]:
    return STATEMENT.c.consultation == number, STATEMENT.c.number == statement
