"""A key that two scrutineers hold: split before the opening, handed over, and gone from here before anybody votes.

Each share is on the disk until its holder confirms having it, and then nowhere here. The
opening waits for both. Whatever a crash cuts off is done again from what is on record: a
share is sent a second time to the same person, and a pair that nobody holds whole any more
is made anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.consultation import Consultation, State
from bot.domain.key_shares import (
    NUMBERS,
    KeyShare,
    all_kept,
    asked_so_far,
    digest_of,
    fitting,
    is_shared,
    voting_is_over,
    written,
)
from bot.ports import BallotKey, Delivered, Later, Never, Outcome
from bot.store import Account, Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.text.key_shares import share_card
from bot.usecases import parts
from bot.usecases.debate.alerting import voice_to
from bot.usecases.disclose import MISSING_AGAIN, Setting, setting_of, voice_to_author, warn_once
from bot.usecases.house import House
from bot.usecases.overseeing import scrutineers

UNREACHED_AGAIN = timedelta(minutes=5)
"""How long to wait before trying again to reach two scrutineers."""
PATIENCE = timedelta(minutes=30)
"""How long after the time of the opening those who have not confirmed are reminded."""

_BEFORE = frozenset({State.DRAFT, State.SCHEDULED, State.DISCLOSED})


@dataclass(frozen=True, slots=True)
class _Ceremony:
    """What is known of a key that is being handed over. `people`: each scrutineer with their accounts."""

    setting: Setting
    people: tuple[tuple[Account, ...], ...]
    shares: tuple[KeyShare, ...]

    @property
    def number(self) -> int:
        return self.setting.consultation.number


async def look_after(house: House, consultation: Consultation, now: datetime) -> datetime | None:
    """Before the opening, see to it that two scrutineers get their shares, which are nowhere here while it is open;
    when to look again if somebody can't be reached yet."""
    if not is_shared(consultation.definition):
        return None
    if consultation.state is State.DISCLOSED:
        return await _hand_out(house, consultation.number, now)
    if consultation.state is State.OPEN and not voting_is_over(consultation, now):
        await _let_go_of(house, consultation.number, NUMBERS)
    return None


async def _hand_out(house: House, number: int, now: datetime) -> datetime | None:
    answer_by = await house.store.read(lambda tx: parts.opening_waits(tx, number, now))
    if answer_by is not None:
        return answer_by  # whoever joins the vote changes it, and the shares would be void
    ceremony = await house.store.read(lambda tx: _ceremony(tx, number))
    if len(ceremony.people) < len(NUMBERS):
        return await _lacks_people(house, ceremony, now)
    key = await asyncio.to_thread(house.keys.key, number)
    if not await _stands(house, ceremony, key):
        await _deal(house, number, now)
        ceremony = await house.store.read(lambda tx: _ceremony(tx, number))
    await _let_go_of(house, number, [share.share for share in ceremony.shares if share.kept_at is not None])
    for share in ceremony.shares:
        outcome = await _hand(house, number, share) if not share.sent else None
        if isinstance(outcome, Later):
            return now + timedelta(seconds=max(outcome.after, 1.0))
        if isinstance(outcome, Never):
            return await _lacks_people(house, ceremony, now)
    return None


def _ceremony(tx: Transaction, number: int) -> _Ceremony:
    setting = setting_of(tx, number)
    people: dict[int, list[Account]] = {}
    for account in scrutineers(tx, setting):
        people.setdefault(account.person, []).append(account)
    return _Ceremony(setting, tuple(map(tuple, people.values())), tuple(tx.sealed.shares.of(number)))


async def _stands(house: House, ceremony: _Ceremony, key: BallotKey | None) -> bool:
    """Whether the shares on record are those of the key here, and each is with a scrutineer or still on the disk."""
    people = [[account.id for account in accounts] for accounts in ceremony.people]
    if key is None or not fitting(ceremony.shares, key.public, people):
        return False
    waiting = [share.share for share in ceremony.shares if share.kept_at is None]
    there = [await asyncio.to_thread(house.keys.share, ceremony.number, share) for share in waiting]
    return None not in there


async def _deal(house: House, number: int, now: datetime) -> None:
    """A new pair, in place of any other: on the disk first, then on record. Nobody holds a share of it yet."""
    key = await asyncio.to_thread(house.keys.split, number)
    shares = []
    for share in NUMBERS:
        secret = await asyncio.to_thread(house.keys.share, number, share)
        assert secret is not None
        shares.append(KeyShare(number, share, key.public, digest_of(secret)))

    def work(tx: Transaction) -> None:
        if tx.consultation(number, lock=True).state is State.DISCLOSED:
            tx.sealed.shares.deal(number, shares)
            tx.record(now, "key-split", {"key": key.public}, number)

    await house.store.write(work)


async def _hand(house: House, number: int, share: KeyShare) -> Outcome:
    """Send the share to whoever was to get it before a crash, else to the first scrutineer who can be reached and has
    not the other one. If it may have arrived, nobody else gets it."""
    ceremony = await house.store.read(lambda tx: _ceremony(tx, number))
    outcome: Outcome = Never("no-private-chat")
    for account in _candidates(ceremony, share):
        await _note(house, number, share, account.id)
        outcome = await send(house, ceremony.setting, account, share)
        if not isinstance(outcome, Never):
            break
        await _note(house, number, share, None)
    if isinstance(outcome, Delivered):
        await house.store.write(lambda tx: tx.sealed.shares.sent(number, share.share))
    return outcome


async def _note(house: House, number: int, share: KeyShare, account: int | None) -> None:
    await house.store.write(lambda tx: tx.sealed.shares.hand(number, share.share, account))


def _candidates(ceremony: _Ceremony, share: KeyShare) -> Sequence[Account]:
    taken = {other.account for other in ceremony.shares if other.share != share.share}
    free = [accounts for accounts in ceremony.people if not taken & {account.id for account in accounts}]
    known = [account for accounts in free for account in accounts]
    return [account for account in known if share.account in {None, account.id}]


async def send(house: House, setting: Setting, to: Account, share: KeyShare, again: str = "") -> Outcome:
    """Write the share to its holder alone, as words to copy and as a file; `again` if they ask for it once more."""
    number, messenger = setting.consultation.number, house.messengers.get(to.ref.platform)
    secret = await asyncio.to_thread(house.keys.share, number, share.share)
    if messenger is None or secret is None:
        return Never("room-gone", "platform is off" if messenger is None else "the share is not here any more")
    speech, text = voice_to(house, setting, to), written(number, share.share, secret)
    card = share_card(setting.consultation, share, text, speech, buttons=messenger.buttons)
    key = again or f"share-{number}-{share.share}-{share.public[:16]}"
    return await messenger.whisper(to.ref, card, key, open_chat=True)


async def _lacks_people(house: House, ceremony: _Ceremony, now: datetime) -> datetime:
    """Tell the author, once, that two scrutineers who can be written to are needed; when to look again."""
    lacks = "key-unreached" if len(ceremony.people) >= len(NUMBERS) else "key-scrutineers"
    speech = voice_to_author(house, ceremony.setting)
    line = speech.line(f"warn.{lacks}", number=str(ceremony.number))
    card = Card((headline(ceremony.setting.consultation, speech), line))
    await warn_once(house, ceremony.setting, lacks, card)
    return now + UNREACHED_AGAIN


async def opening_waits(house: House, number: int, now: datetime) -> datetime | None:
    """None once both holders confirmed having their shares, which are nowhere here then; else when to look again.

    The author is told, and after a while those who have not confirmed are reminded.
    """
    ceremony = await house.store.read(lambda tx: _ceremony(tx, number))
    consultation = ceremony.setting.consultation
    if not is_shared(consultation.definition):
        return None
    if all_kept(ceremony.shares):
        await _let_go_of(house, number, NUMBERS)
        return None
    waiting = [share for share in ceremony.shares if share.sent and share.kept_at is None]
    if waiting:
        speech = voice_to_author(house, ceremony.setting)
        line = speech.line("warn.share-unconfirmed", number=str(number), n=len(waiting))
        card = Card((headline(consultation, speech), line))
        await warn_once(house, ceremony.setting, "share-unconfirmed", card)
    if waiting and now >= consultation.opens_at + PATIENCE:
        await _remind(house, ceremony, waiting, now)
    return now + MISSING_AGAIN


async def _remind(house: House, ceremony: _Ceremony, waiting: Sequence[KeyShare], now: datetime) -> None:
    number = ceremony.number
    times, _ = asked_so_far(ceremony.setting.consultation.opens_at + PATIENCE, now)
    await _owe(house, waiting, "share-unconfirmed", f"share-unconfirmed:{number}:{waiting[0].public[:16]}:{times}", now)


async def _owe(house: House, shares: Sequence[KeyShare], kind: str, key: str, now: datetime) -> None:
    """Owe a notice to the holders of these shares, once for the `key`."""
    if await house.store.read(lambda tx: tx.was_seen(key)):
        return

    def work(tx: Transaction) -> None:
        if tx.first_time(key):
            for share in shares:
                if share.account is not None:
                    facts = {"number": share.number, "share": share.share}
                    tx.owe(share.account, kind, facts, f"{key}:{share.share}", now)

    await house.store.write(work)
    house.memory.owes_notices = True


def may_open(tx: Transaction, consultation: Consultation, public: str) -> bool:
    """Whether both shares of this very key were confirmed; true where the key isn't shared."""
    shares = tx.sealed.shares.of(consultation.number)
    held = all_kept(shares) and all(share.public == public for share in shares)
    return held or not is_shared(consultation.definition)


async def _let_go_of(house: House, number: int, shares: Sequence[int]) -> None:
    for share in shares:
        await asyncio.to_thread(house.keys.drop_share, number, share)


async def ask_to_destroy(house: House, consultation: Consultation, now: datetime) -> None:
    """Once it has ended, ask the holders, once, to destroy their shares: with both of them, whoever kept an old copy of
    the database could read its ballots."""
    number = consultation.number
    if is_shared(consultation.definition) and consultation.state not in _BEFORE:
        shares = await house.store.read(lambda tx: tx.sealed.shares.of(number))
        sent = [share for share in shares if share.sent]
        await _owe(house, sent, "share-ended", f"share-ended:{number}", now)
