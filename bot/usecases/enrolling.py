"""A member's code comes back: the account that brings it becomes the member's, and can vote where the member can."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.consultation import Consultation, State
from bot.domain.members import Member
from bot.domain.refusals import Refusal
from bot.store import Transaction
from bot.text.card import Card
from bot.text.rolls import claimed_card
from bot.usecases.house import House, Visit
from bot.usecases.linking import Joined, join, joined_now, owe_merged
from bot.usecases.membership import code_hash
from bot.usecases.tell import answer


@dataclass(frozen=True, slots=True)
class Claimed:
    """Whose line it is, on which roll, and what is open in which they can vote now. `joined` is None when the code
    had already been used by the same person."""

    member: Member
    organisation: str
    opens: tuple[Consultation, ...]
    joined: Joined | None


async def claim_code(house: House, visit: Visit, code: str) -> bool:
    """Tie the account to the member of this code and say what that opens; False if it is no member's code.

    Raises Refusal `code-replaced`, `code-used`, `on-roll-already`, and those of `linking.join`.
    """
    claimed = await house.store.write(lambda tx: _claim(tx, visit, code_hash(code)))
    if claimed is None:
        return False
    for each in claimed.opens:
        house.memory.forget(each.number)
        house.nudge(each.number)
    await answer(house, visit, _card(claimed, visit))
    if claimed.joined is not None:
        joined_now(house, claimed.joined)
    return True


def _card(claimed: Claimed, visit: Visit) -> Card:
    return claimed_card(claimed.member.label, claimed.organisation, claimed.opens, visit.speech)


def _claim(tx: Transaction, visit: Visit, hashed: str) -> Claimed | None:
    invitation = tx.members.invitation(hashed)
    if invitation is None:
        return None
    if invitation.void:
        raise Refusal("code-replaced")
    member = tx.members.member(invitation.member)
    name = tx.organisation(member.organisation).name
    person = tx.account_by_id(visit.account.id).person
    if invitation.used_at is not None and member.person == person:
        return Claimed(member, name, _open_to(tx, visit.account.id, member.organisation), None)
    _must_be_free(tx, member, person, name)
    if tx.members.redeem(hashed, visit.at) is None:
        raise Refusal("code-used", organisation=name)
    joined = join(tx, member.person, person, visit.at)
    owe_merged(tx, joined, visit.key, visit.at)
    opens = _open_to(tx, visit.account.id, member.organisation)
    for each in opens:
        tx.touch(each.number)
    return Claimed(member, name, opens, joined)


def _must_be_free(tx: Transaction, member: Member, person: int, name: str) -> None:
    """Return if nobody has claimed the line and the person is not on the roll yet. Two accounts become one person's
    only when both sides say so: a code that reached someone else must not do it."""
    if tx.members.accounts_of(member.person):
        raise Refusal("code-used", organisation=name)
    own = tx.members.member_of(member.organisation, person)
    if own is not None:
        raise Refusal("on-roll-already", organisation=name, name=own.label)


def _open_to(tx: Transaction, account: int, organisation: int) -> tuple[Consultation, ...]:
    held = (tx.consultation(number) for number in tx.rights_of(account))
    return tuple(each for each in held if each.state is State.OPEN and each.organisation == organisation)
