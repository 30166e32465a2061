"""The table of the options that voters add to an open consultation, in the manner of `storage.tables`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from storage.tables import CLUSTERED, Row, one_of, table_of

ADDED_STATES = ("waiting", "accepted", "refused", "hidden")


class AddedOptionRow(Row, table=True):
    """An option that someone proposed. `account` is who, until the closing; `slug` its text as texts are compared.

    `number` is the option's permanent number, given once it is accepted, at `at`; `entry` numbers the proposals.
    A date is also the instants of its `domain.date_options.Slot`.
    """

    __tablename__ = "added_option"
    __table_args__ = (
        UniqueConstraint("consultation", "number"),
        UniqueConstraint("consultation", "slug"),
        one_of("state", ADDED_STATES),
        CLUSTERED,
    )

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    entry: int = Field(primary_key=True)
    account: int | None = Field(default=None, foreign_key="account.id", index=True)
    text: str = Field(sa_type=Text)
    slug: str
    state: str
    number: int | None = None
    at: datetime | None = None
    why: str
    starts: datetime | None = None
    ends: datetime | None = None
    day: str


ADDED_OPTION = table_of(AddedOptionRow)
