"""The table of what follows what, in the manner of `storage.tables`: a consultation has one follower at most."""

from __future__ import annotations

from sqlmodel import Field

from storage.tables import CLUSTERED, Row, table_of


class FollowUpRow(Row, table=True):
    """The consultation that followed another one by itself: its second round."""

    __tablename__ = "follow_up"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(primary_key=True, foreign_key="consultation.number")
    number: int = Field(unique=True, foreign_key="consultation.number")


FOLLOW_UP = table_of(FollowUpRow)
