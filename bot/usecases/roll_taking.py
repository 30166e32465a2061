"""Doing what a list says: the roll afterwards has its members, whoever confirmed it and from where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ids import AccountRef
from bot.domain.members import Member
from bot.domain.roll_changes import Changes, Listed, changes_of
from bot.domain.roll_files import RollLine
from bot.store import Transaction
from bot.usecases.linking import Joined, join, owe_merged
from bot.usecases.roll_keeping import listed_in


@dataclass(frozen=True, slots=True)
class Taking:
    """One import: under which key and when it was confirmed, and whether those who are no longer listed go."""

    key: str
    at: datetime
    drop: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, and the persons who turned out to hold two rights."""

    changes: Changes
    size: int
    removed: int
    joined: tuple[Joined, ...]


def last_import(organisation: int) -> str:
    """The name under which the time of the organisation's last import is kept."""
    return f"roll-import:{organisation}"


def take_in(tx: Transaction, organisation: int, lines: Sequence[RollLine], how: Taking) -> Imported:
    """Make the roll, as it is now, say what the list says. Raises the Refusals of `linking.join`."""
    changes = changes_of(listed_in(tx, organisation), lines)
    joined: list[Joined] = []
    for line in changes.new:
        member = tx.members.add(organisation, line.label, line.group or "")
        joined += _tie(tx, member, Listed(member).takes(line), how.at)
    for each, line in changes.changed:
        group = each.member.group if line.group is None else line.group
        tx.members.save(replace(each.member, label=line.label, group=group))
        joined += _tie(tx, each.member, each.takes(line), how.at)
    gone = changes.missing if how.drop else ()
    for member in gone:
        tx.members.remove(member.id)
    for place, each_joined in enumerate(joined):
        owe_merged(tx, each_joined, f"{how.key}/{place}", how.at)
    tx.set_cursor(last_import(organisation), how.at.isoformat())
    size = len(tx.members.roll(organisation))
    facts = {"new": len(changes.new), "changed": len(changes.changed), "removed": len(gone)}
    tx.record(how.at, "roll-imported", {**facts, "organisation": organisation, "size": size})
    return Imported(changes, size, len(gone), tuple(joined))


def _tie(tx: Transaction, member: Member, ref: AccountRef | None, at: datetime) -> list[Joined]:
    """Make the account the member's; one that nobody has used yet is known from now on, without a name."""
    if ref is None:
        return []
    account = tx.find_account(ref) or tx.account(ref, "", at)
    return [join(tx, member.person, account.person, at)]
