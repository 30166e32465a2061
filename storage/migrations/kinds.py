"""Letting consultations be of more kinds, for the migrations that bring them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def allow_kinds(former: str, kinds: str) -> None:
    """Change what a consultation's `kind` may be, both given as the text of the CHECK."""
    if op.get_bind().dialect.name == "sqlite":
        _rewrite_check(former, kinds)
        return
    op.drop_constraint("kind", "consultation", type_="check")
    op.create_check_constraint("kind", "consultation", kinds)


def _rewrite_check(former: str, kinds: str) -> None:
    # A table that others refer to can't be copied and dropped while foreign keys are checked, and they can't be
    # switched off in a transaction. A CHECK says nothing about how rows are laid out: its text alone is changed,
    # in the way SQLite's own manual gives for this.
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema=ON")
    changed = connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :former, :kinds)"
            " WHERE type = 'table' AND name = 'consultation' AND instr(sql, :former)"
        ),
        {"former": former, "kinds": kinds},
    )
    assert changed.rowcount == 1
    connection.exec_driver_sql(f"PRAGMA schema_version={version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema=OFF")
