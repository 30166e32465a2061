"""The few differences between SQLite and PostgreSQL, each with its reason. Everything else is written once.

It knows how each database begins, waits, fails and forgets; it refuses to know
the tables' meaning.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import (
    Connection,
    Engine,
    FromClause,
    QueuePool,
    Table,
    Text,
    bindparam,
    cast,
    column,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.types import TypeEngine

from storage.errors import AlreadyRunning, StoreUnavailable, UnknownDatabase
from storage.server_log import LogKept, renew_log

log = logging.getLogger(__name__)

Columns = Mapping[str, TypeEngine[Any]]
BUSY_MILLISECONDS = 10_000
SCRUB_MILLISECONDS = 200
"""How long a scrub waits for others (a backup, which reads everything): ballots wait behind it."""
READERS = 4


class Dialect(Protocol):
    """One database, as far as it differs from the other."""

    url: URL

    def __hash__(self) -> int: ...

    def writer_engine(self) -> Engine:
        """An engine for the only writer: one connection, kept."""

    def reader_engine(self) -> Engine:
        """An engine for queries, which can't write and see one snapshot each."""

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that can have ON CONFLICT clauses."""

    def listed(self, name: str, columns: Columns) -> FromClause:
        """The rows of a list of objects passed as one parameter called `name`, as JSON text."""

    def in_transaction(self, connection: Connection) -> bool:
        """Whether the database itself still has the transaction open and sound."""

    def transient(self, error: DBAPIError) -> bool:
        """Whether the same transaction may well succeed if it is run again."""

    def take_lock(self, engine: Engine) -> None:
        """Be the only process serving the database until it ends, however it ends. Raises AlreadyRunning."""

    def drop_lock(self) -> None:
        """Let another process serve the database."""

    def scrub(self, engine: Engine, people: bool) -> None:
        """Make deleted rows disappear from the database's own files, `people` where somebody was forgotten too. Raises
        StoreUnavailable, or a DBAPIError, while others read them."""

    def forget_changes(self, engine: Engine) -> None:
        """Make them disappear from the server's log of changes too, as far as it lets us; ballots don't wait for it."""


def dialect_of(url: str) -> Dialect:
    """The database behind the address. Raises UnknownDatabase."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnknownDatabase(url.partition(":")[0]) from None
    backend = parsed.drivername.partition("+")[0]
    if backend == "sqlite" and parsed.database and parsed.database != ":memory:":
        return Sqlite(parsed)
    if backend in {"postgresql", "postgres"}:
        return Postgres(parsed)
    raise UnknownDatabase(backend)


class Sqlite:
    """SQLite in a file of its own, in write-ahead mode."""

    def __init__(self, url: URL) -> None:
        assert url.database
        self.path = Path(url.database)
        self.url = URL.create("sqlite", database=str(self.path))
        self._lock: int | None = None

    def writer_engine(self) -> Engine:
        """See Dialect. BEGIN IMMEDIATE: a transaction that reads first and writes later would lose updates or fail."""
        if not self.path.exists():
            # Created here for its mode: only the bot's own user reads ballots. The WAL inherits it.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
        engine = create_engine(self.url, pool_size=1, max_overflow=0, poolclass=QueuePool, hide_parameters=True)
        event.listen(engine, "connect", self._prepare)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        return engine

    def reader_engine(self) -> Engine:
        """See Dialect. Deferred: in write-ahead mode a reader neither waits for the writer nor delays it."""
        engine = create_engine(self.url, pool_size=READERS, max_overflow=0, poolclass=QueuePool, hide_parameters=True)
        event.listen(engine, "connect", self._prepare)
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA query_only=ON"))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        return engine

    @staticmethod
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGINs come too late, and lose updates silently
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            "synchronous=FULL",  # NORMAL does not sync at commit: an acknowledged ballot could be lost
            "foreign_keys=ON",
            "secure_delete=ON",  # deleted links are overwritten, not only forgotten
        ):
            connection.execute(f"PRAGMA {pragma}")

    def insert(self, table: Table) -> sqlite.Insert:
        """See Dialect."""
        return sqlite.insert(table)

    def listed(self, name: str, columns: Columns) -> FromClause:
        """See Dialect. json_each: one statement whatever the length of the list, and no limit on parameters."""
        each = func.json_each(bindparam(name, type_=Text)).table_valued("value", name=f"{name}_each")
        cells = [
            func.json_extract(each.c.value, f"$.{label}", type_=kind).label(label) for label, kind in columns.items()
        ]
        return select(*cells).subquery(name)

    def in_transaction(self, connection: Connection) -> bool:
        """See Dialect. A full disk may end the whole transaction, savepoints and all, and only the driver knows."""
        driver = connection.connection.driver_connection
        assert driver is not None
        return bool(driver.in_transaction)

    def transient(self, error: DBAPIError) -> bool:
        """See Dialect: another process (a backup, a shell) held the file longer than we wait."""
        return getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))

    def take_lock(self, engine: Engine) -> None:
        """See Dialect. A file beside the database, since a lock on the database itself would upset SQLite's own."""
        del engine
        self.hold_lock()

    def hold_lock(self) -> None:
        """Take the lock without opening the database. Raises AlreadyRunning."""
        if self._lock is not None:
            return
        handle = os.open(f"{self.path}.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise AlreadyRunning(self.path.name) from None
        self._lock = handle

    def drop_lock(self) -> None:
        """See Dialect. The file stays: removing it would let two processes lock two files of the same name."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def scrub(self, engine: Engine, people: bool) -> None:
        """See Dialect. The write-ahead log keeps old pages until it is truncated, whatever they are of."""
        # Below SQLAlchemy: its AUTOCOMMIT would leave the driver's own transactions switched on behind it.
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout={SCRUB_MILLISECONDS}")
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        if busy:
            raise StoreUnavailable("the write-ahead log is being read")

    def forget_changes(self, engine: Engine) -> None:
        """See Dialect: the scrub truncated it."""


ADVISORY_LOCK = 0x70616C61627265
"""The session lock that says "this database is served": the word palabre, in ASCII."""

LINKED = (
    "ballot, sealed_ballot, code_secret, reason, poll_answer, dialogue, right_account, voting_right, "
    "participant, stance, support, rating, report, floor_request, added_option, proxy, notice"
)
"""The tables from which links are erased."""

IMPERSONAL = frozenset({"event_key", "journal", "post", "sheet", "disclosure", "tally_version", "cursor", "heartbeat"})
"""Tables in which no row is anyone's."""

RETRIED = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL's codes for a serialisation failure, a deadlock, a lock not available."""


def _every_table() -> str:
    """The tables that may have known someone: all but those that grow with what happens, and name nobody."""
    from storage.tables import metadata

    return ", ".join(sorted(metadata.tables.keys() - IMPERSONAL))


class Postgres:
    """PostgreSQL through psycopg."""

    def __init__(self, url: URL) -> None:
        self.url = url.set(drivername="postgresql+psycopg")
        self._locked = False
        self._log_kept = ""

    def writer_engine(self) -> Engine:
        """See Dialect. The lock of the only process lives in the writer's session, so it is taken again with each.

        Look-ups only: the planner would rather read a small table whole than look a
        hundred rows up, keep that plan, and read ever more rows as ballots come in.
        """
        engine = self._engine(1, "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off")
        event.listen(engine, "connect", self._relock)
        return engine

    def reader_engine(self) -> Engine:
        """See Dialect. REPEATABLE READ: by default each statement of a query would see another state."""
        engine = self._engine(READERS, pool_pre_ping=True)
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    def _engine(self, size: int, settings: str = "", **options: Any) -> Engine:
        arguments = {
            "connect_timeout": 5,
            "tcp_user_timeout": 10_000,  # milliseconds: a host that vanished without a word must not hold the writer
            "application_name": "palabre",
            # A commit we acknowledge is on disk, whatever the server's own default.
            "options": f"-c timezone=UTC -c synchronous_commit=on {settings}",
        }
        return create_engine(
            self.url, pool_size=size, max_overflow=0, hide_parameters=True, connect_args=arguments, **options
        )

    def insert(self, table: Table) -> postgresql.Insert:
        """See Dialect."""
        return postgresql.insert(table)

    def listed(self, name: str, columns: Columns) -> FromClause:
        """See Dialect. Typed by the column list, which SQLite's function has not."""
        rows = func.json_to_recordset(cast(bindparam(name, type_=Text), postgresql.JSON))
        typed = [column(label, kind) for label, kind in columns.items()]
        return rows.table_valued(*typed).render_derived(name=name, with_types=True)

    def in_transaction(self, connection: Connection) -> bool:
        """See Dialect. In a failed transaction COMMIT answers as if all were well, and rolls back."""
        from psycopg.pq import TransactionStatus

        driver = connection.connection.driver_connection
        assert driver is not None
        return bool(driver.info.transaction_status == TransactionStatus.INTRANS)

    def transient(self, error: DBAPIError) -> bool:
        """See Dialect: two transactions met."""
        return getattr(error.orig, "sqlstate", None) in RETRIED

    def _relock(self, connection: Any, _record: object) -> None:
        if self._locked and not self._lock(connection):
            # Perhaps our own lost session, which the server has not missed yet: no reason to stop, nor to write.
            raise StoreUnavailable("another session holds the lock")

    def _lock(self, connection: Any) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", (ADVISORY_LOCK,))
            taken = cursor.fetchone()[0]
        connection.commit()
        return bool(taken)

    def take_lock(self, engine: Engine) -> None:
        """See Dialect. The server drops a session's locks when it sees the session end, killed or not."""
        if self._locked:
            return
        with engine.connect() as connection:
            if not self._lock(connection.connection.driver_connection):
                raise AlreadyRunning(self.url.database or "")
        self._locked = True

    def drop_lock(self) -> None:
        """See Dialect: it goes with the writer's session."""
        self._locked = False

    def scrub(self, engine: Engine, people: bool) -> None:
        """See Dialect. Deleted rows stay in a table's file until it is written anew."""
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"SET lock_timeout = {SCRUB_MILLISECONDS}")
            try:
                connection.exec_driver_sql(f"VACUUM FULL {_every_table() if people else LINKED}")
            finally:
                connection.exec_driver_sql("RESET lock_timeout")

    def forget_changes(self, engine: Engine) -> None:
        """See Dialect. What holds it up is said once, and again when it is something else."""
        reason = ""
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            try:
                renew_log(connection)
            except LogKept as kept:
                reason = str(kept)
        if reason and reason != self._log_kept:
            log.warning("PostgreSQL's write-ahead log still holds erased links (docs/postgresql.md): %s", reason)
        self._log_kept = reason
