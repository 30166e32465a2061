"""What arguments and statements have in common: the numbers they are given and the reports about them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Table, func, select

from storage.database import Database
from storage.deliberation_tables import NUMBERING, REPORT
from storage.mapping import storable


def next_number(db: Database, number: int, series: str) -> int:
    """The next number of a series in the consultation. Whoever asks at once waits for the other to commit."""
    first = db.dialect.insert(NUMBERING).values(consultation=number, series=series, last=1)
    counted = first.on_conflict_do_update(
        index_elements=["consultation", "series"], set_={"last": NUMBERING.c.last + 1}
    ).returning(NUMBERING.c.last)
    given = db.connection.execute(counted).scalar_one()
    assert isinstance(given, int)
    return given


def report(db: Database, number: int, item: int, alias: int, reason: str, at: datetime) -> int:
    """Note that the alias reports an argument or a statement (its first reason stays); how many reports there are."""
    db.add_missing(REPORT, consultation=number, item=item, alias=alias, reason=storable(reason), at=at)
    return db.count(REPORT, REPORT.c.consultation == number, REPORT.c.item == item)


def counted(
    rows: Table, owner: Table, what: ColumnElement[int] | None = None, *conditions: ColumnElement[bool]
) -> ScalarSelect[int]:
    """How many of the rows (or the sum of what they say) concern each of the owner's: one look-up of a range each.

    A grouped subquery would be joined row by row on PostgreSQL's writer, which may not hash.
    """
    (item,) = [rows.c[name] for name in ("item", "statement") if name in rows.c]
    value = func.count() if what is None else func.coalesce(func.sum(what), 0)
    mine = (rows.c.consultation == owner.c.consultation, item == owner.c.number)
    return select(value).select_from(rows).where(*mine, *conditions).correlate(owner).scalar_subquery()
