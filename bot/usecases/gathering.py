"""Asking the platforms what the rules need to know: who is in a room, who administers it, what can be done there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.authority import Standing
from bot.domain.consultation import POLLS, Consultation
from bot.domain.ids import AccountRef
from bot.domain.members import Role
from bot.domain.organisation import Organisation
from bot.ports import Messenger
from bot.store import Account, Room, Transaction
from bot.usecases.granting import admins
from bot.usecases.house import House, Visit
from bot.usecases.parts import own_rooms


async def administers(house: House, account: AccountRef, room: Room) -> bool | None:
    """Whether the account administers the room, None when the platform doesn't say. Another platform's room: False."""
    if account.platform != room.ref.platform or account.platform not in house.messengers:
        return False
    return await house.messenger(account.platform).is_admin(account, room.ref.place)


async def _administers_all(house: House, accounts: Sequence[Account], rooms: Sequence[Room]) -> bool | None:
    """Whether a person with these accounts administers every one of the rooms, in the chats themselves.

    A room that threw the bot out can't be asked who runs it: those who run all the
    others decide without it.
    """
    asked = [room for room in rooms if room.active] or rooms
    answers = [_any([await administers(house, account.ref, room) for account in accounts]) for room in asked]
    if all(answers) and answers:
        return True
    return None if None in answers and False not in answers else False


def _any(answers: Sequence[bool | None]) -> bool | None:
    """Yes if one says so; else unknown if one didn't say."""
    if True in answers:
        return True
    return None if None in answers else False


async def hides_name(house: House, account: AccountRef, rooms: Sequence[Room]) -> bool:
    """Whether the account takes part in one of these rooms without showing its name, or might, for all we know."""
    for room in rooms:
        if room.ref.platform == account.platform and room.active:
            hidden = await house.messenger(account.platform).hidden_names(room.ref.place)
            if hidden is None or account in hidden:
                return True
    return False


async def hidden_among(
    messengers: Mapping[str, Messenger], accounts: Collection[AccountRef], rooms: Sequence[Room]
) -> frozenset[AccountRef]:
    """Those of these accounts that take part in one of the rooms without showing their name, or might."""
    hidden: set[AccountRef] = set()
    for room in rooms:
        messenger = messengers.get(room.ref.platform)
        found = await messenger.hidden_names(room.ref.place) if messenger else None
        # A platform that doesn't answer must not cost anyone their anonymity: then no name of it is shown.
        everyone = (account for account in accounts if account.platform == room.ref.platform)
        hidden.update(everyone if found is None else found)
    return frozenset(hidden)


async def found_there(house: House, account: Account, number: int) -> bool:
    """Whether the account is in one of the consultation's rooms, as its platform says now; it counts as seen there."""
    for room in await house.store.read(lambda tx: _places(tx, number)):
        if await is_there(house, account, room):
            return True
    return False


async def is_there(house: House, account: Account, room: Room) -> bool | None:
    """The same of one whole group; False of another platform's, None when the platform doesn't say."""
    if room.ref.platform != account.ref.platform or account.ref.platform not in house.messengers:
        return False
    there = await house.messenger(account.ref.platform).is_member(account.ref, room.ref)
    if there:
        await house.store.write(lambda tx: tx.arrived(room.id, account.id, None))
    return there


def _places(tx: Transaction, number: int) -> list[Room]:
    """The whole groups in which a consultation is held; none for one that doesn't exist."""
    consultation = tx.find_consultation(number)
    rooms = rooms_by_id(tx, consultation.rooms) if consultation is not None else ()
    return [tx.room_by_id(place) for place in dict.fromkeys(room.place for room in rooms)]


async def standing_of(
    house: House,
    account: Account,
    organisation: Organisation,
    rooms: Sequence[Room],
    consultation: Consultation | None = None,
) -> Standing:
    """What `authority` needs to know of the account's person about these rooms and this consultation.

    Roles given in the organisation count for its own rooms; a partner's rooms, where several organisations hold the
    consultation, are the partner's business. Whoever administers the
    organisation needs no platform's word.
    """
    known = await house.store.read(lambda tx: _known(tx, account, organisation, rooms, consultation))
    administers = Role.ADMIN in known.roles
    return Standing(
        organises=administers or await _administers_all(house, known.accounts, known.rooms),
        author=consultation is not None and consultation.author in {each.id for each in known.accounts},
        roles=known.roles,
        run_by_rooms=known.run_by_rooms,
        poll=consultation is not None and consultation.definition.kind in POLLS,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    accounts: Sequence[Account]
    rooms: Sequence[Room]
    roles: frozenset[Role]
    run_by_rooms: bool


def _known(
    tx: Transaction,
    account: Account,
    organisation: Organisation,
    rooms: Sequence[Room],
    consultation: Consultation | None,
) -> _Known:
    number = consultation.number if consultation is not None else None
    rooms = own_rooms(tx, consultation, organisation.id, rooms)
    at_home = all(room.organisation == organisation.id for room in rooms)
    roles = tx.members.roles_of(organisation.id, account.id, number) if at_home else frozenset()
    return _Known(
        # Read anew: accounts may have been linked since this one was read.
        tx.members.accounts_of(tx.account_by_id(account.id).person),
        rooms,
        roles,
        not organisation.bound or not admins(tx, organisation.id),
    )


async def organisation_of(house: House, visit: Visit) -> Organisation | None:
    """The organisation a visit is about: that of its rooms, else the only one in which the person has a role."""
    if visit.organisation is not None:
        return visit.organisation

    def query(tx: Transaction) -> Organisation | None:
        held = {grant.organisation for grant in tx.members.roles_held(visit.account.id)}
        return tx.organisation(held.pop()) if len(held) == 1 else None

    return await house.store.read(query)


def rooms_by_id(tx: Transaction, rooms: Iterable[int]) -> tuple[Room, ...]:
    """The rooms with these numbers, in order."""
    return tuple(tx.room_by_id(room) for room in rooms)
