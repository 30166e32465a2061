"""The charter disclosure: for every point of the list, whether the bot ensures it, who declared it, or that nobody did.

It is worked out from the real settings just before it is posted, kept as it was
made, and hashed together with the definition. Nothing opens while
`required_missing` names a point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain import charter_ballot, charter_debate, charter_duties, charter_opinions
from bot.domain.canonical import digest as hashed
from bot.domain.charter_items import CHARTER_VERSION, ITEMS, RULES_VERSION, Item
from bot.domain.charter_values import (
    Case,
    Circumstances,
    ItemState,
    Role,
    RoomCircumstances,
    Say,
    Status,
    state_from_facts,
    state_to_facts,
)
from bot.domain.consultation import Binding, Consultation, Definition, Kind, definition_facts
from bot.domain.declaration import with_defaults
from bot.domain.organisation import Instance, Organisation

__all__ = [
    "CHARTER_VERSION",
    "ITEMS",
    "RULES_VERSION",
    "Circumstances",
    "Counts",
    "Disclosure",
    "ItemState",
    "Role",
    "RoomCircumstances",
    "Say",
    "Status",
    "asks_registration",
    "disclose",
    "disclosure_digest",
    "erasure_day",
    "from_facts",
    "holders",
    "missing_facts",
    "required_missing",
    "to_facts",
]

_BALLOTS: Mapping[str, Callable[[Case], ItemState]] = {**charter_duties.STATES, **charter_ballot.STATES}
_STATES: Mapping[Kind, Mapping[str, Callable[[Case], ItemState]]] = {
    Kind.POLL: _BALLOTS,
    Kind.VOTE: _BALLOTS,
    Kind.BUDGET: _BALLOTS,
    Kind.DEBATE: {**_BALLOTS, **charter_debate.STATES},
    Kind.OPINIONS: {**_BALLOTS, **charter_opinions.STATES},
    Kind.DATES: _BALLOTS,
}
"""The rule of each point, by kind of consultation."""

_ANSWERING: Mapping[Kind, frozenset[str]] = {
    Kind.BUDGET: frozenset({Kind.POLL.value}),
    Kind.DEBATE: frozenset({Kind.POLL.value}),
    Kind.OPINIONS: frozenset({Kind.POLL.value, Kind.DEBATE.value}),
    Kind.DATES: frozenset({Kind.POLL.value}),
}
"""Kinds whose points are met too: a budget is voted on and dates are asked for as in a poll; in a debate members
support, rate and say what they think, each once, as in a poll; statements of an opinion map are contributions of
members that are answered."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many applicable points have each status. `defaults` are those of `declared` that nobody stated."""

    guaranteed: int
    declared: int
    defaults: int
    not_declared: int


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What is posted before a consultation opens: every point of the list of `version`, and its digest."""

    version: str
    items: tuple[ItemState, ...]
    digest: str

    def item(self, item: str) -> ItemState:
        """The point with this identifier. Raises KeyError if the list has none."""
        for state in self.items:
            if state.id == item:
                return state
        raise KeyError(item)

    def having(self, status: Status) -> tuple[ItemState, ...]:
        """The points with this status, in the order of the list."""
        return tuple(state for state in self.items if state.status is status)

    @property
    def counts(self) -> Counts:
        """The figures of the card."""
        declared = self.having(Status.DECLARED)
        return Counts(
            guaranteed=len(self.having(Status.GUARANTEED)),
            declared=len(declared),
            defaults=sum(state.default for state in declared),
            not_declared=len(self.having(Status.NOT_DECLARED)),
        )


def disclose(
    consultation: Consultation, organisation: Organisation, instance: Instance, circumstances: Circumstances
) -> Disclosure:
    """The disclosure of the consultation as things stand; visible defaults are filled in for the organisation."""
    declaration = with_defaults(organisation.declaration, instance.backup_days)
    case = Case(consultation, replace(organisation, declaration=declaration), instance, circumstances)
    kinds = _kinds(consultation.definition)
    items = tuple(_state(item, kinds, case) for item in ITEMS)
    return Disclosure(CHARTER_VERSION, items, _digest(consultation.definition, CHARTER_VERSION, items))


def _kinds(definition: Definition) -> frozenset[str]:
    decides = definition.kind is Kind.VOTE and definition.binding is Binding.DECISION
    also = frozenset({"ga_vote"}) if decides else _ANSWERING.get(definition.kind, frozenset())
    return also | {definition.kind.value}


def _state(item: Item, kinds: frozenset[str], case: Case) -> ItemState:
    if not item.concerns(kinds):
        return ItemState(item.id, Status.NOT_APPLICABLE)
    return _STATES[case.definition.kind][item.id](case)


def required_missing(disclosure: Disclosure) -> tuple[str, ...]:
    """The identifiers of the points without which nothing may open, in the order of the list; empty when it may."""
    return tuple(state.id for state in disclosure.items if state.lacks)


def missing_facts(disclosure: Disclosure) -> tuple[str, ...]:
    """What exactly is missing: values of `Field`, `operator_name`, `operator_contact`, `hosting`, `source_url` (for the
    operator), `vote_purpose`, `close`, `statutes` (for the author)."""
    return tuple(fact for state in disclosure.items for fact in state.lacks)


def asks_registration(disclosure: Disclosure) -> bool:
    """Whether, as disclosed, members register before the opening."""
    return any(each.key == "who.registered" for each in disclosure.item("PAR-06").says)


def holders(disclosure: Disclosure) -> tuple[str, ...]:
    """The organisations that hold the consultation together, as disclosed, the first one first; none where one does."""
    held = [each.facts["organisations"] for each in disclosure.item("PAR-06").says if each.key == "joint.with"]
    return tuple(map(str, held[0])) if held and isinstance(held[0], tuple) else ()


def erasure_day(disclosure: Disclosure) -> datetime | None:
    """The day on which, as disclosed, what the server keeps of the voters is erased."""
    days = [each.facts["day"] for each in disclosure.item("TRA-10").says if "day" in each.facts]
    return days[0] if days and isinstance(days[0], datetime) else None


def disclosure_digest(definition: Definition, disclosure: Disclosure) -> str:
    """The digest anyone can work out again from the published definition and disclosure (64 hexadecimal characters)."""
    return _digest(definition, disclosure.version, disclosure.items)


def _digest(definition: Definition, version: str, items: tuple[ItemState, ...]) -> str:
    return hashed({"definition": definition_facts(definition), "disclosure": _facts(version, items)})


def _facts(version: str, items: tuple[ItemState, ...]) -> dict[str, Any]:
    return {"version": version, "items": [state_to_facts(state) for state in items]}


def to_facts(disclosure: Disclosure) -> dict[str, Any]:
    """The disclosure as plain JSON values, as it is stored and exported."""
    return {**_facts(disclosure.version, disclosure.items), "digest": disclosure.digest}


def from_facts(facts: Mapping[str, Any]) -> Disclosure:
    """The disclosure as it was made. Raises KeyError or ValueError for anything `to_facts` did not make."""
    return Disclosure(facts["version"], tuple(state_from_facts(state) for state in facts["items"]), facts["digest"])
