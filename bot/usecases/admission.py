"""Giving someone who is not on the roll yet their voting right, if the rule frozen at the opening says so."""

from __future__ import annotations

from bot.domain.consultation import Consultation, State
from bot.domain.eligibility import Sighting, admission
from bot.ports import Person
from bot.store import Account, Presence, Room, Transaction
from bot.usecases.gathering import rooms_by_id
from bot.usecases.house import House


async def admit(house: House, who: Person, number: int) -> None:
    """Put the person on the roll of an open consultation, or raise the Refusal that says why not."""
    consultation, rooms, account, seen = await house.store.read(lambda tx: _known(tx, who, number))
    if consultation.state is not State.OPEN:
        return
    sightings = [await _sighting(house, who, room, presence) for room, presence in zip(rooms, seen, strict=True)]
    admission(consultation, [sighting for sighting in sightings if sighting is not None])
    now = house.clock.now()

    def work(tx: Transaction) -> None:
        tx.admit(number, (account or tx.account(who.account, who.name, now)).id)

    await house.store.write(work)


def _known(
    tx: Transaction, who: Person, number: int
) -> tuple[Consultation, tuple[Room, ...], Account | None, list[Presence | None]]:
    consultation = tx.consultation(number)
    rooms = tuple(
        tx.room_by_id(room.place) for room in rooms_by_id(tx, consultation.rooms) if room.id not in consultation.excused
    )
    account = tx.find_account(who.account)
    return consultation, rooms, account, [tx.presence(room.id, account.id) if account else None for room in rooms]


async def _sighting(house: House, who: Person, room: Room, presence: Presence | None) -> Sighting | None:
    """What is known of the person in this room; None when the room is on another platform than theirs."""
    if room.ref.platform != who.account.platform:
        return None
    messenger = house.messenger(room.ref.platform)
    abilities = await messenger.abilities(room.ref)
    member = await messenger.is_member(who.account, room.ref)
    return Sighting(
        listed=abilities is not None and abilities.exact_roster,
        member=member,
        arrived_at=presence.arrived_at if presence else None,
    )
