"""The tables of what happened at a closing, in the manner of `storage.tables`."""

from __future__ import annotations

from sqlmodel import Field

from storage.tables import CLUSTERED, Row, table_of


class TieDecisionRow(Row, table=True):
    """An option that an organiser preferred among those left level; `position` keeps the order of the decisions."""

    __tablename__ = "tie_decision"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    position: int = Field(primary_key=True)
    option: int


class PutOffRow(Row, table=True):
    """A consultation whose closing was put off, once, because too few had voted."""

    __tablename__ = "put_off"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)


class ContestMoveRow(Row, table=True):
    """An absence of the bot by which the time to contest a result grew."""

    __tablename__ = "contest_move"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    position: int = Field(primary_key=True)
    seconds: int


TIE_DECISION = table_of(TieDecisionRow)
PUT_OFF = table_of(PutOffRow)
CONTEST_MOVE = table_of(ContestMoveRow)
