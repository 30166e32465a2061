"""Attendance by name (*liste d'emargement*): who voted in a formal vote, never what, for those who watch over it.

It is worked out when it is asked for, from what the server keeps anyway until the voters are erased:
whose the rights are, and whether each was used. It says no time, and its order says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.consultation import BallotType, Consultation, Definition, Kind, State
from bot.domain.ids import AccountRef
from bot.domain.members import Member
from bot.domain.refusals import Refusal
from bot.domain.roll_sources import RollSource
from bot.domain.words import fold


@dataclass(frozen=True, slots=True)
class Attending:
    """A right that is nobody else's: whose it is, by which accounts they are known and under which names (oldest
    first), whether it was used, and, where several organisations hold the vote, on whose rolls it stands."""

    person: int
    accounts: tuple[tuple[AccountRef, str], ...]
    voted: bool
    organisations: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """A line of the list. `name` is how the organisation calls a member, else what an account shows; "" where nobody
    knows any more, or may know, who it is."""

    name: str
    group: str
    voted: bool


def listed(definition: Definition) -> bool:
    """Whether such a vote has a list: a formal one whose roll is frozen. Whoever took part in signing signed, so that
    the list would say what they chose."""
    return (
        definition.kind is Kind.VOTE
        and definition.roll is not RollSource.OPEN
        and definition.ballot is not BallotType.SIGNATURE
    )


def must_have_attendance(consultation: Consultation) -> None:
    """Return if there is a list to give once it has ended; raise Refusal `attendance-not-here`, `cancelled`,
    `attendance-before-closing`."""
    number = str(consultation.number)
    if not listed(consultation.definition):
        raise Refusal("attendance-not-here", number=number)
    if consultation.state is State.CANCELLED:
        raise Refusal("cancelled", number=number, reason=consultation.cancelled_because)
    if consultation.state not in {State.CLOSED, State.CERTIFIED, State.ANSWERED}:
        raise Refusal("attendance-before-closing", number=number)


def lines_of(
    attending: Iterable[Attending], members: Mapping[int, Member], hidden: Collection[AccountRef]
) -> Sequence[AttendanceLine]:
    """The list in the order of names, those without one last. `members` are the organisation's, by person; `hidden` are
    the accounts that show no name."""
    lines = (_line(each, members.get(each.person), hidden) for each in attending)
    return sorted(lines, key=lambda line: (not line.name, fold(line.name), line.name, fold(line.group), line.voted))


def _line(each: Attending, member: Member | None, hidden: Collection[AccountRef]) -> AttendanceLine:
    if member is not None:
        return AttendanceLine(member.label, member.group, each.voted)
    hides = any(account in hidden for account, _ in each.accounts)
    names = (name for _, name in each.accounts if name)
    return AttendanceLine("" if hides else next(names, ""), "", each.voted)
