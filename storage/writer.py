"""The only writer: one thread that commits, together, whatever has queued up, and answers only after that commit.

Works run each in a savepoint, casts in runs of `storage.casting`. It knows when
a failure concerns one work, a batch or the database; it refuses to guess: what
is not known to be committed is answered as an error, never as a success.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from bot.domain.casting import Cast
from bot.store import Transaction
from storage.casting import cast_batch
from storage.database import Database
from storage.dialects import Dialect
from storage.errors import StorageError, StoreUnavailable
from storage.transaction import SqlTransaction

LARGEST_BATCH = 256
"""Works and casts in one commit: beyond this the commit's cost is shared well enough, and the first ones wait."""

TRIES = 3
"""How often one work alone is tried when another transaction is in its way."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class QueuedWork:
    """A work, and who waits for what it returns."""

    work: Callable[[Transaction], Any]
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class QueuedCast:
    """A cast under a version of the rules, and who waits for its ruling."""

    cast: Cast
    charter_version: str
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class QueuedChore:
    """Something that must run between transactions, and who waits for its end."""

    chore: Callable[[], None]
    future: asyncio.Future[Any]


@dataclass(frozen=True, slots=True)
class End:
    """Nothing comes after this."""


Queued = QueuedWork | QueuedCast


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller gets: a value, or an error."""

    value: Any = None
    error: Exception | None = None


class Writer:
    """Runs and commits what is queued, in order, in a thread of its own."""

    def __init__(self, engine: Engine, dialect: Dialect, process: str) -> None:
        self._engine = engine
        self._dialect = dialect
        self._process = process
        self._queue: SimpleQueue[Queued | QueuedChore | End] = SimpleQueue()
        self._thread = Thread(target=self._serve, name="storage-writer", daemon=True)
        self._thread.start()

    def submit(self, item: Queued | QueuedChore) -> None:
        """Queue something; its future is resolved in its own loop."""
        self._queue.put(item)

    def stop(self) -> None:
        """Finish what is queued, and return when the thread has ended."""
        self._queue.put(End())
        self._thread.join()

    def _serve(self) -> None:
        following: Queued | QueuedChore | End | None = None
        while not isinstance(following, End):
            batch, following = self._gather()
            if batch:
                _release(batch, self._settle(batch))
            if isinstance(following, QueuedChore):
                _release([following], [self._do(following)])

    def _gather(self) -> tuple[list[Queued], QueuedChore | End | None]:
        """What can share a commit, and the chore or the end that came after it; waits until there is something."""
        batch: list[Queued] = []
        following = self._queue.get()
        while isinstance(following, QueuedWork | QueuedCast):
            batch.append(following)
            if len(batch) == LARGEST_BATCH:
                return batch, None
            try:
                following = self._queue.get_nowait()
            except Empty:
                return batch, None
        return batch, following

    def _do(self, queued: QueuedChore) -> Answer:
        try:
            queued.chore()
        except Exception as error:
            return Answer(error=_told(error))
        return Answer()

    def _settle(self, batch: Sequence[Queued]) -> list[Answer]:
        """Every item's answer, each true: the commit is done, or the item is known or feared not to be recorded."""
        try:
            return self._together_again(batch)
        except StorageError as error:
            log.warning("a batch of %d was not recorded: %s", len(batch), error)
            return [Answer(error=type(error)(error.detail)) for _ in batch]
        except DBAPIError as error:
            log.warning("a batch of %d is run again, each alone: %s", len(batch), type(error.orig).__name__)
        except Exception as error:
            log.exception("a batch of %d failed", len(batch))
            return [Answer(error=error) for _ in batch]
        return [self._alone(item) for item in batch]

    def _together_again(self, batch: Sequence[Queued]) -> list[Answer]:
        """Run the batch, and once more on a new connection if the database was restarted since the last one."""
        try:
            return self._together(batch)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        try:
            return self._together(batch)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreUnavailable("connection lost") from error
            raise

    def _alone(self, item: Queued) -> Answer:
        """One item in a transaction of its own, its own error if it fails."""
        for attempt in range(1, TRIES + 1):
            try:
                return self._together([item])[0]
            except Exception as error:
                if not (isinstance(error, DBAPIError) and self._dialect.transient(error) and attempt < TRIES):
                    return Answer(error=_told(error))
        raise AssertionError("the last attempt returns")

    def _together(self, batch: Sequence[Queued]) -> list[Answer]:
        """Run the items in one transaction and commit it. Any DBAPIError means that nothing of it is recorded."""
        try:
            connection = self._engine.connect()
        except DBAPIError as error:
            raise StoreUnavailable("no connection") from error
        with connection:
            try:
                transaction = connection.begin()
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise
                raise StoreUnavailable("the database is locked") from error
            with transaction:
                answers = list(self._answers(connection, batch))
                # Leaving this block commits; a failure there may have come after the database had committed.
                try:
                    transaction.commit()
                except DBAPIError as error:
                    raise StoreUnavailable("the commit was not confirmed") from error
        return answers

    def _answers(self, connection: Connection, batch: Sequence[Queued]) -> Iterator[Answer]:
        db = Database(connection, self._dialect, self._process)
        for version, items in groupby(batch, key=_version):
            if version is None:
                for item in items:
                    assert isinstance(item, QueuedWork)
                    yield self._work(db, item)
                    self._check(connection)
            else:
                casts = [item.cast for item in items if isinstance(item, QueuedCast)]
                yield from (Answer(ruling) for ruling in cast_batch(db, casts, version))
                self._check(connection)

    def _work(self, db: Database, item: QueuedWork) -> Answer:
        savepoint = db.connection.begin_nested()
        try:
            value = item.work(SqlTransaction(db))
        except DBAPIError:
            raise
        except Exception as error:
            savepoint.rollback()
            return Answer(error=error)
        savepoint.commit()
        return Answer(value)

    def _check(self, connection: Connection) -> None:
        # A transaction that the database gave up by itself would let the next statements commit one by one.
        if not self._dialect.in_transaction(connection):
            raise StoreUnavailable("the transaction was given up by the database")


def _version(item: Queued) -> str | None:
    return item.charter_version if isinstance(item, QueuedCast) else None


def _told(error: Exception) -> Exception:
    """The error as callers may see it: a database that can't is unavailable, whatever its driver calls that."""
    if isinstance(error, OperationalError | InterfaceError):
        unavailable = StoreUnavailable(type(error.orig).__name__)
        unavailable.__cause__ = error
        return unavailable
    return error


def _release(batch: Sequence[Queued | QueuedChore], answers: Sequence[Answer]) -> None:
    """Answer everyone who waits: one wake-up for each event loop, not one for each caller."""
    waiting: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Answer]]] = {}
    for item, answer in zip(batch, answers, strict=True):
        waiting.setdefault(item.future.get_loop(), []).append((item.future, answer))
    for loop, answered in waiting.items():
        try:
            loop.call_soon_threadsafe(_resolve, answered)
        except RuntimeError:
            log.warning("%d callers were gone when their answers came", len(answered))


def _resolve(answered: Sequence[tuple[asyncio.Future[Any], Answer]]) -> None:
    for future, answer in answered:
        if future.done():
            continue  # whoever waited was cancelled
        if answer.error is None:
            future.set_result(answer.value)
        else:
            future.set_exception(answer.error)
