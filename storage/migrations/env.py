"""What Alembic runs around migrations: the connection it is given, in the transaction that is already open."""

from __future__ import annotations

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite can't alter most of a table: Alembic makes a new one and copies
    transactional_ddl=True,  # true of both, once the driver's own transactions are off
)
context.run_migrations()
