"""The tables of the reasons that go with ballots of consent, in the manner of `storage.tables`.

A reason is tied to a right only until the sealing; afterwards it stands beside what it was said for, and nobody.
"""

from __future__ import annotations

from sqlalchemy import Text
from sqlmodel import Field

from storage.tables import CLUSTERED, Row, table_of


class ReasonRow(Row, table=True):
    """Why one right doesn't agree, until the ballots are sealed."""

    __tablename__ = "reason"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(primary_key=True)  # no foreign key: the right's own says it
    voting_right: int = Field(foreign_key="voting_right.id", primary_key=True)
    text: str = Field(sa_type=Text)


class ReasonSheetRow(Row, table=True):
    """A reason once sealed: for which choice it was given, and how many gave it in the same words."""

    __tablename__ = "reason_sheet"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    choice: str = Field(primary_key=True)
    text: str = Field(sa_type=Text, primary_key=True)
    count: int


REASON = table_of(ReasonRow)
REASON_SHEET = table_of(ReasonSheetRow)
