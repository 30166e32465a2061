"""Who holds the shares of keys; the shares themselves are in `storage.key_files`, for as long as they have to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.sql import ColumnElement

from bot.domain.key_shares import KeyShare
from storage.database import Database
from storage.key_share_tables import KEY_SHARE
from storage.proxy_sealing import UNSEALED
from storage.tables import ACCOUNT, CONSULTATION


class SqlKeyShares:
    """`bot.key_shares.KeyShares` over one connection inside a transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def of(self, number: int) -> Sequence[KeyShare]:
        """See KeyShares."""
        rows = select(KEY_SHARE).where(KEY_SHARE.c.consultation == number).order_by(KEY_SHARE.c.share)
        return [
            KeyShare(number, row.share, row.public, row.hash, row.account, row.sent, row.kept_at)
            for row in self._db.all(rows)
        ]

    def of_both(self, one: int, other: int) -> Sequence[int]:
        """See KeyShares."""
        holds = (
            exists().where(
                KEY_SHARE.c.consultation == CONSULTATION.c.number,
                KEY_SHARE.c.account == ACCOUNT.c.id,
                ACCOUNT.c.person == person,
            )
            for person in (one, other)
        )
        unsealed = CONSULTATION.c.state.in_([state.value for state in UNSEALED])
        held = select(CONSULTATION.c.number).where(unsealed, *holds)
        return [row.number for row in self._db.all(held.order_by(CONSULTATION.c.number))]

    def deal(self, number: int, shares: Iterable[KeyShare]) -> None:
        """See KeyShares."""
        self._db.run(delete(KEY_SHARE).where(KEY_SHARE.c.consultation == number))
        for share in shares:
            self._db.run(
                KEY_SHARE.insert().values(
                    consultation=number, share=share.share, account=share.account, public=share.public,
                    hash=share.digest, sent=share.sent, kept_at=share.kept_at,
                )
            )  # fmt: skip

    def hand(self, number: int, share: int, account: int | None) -> None:
        """See KeyShares."""
        self._db.run(update(KEY_SHARE).where(*_this(number, share)).values(account=account))

    def sent(self, number: int, share: int) -> None:
        """See KeyShares."""
        self._db.run(update(KEY_SHARE).where(*_this(number, share)).values(sent=True))

    def kept(self, number: int, share: int, at: datetime) -> None:
        """See KeyShares."""
        fresh = (*_this(number, share), KEY_SHARE.c.kept_at.is_(None))
        self._db.run(update(KEY_SHARE).where(*fresh).values(kept_at=at))


def _this(number: int, share: int) -> tuple[ColumnElement[bool], ...]:
    return (KEY_SHARE.c.consultation == number, KEY_SHARE.c.share == share)
