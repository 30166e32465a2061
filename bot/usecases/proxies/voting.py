"""Whether somebody votes in a consultation at all: nobody else gives their vote to anyone, or casts another's."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.consultation import Consultation, State
from bot.domain.organisation import Field
from bot.domain.refusals import Missing, Refusal
from bot.ports import Person
from bot.store import Account, Room, Transaction
from bot.usecases import admission
from bot.usecases.consult import unpublished, visible
from bot.usecases.gathering import rooms_by_id
from bot.usecases.house import House, Visit
from bot.usecases.parts import parts
from bot.usecases.proxies.names import person_of
from bot.usecases.voters import on_list


async def concerned(house: House, visit: Visit, number: int) -> Consultation:
    """The consultation, for whoever may see it or votes in it: a platform may not have shown us who is in a room, nor
    has everybody on a list one. Raises Missing."""
    try:
        return (await visible(house, visit, number)).consultation
    except Missing:
        consultation = await house.store.read(lambda tx: tx.consultation(number))
        if unpublished(consultation) or not await _votes(house, visit, consultation):
            raise
        return consultation


async def _votes(house: House, visit: Visit, consultation: Consultation) -> bool:
    try:
        await must_vote(house, visit, consultation)
    except Refusal:
        return False
    return True


def _on_a_list(tx: Transaction, visit: Visit, consultation: Consultation) -> bool:
    person = person_of(tx, visit)
    return any(member.person == person for part in parts(tx, consultation) for member in on_list(tx, part))


async def must_vote(house: House, visit: Visit, consultation: Consultation) -> None:
    """Return if the person votes in it or, as things stand, will once it opens.

    Raises Refusal `proxy-not-a-voter`, `member-suspended`, and those of `admission.check_may_vote`.
    """
    number, who = consultation.number, Person(visit.account.ref, visit.account.name)
    await admission.check_may_vote(house, who, number)
    if consultation.state is State.OPEN or await house.store.read(lambda tx: _has_a_right(tx, visit, number)):
        return
    await house.store.read(lambda tx: _must_not_be_suspended(tx, visit, consultation))
    if await house.store.read(lambda tx: _on_a_list(tx, visit, consultation)):
        return
    accounts, rooms = await house.store.read(lambda tx: _places(tx, visit, consultation))
    if not await _is_in_one(house, accounts, rooms):
        raise Refusal("proxy-not-a-voter", number=str(number))


def _has_a_right(tx: Transaction, visit: Visit, number: int) -> bool:
    return tx.right_of(number, visit.account.id) is not None


def _must_not_be_suspended(tx: Transaction, visit: Visit, consultation: Consultation) -> None:
    organisation = tx.organisation(consultation.organisation)
    member = tx.members.member_of(organisation.id, person_of(tx, visit))
    if consultation.definition.roll.listed and member is not None and member.suspended:
        raise Refusal(
            "member-suspended", reason=member.suspended, contact=organisation.says(Field.CONTACT),
            number=str(consultation.number), organisation=organisation.name,
        )  # fmt: skip


def _places(tx: Transaction, visit: Visit, consultation: Consultation) -> tuple[Sequence[Account], list[Room]]:
    """The person's accounts, and the whole groups in which being there gives a vote."""
    accounts = tx.members.accounts_of(person_of(tx, visit))
    if not consultation.definition.roll.observed:
        return accounts, []
    return accounts, [tx.room_by_id(room.place) for room in rooms_by_id(tx, consultation.rooms)]


async def _is_in_one(house: House, accounts: Sequence[Account], rooms: Sequence[Room]) -> bool:
    pairs = [(room, each) for room in rooms for each in accounts if each.ref.platform == room.ref.platform]
    here = [pair for pair in pairs if pair[0].ref.platform in house.messengers]
    return any([await house.messenger(room.ref.platform).is_member(each.ref, room.ref) for room, each in here])
