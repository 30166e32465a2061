"""What becomes of two aliases in one debate or opinion map when their rights become one.

The alias that is kept has one voice: what the other one supported, weighed, reported or
answered becomes its own where it said nothing itself. What the other one wrote stays as
it is signed; nobody speaks under it any more.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, delete, literal, null, select, update

from storage.database import Database
from storage.deliberation_tables import (
    ARGUMENT,
    FLOOR_REQUEST,
    OPINION,
    PARTICIPANT,
    RATING,
    REPORT,
    SPEECH,
    STANCE,
    STATEMENT,
    SUPPORT,
)

KEYS = {SUPPORT: ("item",), RATING: ("item",), REPORT: ("item",), STANCE: (), OPINION: ("statement",)}
"""What an alias says once, with what tells one saying from another besides the alias."""


def merge_aliases(db: Database, number: int, kept: int, gone: int) -> None:
    """Leave one alias of those of two rights in the consultation: the kept right's, or the other's if it has none."""
    mine, theirs = (_alias(db, right) for right in (kept, gone))
    if theirs is None:
        return
    if mine is None:
        db.run(update(PARTICIPANT).where(PARTICIPANT.c.voting_right == gone).values(voting_right=kept))
        return
    for table, keys in KEYS.items():
        _become(db, table, number, mine, theirs, keys)
    _without_own(db, number, mine, theirs)
    _on_the_floor(db, number, mine, theirs)
    _retire(db, number, theirs)


def _alias(db: Database, right: int) -> int | None:
    row = db.first(select(PARTICIPANT.c.alias).where(PARTICIPANT.c.voting_right == right))
    return row and row.alias


def _of(table: Table, number: int, alias: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.consultation == number, table.c.alias == alias


def _become(db: Database, table: Table, number: int, mine: int, theirs: int, keys: tuple[str, ...]) -> None:
    """Give the kept alias the other's rows, except where it has one itself."""
    others = [column for column in table.c if column.name != "alias"]
    rows = select(literal(mine).label("alias"), *others).where(*_of(table, number, theirs))
    copy = db.dialect.insert(table).from_select(["alias", *(each.name for each in others)], rows)
    db.run(copy.on_conflict_do_nothing(index_elements=["consultation", "alias", *keys]))
    db.run(delete(table).where(*_of(table, number, theirs)))


def _without_own(db: Database, number: int, mine: int, theirs: int) -> None:
    """Nobody supports or weighs their own argument."""
    own = select(ARGUMENT.c.number).where(ARGUMENT.c.consultation == number, ARGUMENT.c.alias.in_([mine, theirs]))
    for table in (SUPPORT, RATING):
        db.run(delete(table).where(*_of(table, number, mine), table.c.item.in_(own)))


def _on_the_floor(db: Database, number: int, mine: int, theirs: int) -> None:
    """One place on the speakers' list, the kept alias's if it has one; a turn under way goes on."""
    if db.count(FLOOR_REQUEST, *_of(FLOOR_REQUEST, number, mine)):
        db.run(delete(FLOOR_REQUEST).where(*_of(FLOOR_REQUEST, number, theirs)))
    for table in (FLOOR_REQUEST, SPEECH):
        db.run(update(table).where(*_of(table, number, theirs)).values(alias=mine))


def _retire(db: Database, number: int, alias: int) -> None:
    """The alias is nobody's; one that stands by something written stays taken, so that it is never drawn again."""
    row = _of(PARTICIPANT, number, alias)
    if any(db.count(table, *_of(table, number, alias)) for table in (ARGUMENT, STATEMENT)):
        db.run(update(PARTICIPANT).where(*row).values(voting_right=null()))
    else:
        db.run(delete(PARTICIPANT).where(*row))
