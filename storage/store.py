"""The store: `bot.store.Store` over SQLModel tables on SQLite or PostgreSQL.

Writes go to the only writer, queries to a few readers that never wait for it.
It knows who waits; it refuses to know what works and queries do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError

from bot.domain.casting import Cast, Ruling
from bot.store import Transaction
from storage.database import Database
from storage.dialects import READERS, Dialect, Sqlite, dialect_of
from storage.errors import (
    AlreadyRunning,
    DatabaseForeign,
    DatabaseMissing,
    DatabaseTooNew,
    StorageError,
    StoreUnavailable,
)
from storage.schema import prepare
from storage.transaction import SqlTransaction
from storage.writer import Queued, QueuedCast, QueuedChore, QueuedWork, Writer

T = TypeVar("T")
LONGEST_QUEUE = 4096
"""Works and casts waiting at once; beyond it callers wait their turn, so that a flood fills no memory."""
SCRUBS = 10
"""How often a scrub is tried while others read the files."""

__all__ = ["AlreadyRunning", "DatabaseTooNew", "SqlStore", "StorageError", "StoreUnavailable", "open_store"]


def open_store(url: str, create: bool = True, process: str = "main") -> SqlStore:
    """Open the database at `sqlite:///PATH` or `postgresql://…`, making or migrating its tables.

    `process` names this process among those that serve the same database. Raises
    the StorageErrors of `storage.schema.prepare`, UnknownDatabase, and
    StoreUnavailable when it can't be reached.
    """
    dialect = dialect_of(url)
    if isinstance(dialect, Sqlite) and not (create or dialect.path.exists()):
        raise DatabaseMissing(dialect.path.name)
    try:
        engine = dialect.writer_engine()
    except OSError as error:
        raise StoreUnavailable(str(error.strerror)) from error
    try:
        prepare(engine, create)
    except StorageError:
        engine.dispose()
        raise
    except DBAPIError as error:
        engine.dispose()
        if type(error) is DatabaseError:  # neither busy nor unreachable: SQLite says so of a file that is not its own
            raise DatabaseForeign from error
        raise StoreUnavailable(type(error.orig).__name__) from error
    return SqlStore(dialect, engine, process)


class SqlStore:
    """Keeps records durably (`bot.store.Store` says what each method does)."""

    def __init__(self, dialect: Dialect, engine: Engine, process: str) -> None:
        self._dialect = dialect
        self._process = process
        self._engine = engine
        self._reading = dialect.reader_engine()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="storage-reader")
        self._writer = Writer(engine, dialect, process)
        self._places = asyncio.Semaphore(LONGEST_QUEUE)
        self._closed = False

    def take_lock(self) -> None:
        """Be the only process serving the database until it ends, however it ends. Raises AlreadyRunning."""
        self._dialect.take_lock(self._engine)

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """See Store. Raises StoreUnavailable when the work is not known to be recorded."""
        value: T = await self._queue(lambda future: QueuedWork(work, future))
        return value

    async def cast(self, cast: Cast, charter_version: str) -> Ruling:
        """See Store. Raises StoreUnavailable when the cast is not known to be recorded."""
        ruling: Ruling = await self._queue(lambda future: QueuedCast(cast, charter_version, future))
        return ruling

    async def scrub(self, people: bool = False) -> None:
        """See Store. Raises StoreUnavailable when others (a backup) read the files too long."""
        for attempt in range(1, SCRUBS + 1):
            try:
                # Queued anew each time, so that ballots are taken in between.
                await self._queue(lambda future: QueuedChore(lambda: self._dialect.scrub(self._engine, people), future))
            except StoreUnavailable:
                if attempt == SCRUBS or self._closed:
                    raise
            else:
                break
        await self._forget_changes()

    async def _forget_changes(self) -> None:
        """Beside the writer: ballots of other consultations don't wait for it."""

        def forget() -> None:
            try:
                self._dialect.forget_changes(self._reading)
            except (OperationalError, InterfaceError) as error:
                raise StoreUnavailable(type(error.orig).__name__) from error

        await asyncio.get_running_loop().run_in_executor(self._readers, forget)

    async def _queue(self, item: Callable[[asyncio.Future[Any]], Queued | QueuedChore]) -> Any:
        async with self._places:
            if self._closed:
                raise StoreUnavailable("closed")
            future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            self._writer.submit(item(future))
            return await future

    async def read(self, query: Callable[[Transaction], T]) -> T:
        """See Store."""
        if self._closed:
            raise StoreUnavailable("closed")
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._query, query)

    def _query(self, query: Callable[[Transaction], T]) -> T:
        try:
            with self._reading.connect() as connection, connection.begin():
                return query(SqlTransaction(Database(connection, self._dialect, self._process)))
        except (OperationalError, InterfaceError) as error:
            raise StoreUnavailable(type(error.orig).__name__) from error

    async def close(self) -> None:
        """See Store. Whoever asks for more gets StoreUnavailable."""
        if self._closed:
            return
        self._closed = True
        await asyncio.get_running_loop().run_in_executor(None, self._end)

    def abandon(self) -> None:
        """Let threads and files go at once, from any thread, as a rehearsed kill does."""
        self._closed = True
        self._end()

    def _end(self) -> None:
        self._writer.stop()
        self._readers.shutdown()
        self._reading.dispose()
        self._engine.dispose()
        self._dialect.drop_lock()
