"""The table of private messages that are owed, in the manner of `storage.tables`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from storage.tables import Row, table_of


class NoticeRow(Row, table=True):
    """A private message owed to an account, until it is sent: numbers, never words."""

    __tablename__ = "notice"

    id: int | None = Field(default=None, primary_key=True)
    account: int = Field(foreign_key="account.id", index=True)
    kind: str
    facts: str = Field(sa_type=Text)
    key: str = Field(unique=True)
    owed_at: datetime


NOTICE = table_of(NoticeRow)
