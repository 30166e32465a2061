"""Two persons who turn out to be one: the act itself, and telling everybody concerned what it changed.

It is done when someone links two accounts, and when an organisation finds that two of
its members are the same person. What is told names accounts to their owners only;
organisers and the journal get counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.domain.consultation import Secrecy
from bot.domain.members import Merge, Role
from bot.domain.refusals import Refusal
from bot.store import Account, Transaction
from bot.text.card import Card
from bot.text.catalogue import Speech
from bot.text.linking import Kept, linked_cards, merged_cards
from bot.usecases.house import House

Cards = Callable[[Sequence[Account], int, Sequence[Kept], Speech], list[Card]]
"""The cards for one of a person's accounts: all the accounts, the reader's, what stayed, and the reader's voice."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Two persons who are one from now on. `rolls` are the organisations on whose roll both of them stood."""

    person: int
    merges: tuple[Merge, ...]
    rolls: tuple[int, ...]


def join(tx: Transaction, kept: int, gone: int, at: datetime) -> Joined:
    """Make two persons one. Raises Refusal `link-unlinked` while both hold a right of an `unlinked` vote, whose
    ballots nobody can tell apart."""
    must_be_joinable(tx, kept, gone)
    both = [each for each in tx.members.memberships(gone) if tx.members.member_of(each.organisation, kept)]
    rolls = () if kept == gone else tuple(member.organisation for member in both)
    merges = tuple(tx.members.merge(kept, gone))
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


async def tell_linked(house: House, joined: Joined, key: str) -> None:
    """Tell the person, on every account, that the accounts are one person's, and what stayed of their votes; tell the
    organisers whose roll has one line less."""
    await _tell(house, joined, key, linked_cards)
    for organisation in joined.rolls:
        await _tell_organisers(house, organisation, f"{key}/roll/{organisation}")


async def merged_notice(house: House, joined: Joined, key: str) -> None:
    """Tell the person, on every account, what stayed of their votes now that two members are one; nothing where no
    open consultation knew both."""
    if joined.merges:
        await _tell(house, joined, key, lambda _accounts, _reader, kept, voice: merged_cards(kept, voice))


async def _tell(house: House, joined: Joined, key: str, cards: Cards) -> None:
    for merge in joined.merges:
        house.memory.forget(merge.number)
        house.nudge(merge.number)
    accounts = await house.store.read(lambda tx: tx.members.accounts_of(joined.person))
    for account in accounts:
        kept = await house.store.read(partial(_kept, merges=joined.merges, account=account.id))
        voice = await voice_of(house, account)
        for part, card in enumerate(cards(accounts, account.id, kept, voice)):
            await write_to(house, account, card, f"{key}/{account.id}/{part}")


def _kept(tx: Transaction, *, merges: Sequence[Merge], account: int) -> list[Kept]:
    return [Kept(each, tx.consultation(each.number), tx.ballot_of(each.number, account)) for each in merges]


async def _tell_organisers(house: House, organisation: int, key: str) -> None:
    """Tell those who administer the organisation that its roll has one line less, not whose."""

    def query(tx: Transaction) -> list[Account]:
        admins = [grant.person for grant in tx.members.grants(organisation) if grant.role is Role.ADMIN]
        return [tx.members.accounts_of(person)[0] for person in admins if tx.members.accounts_of(person)]

    name = await house.store.read(lambda tx: tx.organisation(organisation).name)
    for account in await house.store.read(query):
        voice = await voice_of(house, account)
        line = voice.line("link.roll-shorter", organisation=name or voice.say("organisation.unnamed"))
        await write_to(house, account, Card((line,)), f"{key}/{account.id}")


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
