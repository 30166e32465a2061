"""Empty databases to measure on: SQLite in a folder of its own, PostgreSQL on a server that really syncs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.servers.postgres import postgres

KINDS = ("sqlite", "postgresql")


@contextmanager
def fresh(kind: str) -> Iterator[str]:
    """The address of an empty database, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="palabre-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'palabre.db'}"
            return
        with postgres(folder, durable=True) as server:
            database = f"palabre_{uuid4().hex}"
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(database)))
            yield server.replace("/postgres?", f"/{database}?")
