"""Writing down that a role was given or taken: in the database, and in the journal without whose it is."""

from __future__ import annotations

from bot.domain.members import Grant, Role
from bot.store import Transaction
from bot.usecases.house import Visit


def grant(tx: Transaction, visit: Visit, given: Grant) -> bool:
    """Give the role, now; False if the person has it already."""
    fresh = tx.members.grant(given)
    if fresh:
        _record(tx, visit, "role-given", given)
    return fresh


def revoke(tx: Transaction, visit: Visit, taken: Grant) -> bool:
    """Take the role back, now; False if the person doesn't have it."""
    there = tx.members.revoke(taken.organisation, taken.number, taken.person, taken.role)
    if there:
        _record(tx, visit, "role-taken", taken)
    return there


def becomes_admin(tx: Transaction, visit: Visit, organisation: int) -> None:
    """Whoever sets an organisation up, or brings a room into it, administers it."""
    person = tx.account_by_id(visit.account.id).person
    grant(tx, visit, Grant(organisation, None, person, Role.ADMIN, None, visit.at))


def admins(tx: Transaction, organisation: int) -> frozenset[int]:
    """The persons who administer the organisation."""
    return frozenset(each.person for each in tx.members.grants(organisation) if each.role is Role.ADMIN)


def _record(tx: Transaction, visit: Visit, what: str, changed: Grant) -> None:
    """How many people have the role now: never who."""
    where = (changed.role, changed.number)
    now = [
        each for each in tx.members.grants(changed.organisation, changed.number) if (each.role, each.number) == where
    ]
    facts = {"organisation": changed.organisation, "role": changed.role.value, "holders": len(now)}
    tx.record(visit.at, what, facts, changed.number)
