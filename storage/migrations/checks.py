"""Letting a column hold other words than before, for the migrations that bring them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def change_check(table: str, name: str, former: str, now: str) -> None:
    """Change the CHECK of that name, both given as its text."""
    if op.get_bind().dialect.name == "sqlite":
        _rewrite_check(table, former, now)
        return
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, now)


def _rewrite_check(table: str, former: str, now: str) -> None:
    # A table that others refer to can't be copied and dropped while foreign keys are checked, and they can't be
    # switched off in a transaction. A CHECK says nothing about how rows are laid out: its text alone is changed,
    # in the way SQLite's own manual gives for this.
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :former, :now)"
            " WHERE type = 'table' AND name = :table AND instr(sql, :former)"
        ),
        {"table": table, "former": former, "now": now},
    )
    assert changed.rowcount == 1
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")
