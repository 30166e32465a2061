"""Unlinked ballots: who voted on one side, sealed ballots on the other, and nothing between the two.

A right and a ballot are written in one transaction, so whoever copies the database may
see which went with which; what is sealed can't be read without the key, and its name is
a hash under the same key. At the closing the sealed ballots go, in the same transaction
that writes the sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update

from storage.database import Database
from storage.key_shares import SqlKeyShares
from storage.scrutiny_tables import SEALED_BALLOT
from storage.tables import SHEET, VOTING_RIGHT


class SqlSealedBallots:
    """`bot.sealed.SealedBallots` over one connection inside a transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @property
    def shares(self) -> SqlKeyShares:
        """See SealedBallots."""
        return SqlKeyShares(self._db)

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

    def publish(self, number: int, sheet: Mapping[str, int]) -> None:
        """See SealedBallots. Written in the order of what they say, which is not the order they came in."""
        for choice, count in sorted(sheet.items()):
            self._db.put(SHEET, consultation=number, choice=choice, count=count)
        self.forget(number)

    def forget(self, number: int) -> None:
        """See SealedBallots."""
        self._db.run(delete(SEALED_BALLOT).where(SEALED_BALLOT.c.consultation == number))
