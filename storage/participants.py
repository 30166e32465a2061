"""Who takes part in a debate or an opinion map: the aliases, and the links behind them until these are erased."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, insert, literal, null, select, update

from bot.domain.ids import AccountRef
from bot.domain.refusals import Missing
from storage import mapping
from storage.database import Database
from storage.deliberation_tables import (
    FLOOR_REQUEST,
    PARTICIPANT,
    RATING,
    REPORT,
    STANCE,
    STANCE_SHEET,
    SUPPORT,
)
from storage.tables import ACCOUNT, RIGHT_ACCOUNT

FEWEST_ALIASES = 9_999
"""What aliases are drawn from, while less than half of it is taken."""


class Participants:
    """The part of debates and opinion maps about people (`bot.deliberation.Participants` says what each does)."""

    _db: Database

    def __init__(self, db: Database) -> None:
        self._db = db

    def take_part(self, number: int, account: int) -> int:
        """See Participants. An alias drawn elsewhere at the same instant, for the same right or another, is seen."""
        mine = (RIGHT_ACCOUNT.c.consultation == number, RIGHT_ACCOUNT.c.account == account)
        held = self._db.first(select(RIGHT_ACCOUNT.c.voting_right).where(*mine))
        if held is None:
            raise Missing("no-right", number=str(number))
        while (alias := self.alias_of(number, account)) is None:
            drawn = secrets.randbelow(_pool(self.participants(number))) + 1
            self._db.add_missing(PARTICIPANT, consultation=number, alias=drawn, voting_right=held.voting_right)
        return alias

    def alias_of(self, number: int, account: int) -> int | None:
        """See Participants."""
        row = self._db.first(
            select(PARTICIPANT.c.alias)
            .join(RIGHT_ACCOUNT, RIGHT_ACCOUNT.c.voting_right == PARTICIPANT.c.voting_right)
            .where(RIGHT_ACCOUNT.c.consultation == number, RIGHT_ACCOUNT.c.account == account)
        )
        return row and row.alias

    def accounts_behind(self, number: int, alias: int) -> Sequence[AccountRef]:
        """See Participants. Sorted."""
        rows = self._db.all(
            select(ACCOUNT.c.ref)
            .join(RIGHT_ACCOUNT, RIGHT_ACCOUNT.c.account == ACCOUNT.c.id)
            .join(PARTICIPANT, PARTICIPANT.c.voting_right == RIGHT_ACCOUNT.c.voting_right)
            .where(PARTICIPANT.c.consultation == number, PARTICIPANT.c.alias == alias)
        )
        return sorted(mapping.account_ref(row.ref) for row in rows)

    def participants(self, number: int) -> int:
        """See Participants."""
        return self._db.count(PARTICIPANT, PARTICIPANT.c.consultation == number)

    def forget_aliases(self, number: int) -> None:
        """See Participants. Doing it twice changes nothing more."""
        forget(self._db, number)


def forget(db: Database, number: int) -> None:
    """Leave nothing that ties an alias to a right, nor an opinion, a support, a rating or a report to a signature.

    Arguments keep their author's alias beside the signature: by it, whatever else has the
    alias would have a name. What aliases answered to statements stays, for the map: nothing
    there is signed.
    """
    _fold_stances(db, number)
    db.run(delete(FLOOR_REQUEST).where(FLOOR_REQUEST.c.consultation == number))
    _leave_counts(db, SUPPORT, number)
    _leave_counts(db, RATING, number, RATING.c.weight)
    _leave_counts(db, REPORT, number, literal("").label("reason"))
    db.run(update(PARTICIPANT).where(PARTICIPANT.c.consultation == number).values(voting_right=null()))


def _fold_stances(db: Database, number: int) -> None:
    before, after = (func.coalesce(each, "") for each in (STANCE.c.stance_before, STANCE.c.stance_after))
    counts = (
        select(literal(number), before, after, func.count())
        .where(STANCE.c.consultation == number)
        .group_by(before, after)
        .order_by(before, after)
    )
    sheet = db.dialect.insert(STANCE_SHEET).from_select(
        ["consultation", "stance_before", "stance_after", "count"], counts
    )
    keys = ["consultation", "stance_before", "stance_after"]
    added = {"count": STANCE_SHEET.c.count + sheet.excluded["count"]}
    db.run(sheet.on_conflict_do_update(index_elements=keys, set_=added))
    db.run(delete(STANCE).where(STANCE.c.consultation == number))


def _leave_counts(db: Database, table: Table, number: int, *kept: ColumnElement[Any]) -> None:
    """Replace the aliases by numbers below zero, anew for each item and in the order of what is kept."""
    rank = func.row_number().over(partition_by=table.c.item, order_by=[*kept] or None)
    linked = (table.c.consultation == number, table.c.alias > 0)
    rows = select(table.c.consultation, table.c.item, -rank, *kept).where(*linked)
    db.run(insert(table).from_select(["consultation", "item", "alias", *(each.name for each in kept)], rows))
    db.run(delete(table).where(*linked))


def _pool(taken: int) -> int:
    pool = FEWEST_ALIASES
    while taken * 2 >= pool:
        pool = pool * 10 + 9
    return pool
