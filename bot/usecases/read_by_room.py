"""Codes that a room has read: worth nothing from then on, whoever wrote them there and whatever was answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.grammar import parse
from bot.domain.refusals import Refusal
from bot.domain.roles import CODE_LASTS
from bot.store import Account, Transaction
from bot.usecases.house import House, Visit
from bot.usecases.letters import Letter
from bot.usecases.linking import admins_of, voice_of
from bot.usecases.membership import code_hash
from bot.usecases.tell import sentence

WITH_CODES = frozenset({"claim", "link", "start"})
"""The commands that a code of one person follows."""


async def heard(house: House, visit: Visit, text: str) -> None:
    """Burn the code in words that a room has read from somebody who is nobody to us: a channel, a hidden name."""
    try:
        command = parse(text)
    except Refusal:
        return  # a creation that can't be read holds no code
    if visit.room is not None and command is not None and command.name in WITH_CODES:
        await burn_now(house, visit, command.rest)


async def burn_now(house: House, visit: Visit, typed: str) -> Refusal | None:
    """Make the code worth nothing. What is answered if it was a member's and still good, which is told to those who
    were given the role of keeping the roll, and in the journal as a count; None if it wasn't."""
    told = await house.store.write(lambda tx: _burn(tx, visit, typed))
    if told is None:
        return None
    house.memory.owes_notices = True
    if told:
        return Refusal("members-code-read")
    # Those who keep a roll because they run its rooms are known to the platform alone.
    return Refusal("members-code-read-tell")


def _burn(tx: Transaction, visit: Visit, typed: str) -> int | None:
    """How many people are told that a member's code was lost; None if none was."""
    hashed = code_hash(_bare(typed))
    request = tx.members.link_by_code(hashed)
    if request is not None:
        tx.members.drop_link(request.id)
    tx.members.redeem_role_code(hashed, visit.at, visit.at - CODE_LASTS)
    member = tx.members.void(hashed)
    if member is None:
        return None
    facts = {"organisation": member.organisation}
    tx.record(visit.at, "roll-code-read", {"codes": 1, **facts})
    admins = admins_of(tx, member.organisation)
    for admin in admins:
        tx.owe(admin.id, "code-read", facts, f"{visit.key}/read/{admin.id}", visit.at)
    return len(admins)


def _bare(typed: str) -> str:
    """The code without what a link of ours puts before it."""
    verb, dash, rest = typed.strip().partition("-")
    return rest if dash and len(verb) == 1 else typed


async def read_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
    """That a member's code is worth nothing any more, not whose, and how many members wait for one now."""
    organisation = int(facts["organisation"])

    def query(tx: Transaction) -> tuple[str, int]:
        accounts = tx.members.accounts_on(organisation)
        invited = {each.member for each in tx.members.invitations(organisation) if each.used_at is None}
        roll = tx.members.roll(organisation)
        left = [each for each in roll if not accounts.get(each.person) and each.id not in invited]
        return tx.organisation(organisation).name, len(left)

    name, left = await house.store.read(query)
    voice = await voice_of(house, to)
    called = name or voice.say("organisation.unnamed")
    return Letter((sentence(voice, "roll.code-read", n=left, organisation=called),))
