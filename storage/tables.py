"""The tables and their constraints, nothing else: what must never be true twice is said here, not in code.

It knows how records are laid out; it refuses to know what they mean or who asks.
Words are VARCHAR under a CHECK (an enumeration type migrates on one database and
silently not on the other), instants are aware UTC, ids of platforms are text.
"True or NULL" columns make "at most one current one" a plain unique key.

Secrecy is laid out here too: a choice stands in `ballot` and `sheet` only, and a
ballot has no account, and no instant once it is sealed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, MetaData, Table, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.domain.consultation import Kind, State

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Row(SQLModel):
    """What every table shares: the metadata with its naming convention."""

    metadata = metadata


def one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    """The column is one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def true_or_null(column: str) -> CheckConstraint:
    """The column is never false, so that a unique key allows one true beside many NULLs."""
    return CheckConstraint(column, name=column)


CLUSTERED = {"sqlite_with_rowid": False}
"""Rows kept in the tree of their own key, on SQLite: one tree to write, not two."""

POST_STATES = ("sending", "sent", "refused", "stale")


class PersonRow(Row, table=True):
    """A human being, known only by their accounts."""

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)


class AccountRow(Row, table=True):
    """One identity on one platform. `ref` is the whole address, `telegram:4242`."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    platform: str
    person: int = Field(foreign_key="person.id", index=True)
    name: str
    language: str = ""
    greeted: bool = False
    first_seen: datetime


class AcceptanceRow(Row, table=True):
    """What a person answered to one version of the rules: asked (false) or accepted (true)."""

    __tablename__ = "acceptance"
    __table_args__ = (CLUSTERED,)

    person: int = Field(foreign_key="person.id", primary_key=True)
    version: str = Field(primary_key=True)
    accepted: bool


class OrganisationRow(Row, table=True):
    """An association, or a room that is its own small organisation."""

    __tablename__ = "organisation"
    __table_args__ = (true_or_null("main"),)

    id: int | None = Field(default=None, primary_key=True)
    language: str
    time_zone: str
    declaration: str = Field(sa_type=Text)
    bound: bool
    main: bool | None = Field(default=None, unique=True)


class JoinCodeRow(Row, table=True):
    """A single-use code to join an organisation, as its hash."""

    __tablename__ = "join_code"

    hash: str = Field(primary_key=True)
    organisation: int = Field(foreign_key="organisation.id")
    created_at: datetime
    used_at: datetime | None = None


class RoomRow(Row, table=True):
    """A room whatever its address. `place` is NULL for a whole group, which is its own place."""

    __tablename__ = "room"

    id: int | None = Field(default=None, primary_key=True)
    place: int | None = Field(default=None, foreign_key="room.id", index=True)
    title: str
    organisation: int = Field(foreign_key="organisation.id", index=True)
    language: str
    active: bool = True
    first_seen: datetime


class RoomAddressRow(Row, table=True):
    """An address that leads, or once led, to a room; one of a room's addresses is current."""

    __tablename__ = "room_address"
    __table_args__ = (
        UniqueConstraint("platform", "address", "thread"),
        UniqueConstraint("room", "current"),
        true_or_null("current"),
    )

    id: int | None = Field(default=None, primary_key=True)
    platform: str
    address: str
    thread: str
    room: int = Field(foreign_key="room.id")
    current: bool | None = None


class PresenceRow(Row, table=True):
    """What was seen of an account in a place."""

    __tablename__ = "presence"
    __table_args__ = (CLUSTERED,)

    room: int = Field(foreign_key="room.id", primary_key=True)
    account: int = Field(foreign_key="account.id", primary_key=True, index=True)
    arrived_at: datetime | None = None
    left_at: datetime | None = None


class ConsultationRow(Row, table=True):
    """A consultation: `definition` is its canonical text, the other columns are its place, its state and its times."""

    __tablename__ = "consultation"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("state", State),
        Index(None, "state", "opens_at"),
        Index(None, "state", "closes_at"),
        {"sqlite_autoincrement": True},  # a number people have typed is never given to something else
    )

    number: int | None = Field(default=None, primary_key=True)
    organisation: int = Field(foreign_key="organisation.id")
    author: int = Field(foreign_key="account.id")
    kind: str
    state: str
    definition: str = Field(sa_type=Text)
    created_at: datetime
    opens_at: datetime
    closes_at: datetime | None = None
    lasts: int | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    version: int
    disclosure_digest: str
    roll_size: int | None = None
    roll_digest: str
    roll_known: bool
    extensions: int
    replaces: int | None = Field(default=None, foreign_key="consultation.number")
    cancelled_because: str
    tie_reason: str
    seed: str
    erase_at: datetime | None = None


class ConsultationRoomRow(Row, table=True):
    """A room that takes part; `position` keeps the order in which the rooms were named."""

    __tablename__ = "consultation_room"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    room: int = Field(foreign_key="room.id", primary_key=True, index=True)
    position: int
    excused: bool


class DisclosureRow(Row, table=True):
    """A disclosure as it was made, as plain JSON values."""

    __tablename__ = "disclosure"

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    version: int = Field(primary_key=True)
    facts: str = Field(sa_type=Text)


class VotingRightRow(Row, table=True):
    """One person's one vote in one consultation. `used` is set at sealing: until then the ballot itself says so."""

    __tablename__ = "voting_right"
    __table_args__ = (UniqueConstraint("consultation", "person"),)

    id: int | None = Field(default=None, primary_key=True)
    consultation: int = Field(foreign_key="consultation.number")
    person: int = Field(foreign_key="person.id")
    used: bool = False


class RightAccountRow(Row, table=True):
    """An account through which a right can be used."""

    __tablename__ = "right_account"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    account: int = Field(foreign_key="account.id", primary_key=True, index=True)
    voting_right: int = Field(foreign_key="voting_right.id", index=True)


class BallotRow(Row, table=True):
    """The ballot of one right, until it is sealed. `at` is when it was last said, in milliseconds since 1970, so that
    of two ballots of one person the later one can stay; it is erased with the link.

    No row id on SQLite: it would number the ballots in the order they came.
    """

    __tablename__ = "ballot"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(primary_key=True)  # no foreign key: the right's own says it, and each costs a look-up
    voting_right: int = Field(foreign_key="voting_right.id", primary_key=True)
    choice: str
    at: int = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": text("0")})


class SheetRow(Row, table=True):
    """The tally sheet: how many ballots expressed a choice, once sealed."""

    __tablename__ = "sheet"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    choice: str = Field(primary_key=True)
    count: int


class TallyVersionRow(Row, table=True):
    """Grows with the ballots; a row per process, so that processes don't queue behind one hot row."""

    __tablename__ = "tally_version"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    process: str = Field(primary_key=True)
    version: int


class EventKeyRow(Row, table=True):
    """An event already handled. The day is enough to forget it later; the minute would say when someone voted."""

    __tablename__ = "event_key"
    __table_args__ = (CLUSTERED,)

    key: str = Field(primary_key=True)
    noted_on: date = Field(sa_type=Date, sa_column_kwargs={"server_default": text("CURRENT_DATE")})


class PostRow(Row, table=True):
    """A message owed to a room once; where it stands, when it was sent."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("consultation", "version", "room", "role", "part"),
        one_of("state", POST_STATES),
        Index(None, "platform", "address", "message"),
    )

    id: int | None = Field(default=None, primary_key=True)
    consultation: int = Field(foreign_key="consultation.number")
    version: int
    room: int = Field(foreign_key="room.id")
    role: str
    part: int
    state: str = "sending"
    platform: str | None = None
    address: str | None = None
    thread: str | None = None
    message: str | None = None
    rendered: int = 0
    why: str = ""


class JournalRow(Row, table=True):
    """One line of the public record, chained to the line before."""

    __tablename__ = "journal"

    sequence: int | None = Field(default=None, primary_key=True)
    at: datetime
    consultation: int | None = Field(default=None, foreign_key="consultation.number", index=True)
    kind: str
    facts: str = Field(sa_type=Text)
    previous: str
    hash: str = Field(unique=True)


class DialogueRow(Row, table=True):
    """What the bot is in the middle of asking an account."""

    __tablename__ = "dialogue"

    account: int = Field(foreign_key="account.id", primary_key=True)
    state: str = Field(sa_type=Text)


class CursorRow(Row, table=True):
    """A saved position in a platform's stream."""

    __tablename__ = "cursor"

    name: str = Field(primary_key=True)
    value: str


class HeartbeatRow(Row, table=True):
    """When a platform was last known to be served."""

    __tablename__ = "heartbeat"

    platform: str = Field(primary_key=True)
    at: datetime


def table_of(model: Any) -> Table:
    """The table of a row's class, for statements."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


PERSON = table_of(PersonRow)
ACCOUNT = table_of(AccountRow)
ACCEPTANCE = table_of(AcceptanceRow)
ORGANISATION = table_of(OrganisationRow)
JOIN_CODE = table_of(JoinCodeRow)
ROOM = table_of(RoomRow)
ROOM_ADDRESS = table_of(RoomAddressRow)
PRESENCE = table_of(PresenceRow)
CONSULTATION = table_of(ConsultationRow)
CONSULTATION_ROOM = table_of(ConsultationRoomRow)
DISCLOSURE = table_of(DisclosureRow)
VOTING_RIGHT = table_of(VotingRightRow)
RIGHT_ACCOUNT = table_of(RightAccountRow)
BALLOT = table_of(BallotRow)
SHEET = table_of(SheetRow)
TALLY_VERSION = table_of(TallyVersionRow)
EVENT_KEY = table_of(EventKeyRow)
POST = table_of(PostRow)
JOURNAL = table_of(JournalRow)
DIALOGUE = table_of(DialogueRow)
CURSOR = table_of(CursorRow)
HEARTBEAT = table_of(HeartbeatRow)
