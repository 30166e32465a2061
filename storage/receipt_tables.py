"""The tables of ballots' codes, in the manner of `storage.tables`."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlmodel import Field

from storage.tables import CLUSTERED, Row, table_of


class CodeSecretRow(Row, table=True):
    """What the codes of an open consultation are made from, with the rights; it goes when the ballots are sealed."""

    __tablename__ = "code_secret"

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    secret: bytes = Field(sa_type=LargeBinary)


class ReceiptRow(Row, table=True):
    """The hash of a code whose ballot was counted; `choice` stands beside it only where that was declared."""

    __tablename__ = "receipt"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    code: str = Field(primary_key=True)
    choice: str


CODE_SECRET = table_of(CodeSecretRow)
RECEIPT = table_of(ReceiptRow)
