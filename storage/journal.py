"""The journal, each line chained to the one before, and the dialogues people are in the middle of.

How lines are hashed is told by `bot.domain.chain`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.domain.canonical import canonical
from bot.domain.chain import content_digest, line_hash
from bot.store import JournalEntry
from storage import mapping
from storage.database import Database, plain_json
from storage.tables import DIALOGUE, JOURNAL


class Journal:
    """The part of a transaction about the journal and dialogues (`bot.store.Transaction` says what each does)."""

    _db: Database

    def record(self, at: datetime, kind: str, facts: Mapping[str, Any], number: int | None = None) -> JournalEntry:
        """See Transaction."""
        last = self._db.first(select(JOURNAL.c.sequence, JOURNAL.c.hash).order_by(JOURNAL.c.sequence.desc()).limit(1))
        sequence, previous = (last.sequence + 1, last.hash) if last else (1, "")
        text = canonical(dict(facts))
        entry = JournalEntry(sequence, at.astimezone(UTC), number, kind, json.loads(text), previous, hash="")
        hashed = entry_hash(entry)
        # Two writers who chain to the same line both ask for the same sequence: one fails, and runs again.
        self._db.run(
            JOURNAL.insert().values(
                sequence=sequence, at=at, consultation=number, kind=kind, facts=text, previous=previous, hash=hashed
            )
        )
        return JournalEntry(sequence, entry.at, number, kind, entry.facts, previous, hashed)

    def journal(self, number: int | None = None, between: tuple[int, int] | None = None) -> Sequence[JournalEntry]:
        """See Transaction."""
        statement = select(JOURNAL).order_by(JOURNAL.c.sequence)
        if number is not None:
            statement = statement.where(JOURNAL.c.consultation == number)
        if between is not None:
            statement = statement.where(JOURNAL.c.sequence.between(*between))
        return [mapping.journal_entry(row) for row in self._db.all(statement)]

    def dialogue(self, account: int) -> Mapping[str, Any] | None:
        """See Transaction."""
        row = self._db.first(select(DIALOGUE.c.state).where(DIALOGUE.c.account == account))
        return row and json.loads(row.state)

    def set_dialogue(self, account: int, state: Mapping[str, Any] | None) -> None:
        """See Transaction."""
        if state is None:
            self._db.run(DIALOGUE.delete().where(DIALOGUE.c.account == account))
        else:
            self._db.put(DIALOGUE, account=account, state=plain_json(state))


def entry_hash(entry: JournalEntry) -> str:
    """The hash the entry should have, computed from its other fields."""
    content = content_digest(entry.at, entry.kind, entry.number, entry.facts)
    return line_hash(entry.sequence, entry.previous, content)
