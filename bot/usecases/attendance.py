"""`/attendance N`: who voted, by name, for the scrutineers of a formal vote; for its organisers if there are none.

In private, once it has ended and until the voters are erased; where several organisations hold the vote, each one's
scrutineers have the list of its own members. That it was handed out, and how long it was, stands in the
journal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.attendance import Attending, lines_of, must_have_attendance
from bot.domain.authority import Act, authorise
from bot.domain.charter import from_facts
from bot.domain.charter_secrecy import tells_attendance
from bot.domain.members import Member
from bot.domain.refusals import Refusal
from bot.store import Transaction
from bot.text.attendance import attendance_card
from bot.usecases.disclose import Setting, setting_of
from bot.usecases.gathering import hidden_among, rooms_by_id, standing_of
from bot.usecases.house import House, Visit
from bot.usecases.overseeing import scrutineers
from bot.usecases.parts import parts
from bot.usecases.tell import answer, sentence


@dataclass(frozen=True, slots=True)
class _Part:
    """The vote as one organisation sees it. `watched`: somebody is its scrutineer there; `alone`: nobody holds the vote
    with it; `first`: it made the vote."""

    setting: Setting
    watched: bool
    alone: bool
    first: bool


async def attendance(house: House, visit: Visit, number: int) -> None:
    """Give the list; in a room, lead to the private chat. Raises the Refusals of `authority` and of
    `must_have_attendance`, and `attendance-not-disclosed`, `attendance-erased`."""
    own = await _own_parts(house, visit, number)
    await house.store.read(lambda tx: _must_be_there(tx, number))
    if not visit.private:
        words = sentence(visit.speech, "attendance.in-private", number=str(number))
        await answer(house, visit, words, start=f"attendance-{number}")
        return
    for part in own:
        await _give(house, visit, part)


async def _own_parts(house: House, visit: Visit, number: int) -> Sequence[_Part]:
    """The parts that the person watches over. Raises the Refusal of `authority` if there are none."""
    allowed: list[_Part] = []
    refusals: list[Refusal] = []
    for part in await house.store.read(lambda tx: _parts(tx, number)):
        its = part.setting
        standing = await standing_of(house, visit.account, its.organisation, its.rooms, its.consultation)
        try:
            authorise(Act.SEE_ATTENDANCE if part.watched else Act.STEER, standing)
        except Refusal as refusal:
            refusals.append(refusal)
        else:
            allowed.append(part)
    if not allowed:
        raise refusals[0]
    return allowed


def _parts(tx: Transaction, number: int) -> list[_Part]:
    whole = setting_of(tx, number)
    own = parts(tx, whole.consultation)
    found: list[_Part] = []
    for each in own:
        organisation, rooms = tx.organisation(each.organisation), rooms_by_id(tx, each.rooms)
        setting = replace(whole, consultation=each, organisation=organisation, rooms=rooms)
        first = each.organisation == whole.consultation.organisation
        found.append(_Part(setting, bool(scrutineers(tx, setting)), alone=len(own) == 1, first=first))
    return found


def _must_be_there(tx: Transaction, number: int) -> None:
    """Return if there is a list, as was disclosed, and the voters are not erased yet."""
    consultation = tx.consultation(number)
    must_have_attendance(consultation)
    facts = tx.disclosure(number, consultation.version)
    if facts is None or not tells_attendance(from_facts(facts).item("PAR-08")):
        raise Refusal("attendance-not-disclosed", number=str(number))
    if any(entry.kind == "erased" for entry in tx.journal(number)):
        raise Refusal("attendance-erased", number=str(number))


async def _give(house: House, visit: Visit, part: _Part) -> None:
    """Write down that the list is handed out, once for this message, then hand it out."""
    consultation, organisation = part.setting.consultation, part.setting.organisation
    attending, members = await house.store.read(lambda tx: _found(tx, part))
    accounts = [account for each in attending for account, _ in each.accounts]
    lines = lines_of(attending, members, await hidden_among(house.messengers, accounts, part.setting.rooms))
    facts = {"people": len(lines), **({} if part.alone else {"organisation": organisation.name})}

    def work(tx: Transaction) -> None:
        tx.consultation(consultation.number, lock=True)
        _must_be_there(tx, consultation.number)
        if tx.first_time(f"{visit.key}/attendance-{organisation.id}"):
            tx.record(visit.at, "attendance", facts, consultation.number)

    await house.store.write(work)
    name = "" if part.alone else organisation.name
    await answer(house, visit, attendance_card(consultation, name, lines, visit.speech))


def _found(tx: Transaction, part: _Part) -> tuple[Sequence[Attending], Mapping[int, Member]]:
    """The rights of the part (where several organisations hold the vote those that stand on its roll, and for the first
    one those that stand on none), and the members of its organisation by person."""
    organisation = part.setting.organisation.id
    mine = [
        each
        for each in tx.scrutiny.attendance(part.setting.consultation.number)
        if part.alone or organisation in each.organisations or (part.first and not each.organisations)
    ]
    return mine, {member.person: member for member in tx.members.roll(organisation)}
