"""The members on an organisation's list who may vote in a consultation, as the list stands now."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.domain.charter_values import MembersToday
from bot.domain.consultation import Consultation
from bot.domain.members import Member
from bot.domain.refusals import Refusal
from bot.members import listed
from bot.store import Transaction
from bot.usecases.parts import parts


def voters_of(tx: Transaction, consultation: Consultation) -> Sequence[Member]:
    """Those not suspended, of the group if one is asked, and who were given a code if that is the rule, on the lists of
    all organisations that hold it; nobody where the rooms alone say who may vote."""
    found = {member.person: member for part in parts(tx, consultation) for member in on_list(tx, part)}
    return list(found.values())


def on_list(tx: Transaction, consultation: Consultation) -> Sequence[Member]:
    """The same of one organisation's own list."""
    definition, organisation = consultation.definition, consultation.organisation
    if not definition.roll.listed:
        return []
    members = listed(tx.members.roll(organisation), definition.group)
    if not definition.roll.by_code:
        return members
    invited = {each.member for each in tx.members.invitations(organisation)}
    return [member for member in members if member.id in invited]


def members_today(tx: Transaction, consultation: Consultation) -> MembersToday | None:
    """How many they are, and how many of them have no account yet; None where the rooms alone say who may vote."""
    if not consultation.definition.roll.listed:
        return None
    voters = voters_of(tx, consultation)
    accounts: dict[int, object] = {}
    for part in parts(tx, consultation):
        accounts |= tx.members.accounts_on(part.organisation)
    return MembersToday(len(voters), sum(not accounts.get(member.person) for member in voters))


def must_have_voters(tx: Transaction, consultation: Consultation) -> None:
    """Return if somebody could vote; raise Refusal `roll-empty`, `roll-empty-group` or `roll-empty-codes`."""
    definition = consultation.definition
    if definition.roll.observed or voters_of(tx, consultation):
        return
    name = tx.organisation(consultation.organisation).name
    if definition.group:
        raise Refusal("roll-empty-group", organisation=name, group=definition.group)
    some = bool(tx.members.roll(consultation.organisation))
    if definition.roll.by_code and some:
        raise Refusal("roll-empty-codes", organisation=name)
    raise Refusal("roll-empty", organisation=name)


def suspended_in(tx: Transaction, consultation: Consultation) -> frozenset[int]:
    """The persons whom the organisation's list says are suspended, where it has a say."""
    if not consultation.definition.roll.listed:
        return frozenset()
    return frozenset(member.person for member in tx.members.roll(consultation.organisation) if member.suspended)


def seen_there(tx: Transaction, consultation: Consultation, rooms: Collection[int]) -> int:
    """How many of those on the list were seen in one of the rooms, which would count them too."""
    found = 0
    for member in voters_of(tx, consultation) if rooms else ():
        accounts = tx.members.accounts_of(member.person)
        found += any(not set(tx.rooms_with(account.id)).isdisjoint(rooms) for account in accounts)
    return found
