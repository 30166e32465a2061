"""The tables of debates and opinion maps, and their constraints, in the manner of `storage.tables`.

Nobody is known here but by an alias. `participant` alone ties an alias to a voting
right, until the closing. What aliases support, weigh and answer has no instant and
no row id: nothing tells in which order it came.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from bot.domain.debate.model import ArgumentKind, ArgumentState, Side, Stance
from bot.domain.opinions.model import Opinion, StatementState
from storage.tables import CLUSTERED, Row, one_of, table_of, true_or_null


def _of(*columns: str, table: str = "argument") -> ForeignKeyConstraint:
    return ForeignKeyConstraint(columns, [f"{table}.consultation", f"{table}.number"])


class ParticipantRow(Row, table=True):
    """An alias that was drawn, and the right behind it until the links are erased."""

    __tablename__ = "participant"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    alias: int = Field(primary_key=True)
    voting_right: int | None = Field(default=None, foreign_key="voting_right.id", unique=True)


class NumberingRow(Row, table=True):
    """The last number given in a series of a consultation: no number is given twice, whoever asks at once."""

    __tablename__ = "numbering"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    series: str = Field(primary_key=True)
    last: int


class ReportRow(Row, table=True):
    """An alias reports the argument, or the statement, with this number. Once the links are erased only one is left to
    count, without its words and its instant."""

    __tablename__ = "report"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    item: int = Field(primary_key=True)
    alias: int = Field(primary_key=True)
    reason: str
    at: datetime | None = None


class CourseRow(Row, table=True):
    """Where a debate stands."""

    __tablename__ = "course"

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    stage: int
    since: datetime
    until: datetime | None = None
    paused_at: datetime | None = None
    moves: int
    digests: int
    digested_at: datetime | None = None
    follow_up: int | None = Field(default=None, foreign_key="consultation.number")


class ArgumentRow(Row, table=True):
    """A contribution to a debate. Its words are those of its present version, in `wording`."""

    __tablename__ = "argument"
    __table_args__ = (
        _of("consultation", "parent"),
        one_of("kind", ArgumentKind),
        one_of("state", ArgumentState),
        CLUSTERED,
    )

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    number: int = Field(primary_key=True)
    alias: int
    kind: str
    signature: str
    at: datetime
    stage: int
    state: str
    parent: int | None = None
    room: int | None = Field(default=None, foreign_key="room.id", index=True)
    version: int
    ground: str
    reason: str


class WordingRow(Row, table=True):
    """One version of a contribution's words."""

    __tablename__ = "wording"
    __table_args__ = (_of("consultation", "argument"), CLUSTERED)

    consultation: int = Field(primary_key=True)
    argument: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    text: str = Field(sa_type=Text)
    source: str
    at: datetime


class SupportRow(Row, table=True):
    """An alias supports the argument with this number. Below zero there is no alias, only one more to count."""

    __tablename__ = "support"
    __table_args__ = (_of("consultation", "item"), Index(None, "consultation", "alias"), CLUSTERED)

    consultation: int = Field(primary_key=True)
    item: int = Field(primary_key=True)
    alias: int = Field(primary_key=True)


class RatingRow(Row, table=True):
    """The weight an alias gives to the argument with this number. Below zero there is no alias, only one to count."""

    __tablename__ = "rating"
    __table_args__ = (
        _of("consultation", "item"),
        CheckConstraint("weight BETWEEN 1 AND 5", name="weight"),
        Index(None, "consultation", "alias"),
        CLUSTERED,
    )

    consultation: int = Field(primary_key=True)
    item: int = Field(primary_key=True)
    alias: int = Field(primary_key=True)
    weight: int


class StanceRow(Row, table=True):
    """What an alias thinks of the motion before and after, until the links are erased."""

    __tablename__ = "stance"
    __table_args__ = (one_of("stance_before", Stance), one_of("stance_after", Stance), CLUSTERED)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    alias: int = Field(primary_key=True)
    stance_before: str | None = None
    stance_after: str | None = None


class StanceSheetRow(Row, table=True):
    """How many answered this before and that after ('' for nothing), once the links are erased."""

    __tablename__ = "stance_sheet"
    __table_args__ = (one_of("stance_before", ("", *Stance)), one_of("stance_after", ("", *Stance)), CLUSTERED)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    stance_before: str = Field(primary_key=True)
    stance_after: str = Field(primary_key=True)
    count: int


class FloorRequestRow(Row, table=True):
    """Someone on the speakers' list; the id keeps the order in which they came."""

    __tablename__ = "floor_request"
    __table_args__ = (UniqueConstraint("consultation", "alias"), one_of("side", Side))

    id: int | None = Field(default=None, primary_key=True)
    consultation: int = Field(foreign_key="consultation.number")
    alias: int
    name: str
    at: datetime
    side: str
    quota_list: str
    point_of_order: bool


class SpeechRow(Row, table=True):
    """A turn on the floor; one of a debate's turns is under way."""

    __tablename__ = "speech"
    __table_args__ = (UniqueConstraint("consultation", "under_way"), true_or_null("under_way"), one_of("side", Side))

    id: int | None = Field(default=None, primary_key=True)
    consultation: int = Field(foreign_key="consultation.number")
    alias: int
    name: str
    began_at: datetime
    ended_at: datetime | None = None
    under_way: bool | None = None
    side: str
    quota_list: str
    point_of_order: bool
    messages: int
    characters: int


class HeldRoomRow(Row, table=True):
    """What must be restored in a room."""

    __tablename__ = "held_room"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    room: int = Field(foreign_key="room.id", primary_key=True, index=True)
    saved: str = Field(sa_type=Text)


class ConclusionRow(Row, table=True):
    """One version of a debate's conclusion."""

    __tablename__ = "conclusion"

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    version: int = Field(primary_key=True)
    text: str = Field(sa_type=Text)
    at: datetime
    author: int | None = Field(default=None, foreign_key="account.id")


class StatementRow(Row, table=True):
    """A statement of an opinion map; alias 0 for one given at the creation."""

    __tablename__ = "statement"
    __table_args__ = (one_of("state", StatementState), CLUSTERED)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    number: int = Field(primary_key=True)
    alias: int
    text: str = Field(sa_type=Text)
    at: datetime
    state: str
    ground: str
    reason: str


class OpinionRow(Row, table=True):
    """What an alias answered to a statement."""

    __tablename__ = "opinion"
    __table_args__ = (
        _of("consultation", "statement", table="statement"),
        one_of("opinion", Opinion),
        Index(None, "consultation", "statement", "opinion"),
        CLUSTERED,
    )

    consultation: int = Field(primary_key=True)
    alias: int = Field(primary_key=True)
    statement: int = Field(primary_key=True)
    opinion: str


PARTICIPANT = table_of(ParticipantRow)
NUMBERING = table_of(NumberingRow)
REPORT = table_of(ReportRow)
COURSE = table_of(CourseRow)
ARGUMENT = table_of(ArgumentRow)
WORDING = table_of(WordingRow)
SUPPORT = table_of(SupportRow)
RATING = table_of(RatingRow)
STANCE = table_of(StanceRow)
STANCE_SHEET = table_of(StanceSheetRow)
FLOOR_REQUEST = table_of(FloorRequestRow)
SPEECH = table_of(SpeechRow)
HELD_ROOM = table_of(HeldRoomRow)
CONCLUSION = table_of(ConclusionRow)
STATEMENT = table_of(StatementRow)
OPINION = table_of(OpinionRow)
