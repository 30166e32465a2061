"""Giving someone who is not on the roll yet their voting right, if the rule frozen at the opening says so."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.charter import asks_registration, from_facts
from bot.domain.consultation import Consultation, State
from bot.domain.eligibility import Sighting, admission, not_on_the_list
from bot.domain.members import Member
from bot.domain.organisation import Field, Organisation
from bot.domain.refusals import Refusal
from bot.domain.roles import observes
from bot.ports import Person
from bot.store import Account, Presence, Room, Transaction
from bot.usecases.gathering import rooms_by_id
from bot.usecases.house import House
from bot.usecases.parts import parts


async def admit(house: House, who: Person, number: int) -> None:
    """Put the person on the roll of an open consultation, or raise the Refusal that says why not."""
    consultation, account, organisations = await _admissible(house, who, number)
    if consultation.state is not State.OPEN:
        return
    now = house.clock.now()

    def work(tx: Transaction) -> None:
        admitted = account or tx.account(who.account, who.name, now)
        _must_not_have_left(tx, number, admitted.id)
        tx.admit(number, admitted.id)
        for organisation in organisations:
            tx.joint.stand(number, [admitted.person], organisation)

    await house.store.write(work)


async def check_may_vote(house: House, who: Person, number: int) -> None:
    """Return if the person is on the roll or would be admitted to it now; raise the Refusal that says why not.

    Changes nothing: whoever may not vote is not shown what is asked either.
    """
    account = await house.store.read(lambda tx: tx.find_account(who.account))
    if account is None or await house.store.read(lambda tx: tx.right_of(number, account.id)) is None:
        await _admissible(house, who, number)


async def _admissible(house: House, who: Person, number: int) -> tuple[Consultation, Account | None, Sequence[int]]:
    """The consultation and the account as known, once an open consultation's rule is found to admit the person; and,
    where several organisations hold it, those by whose rolls or rooms it does."""
    consultation, account, own = await house.store.read(lambda tx: _asked(tx, who, number))
    if account is not None:
        await house.store.read(lambda tx: _must_not_have_left(tx, number, account.id))
    admitting: list[int] = []
    refusals: list[Refusal] = []
    for part in own:
        try:
            await _must_be_admitted(house, who, part)
        except Refusal as refusal:
            refusals.append(refusal)
        else:
            admitting.append(part.organisation)
    if not admitting:
        raise next((refusal for refusal in refusals if refusal.code not in _STRANGER), refusals[0])
    return consultation, account, admitting if len(own) > 1 else ()


_STRANGER = frozenset({"not-a-member", "not-listed", "membership-unknown"})
"""What an organisation says of someone it doesn't know: another one may have more to say."""


def _asked(tx: Transaction, who: Person, number: int) -> tuple[Consultation, Account | None, Sequence[Consultation]]:
    consultation = tx.consultation(number)
    return consultation, tx.find_account(who.account), parts(tx, consultation)


async def _must_be_admitted(house: House, who: Person, consultation: Consultation) -> None:
    """Return if this part's rule admits the person, or isn't asked yet."""
    rooms, account, seen = await house.store.read(lambda tx: _known(tx, who, consultation))
    if account is not None:
        await house.store.read(lambda tx: _must_not_observe(tx, consultation, account))
    if consultation.state is State.OPEN:
        await _must_not_lack_the_list(house, consultation, account)
        sightings = [await _sighting(house, who, room, presence) for room, presence in zip(rooms, seen, strict=True)]
        admission(consultation, [sighting for sighting in sightings if sighting is not None])


def _must_not_have_left(tx: Transaction, number: int, account: int) -> None:
    """Return unless the account was unlinked from a right here: it would be a second one."""
    if tx.members.gave_up(number, account):
        raise Refusal("account-was-unlinked")


def _must_not_observe(tx: Transaction, consultation: Consultation, account: Account) -> None:
    """Return unless the account's person was given a role of looking on; raise Refusal `observers-dont-vote`."""
    number = consultation.number
    if observes(tx.members.roles_of(consultation.organisation, account.id, number)):
        raise Refusal("observers-dont-vote", number=str(number))


async def _must_not_lack_the_list(house: House, consultation: Consultation, account: Account | None) -> None:
    """Return if being in a room may give a right; raise the Refusal of `eligibility` where the list alone does."""

    def query(tx: Transaction) -> tuple[Member | None, bool, Organisation]:
        organisation = tx.organisation(consultation.organisation)
        member = tx.members.member_of(organisation.id, account.person) if account else None
        coded = member is not None and any(each.member == member.id for each in tx.members.invitations(organisation.id))
        return member, coded, organisation

    member, coded, organisation = await house.store.read(query)
    contact = organisation.says(Field.CONTACT)
    not_on_the_list(consultation, member, organisation.name, contact, coded=coded)


async def register(house: House, who: Person, number: int) -> Consultation:
    """Put a member on the roll before the opening, where the disclosure asks for it, or raise the Refusal."""
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    rooms, account, _ = await house.store.read(lambda tx: _known(tx, who, consultation))
    if account is not None:
        await house.store.read(lambda tx: _must_not_observe(tx, consultation, account))
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
    tx: Transaction, who: Person, consultation: Consultation
) -> tuple[tuple[Room, ...], Account | None, list[Presence | None]]:
    rooms = tuple(
        tx.room_by_id(room.place) for room in rooms_by_id(tx, consultation.rooms) if room.id not in consultation.excused
    )
    account = tx.find_account(who.account)
    return rooms, account, [tx.presence(room.id, account.id) if account else None for room in rooms]


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
