"""What was already handled, and how far: event keys, cursors and heartbeats; answers in polls of the platforms'."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.domain.casting import AnsweredPoll
from storage.database import Database
from storage.notices import Owing
from storage.poll_answers import poll_answered
from storage.tables import CURSOR, EVENT_KEY, HEARTBEAT


class Traces(Owing):
    """The part of a transaction about replays, cursors and heartbeats (`bot.store.Transaction` says what each does)."""

    _db: Database

    def first_time(self, key: str) -> bool:
        """See Transaction."""
        return self._db.add_missing(EVENT_KEY, key=key)

    def was_seen(self, key: str) -> bool:
        """See Transaction."""
        return self._db.first(select(EVENT_KEY.c.key).where(EVENT_KEY.c.key == key)) is not None

    def cursor(self, name: str) -> str | None:
        """See Transaction."""
        row = self._db.first(select(CURSOR.c.value).where(CURSOR.c.name == name))
        return row and row.value

    def set_cursor(self, name: str, value: str) -> None:
        """See Transaction."""
        self._db.put(CURSOR, name=name, value=value)

    def last_beat(self, platform: str) -> datetime | None:
        """See Transaction."""
        row = self._db.first(select(HEARTBEAT.c.at).where(HEARTBEAT.c.platform == platform))
        return row and row.at

    def beat(self, platform: str, at: datetime) -> None:
        """See Transaction."""
        self._db.put(HEARTBEAT, platform=platform, at=at)

    def poll_answered(self, account: int, key: str) -> AnsweredPoll | None:
        """See Transaction."""
        return poll_answered(self._db, account, key)
