"""What every act on an organisation's roll begins with: may this person keep it, whose line is meant, who is on it."""

from __future__ import annotations

from bot.domain.authority import Act, authorise
from bot.domain.members import Member
from bot.domain.organisation import Organisation
from bot.domain.refusals import Missing
from bot.domain.roll_changes import Listed
from bot.store import Transaction
from bot.usecases.gathering import standing_of
from bot.usecases.house import House, Visit


async def must_keep(house: House, visit: Visit, organisation: int) -> Organisation:
    """The organisation, whose roll the person keeps; else raise the Refusal of `authority`."""
    found = await house.store.read(lambda tx: tx.organisation(organisation))
    rooms = await house.store.read(lambda tx: tx.rooms_of(organisation))
    authorise(Act.KEEP_ROLL, await standing_of(house, visit.account, found, rooms))
    return found


def own_member(tx: Transaction, organisation: int, member: int) -> Member:
    """The member with this number, who must be on this organisation's roll. Raises Missing `no-such-member`."""
    found = tx.members.member(member)
    if found.organisation != organisation:
        raise Missing("no-such-member", number=str(member))
    return found


def listed_in(tx: Transaction, organisation: int) -> list[Listed]:
    """The organisation's roll with the accounts of each member."""
    accounts = tx.members.accounts_on(organisation)
    return [Listed(each, frozenset(accounts.get(each.person, ()))) for each in tx.members.roll(organisation)]
