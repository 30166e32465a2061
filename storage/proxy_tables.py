"""The tables of votes given to others, in the manner of `storage.tables`.

Whose vote is whose is erased with the links of the ballots; how many were cast by proxy stays.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date
from sqlmodel import Field

from storage.tables import CLUSTERED, Row, table_of


class ProxyRow(Row, table=True):
    """A vote given away, to one person. `hash` is that of the code, `holder` NULL until somebody took it; `used` says
    that the ballot on record is the holder's, `day` that it follows from the proxy of a day."""

    __tablename__ = "proxy"
    __table_args__ = (CLUSTERED,)

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    giver: int = Field(foreign_key="person.id", primary_key=True, index=True)
    holder: int | None = Field(default=None, foreign_key="person.id", index=True)
    hash: str | None = Field(default=None, unique=True)
    used: bool
    day: date | None = Field(default=None, sa_type=Date)


class ProxyDayRow(Row, table=True):
    """The votes of one day in an organisation, given away."""

    __tablename__ = "proxy_day"
    __table_args__ = (CLUSTERED,)

    organisation: int = Field(foreign_key="organisation.id", primary_key=True)
    day: date = Field(sa_type=Date, primary_key=True)
    giver: int = Field(foreign_key="person.id", primary_key=True, index=True)
    holder: int | None = Field(default=None, foreign_key="person.id", index=True)
    hash: str | None = Field(default=None, unique=True)


class ProxyCountRow(Row, table=True):
    """How many of the ballots counted were cast by proxy, once they are sealed."""

    __tablename__ = "proxy_count"

    consultation: int = Field(foreign_key="consultation.number", primary_key=True)
    ballots: int


PROXY = table_of(ProxyRow)
PROXY_DAY = table_of(ProxyDayRow)
PROXY_COUNT = table_of(ProxyCountRow)
