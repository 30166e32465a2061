"""The table of which answers, in polls of the platforms' own, ballots came by, in the manner of `storage.tables`."""

from __future__ import annotations

from sqlmodel import Field

from storage.tables import CLUSTERED, Row, table_of


class PollAnswerRow(Row, table=True):
    """That what is on record for a right, a ballot or none, came by this answer; kept until the ballots are sealed.

    It says nothing of the choice. The answer is known by its event's key, the poll by its id in the platform.
    """

    __tablename__ = "poll_answer"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(primary_key=True)  # no foreign key: the right's own says it
    voting_right: int = Field(foreign_key="voting_right.id", primary_key=True)
    key: str
    poll: str


POLL_ANSWER = table_of(PollAnswerRow)
