"""The table of who holds the shares of keys, in the manner of `storage.tables`: never a share, which stands nowhere
in the database."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from storage.tables import CLUSTERED, Row, table_of


class KeyShareRow(Row, table=True):
    """One of the two shares of a consultation's key: who was given it, and what it must hash to when it comes back.
    `account` is forgotten with the voters."""

    __tablename__ = "key_share"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    share: int = Field(primary_key=True)
    account: int | None = Field(default=None, foreign_key="account.id", index=True)
    public: str
    hash: str
    sent: bool
    kept_at: datetime | None = None


KEY_SHARE = table_of(KeyShareRow)
