"""The contributions to a debate, their wordings, and what members make of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, delete, select, update
from sqlalchemy.sql import ColumnElement

from bot.domain.debate.model import Argument, ArgumentState, NewArgument, Wording
from bot.domain.refusals import Missing
from storage import contributions
from storage import deliberation_mapping as mapping
from storage.contributions import counted
from storage.database import LARGEST_NUMBER, Database
from storage.deliberation_tables import ARGUMENT, RATING, REPORT, SUPPORT, WORDING
from storage.mapping import storable

PRESENT = and_(
    WORDING.c.consultation == ARGUMENT.c.consultation,
    WORDING.c.argument == ARGUMENT.c.number,
    WORDING.c.version == ARGUMENT.c.version,
)


class Arguments:
    """The part of debates about contributions (`bot.deliberation.Debates` says what each does)."""

    _db: Database

    def add_argument(self, number: int, argument: NewArgument) -> Argument:
        """See Debates."""
        given = contributions.next_number(self._db, number, "argument")
        self._db.run(
            ARGUMENT.insert().values(
                consultation=number,
                number=given,
                alias=argument.alias,
                kind=argument.kind.value,
                signature=storable(argument.signature),
                at=argument.at,
                stage=argument.stage,
                state=argument.state.value,
                parent=argument.parent,
                room=argument.room,
                version=1,
                ground="",
                reason="",
            )
        )
        self._word(number, given, Wording(1, argument.text, argument.source, argument.at))
        return self.argument(number, given)

    def _word(self, number: int, argument: int, wording: Wording) -> None:
        self._db.run(
            WORDING.insert().values(
                consultation=number,
                argument=argument,
                version=wording.version,
                text=storable(wording.text),
                source=storable(wording.source),
                at=wording.at,
            )
        )

    def argument(self, number: int, argument: int) -> Argument:
        """See Debates."""
        row = self._db.first(_listing().where(*_this(number, argument))) if argument <= LARGEST_NUMBER else None
        if row is None:
            raise Missing("no-such-argument", number=str(number), argument=str(argument))
        return mapping.argument(row)

    def arguments(self, number: int, *, states: Iterable[ArgumentState] | None = None) -> Sequence[Argument]:
        """See Debates."""
        statement = _listing().where(ARGUMENT.c.consultation == number).order_by(ARGUMENT.c.number)
        if states is not None:
            statement = statement.where(ARGUMENT.c.state.in_([state.value for state in states]))
        return [mapping.argument(row) for row in self._db.all(statement)]

    def revise_argument(self, number: int, argument: int, text: str, source: str, at: datetime) -> Argument:
        """See Debates."""
        version = self._change_argument(number, argument, version=ARGUMENT.c.version + 1)
        self._word(number, argument, Wording(version, text, source, at))
        return self.argument(number, argument)

    def wordings(self, number: int, argument: int) -> Sequence[Wording]:
        """See Debates."""
        mine = select(WORDING).where(WORDING.c.consultation == number, WORDING.c.argument == argument)
        rows = self._db.all(mine.order_by(WORDING.c.version))
        return [Wording(row.version, row.text, row.source, row.at) for row in rows]

    def settle_argument(
        self, number: int, argument: int, state: ArgumentState, ground: str = "", reason: str = ""
    ) -> Argument:
        """See Debates."""
        words = {"ground": storable(ground), "reason": storable(reason)}
        self._change_argument(number, argument, state=state.value, **words)
        return self.argument(number, argument)

    def _change_argument(self, number: int, argument: int, **values: object) -> int:
        """Change it; the version it then has."""
        self.argument(number, argument)
        changed = update(ARGUMENT).where(*_this(number, argument)).values(values).returning(ARGUMENT.c.version)
        version = self._db.connection.execute(changed).scalar_one()
        assert isinstance(version, int)
        return version

    def support(self, number: int, argument: int, alias: int, on: bool) -> bool:
        """See Debates."""
        if on:
            return self._db.add_missing(SUPPORT, consultation=number, item=argument, alias=alias)
        mine = (SUPPORT.c.consultation == number, SUPPORT.c.item == argument, SUPPORT.c.alias == alias)
        return self._db.first(delete(SUPPORT).where(*mine).returning(SUPPORT.c.alias)) is not None

    def supported_by(self, number: int, alias: int) -> Sequence[int]:
        """See Debates. In the order of their numbers."""
        mine = (SUPPORT.c.consultation == number, SUPPORT.c.alias == alias)
        return [row.item for row in self._db.all(select(SUPPORT.c.item).where(*mine).order_by(SUPPORT.c.item))]

    def rate(self, number: int, argument: int, alias: int, weight: int) -> None:
        """See Debates."""
        self._db.put(RATING, consultation=number, item=argument, alias=alias, weight=weight)

    def ratings_by(self, number: int, alias: int) -> Mapping[int, int]:
        """See Debates. In the order of their numbers."""
        mine = (RATING.c.consultation == number, RATING.c.alias == alias)
        rows = self._db.all(select(RATING.c.item, RATING.c.weight).where(*mine).order_by(RATING.c.item))
        return {row.item: row.weight for row in rows}

    def report(self, number: int, argument: int, alias: int, reason: str, at: datetime) -> int:
        """See Debates."""
        return contributions.report(self._db, number, argument, alias, reason, at)


def _listing() -> Select[tuple[object, ...]]:
    return select(
        ARGUMENT,
        WORDING.c.text,
        WORDING.c.source,
        counted(SUPPORT, ARGUMENT).label("supports"),
        counted(RATING, ARGUMENT).label("ratings"),
        counted(RATING, ARGUMENT, RATING.c.weight).label("weight"),
        counted(REPORT, ARGUMENT).label("reports"),
    ).join(WORDING, PRESENT)


def _this(number: int, argument: int) -> tuple[ColumnElement[bool], ...]:
    return ARGUMENT.c.consultation == number, ARGUMENT.c.number == argument
