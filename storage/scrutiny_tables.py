"""The tables of what is watched over: acts that need two people, contestations, sealed ballots, and votes of several
organisations, in the manner of `storage.tables`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, Text
from sqlmodel import Field

from storage.tables import CLUSTERED, Row, one_of, table_of

ACTS = ("open", "close", "cancel", "reveal")
CONTEST_STATES = ("open", "rejected", "noted", "annulled")
INVITED_STATES = ("invited", "accepted", "declined")


class ApprovalRow(Row, table=True):
    """A word given for an act that needs two people. `terms` is the act in full, so that both agree to the same."""

    __tablename__ = "approval"
    __table_args__ = (one_of("act", ACTS), CLUSTERED)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    act: str = Field(primary_key=True)
    account: int = Field(foreign_key="account.id", primary_key=True, index=True)
    terms: str = Field(sa_type=Text)
    given_at: datetime


class ContestRow(Row, table=True):
    """A contestation of a result, and what was decided of it. `account` is forgotten with the voters."""

    __tablename__ = "contest"
    __table_args__ = (one_of("state", CONTEST_STATES), CLUSTERED)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    entry: int = Field(primary_key=True)
    account: int | None = Field(default=None, foreign_key="account.id", index=True)
    text: str = Field(sa_type=Text)
    made_at: datetime
    signed: bool
    state: str
    decision: str = Field(sa_type=Text)
    decided_at: datetime | None = None


class RefusedBallotRow(Row, table=True):
    """How many ballots were refused for a reason; nobody's name, no hour."""

    __tablename__ = "refused_ballot"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    code: str = Field(primary_key=True)
    count: int


class BurstRow(Row, table=True):
    """The most ballots recorded within one minute, whichever it was."""

    __tablename__ = "burst"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    most: int


class SealedBallotRow(Row, table=True):
    """A ballot sealed to its consultation's key, which is kept elsewhere. `code` is the hash of the voter's code."""

    __tablename__ = "sealed_ballot"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    code: str = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)


class PartnerRow(Row, table=True):
    """An organisation asked to hold a consultation together with the one that made it, and its own declaration."""

    __tablename__ = "partner"
    __table_args__ = (one_of("state", INVITED_STATES), CLUSTERED)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    organisation: int = Field(foreign_key="organisation.id", primary_key=True)
    state: str
    answer_by: datetime
    declaration: str = Field(sa_type=Text)
    answered_at: datetime | None = None


class PartnerCodeRow(Row, table=True):
    """The single-use code by which an organisation lets itself be invited, as its hash, and whose account asked for
    it: one at a time."""

    __tablename__ = "partner_code"
    __table_args__ = (CLUSTERED,)

    organisation: int = Field(foreign_key="organisation.id", primary_key=True)
    hash: str = Field(unique=True)
    account: int = Field(foreign_key="account.id", index=True)
    given_at: datetime


class RightOrganisationRow(Row, table=True):
    """On whose roll a right stands, where several organisations vote together, until the voters are erased."""

    __tablename__ = "right_organisation"
    __table_args__ = (CLUSTERED,)

    voting_right: int = Field(foreign_key="voting_right.id", primary_key=True)
    organisation: int = Field(foreign_key="organisation.id", primary_key=True)


class OrganisationSheetRow(Row, table=True):
    """The tally sheet of one organisation of several, once sealed."""

    __tablename__ = "organisation_sheet"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    organisation: int = Field(foreign_key="organisation.id", primary_key=True)
    choice: str = Field(primary_key=True)
    count: int


APPROVAL = table_of(ApprovalRow)
CONTEST = table_of(ContestRow)
REFUSED_BALLOT = table_of(RefusedBallotRow)
BURST = table_of(BurstRow)
SEALED_BALLOT = table_of(SealedBallotRow)
PARTNER = table_of(PartnerRow)
PARTNER_CODE = table_of(PartnerCodeRow)
RIGHT_ORGANISATION = table_of(RightOrganisationRow)
ORGANISATION_SHEET = table_of(OrganisationSheetRow)
