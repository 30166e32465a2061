"""What is kept about one person, and when a consultation no longer needs it: the values and the rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.consultation import State
from bot.domain.ids import AccountRef
from bot.domain.members import Role

NEEDED_IN = (State.SCHEDULED, State.DISCLOSED, State.OPEN, State.CLOSED)
"""While a consultation is in one of these states it isn't certified: it needs its voters and its author."""

TRACES_KEPT = timedelta(days=30)
"""How long codes that were used or replaced, codes typed wrong and drafts that nobody published are kept."""
REQUESTS_KEPT = timedelta(days=1)
"""How long a request to link two accounts is kept, done or not: its code is good for minutes."""


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """An account as it is on record."""

    ref: AccountRef
    name: str
    language: str
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class KeptRoom:
    """A room in which an account was seen, with the arrival and the departure if the bot was told of them."""

    platform: str
    title: str
    arrived_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptRight:
    """A voting right. `voted` is whether it has a ballot, or had one; `alias` stands for the person in a debate or an
    opinion map until it closes. `erase_at` is the day, once known, on which the right itself is erased."""

    number: int
    state: State
    voted: bool
    alias: int | None
    closes_at: datetime | None
    erase_at: datetime | None


@dataclass(frozen=True, slots=True)
class KeptMembership:
    """A line of an organisation's roll that is tied to the person."""

    organisation: int
    label: str
    group: str
    suspended: str


@dataclass(frozen=True, slots=True)
class KeptRole:
    """A role in an organisation, or (`number`) in one of its consultations."""

    organisation: int
    number: int | None
    role: Role
    since: datetime


Record = Mapping[str, str | int | bool | None]
"""One row as it is kept, by the names of its columns: plain values, instants in ISO 8601."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything that is tied to one person, newest consultations first. `records` is all of it once more as it is
    stored, by table. `forget_asked_at` is since when the person waits to be forgotten."""

    accounts: tuple[KeptAccount, ...]
    rooms: tuple[KeptRoom, ...]
    rights: tuple[KeptRight, ...]
    memberships: tuple[KeptMembership, ...]
    roles: tuple[KeptRole, ...]
    forget_asked_at: datetime | None
    records: Mapping[str, Sequence[Record]]


@dataclass(frozen=True, slots=True)
class Need:
    """A consultation that isn't certified and needs the person, as a voter or as its author."""

    number: int
    title: str
    closes_at: datetime | None

    def takes_votes(self, now: datetime) -> bool:
        """Whether it has not closed: one that has, or whose ballots only wait to be opened, waits for its result."""
        return self.closes_at is not None and now < self.closes_at


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting did: `whole` once nothing is left. `untied` counts the rights, the lines of rolls and the signed
    contributions that stay and are nobody's now."""

    whole: bool
    untied: int
