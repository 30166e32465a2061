"""Two persons who turn out to be one: the act itself, and telling everybody concerned what it changed.

It is done when someone links two accounts, and when an organisation finds that two of
its members are the same person. What is told names accounts to their owners only;
organisers and the journal get counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.consultation import Secrecy
from bot.domain.members import Merge, Role
from bot.domain.refusals import Refusal
from bot.store import Account, Transaction
from bot.text.card import Card
from bot.text.catalogue import Speech
from bot.text.linking import Kept, linked_cards, merged_cards
from bot.usecases.house import House
from bot.usecases.letters import Letter
from bot.usecases.tell import sentence


@dataclass(frozen=True, slots=True)
class Joined:
    """Two persons who are one from now on. `rolls` are the organisations on whose roll both of them stood."""

    person: int
    merges: tuple[Merge, ...]
    rolls: tuple[int, ...]


def join(tx: Transaction, kept: int, gone: int, at: datetime) -> Joined:
    """Make two persons one. Raises Refusal `link-unlinked` while both hold a right of an `unlinked` vote, whose
    ballots nobody can tell apart, and `link-key-holders` while each holds one share of the key that opens such ballots,
    for then one person would hold it."""
    must_be_joinable(tx, kept, gone)
    both = [each for each in tx.members.memberships(gone) if tx.members.member_of(each.organisation, kept)]
    rolls = () if kept == gone else tuple(member.organisation for member in both)
    merges = tuple(tx.members.merge(kept, gone, at))
    for merge in merges:
        tx.record(at, "rights-merged", {"rights": 1}, merge.number)
        tx.touch(merge.number)
    for organisation in rolls:
        tx.record(at, "members-merged", {"members": 1, "organisation": organisation})
    return Joined(kept, merges, rolls)


def must_be_joinable(tx: Transaction, one: int, other: int) -> None:
    """Return if nothing open keeps two persons apart; see `join`."""
    numbers = [] if one == other else tx.members.holds_both(one, other)
    apart = [each for each in map(tx.consultation, numbers) if each.definition.secrecy is Secrecy.UNLINKED]
    if apart:
        titles = tuple(f"{each.definition.title} (#{each.number})" for each in apart)
        raise Refusal("link-unlinked", n=len(apart), titles=titles)
    keys = [] if one == other else tx.sealed.shares.of_both(one, other)
    if keys:
        names = tuple(f"{each.definition.title} (#{each.number})" for each in map(tx.consultation, keys))
        raise Refusal("link-key-holders", n=len(names), titles=names)


def owe_linked(tx: Transaction, joined: Joined, key: str, at: datetime) -> None:
    """Owe it to the person, on every account, to say that the accounts are one person's and what stayed of their votes;
    to those who administer a roll that has one line less now, to say so, not whose."""
    _owe(tx, joined, "linked", key, at)
    for organisation in joined.rolls:
        for admin in admins_of(tx, organisation):
            facts = {"organisation": organisation}
            tx.owe(admin.id, "roll-shorter", facts, f"{key}/roll/{organisation}/{admin.id}", at)


def owe_merged(tx: Transaction, joined: Joined, key: str, at: datetime) -> None:
    """Owe it to the person, on every account, to say what stayed of their votes now that two members are one; nothing
    where no open consultation knew both."""
    if joined.merges:
        _owe(tx, joined, "merged", key, at)


def _owe(tx: Transaction, joined: Joined, kind: str, key: str, at: datetime) -> None:
    facts = {"merges": [[merge.number, merge.replaced] for merge in joined.merges]}
    for account in tx.members.accounts_of(joined.person):
        tx.owe(account.id, kind, facts, f"{key}/{account.id}", at)


def admins_of(tx: Transaction, organisation: int) -> list[Account]:
    """One account of each person who was given the role of administering the organisation."""
    admins = [grant.person for grant in tx.members.grants(organisation) if grant.role is Role.ADMIN]
    return [accounts[0] for person in admins if (accounts := tx.members.accounts_of(person))]


def joined_now(house: House, joined: Joined) -> None:
    """Have everything that two persons being one has changed shown, once it is committed."""
    house.memory.owes_notices = True
    for merge in joined.merges:
        house.memory.forget(merge.number)
        house.nudge(merge.number)


# ── what is told ────────────────────────────────────────────────────────────────────────────────────────────────────


async def linked_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
    """The accounts that are one person's now, and what that changed."""
    accounts = await house.store.read(lambda tx: tx.members.accounts_of(to.person))
    voice = await voice_of(house, to)
    return Letter(tuple(linked_cards(accounts, to.id, await _kept(house, to, facts), voice)))


async def merged_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
    """What two members being one has changed."""
    return Letter(tuple(merged_cards(await _kept(house, to, facts), await voice_of(house, to))))


async def roll_shorter_letter(house: House, to: Account, facts: Mapping[str, Any]) -> Letter:
    """That the organisation's roll has one line less."""
    name = await house.store.read(lambda tx: tx.organisation(int(facts["organisation"])).name)
    voice = await voice_of(house, to)
    return Letter((sentence(voice, "link.roll-shorter", organisation=name or voice.say("organisation.unnamed")),))


async def _kept(house: House, to: Account, facts: Mapping[str, Any]) -> list[Kept]:
    merges = [Merge(int(number), replaced=bool(replaced)) for number, replaced in facts["merges"]]

    def query(tx: Transaction) -> list[Kept]:
        return [Kept(each, tx.consultation(each.number), tx.ballot_of(each.number, to.id)) for each in merges]

    return await house.store.read(query)


async def voice_of(house: House, account: Account) -> Speech:
    """The voice to write to someone who is not here: their own language, else that of the rooms they were seen in."""

    def query(tx: Transaction) -> tuple[str, str]:
        rooms = [tx.room_by_id(room) for room in tx.rooms_with(account.id)]
        languages = {room.language for room in rooms}
        zones = {tx.organisation(room.organisation).time_zone for room in rooms}
        language = account.language or (languages.pop() if len(languages) == 1 else "")
        return language, zones.pop() if len(zones) == 1 else house.defaults.time_zone

    language, zone = await house.store.read(query)
    platform = account.ref.platform if account.ref.platform in house.messengers else next(iter(house.messengers))
    return house.speech(language, zone, platform)


async def write_to(house: House, account: Account, card: Card, key: str) -> None:
    """Write to an account in private; nothing where its platform is off."""
    messenger = house.messengers.get(account.ref.platform)
    if messenger is not None:
        await messenger.whisper(account.ref, card, key, open_chat=True)
