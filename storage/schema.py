"""Bringing a database to the tables of this program: made, migrated, or refused because it is newer.

Alembic is asked only when there is something to migrate: a new database is made
from the tables themselves (a test proves that the migrations lead to the same).
"""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    delete,
    func,
    inspect,
    select,
)

import storage.added_option_tables
import storage.closing_tables
import storage.deliberation_tables
import storage.follow_up_tables
import storage.key_share_tables
import storage.member_tables
import storage.notice_tables
import storage.personal_tables
import storage.poll_answer_tables
import storage.proxy_tables
import storage.reason_tables
import storage.receipt_tables
import storage.scrutiny_tables
import storage.template_tables  # noqa: F401 - the tables of all join the metadata
from storage.errors import DatabaseForeign, DatabaseMissing, DatabaseTooNew
from storage.tables import EVENT_KEY, metadata

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0007"
"""The last migration."""

KEYS_KEPT = timedelta(days=30)
"""Platforms deliver an event again within a day; cursors restored from a backup, within days."""

VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32)),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own table, as it makes it."""

log = logging.getLogger(__name__)


def prepare(engine: Engine, create: bool = True) -> None:
    """Bring the database to this program's tables. Raises DatabaseMissing (unless `create`), DatabaseForeign,
    DatabaseTooNew."""
    with engine.begin() as connection:
        version = revision(connection)
        if version is None:
            if not create:
                raise DatabaseMissing
            metadata.create_all(connection)
            VERSION.create(connection)
            connection.execute(VERSION.insert().values(version_num=HEAD))
        elif version != HEAD:
            migrate(connection, version)
        _forget_old_keys(connection)


def revision(connection: Connection) -> str | None:
    """The migration the database is at, None when it is empty. Raises DatabaseForeign when it holds something else."""
    tables = set(inspect(connection).get_table_names())
    if VERSION.name in tables:
        version = connection.execute(select(VERSION.c.version_num)).scalar_one_or_none()
        if version is not None:
            return str(version)
    if tables & metadata.tables.keys():
        raise DatabaseForeign("tables without a version")
    return None


def migrate(connection: Connection, version: str, to: str = "head") -> None:
    """Run the migrations from this version on, in the connection's transaction. Raises DatabaseTooNew."""
    from alembic import command

    revision_known(version)
    settings = alembic_settings()
    settings.attributes["connection"] = connection
    log.info("migrating the database from %s to %s", version, to)
    command.upgrade(settings, to)


def revision_known(version: str) -> None:
    """Raises DatabaseTooNew if this program has no such migration."""
    if version == HEAD:
        return
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory.from_config(alembic_settings()).get_revision(version)
    except CommandError:
        raise DatabaseTooNew(version) from None


def alembic_settings() -> Config:
    """What Alembic needs to know, without a file of its own."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("path_separator", "os")
    return settings


def _forget_old_keys(connection: Connection) -> None:
    today = connection.execute(select(func.current_date(type_=EVENT_KEY.c.noted_on.type))).scalar_one()
    connection.execute(delete(EVENT_KEY).where(EVENT_KEY.c.noted_on < today - KEYS_KEPT))
