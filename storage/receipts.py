"""Ballots' codes as they are kept: what they are made from while a vote is open, what is published of them after."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from bot.domain.ballot_codes import Published
from bot.domain.ballots import Choice, from_text
from storage.database import Database
from storage.receipt_tables import CODE_SECRET, RECEIPT
from storage.sealing import complete
from storage.tables import BALLOT


class SqlReceipts:
    """`bot.receipts.Receipts` over one connection inside a transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep_secret(self, number: int, secret: bytes) -> None:
        """See Receipts."""
        self._db.put(CODE_SECRET, consultation=number, secret=secret)

    def secret(self, number: int) -> bytes | None:
        """See Receipts."""
        row = self._db.first(select(CODE_SECRET.c.secret).where(CODE_SECRET.c.consultation == number))
        return row and bytes(row.secret)

    def forget_secret(self, number: int) -> None:
        """See Receipts."""
        self._db.run(delete(CODE_SECRET).where(CODE_SECRET.c.consultation == number))

    def ballots(self, number: int) -> Sequence[tuple[int, Choice]]:
        """See Receipts."""
        counted = select(BALLOT.c.voting_right, BALLOT.c.choice).where(BALLOT.c.consultation == number)
        rows = self._db.all(counted.where(complete(self._db, number)).order_by(BALLOT.c.voting_right))
        return [(row.voting_right, from_text(row.choice)) for row in rows]

    def publish(self, number: int, published: Published) -> None:
        """See Receipts. Written in the order of the receipts, which is not that of the ballots."""
        rows = [{"consultation": number, "code": receipt, "choice": choice} for receipt, choice in sorted(published)]
        if rows:
            self._db.connection.execute(self._db.dialect.insert(RECEIPT).on_conflict_do_nothing(), rows)

    def published(self, number: int) -> Published:
        """See Receipts."""
        rows = self._db.all(select(RECEIPT.c.code, RECEIPT.c.choice).where(RECEIPT.c.consultation == number))
        return sorted((row.code, row.choice) for row in rows)

    def counted(self, receipt: str) -> tuple[int, str] | None:
        """See Receipts."""
        row = self._db.first(select(RECEIPT.c.consultation, RECEIPT.c.choice).where(RECEIPT.c.code == receipt))
        return row and (row.consultation, row.choice)
