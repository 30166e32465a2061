"""Who the two sides of a proxy are, by name."""

from __future__ import annotations

from bot.store import Transaction
from bot.text.proxies import Held
from bot.usecases.house import Visit


def name_of(tx: Transaction, person: int | None) -> str:
    """How somebody is called: by the name their first account shows, else as a roll has them."""
    accounts = tx.members.accounts_of(person) if person is not None else ()
    names = [each.name or each.ref.id for each in accounts]
    labels = [member.label for member in tx.members.memberships(person)] if person is not None else []
    return next(iter([*names, *labels]), "")


def held_by(tx: Transaction, number: int, person: int) -> list[Held]:
    """The votes that the person casts for others, in the order of their names."""
    found = [Held(each, name_of(tx, each.giver)) for each in tx.proxies.held(number, person)]
    return sorted(found, key=lambda each: (each.name.casefold(), each.proxy.giver))


def person_of(tx: Transaction, visit: Visit) -> int:
    """Whose account it is now: accounts may have been linked since the visit began."""
    return tx.account_by_id(visit.account.id).person
