"""Giving someone who is not on the roll yet their voting right, if the rule frozen at the opening says so."""

from __future__ import annotations

from bot.domain.charter import asks_registration, from_facts
from bot.domain.consultation import Consultation, State
from bot.domain.eligibility import Sighting, admission
from bot.domain.refusals import Refusal
from bot.ports import Person
from bot.store import Account, Presence, Room, Transaction
from bot.usecases.gathering import rooms_by_id
from bot.usecases.house import House


async def admit(house: House, who: Person, number: int) -> None:
    """Put the person on the roll of an open consultation, or raise the Refusal that says why not."""
    consultation, account = await _admissible(house, who, number)
    if consultation.state is not State.OPEN:
        return
    now = house.clock.now()

    def work(tx: Transaction) -> None:
        tx.admit(number, (account or tx.account(who.account, who.name, now)).id)

    await house.store.write(work)


async def check_may_vote(house: House, who: Person, number: int) -> None:
    """Return if the person is on the roll or would be admitted to it now; raise the Refusal that says why not.

    Changes nothing: whoever may not vote is not shown what is asked either.
    """
    account = await house.store.read(lambda tx: tx.find_account(who.account))
    if account is None or await house.store.read(lambda tx: tx.right_of(number, account.id)) is None:
        await _admissible(house, who, number)


async def _admissible(house: House, who: Person, number: int) -> tuple[Consultation, Account | None]:
    """The consultation and the account as known, once an open consultation's rule is found to admit the person."""
    consultation, rooms, account, seen = await house.store.read(lambda tx: _known(tx, who, number))
    if consultation.state is State.OPEN:
        sightings = [await _sighting(house, who, room, presence) for room, presence in zip(rooms, seen, strict=True)]
        admission(consultation, [sighting for sighting in sightings if sighting is not None])
    return consultation, account


async def register(house: House, who: Person, number: int) -> Consultation:
    """Put a member on the roll before the opening, where the disclosure asks for it, or raise the Refusal."""
    consultation, rooms, _, _ = await house.store.read(lambda tx: _known(tx, who, number))
    kept = await house.store.read(lambda tx: tx.disclosure(number, consultation.version))
    asked = kept is not None and asks_registration(from_facts(kept))
    if consultation.state not in {State.SCHEDULED, State.DISCLOSED} or not asked:
        raise Refusal("no-registration", number=str(number))
    here = [room for room in rooms if room.ref.platform == who.account.platform]
    members = [await house.messenger(room.ref.platform).is_member(who.account, room.ref) for room in here]
    if True not in members:
        raise Refusal("membership-unknown" if None in members else "not-a-member", number=str(number))
    now = house.clock.now()
    await house.store.write(lambda tx: tx.admit(number, tx.account(who.account, who.name, now).id))
    return consultation


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
