"""Forgetting people: whatever refers to them is let go of, and what has to stay is nobody's.

No table is named for being personal: every column that refers to a person, to an account
or to a voting right is found in the tables themselves, so that a table made later can't
be overlooked. Where such a column may be empty it is emptied, else its row goes. The few
columns for which something else must happen are listed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import Column, Table, delete, select, update
from sqlalchemy.sql import ColumnElement

from storage.database import Database
from storage.tables import ACCOUNT, PERSON, RIGHT_ACCOUNT, VOTING_RIGHT, metadata

NOBODY = "forgotten:nobody"
"""The address of the account that stands where somebody forgotten gave a role, or made a consultation that ended."""

AUTHORS = frozenset(
    {("consultation", "author"), ("conclusion", "author"), ("role_grant", "given_by"), ("role_code", "given_by")}
)
"""Columns that say who did something organisers do: it stays done, by nobody."""
UNTIED = frozenset({("voting_right", "person"), ("member", "person")})
"""Columns whose rows stay and count: each gets a person of its own, known by no account."""
GOES_WHOLE = frozenset({("link_request", "other"), ("proxy", "holder"), ("proxy_day", "holder")})
"""Columns that may be empty but whose row would mean something else then."""


def references(to: Table) -> Iterator[Column[int]]:
    """Every column that refers to the table's number."""
    (key,) = to.primary_key.columns
    for table in metadata.sorted_tables:
        for column in table.columns:
            if any(foreign.column is key for foreign in column.foreign_keys):
                yield column


def let_go(db: Database, column: Column[int], *rows: ColumnElement[bool]) -> int:
    """Let go of the rows of the column's table that meet the conditions, as the column asks; how many there were."""
    table = column.table
    assert isinstance(table, Table)
    where = (table.name, column.name)
    found = db.count(table, *rows)
    if not found:
        return 0
    if where in AUTHORS:
        db.run(update(table).where(*rows).values({column.name: _nobody(db)}))
    elif where in UNTIED:
        _untie(db, column, rows)
    elif column.nullable and where not in GOES_WHOLE:
        db.run(update(table).where(*rows).values({column.name: None}))
    else:
        remove(db, table, *rows)
    return found


def remove(db: Database, table: Table, *rows: ColumnElement[bool]) -> None:
    """Delete the rows, once whatever refers to them was let go of."""
    if len(table.primary_key.columns) == 1:
        (key,) = table.primary_key.columns
        gone = select(key).where(*rows)
        for column in references(table):
            let_go(db, column, column.in_(gone))
    db.run(delete(table).where(*rows))


def _untie(db: Database, column: Column[int], rows: Sequence[ColumnElement[bool]]) -> None:
    """Give each row a person of its own: nothing shows any more that two of them were the same one's."""
    table = column.table
    for row in db.all(select(table.c.id).where(*rows)):
        db.run(update(table).where(table.c.id == row.id).values({column.name: db.add(PERSON)}))


def _nobody(db: Database) -> int:
    """The account of nobody, made when it is needed first. It is as old as its time can tell: not at all."""
    known = db.first(select(ACCOUNT.c.id).where(ACCOUNT.c.ref == NOBODY))
    if known is not None:
        return int(known.id)
    oldest = db.all(select(ACCOUNT.c.first_seen).order_by(ACCOUNT.c.first_seen).limit(1))[0].first_seen
    return db.add(
        ACCOUNT, ref=NOBODY, platform="forgotten", person=db.add(PERSON), name="", language="", greeted=True,
        first_seen=oldest,
    )  # fmt: skip


def let_go_of_everyone(db: Database, number: int) -> tuple[int, int]:
    """Let go of everybody in one consultation: how many voting rights there were, and how many other rows."""
    others = 0
    for kind in (PERSON, ACCOUNT):
        for column in list(references(kind)):
            table = column.table
            assert isinstance(table, Table)
            if "consultation" in table.c and table not in {VOTING_RIGHT, RIGHT_ACCOUNT}:
                refers = (table.c.consultation == number, column.is_not(None))
                named = (table.name, column.name) in AUTHORS
                others += 0 if named else let_go(db, column, *refers)
    rights = db.count(VOTING_RIGHT, VOTING_RIGHT.c.consultation == number)
    remove(db, VOTING_RIGHT, VOTING_RIGHT.c.consultation == number)
    return rights, others
