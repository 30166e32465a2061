"""The table of who waits to be forgotten, in the manner of `storage.tables`."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from storage.tables import Row, table_of


class ForgettingRow(Row, table=True):
    """An account whose person asked to be forgotten, while a consultation still needs them."""

    __tablename__ = "forgetting"

    account: int = Field(foreign_key="account.id", primary_key=True)
    asked_at: datetime


FORGETTING = table_of(ForgettingRow)
