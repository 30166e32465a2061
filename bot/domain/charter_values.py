"""The values a disclosure is made of: its points with their state, and the sentences they will be told in.

A sentence is a key and its facts, never words: rooms speak different languages.
Keys and statuses are stored with every disclosure, so they may be added to but
never renamed. This module decides nothing: the rules are in `charter_ballot` and
`charter_duties`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.domain.consultation import Base, Consultation, Definition
from bot.domain.dates import later
from bot.domain.joint import Together
from bot.domain.organisation import Declared, Field, Instance, Organisation

Fact = str | int | datetime | timedelta | Fraction | tuple[str, ...]
Role = Literal["admin", "organiser", "member"]


class Status(StrEnum):
    """How far a point is met: ensured or worked out by the bot, stated by people, not stated, or not concerned."""

    GUARANTEED = "guaranteed"
    DECLARED = "declared"
    NOT_DECLARED = "not-declared"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Say:
    """One sentence of a disclosure: the catalogue's `charter.say.<key>`, and its facts."""

    key: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemState:
    """One point of the list, for one consultation.

    `says` are its sentences, `more` those only the long form has room for. A declared point has the name of
    who said so in `by`, and when; `default` marks a visible default that nobody stated. `tier` is the number of
    the 2016 map that is met. `lacks` names the facts without which nothing may open.
    """

    id: str
    status: Status
    says: tuple[Say, ...] = ()
    more: tuple[Say, ...] = ()
    tier: int | None = None
    by: str = ""
    at: datetime | None = None
    default: bool = False
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomCircumstances:
    """A room as its platform shows it when the disclosure is made. `count` is None when the platform gives none;
    `exact` when members can be listed; `sees_arrivals` when the bot is told who joins."""

    platform: str
    title: str
    count: int | None
    exact: bool
    sees_arrivals: bool
    encrypted: bool = False


@dataclass(frozen=True, slots=True)
class MembersToday:
    """The members on the organisation's list who may vote: how many, and how many no account is known of yet."""

    size: int
    unclaimed: int


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a disclosure states beyond the definition and the declarations: who consults, where, in which languages.

    `author_is_operator` is None when the bot can't tell. `languages` are those the bot speaks.
    """

    author_name: str
    author_role: Role
    rooms: tuple[RoomCircumstances, ...]
    languages: tuple[str, ...]
    author_is_operator: bool | None = None
    together: tuple[Together, ...] = ()
    """The partners with whom it is held, and those who were invited."""
    members: MembersToday | None = None
    """None where the rooms alone say who may vote."""
    observers: int = 0
    """How many people have the role of looking on without voting."""

    @property
    def platforms(self) -> tuple[str, ...]:
        """Each platform once, in the order of the rooms."""
        return tuple(dict.fromkeys(room.platform for room in self.rooms))


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a point may be judged on. The organisation's declaration carries its visible defaults."""

    consultation: Consultation
    organisation: Organisation
    instance: Instance
    circumstances: Circumstances

    @property
    def definition(self) -> Definition:
        """What is frozen at opening."""
        return self.consultation.definition

    def declared(self, what: Field) -> Declared:
        """The declared fact, or an empty default."""
        return self.organisation.declaration.get(what, Declared(""))

    def days(self, what: Field) -> timedelta:
        """A declared number of days."""
        return timedelta(days=int(self.organisation.says(what)))

    @property
    def roll(self) -> int | None:
        """How many may vote, when the organisation's list says so, or the only room lists its members."""
        rooms, members = self.circumstances.rooms, self.circumstances.members
        if members is not None:
            return None if self.definition.roll.observed else members.size
        return rooms[0].count if len(rooms) == 1 and rooms[0].exact else None

    @property
    def closes(self) -> datetime | None:
        """The closing as planned: a duration is counted from the opening announced."""
        consultation = self.consultation
        if consultation.closes_at is None and consultation.lasts is not None:
            return later(consultation.opens_at, consultation.lasts, ZoneInfo(self.organisation.time_zone))
        return consultation.closes_at

    @property
    def answered(self) -> datetime | None:
        """The day the answer is due: as promised, or counted from the closing as planned."""
        closes = self.closes
        return self.definition.answer_by or (closes + self.days(Field.ANSWER_DAYS) if closes else None)

    @property
    def erased(self) -> datetime | None:
        """The day personal data go: so many days after the one the answer is due."""
        return self.answered + self.days(Field.RETENTION_DAYS) if self.answered else None

    @property
    def backup_days(self) -> int:
        """Days that erased data stay in backups: the longer of what the operator and the association state."""
        return max(self.instance.backup_days, self.days(Field.BACKUP_DAYS).days)

    @property
    def counts_asides(self) -> bool:
        """Whether blank and abstention ballots weigh in the majority."""
        majority = self.definition.majority
        return majority is not None and majority.fraction is not None and self.definition.base is not Base.CAST


def say(key: str, **facts: Fact) -> Say:
    """A sentence with its facts."""
    return Say(key, facts)


def state_to_facts(state: ItemState) -> dict[str, Any]:
    """The state of a point as plain JSON values."""
    return {
        "id": state.id,
        "status": state.status.value,
        "says": [_say_to_facts(each) for each in state.says],
        "more": [_say_to_facts(each) for each in state.more],
        "tier": state.tier,
        "by": state.by,
        "at": state.at.isoformat() if state.at else None,
        "default": state.default,
        "lacks": list(state.lacks),
    }


def state_from_facts(facts: Mapping[str, Any]) -> ItemState:
    """The state of a point from its plain values. Raises KeyError or ValueError when they are not such a state's."""
    return ItemState(
        id=facts["id"],
        status=Status(facts["status"]),
        says=_says_from_facts(facts["says"]),
        more=_says_from_facts(facts["more"]),
        tier=facts["tier"],
        by=facts["by"],
        at=datetime.fromisoformat(facts["at"]) if facts["at"] else None,
        default=facts["default"],
        lacks=tuple(facts["lacks"]),
    )


def _say_to_facts(said: Say) -> dict[str, Any]:
    return {"key": said.key, "facts": {name: _packed(value) for name, value in said.facts.items()}}


def _says_from_facts(says: Sequence[Mapping[str, Any]]) -> tuple[Say, ...]:
    return tuple(Say(said["key"], {name: _unpacked(value) for name, value in said["facts"].items()}) for said in says)


def _packed(value: Fact) -> Any:
    match value:
        case str() | int():
            return value
        case tuple():
            return list(value)
        case datetime():
            return {"date": value.isoformat()}
        case timedelta():
            return {"seconds": int(value.total_seconds())}
        case Fraction():
            return {"share": f"{value.numerator}/{value.denominator}"}


def _unpacked(value: Any) -> Fact:
    match value:
        case str() | int():
            return value
        case list():
            return tuple(value)
        case {"date": str(date)}:
            return datetime.fromisoformat(date)
        case {"seconds": int(seconds)}:
            return timedelta(seconds=seconds)
        case {"share": str(share)}:
            return Fraction(share)
        case _:
            raise ValueError(f"not a fact of a disclosure: {value!r}")
