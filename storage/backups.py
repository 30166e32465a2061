"""Copying a SQLite database while it is used, and putting a copy back.

PostgreSQL has tools of its own for this, which know about its users and its
disks; we say so instead of doing worse. A copy holds the links between voters and
choices that the database held at that moment: it is as private as the database.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.dialects import Sqlite, dialect_of
from storage.errors import DatabaseExists, DatabaseForeign, DatabaseMissing, UseServerTools
from storage.schema import revision_known
from storage.tables import BALLOT, CONSULTATION, PERSON

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database, and would mix into another one put in its place."""

NEEDED = {table.name for table in (PERSON, CONSULTATION, BALLOT)}
"""Tables that every release has had: a database without them is not one of ours."""


def backup(url: str, path: Path) -> None:
    """Copy the database to a new file, whole and consistent, while others use it.

    Raises DatabaseMissing, DatabaseExists (the file is never overwritten) and UseServerTools.
    """
    source = _sqlite(url)
    if not source.path.exists():
        raise DatabaseMissing(source.path.name)
    if path.exists():
        raise DatabaseExists(path.name)
    _copy(source.path, path)


def restore(path: Path, url: str, replace: bool = False) -> None:
    """Put a copy in the place of the database, which no process may be serving.

    Raises DatabaseMissing and DatabaseForeign about the copy, DatabaseTooNew when
    a newer program made it, DatabaseExists unless `replace`, AlreadyRunning and
    UseServerTools. What was replaced is gone.
    """
    target = _sqlite(url)
    _check(path)
    if target.path.exists() and not replace:
        raise DatabaseExists(target.path.name)
    target.hold_lock()
    try:
        fresh = target.path.with_name(f"{target.path.name}.restored")
        fresh.unlink(missing_ok=True)
        _copy(path, fresh)
        for ending in BESIDE:
            target.path.with_name(target.path.name + ending).unlink(missing_ok=True)
        fresh.replace(target.path)
    finally:
        target.drop_lock()


def _sqlite(url: str) -> Sqlite:
    dialect = dialect_of(url)
    if not isinstance(dialect, Sqlite):
        raise UseServerTools
    return dialect


def _check(path: Path) -> None:
    """Refuse what is not a sound database of ours. Only the file's words are believed, never its name."""
    if not path.exists():
        raise DatabaseMissing(path.name)
    try:
        with closing(_open(path, "ro")) as copy:
            tables = {name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            if not (sound and tables.issuperset({"alembic_version", *NEEDED})):
                raise DatabaseForeign(path.name)
            (version,) = copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError:
        raise DatabaseForeign(path.name) from None
    revision_known(version)


def _copy(source: Path, target: Path) -> None:
    # The mode before the first byte: only the bot's own user reads ballots.
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    try:
        with closing(_open(source, "rw")) as reading, closing(_open(target, "rw")) as writing:
            reading.backup(writing)
            writing.execute("PRAGMA journal_mode=DELETE")  # one file that can be carried away, nothing beside it
    except BaseException:
        target.unlink()
        raise


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True)
