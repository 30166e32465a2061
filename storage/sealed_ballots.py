"""Unlinked ballots: who voted on one side, sealed ballots on the other, and nothing between the two.

A right and a ballot are written in one transaction, so whoever copies the database may
see which went with which; what is sealed can't be read without the key, and its name is
a hash under the same key. At the closing the sealed ballots go, in the same transaction
that writes the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import delete, select, update

from storage.database import Database
from storage.scrutiny_tables import RECEIPT, SEALED_BALLOT
from storage.tables import SHEET, VOTING_RIGHT


class SqlSealedBallots:
    """`bot.sealed.SealedBallots` over one connection inside a transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def use(self, right: int, used: bool) -> None:
        """See SealedBallots."""
        self._db.run(update(VOTING_RIGHT).where(VOTING_RIGHT.c.id == right).values(used=used))

    def used(self, right: int) -> bool:
        """See SealedBallots."""
        row = self._db.first(select(VOTING_RIGHT.c.used).where(VOTING_RIGHT.c.id == right))
        return row is not None and bool(row.used)

    def put(self, number: int, name: str, ballot: bytes) -> None:
        """See SealedBallots."""
        self._db.put(SEALED_BALLOT, consultation=number, code=name, sealed=ballot)

    def has(self, number: int, name: str) -> bool:
        """See SealedBallots."""
        return self._db.count(SEALED_BALLOT, SEALED_BALLOT.c.consultation == number, SEALED_BALLOT.c.code == name) > 0

    def drop(self, number: int, name: str) -> None:
        """See SealedBallots."""
        mine = (SEALED_BALLOT.c.consultation == number, SEALED_BALLOT.c.code == name)
        self._db.run(delete(SEALED_BALLOT).where(*mine))

    def all(self, number: int) -> Sequence[bytes]:
        """See SealedBallots. By their names, which are hashes."""
        rows = select(SEALED_BALLOT.c.sealed).where(SEALED_BALLOT.c.consultation == number)
        return [bytes(row.sealed) for row in self._db.all(rows.order_by(SEALED_BALLOT.c.code))]

    def publish(self, number: int, sheet: Mapping[str, int], receipts: Iterable[tuple[str, str]]) -> None:
        """See SealedBallots. Written in the order of what they say, which is not the order they came in."""
        for choice, count in sorted(sheet.items()):
            self._db.put(SHEET, consultation=number, choice=choice, count=count)
        for receipt, choice in sorted(receipts):
            self._db.put(RECEIPT, consultation=number, code=receipt, choice=choice)
        self.forget(number)

    def forget(self, number: int) -> None:
        """See SealedBallots."""
        self._db.run(delete(SEALED_BALLOT).where(SEALED_BALLOT.c.consultation == number))

    def receipts(self, number: int) -> Sequence[tuple[str, str]]:
        """See SealedBallots."""
        rows = self._db.all(select(RECEIPT.c.code, RECEIPT.c.choice).where(RECEIPT.c.consultation == number))
        return sorted((row.code, row.choice) for row in rows)

    def counted(self, receipt: str) -> tuple[int, str] | None:
        """See SealedBallots."""
        row = self._db.first(select(RECEIPT.c.consultation, RECEIPT.c.choice).where(RECEIPT.c.code == receipt))
        return row and (row.consultation, row.choice)
