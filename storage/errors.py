"""What the database can answer instead of doing what it was asked, each with a code for whoever speaks to people.

No sentence here: messages are for the log.
"""

from __future__ import annotations


class StorageError(Exception):
    """The database can't do this. `code` names the reason, `detail` is for the log."""

    code = "storage"

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.code}: {detail}" if detail else self.code)
        self.detail = detail


class StoreUnavailable(StorageError):
    """Not known to be done: the database is gone, full or shut down. The same act may be tried again."""

    code = "store-unavailable"


class AlreadyRunning(StorageError):
    """Another process serves this database."""

    code = "already-running"


class DatabaseTooNew(StorageError):
    """The database was written by a newer version of the program: upgrade the program, or restore a backup."""

    code = "database-too-new"


class DatabaseForeign(StorageError):
    """The file or database holds something else than this program's tables."""

    code = "database-foreign"


class DatabaseMissing(StorageError):
    """There is no database at this address."""

    code = "database-missing"


class DatabaseExists(StorageError):
    """Something stands where the copy was to be written."""

    code = "database-exists"


class UseServerTools(StorageError):
    """Copies of a PostgreSQL database are made and restored by its own tools (pg_dump, pg_restore)."""

    code = "use-server-tools"


class UnknownDatabase(StorageError):
    """The address is neither `sqlite:///PATH` nor `postgresql://…`."""

    code = "unknown-database"
