"""The tables of members, their codes and roles, and of accounts that are linked, in the manner of `storage.tables`.

Nothing here says what anyone voted, nor that they did: a person's number is all that
the consultation side shares with it.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, UniqueConstraint
from sqlmodel import Field

from bot.domain.members import Role
from storage.tables import CLUSTERED, Row, one_of, table_of, true_or_null


class MemberRow(Row, table=True):
    """A person on an organisation's roll."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("organisation", "person"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation: int = Field(foreign_key="organisation.id")
    person: int = Field(foreign_key="person.id", index=True)
    label: str
    grp: str
    suspended: str


class InvitationRow(Row, table=True):
    """A single-use code of a member, as its hash. One of a member's codes is current."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("member", "current"), true_or_null("current"), CLUSTERED)

    hash: str = Field(primary_key=True)
    member: int = Field(foreign_key="member.id")
    created_at: datetime
    used_at: datetime | None = None
    current: bool | None = None


class WrongCodeRow(Row, table=True):
    """How many codes an account typed on a day that don't exist, or were used."""

    __tablename__ = "wrong_code"
    __table_args__ = (CLUSTERED,)

    account: int = Field(foreign_key="account.id", primary_key=True)
    noted_on: date = Field(sa_type=Date, primary_key=True)
    count: int


class RoleGrantRow(Row, table=True):
    """A role someone holds. `consultation` is 0 for the whole organisation: NULLs are never equal."""

    __tablename__ = "role_grant"
    __table_args__ = (one_of("role", Role), CLUSTERED)

    organisation: int = Field(foreign_key="organisation.id", primary_key=True)
    consultation: int = Field(primary_key=True)
    person: int = Field(foreign_key="person.id", primary_key=True, index=True)
    role: str = Field(primary_key=True)
    given_by: int | None = Field(default=None, foreign_key="account.id")
    given_at: datetime


class RoleCodeRow(Row, table=True):
    """A single-use code that gives a role, as its hash."""

    __tablename__ = "role_code"
    __table_args__ = (one_of("role", Role), CLUSTERED)

    hash: str = Field(primary_key=True)
    organisation: int = Field(foreign_key="organisation.id")
    consultation: int
    role: str
    given_by: int = Field(foreign_key="account.id")
    created_at: datetime
    used_at: datetime | None = None


class LinkRequestRow(Row, table=True):
    """Two accounts that may become one person's: one request of an account at a time."""

    __tablename__ = "link_request"

    id: int | None = Field(default=None, primary_key=True)
    hash: str = Field(unique=True)
    asker: int = Field(foreign_key="account.id", unique=True)
    asked_at: datetime
    other: int | None = Field(default=None, foreign_key="account.id")
    asker_agrees: bool
    other_agrees: bool


class RightMergeRow(Row, table=True):
    """A right that can't be used any more, because its person turned out to be the one who holds the other."""

    __tablename__ = "right_merge"
    __table_args__ = (CLUSTERED,)

    voting_right: int = Field(foreign_key="voting_right.id", primary_key=True)
    merged_into: int = Field(foreign_key="voting_right.id", index=True)


class GivenUpRow(Row, table=True):
    """An account that could use a right of a consultation under way, until it was taken away from its person."""

    __tablename__ = "given_up"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    account: int = Field(foreign_key="account.id", primary_key=True, index=True)


MEMBER = table_of(MemberRow)
INVITATION = table_of(InvitationRow)
WRONG_CODE = table_of(WrongCodeRow)
ROLE_GRANT = table_of(RoleGrantRow)
ROLE_CODE = table_of(RoleCodeRow)
LINK_REQUEST = table_of(LinkRequestRow)
RIGHT_MERGE = table_of(RightMergeRow)
GIVEN_UP = table_of(GivenUpRow)
