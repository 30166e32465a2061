"""The members of an organisation, their roles, and what joins their accounts: the values, without rules.

A member is a person on an organisation's roll. The person may be known by no account
yet (nobody has claimed the code), by one, or by several that were linked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What someone may do in an organisation, or in one consultation of it."""

    ADMIN = "admin"
    ORGANISER = "organiser"
    AUTHOR = "author"
    MODERATOR = "moderator"
    SCRUTINEER = "scrutineer"
    PARTICIPANT = "participant"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Member:
    """A line of an organisation's roll. `label` is how the organisation calls them, `group` a word of its own ("" for
    none), `suspended` the reason why they may not vote for now ("" for none)."""

    id: int
    organisation: int
    person: int
    label: str
    group: str = ""
    suspended: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A single-use code of a member. Only its hash is kept. `void`: replaced by another one."""

    member: int
    created_at: datetime
    used_at: datetime | None = None
    void: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that a person holds: in the whole organisation, or (`number`) in one consultation. `by` is the account
    that gave it, None when the bot did."""

    organisation: int
    number: int | None
    person: int
    role: Role
    by: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class RoleCode:
    """What a single-use code of a role gives, once it was used: see `Grant`."""

    organisation: int
    number: int | None
    role: Role
    by: int


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """Two accounts that may become one person's. `other` is None until the code was sent from the other side; each side
    has then to agree."""

    id: int
    asker: int
    asked_at: datetime
    other: int | None = None
    asker_agrees: bool = False
    other_agrees: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """What became of the rights two persons held in one consultation that is still open.

    `replaced` is true when both had a ballot: the later one stays.
    """

    number: int
    replaced: bool
