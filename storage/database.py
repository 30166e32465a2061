"""One transaction's hold on the database: the connection, and the four ways records are read and put.

It knows SQL's shape on both databases; it refuses to know what is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Executable, FromClause, Integer, Row, Table, func, select
from sqlalchemy.sql import ColumnElement

from storage.dialects import Dialect

LARGEST_NUMBER = 2**31 - 1
"""The largest number a table hands out; what people type may be larger."""


@dataclass(frozen=True, slots=True)
class Database:
    """A connection inside a transaction, on one of the two databases. `process` names who counts tally versions."""

    connection: Connection
    dialect: Dialect
    process: str

    def first(self, statement: Executable, **values: Any) -> Row[Any] | None:
        """The first row, if any."""
        return self.connection.execute(statement, values).first()

    def all(self, statement: Executable, **values: Any) -> Sequence[Row[Any]]:
        """Every row."""
        return self.connection.execute(statement, values).all()

    def run(self, statement: Executable, **values: Any) -> None:
        """Run a statement that returns nothing."""
        self.connection.execute(statement, values)

    def add(self, table: Table, **values: Any) -> int:
        """Insert a row; the number it was given."""
        (key,) = table.primary_key.columns
        number = self.connection.execute(table.insert().values(values).returning(key)).scalar_one()
        assert isinstance(number, int)
        return number

    def add_missing(self, table: Table, **values: Any) -> bool:
        """Insert a row unless one with the same key is there; whether it was inserted."""
        first = next(iter(table.primary_key.columns))
        statement = self.dialect.insert(table).values(values).on_conflict_do_nothing().returning(first)
        return self.connection.execute(statement).first() is not None

    def put(self, table: Table, **values: Any) -> None:
        """Insert a row, or replace what the one with the same primary key says."""
        keys = [key.name for key in table.primary_key.columns]
        statement = self.dialect.insert(table).values(values)
        changed = {name: statement.excluded[name] for name in values if name not in keys}
        self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))

    def among(self, column: ColumnElement[int], numbers: Iterable[int]) -> ColumnElement[bool]:
        """Whether the column is one of these numbers, however many there are."""
        rows = _numbers(self.dialect)
        chosen = select(rows.c.n).params(numbers=json.dumps([{"n": number} for number in numbers]))
        return column.in_(chosen)

    def count(self, table: Table, *conditions: ColumnElement[bool]) -> int:
        """How many rows meet the conditions."""
        counted = self.connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
        assert isinstance(counted, int)
        return counted


@lru_cache(maxsize=8)
def _numbers(dialect: Dialect) -> FromClause:
    return dialect.listed("numbers", {"n": Integer()})


def plain_json(value: Mapping[str, Any]) -> str:
    """Plain JSON values as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
