"""One member of a roll at a time: suspended with a reason, restored, taken off, or found to be the same as another.

What is frozen stays: whoever holds a right in an open consultation keeps it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.members import Member
from bot.domain.organisation import Organisation
from bot.domain.refusals import Refusal
from bot.domain.roll_words import Asked
from bot.store import Transaction
from bot.usecases.house import House, Visit
from bot.usecases.linking import Joined, join, joined_now, owe_merged
from bot.usecases.roll_keeping import own_member
from bot.usecases.tell import answer, sentence


async def suspend(house: House, visit: Visit, organisation: Organisation, what: Asked) -> None:
    """`/roll suspend 12 reason`: they may not vote in what opens from now on; they are told why when they try."""
    number, reason = what.reason()
    member = await _suspended(house, visit, organisation, number, reason)
    await answer(house, visit, sentence(visit.speech, "roll.suspended-now", name=member.label, number=str(number)))


async def restore(house: House, visit: Visit, organisation: Organisation, what: Asked) -> None:
    """`/roll restore 12`: they may vote again in what opens from now on."""
    member = await _suspended(house, visit, organisation, what.member()[0], "")
    await answer(house, visit, sentence(visit.speech, "roll.restored", name=member.label))


async def _suspended(house: House, visit: Visit, organisation: Organisation, number: int, reason: str) -> Member:
    def work(tx: Transaction) -> Member:
        member = own_member(tx, organisation.id, number)
        if bool(member.suspended) is not bool(reason):
            kind = "roll-suspended" if reason else "roll-restored"
            tx.record(visit.at, kind, {"members": 1, "organisation": organisation.id})
        tx.members.save(replace(member, suspended=reason))
        return member

    return await house.store.write(work)


async def remove(house: House, visit: Visit, organisation: Organisation, what: Asked) -> None:
    """`/roll remove 12`: take the member off the roll, with their code."""
    number = what.member()[0]

    def work(tx: Transaction) -> Member:
        member = own_member(tx, organisation.id, number)
        tx.members.remove(number)
        tx.record(visit.at, "roll-removed", {"members": 1, "organisation": organisation.id})
        return member

    member = await house.store.write(work)
    await answer(house, visit, sentence(visit.speech, "roll.removed", name=member.label))


async def merge(house: House, visit: Visit, organisation: Organisation, what: Asked) -> None:
    """`/roll merge 12 15`: the two lines are one person; the first one's line stays.

    Where both have accounts, only their owner can say so. Raises Refusal `roll-both-claimed`.
    """
    kept, gone = what.two_members()

    def work(tx: Transaction) -> tuple[Joined, Member, Member]:
        first, second = (own_member(tx, organisation.id, number) for number in (kept, gone))
        if all(tx.members.accounts_of(each.person) for each in (first, second)):
            raise Refusal("roll-both-claimed", first=first.label, second=second.label)
        joined = join(tx, first.person, second.person, visit.at)
        owe_merged(tx, joined, visit.key, visit.at)
        return joined, first, second

    joined, first, second = await house.store.write(work)
    joined_now(house, joined)
    facts = {"name": first.label, "other": second.label}
    told = sentence(visit.speech, "roll.merged-alone", **facts)
    if joined.merges:
        told = sentence(visit.speech, "roll.merged", n=len(joined.merges), **facts)
    await answer(house, visit, told)
