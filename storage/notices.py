"""Private messages that are owed to people, until they are sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from bot.notices import Notice
from storage.database import Database
from storage.notice_tables import NOTICE


def owe(db: Database, account: int, kind: str, facts: Mapping[str, Any], key: str, at: datetime) -> None:
    """See `bot.notices.Owing`."""
    text = json.dumps(facts, sort_keys=True)
    db.add_missing(NOTICE, account=account, kind=kind, facts=text, key=key, owed_at=at)


class Owing:
    """The part of a transaction about notices (`bot.notices.Owing` says what each does)."""

    _db: Database

    def owe(self, account: int, kind: str, facts: Mapping[str, Any], key: str, at: datetime) -> None:
        """See Owing."""
        owe(self._db, account, kind, facts, key, at)

    def owed(self, account: int | None = None) -> Sequence[Notice]:
        """See Owing."""
        whose = () if account is None else (NOTICE.c.account == account,)
        rows = self._db.all(select(NOTICE).where(*whose).order_by(NOTICE.c.id))
        return [Notice(row.id, row.account, row.kind, json.loads(row.facts), row.key) for row in rows]

    def paid(self, key: str) -> None:
        """See Owing."""
        self._db.run(delete(NOTICE).where(NOTICE.c.key == key))
