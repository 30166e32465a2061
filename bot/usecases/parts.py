"""The parts of a consultation that several organisations hold together: what each sees as its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.consultation import Consultation
from bot.domain.joint import PartnerState
from bot.store import Room, Transaction


def partners_of(tx: Transaction, number: int) -> tuple[int, ...]:
    """The organisations that accepted to hold it with the one that made it."""
    return tuple(each.organisation for each in tx.joint.partners(number) if each.state is PartnerState.ACCEPTED)


def parts(tx: Transaction, consultation: Consultation) -> tuple[Consultation, ...]:
    """The consultation as it is for each organisation, with its own rooms and roll, the first one's first; itself alone
    where one organisation holds it."""
    partners = partners_of(tx, consultation.number)
    if not partners:
        return (consultation,)
    rooms = [tx.room_by_id(room) for room in consultation.rooms]
    return tuple(_part(consultation, one, partners, rooms) for one in (consultation.organisation, *partners))


def _part(
    consultation: Consultation, organisation: int, partners: Sequence[int], rooms: Sequence[Room]
) -> Consultation:
    mine = tuple(room.id for room in rooms if _whose(room, consultation, partners) == organisation)
    excused = tuple(room for room in consultation.excused if room in mine)
    return replace(consultation, organisation=organisation, rooms=mine, excused=excused)


def _whose(room: Room, consultation: Consultation, partners: Sequence[int]) -> int:
    """Whose part the room is in: a partner's own rooms are in its part, all others in the first's."""
    return room.organisation if room.organisation in partners else consultation.organisation


def own_rooms(
    tx: Transaction, consultation: Consultation | None, organisation: int, rooms: Sequence[Room]
) -> Sequence[Room]:
    """The rooms among these in which the organisation has a say: all that aren't another partner's."""
    partners = partners_of(tx, consultation.number) if consultation is not None else ()
    return [room for room in rooms if room.organisation == organisation or room.organisation not in partners]


def places(tx: Transaction, part: Consultation) -> frozenset[int]:
    """The whole groups that the part's rooms are, or are topics of."""
    return frozenset(tx.room_by_id(room).place for room in part.rooms)


def note_unanswered(tx: Transaction, number: int, now: datetime) -> None:
    """Write down which organisations that were invited let the time to answer pass."""
    for each in tx.joint.partners(number):
        if each.state is PartnerState.INVITED:
            tx.record(now, "unanswered", {"organisation": tx.organisation(each.organisation).name}, number)


def opening_waits(tx: Transaction, number: int, now: datetime) -> datetime | None:
    """Until when the opening waits for an organisation that was invited to answer; None if it doesn't."""
    return max((each.answer_by for each in tx.joint.partners(number) if each.awaited(now)), default=None)
