"""Hashing the journal's lines anew, for the migration that brought lines hashed in two steps (`bot.domain.chain`).

No head of the chain had been shown to anyone before.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.tables import JOURNAL

LINE = (JOURNAL.c.sequence, JOURNAL.c.at, JOURNAL.c.consultation, JOURNAL.c.kind, JOURNAL.c.facts)


def hash_in_two_steps() -> None:
    """Chain every line of the journal to the one before by its new hash."""
    previous = ""
    for row in op.get_bind().execute(sa.select(*LINE).order_by(JOURNAL.c.sequence)).all():
        content = _digest(
            {"at": row.at.isoformat(), "facts": json.loads(row.facts), "kind": row.kind, "number": row.consultation}
        )
        hashed = _digest({"content": content, "previous": previous, "sequence": row.sequence})
        line = sa.update(JOURNAL).where(JOURNAL.c.sequence == row.sequence)
        op.get_bind().execute(line.values(previous=previous, hash=hashed))
        previous = hashed


def _digest(value: dict[str, Any]) -> str:
    # What the journal holds has names of plain letters: sorted by characters or by UTF-16, it is the same.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
