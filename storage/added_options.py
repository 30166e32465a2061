"""Options that voters add: proposals, what became of them, and the definition with those that were accepted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.sql import ColumnElement

from bot.domain.added_options import AddedOption, AddedState, with_added
from bot.domain.ballots import from_text
from bot.domain.consultation import Consultation
from bot.domain.date_options import Slot
from bot.domain.refusals import Missing
from bot.domain.words import fold
from storage.added_option_tables import ADDED_OPTION
from storage.database import LARGEST_NUMBER, Database
from storage.mapping import storable
from storage.tables import ACCOUNT, BALLOT


class SqlAddedOptions:
    """`bot.additions.AddedOptions` over one connection inside a transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def propose(self, number: int, account: int, text: str, slot: Slot | None = None) -> AddedOption:
        """See AddedOptions. The database refuses a second proposal of the same words."""
        last = select(func.coalesce(func.max(ADDED_OPTION.c.entry), 0)).where(ADDED_OPTION.c.consultation == number)
        entry = int(self._db.all(last)[0][0]) + 1
        self._db.run(
            ADDED_OPTION.insert().values(
                consultation=number, entry=entry, account=account, text=storable(text), slug=storable(fold(text)),
                state=AddedState.WAITING.value, why="",
                starts=slot.starts if slot else None, ends=slot.ends if slot else None, day=slot.day if slot else "",
            )
        )  # fmt: skip
        return self.proposal(number, entry)

    def proposals(self, number: int) -> Sequence[AddedOption]:
        """See AddedOptions."""
        mine = _listing().where(ADDED_OPTION.c.consultation == number).order_by(ADDED_OPTION.c.entry)
        return [_added(row) for row in self._db.all(mine)]

    def proposal(self, number: int, entry: int) -> AddedOption:
        """See AddedOptions."""
        row = self._db.first(_listing().where(*_this(number, entry))) if entry <= LARGEST_NUMBER else None
        if row is None:
            raise Missing("no-such-proposal", number=str(number), entry=str(entry))
        return _added(row)

    def accept(self, number: int, entry: int, option: int, at: datetime) -> AddedOption:
        """See AddedOptions. The database refuses a number that another option has."""
        changed = {"state": AddedState.ACCEPTED.value, "number": option, "at": at, "why": ""}
        self._db.run(update(ADDED_OPTION).where(*_this(number, entry)).values(changed))
        return self.proposal(number, entry)

    def dismiss(self, number: int, entry: int, state: AddedState, why: str) -> AddedOption:
        """See AddedOptions."""
        changed = {"state": state.value, "why": storable(why)}
        self._db.run(update(ADDED_OPTION).where(*_this(number, entry)).values(changed))
        return self.proposal(number, entry)

    def is_chosen(self, number: int, option: int) -> bool:
        """See AddedOptions."""
        ballots = self._db.all(select(BALLOT.c.choice).where(BALLOT.c.consultation == number).distinct())
        return any(option in from_text(row.choice) for row in ballots)


def with_additions(db: Database, made: Sequence[Consultation]) -> Sequence[Consultation]:
    """The consultations with the options that were accepted, where voters may add some: one statement, or none."""
    growing = [each.number for each in made if each.definition.add_options is not None]
    if not growing:
        return made
    accepted: dict[int, list[AddedOption]] = defaultdict(list)
    mine = db.among(ADDED_OPTION.c.consultation, growing)
    for row in db.all(_listing().where(mine, ADDED_OPTION.c.state == AddedState.ACCEPTED.value)):
        accepted[row.consultation].append(_added(row))
    return [
        replace(each, definition=with_added(each.definition, accepted[each.number]))
        if each.number in accepted
        else each
        for each in made
    ]


def forget_proposers(db: Database, number: int) -> None:
    """Keep of an ended consultation's proposals no account, and nothing of those that still waited."""
    mine = ADDED_OPTION.c.consultation == number
    db.run(delete(ADDED_OPTION).where(mine, ADDED_OPTION.c.state == AddedState.WAITING.value))
    db.run(update(ADDED_OPTION).where(mine).values(account=None))


def _listing() -> Select[Any]:
    proposer = ADDED_OPTION.outerjoin(ACCOUNT, ACCOUNT.c.id == ADDED_OPTION.c.account)
    return select(ADDED_OPTION, ACCOUNT.c.person).select_from(proposer)


def _this(number: int, entry: int) -> tuple[ColumnElement[bool], ...]:
    return ADDED_OPTION.c.consultation == number, ADDED_OPTION.c.entry == entry


def _added(row: Row[Any]) -> AddedOption:
    state = AddedState(row.state)
    slot = None if row.starts is None else Slot(row.number or 0, row.starts, row.ends, row.day)
    return AddedOption(row.entry, row.account, row.person, row.text, state, row.number, row.at, row.why, slot)
