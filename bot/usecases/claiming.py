"""`/claim CODE`: a code that someone was handed, whatever it opens. Each works once; wrong ones are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.members import Grant, Role, RoleCode
from bot.domain.refusals import Refusal
from bot.domain.roles import CODE_LASTS
from bot.store import Account, Room, Transaction
from bot.text.roles import taken_card, was_taken_card
from bot.usecases import enrolling, granting, read_by_room
from bot.usecases.codes import guesses_left, note_wrong
from bot.usecases.gathering import hides_name
from bot.usecases.house import House, Visit
from bot.usecases.letters import Letter
from bot.usecases.linking import voice_of
from bot.usecases.membership import code_hash
from bot.usecases.tell import answer

_WRONG = frozenset({"claim-code-unknown", "code-used", "code-replaced"})
"""Refusals of codes that nobody who was handed a good one meets."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """A role that was just taken, in an organisation of that name."""

    code: RoleCode
    organisation: str


async def claim(house: House, visit: Visit, code: str) -> None:
    """Use the code, of a role or of a member.

    Raises Refusal `claim-needs-code`, `claim-code-unknown`, `too-many-codes`, `role-held`, `own-code`,
    `code-read-by-room`, those of `read_by_room.burn_now`, and those of `enrolling.claim_code`.
    """
    if not any(character.isalnum() for character in code):
        raise Refusal("claim-needs-code")
    found = await house.store.write(lambda tx: _redeemed(tx, visit, code))
    if isinstance(found, Refusal):
        raise await _burnt(house, visit, code, found)
    if isinstance(found, _Taken):
        house.memory.owes_notices = True
        await answer(house, visit, taken_card(found.code.role, found.organisation, found.code.number, visit.speech))
        return
    if await house.store.read(lambda tx: tx.was_seen(_key(visit))):
        return
    refusal = await _enrol(house, visit, code)
    if refusal is None:
        return
    if refusal.code in _WRONG:
        await house.store.write(lambda tx: note_wrong(tx, visit))
    raise await _burnt(house, visit, code, refusal)


async def _burnt(house: House, visit: Visit, code: str, refusal: Refusal) -> Refusal:
    """What is answered to a code that gave nothing: where a room has read it, nobody else can use it either."""
    if visit.private:
        return refusal
    return await read_by_room.burn_now(house, visit, code) or refusal


async def _enrol(house: House, visit: Visit, code: str) -> Refusal | None:
    """Use the code of a member; why it can't be used."""
    try:
        return None if await enrolling.claim_code(house, visit, code) else Refusal("claim-code-unknown")
    except Refusal as refusal:
        return refusal


def _key(visit: Visit) -> str:
    """What says that this message used its code: delivered again, it types no wrong one."""
    return f"{visit.key}/claim"


def _redeemed(tx: Transaction, visit: Visit, code: str) -> _Taken | Refusal | None:
    """The role of the code, taken; None when it is no code of a role. A code that was refused is still there for
    whoever it is meant for, unless a room has read it."""
    too_many = guesses_left(tx, visit)
    if too_many is not None and visit.private:
        return too_many
    given = tx.members.redeem_role_code(code_hash(code), visit.at, visit.at - CODE_LASTS)
    if given is None:
        return too_many
    grant = Grant(
        given.organisation, given.number, tx.account_by_id(visit.account.id).person, given.role, given.by, visit.at
    )
    refusal = too_many or _unfit(tx, grant)
    if refusal is not None and visit.private:
        raise refusal
    tx.first_time(_key(visit))
    if refusal is not None:
        return Refusal("code-read-by-room")
    granting.grant(tx, visit, grant)
    facts = {
        "role": given.role.value, "organisation": given.organisation, "number": given.number, "by": visit.account.id,
    }  # fmt: skip
    for giver in _givers(tx, given, grant.person):
        tx.owe(giver.id, "role-taken", facts, f"{visit.key}/taken/{giver.id}", visit.at)
    return _Taken(given, tx.organisation(given.organisation).name)


def _unfit(tx: Transaction, grant: Grant) -> Refusal | None:
    """Why the person is not whom the code is meant for."""
    if grant.by is not None and tx.account_by_id(grant.by).person == grant.person:
        return Refusal("own-code")
    if any(
        each.person == grant.person and each.role is grant.role and each.number == grant.number
        for each in tx.members.grants(grant.organisation, grant.number)
    ):
        return Refusal("role-held")
    return None


def _givers(tx: Transaction, given: RoleCode, taker: int) -> list[Account]:
    """One account of each person who administers the organisation, and whoever gave the code."""
    giver = tx.account_by_id(given.by)
    others = granting.admins(tx, given.organisation) - {giver.person, taker}
    return [giver, *(accounts[0] for person in sorted(others) if (accounts := tx.members.accounts_of(person)))]


async def taken_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
    """That somebody took a role, and who, unless they hide their name."""
    number = int(facts["organisation"])

    def query(tx: Transaction) -> tuple[Account, Sequence[Room], str]:
        return tx.account_by_id(int(facts["by"])), tx.rooms_of(number), tx.organisation(number).name

    taker, rooms, where = await house.store.read(query)
    names = () if await hides_name(house, taker.ref, rooms) else (taker.name,)
    voice = await voice_of(house, to)
    return Letter((was_taken_card(Role(facts["role"]), where, facts["number"], names, voice),))
