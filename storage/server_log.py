"""PostgreSQL's write-ahead log, made to forget what was erased from the tables.

The server writes every change there first, ballots with their rights too. A checkpoint
frees the files written so far, but PostgreSQL keeps some of them, contents and all, to write on
later: on a quiet server that takes weeks. Here the server is told to change files until
it has gone over those; the rest of a file that it leaves is overwritten with zeros. What it cannot reach is what
was copied elsewhere: archives, replicas, backups.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

MOST = 128
"""Files overwritten at the most. By default a server keeps five, of 16 MB, and up to 64 after a flood."""
_FORBIDDEN = "42501"
_UNKNOWN = frozenset({"42883", "0A000", "25006"})
"""PostgreSQL's codes for a function that is not there, something that is not offered, a server that only reads."""

_STATE = text(
    "SELECT pg_walfile_name(pg_current_wal_insert_lsn()), array_agg(name ORDER BY name)"
    " FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"
)
# A switch in a file in which nothing stands yet does nothing: hence a word before it.
_NEXT_FILE = text("SELECT pg_switch_wal() FROM pg_logical_emit_message(false, 'palabre', '')")


class LogKept(Exception):
    """The log still holds what was erased; the words say why, for the operator's log."""


def renew_log(connection: Connection) -> None:
    """Have every file of the log that was written so far removed or overwritten, on a connection in AUTOCOMMIT. Raises
    LogKept where the server or its operator does not let us."""
    try:
        _renew(connection)
    except DBAPIError as error:
        code = getattr(error.orig, "sqlstate", None)
        if code == _FORBIDDEN:
            raise LogKept("the role lacks pg_checkpoint, pg_monitor or the right to call pg_switch_wal()") from error
        if code in _UNKNOWN:
            raise LogKept("the server does not offer it") from error
        raise


def _renew(connection: Connection) -> None:
    written, _ = _state(connection)
    connection.execute(_NEXT_FILE)
    connection.exec_driver_sql("CHECKPOINT")
    current, files = _state(connection)
    if files[0] <= written:
        raise LogKept("a replication slot, wal_keep_size or a failing archive holds files back")
    spare = [name for name in files if name > current]
    if len(spare) > MOST:
        raise LogKept(f"the server keeps {len(spare)} files to write on: set wal_recycle to off")
    while spare and current <= spare[-1]:
        connection.execute(_NEXT_FILE)
        current, _ = _state(connection)


def _state(connection: Connection) -> tuple[str, list[str]]:
    """The file being written, and all that there are, the oldest first."""
    current, files = connection.execute(_STATE).one()
    return str(current), list(files)
