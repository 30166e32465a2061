"""Single-use codes by which members say who they are, for a mail merge and on a sheet to print.

Only hashes are stored: the files given here are the only place where the codes stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.members import Member
from bot.domain.organisation import Organisation
from bot.domain.refusals import Refusal
from bot.domain.roll_words import Asked
from bot.domain.words import fold
from bot.store import Transaction
from bot.text.card import Card, File
from bot.text.catalogue import Speech
from bot.text.roll_sheet import CodeRow, mail_merge, sheet
from bot.usecases.house import House, Visit
from bot.usecases.membership import code_hash, new_code
from bot.usecases.roll_keeping import own_member
from bot.usecases.tell import answer, sentence

START = "c"
"""The verb of a link that claims a code: `c-1A2B-…`."""


@dataclass(frozen=True, slots=True)
class Made:
    """Codes just made: for whom, and how many of them replace one that was not used."""

    members: tuple[Member, ...]
    replaced: int


async def codes(house: House, visit: Visit, organisation: Organisation, what: Asked) -> None:
    """`/roll codes`: a fresh code for each member nobody has claimed and who has none; `/roll codes all`: for each of
    them, in place of the former one. Raises Refusal `roll-no-codes`."""
    everyone = what.everyone
    fresh: dict[int, str] = {}

    def work(tx: Transaction) -> Made | None:
        if not tx.first_time(f"{visit.key}/codes"):
            return None
        members = without_code(tx, organisation.id, everyone=everyone)
        made = {each: fresh.setdefault(each.id, new_code()) for each in members}
        return invite(tx, organisation.id, made, visit.at)

    made = await house.store.write(work)
    if made is None:
        return
    if not made.members:
        raise Refusal("roll-no-codes")
    emails = house.memory.emails.pop(visit.account.id, {})
    rows = [
        CodeRow(each.label, emails.get(fold(each.label), ""), fresh[each.id], _way(house, visit, fresh[each.id]))
        for each in made.members
    ]
    await _give(house, visit, organisation, rows, made)


async def one_code(house: House, visit: Visit, organisation: Organisation, what: Asked) -> None:
    """`/roll code 12`: a fresh code in place of the one the member lost. Raises Refusal `roll-claimed-already`."""
    number, fresh = what.member()[0], new_code()

    def work(tx: Transaction) -> Made:
        member = own_member(tx, organisation.id, number)
        if tx.members.accounts_of(member.person):
            raise Refusal("roll-claimed-already", name=member.label, number=str(number))
        return invite(tx, organisation.id, {member: fresh}, visit.at)

    made = await house.store.write(work)
    key = "roll.code-replaced" if made.replaced else "roll.code-made"
    facts = {"name": made.members[0].label, "code": fresh, "way": _way(house, visit, fresh)}
    await answer(house, visit, sentence(visit.speech, key, **facts))


def without_code(tx: Transaction, organisation: int, *, everyone: bool) -> list[Member]:
    """The members no account belongs to, and (unless `everyone`) who have no code that is still good."""
    accounts = tx.members.accounts_on(organisation)
    invited = {each.member for each in tx.members.invitations(organisation) if each.used_at is None}
    unclaimed = [each for each in tx.members.roll(organisation) if not accounts.get(each.person)]
    return [each for each in unclaimed if everyone or each.id not in invited]


def invite(tx: Transaction, organisation: int, fresh: Mapping[Member, str], at: datetime) -> Made:
    """Keep the hashes of these codes, each in place of the member's former one."""
    replaced = sum(tx.members.invite(member.id, code_hash(code), at) for member, code in fresh.items())
    if fresh:
        facts = {"made": len(fresh), "replaced": replaced, "organisation": organisation}
        tx.record(at, "roll-codes", facts)
    return Made(tuple(fresh), replaced)


def _way(house: House, visit: Visit, code: str) -> str:
    """What the member does with the code: the link to tap where a platform has one, else what to write to the bot."""
    links = (messenger.start_link(f"{START}-{code}") for messenger in house.messengers.values())
    return next(filter(None, links), "") or visit.speech.say("roll.claim-words", code=code)


async def _give(house: House, visit: Visit, organisation: Organisation, rows: list[CodeRow], made: Made) -> None:
    """The two files, each with a word on what it is for."""
    speech: Speech = visit.speech
    head = sentence(speech, "roll.codes", n=len(rows), replaced=made.replaced)
    merge = File(mail_merge(rows), "codes.csv", "text/csv")
    await answer(house, visit, Card(head.blocks, file=merge))
    pictures = await house.draughtsman.qr_codes([row.way for row in rows])
    name = organisation.name or speech.say("organisation.unnamed")
    page = File(sheet(rows, pictures, name, speech), "codes.html", "text/html")
    await answer(house, visit, Card((speech.line("roll.codes-sheet"),), file=page))
