"""A vote whose voting is over and whose ballots can't be opened yet: who is asked to let them be, and how often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain.approvals import Paired
from bot.domain.consultation import Consultation, Secrecy
from bot.domain.key_shares import agreed, asked_so_far, is_shared, needs_two_words, voting_is_over
from bot.domain.refusals import Refusal
from bot.store import Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.usecases.approvals import terms_of
from bot.usecases.disclose import Setting, setting_of, voice_to_author, warn_once
from bot.usecases.house import House
from bot.usecases.overseeing import overseers


def awaited(house: House, tx: Transaction, consultation: Consultation, now: datetime) -> bool:
    """Whether the voting is over and there are ballots that people have to let be opened first."""
    definition, number = consultation.definition, consultation.number
    if definition.secrecy is not Secrecy.UNLINKED or not voting_is_over(consultation, now):
        return False
    if not tx.turnout(number).voters:
        return False
    if is_shared(definition):
        key = house.keys.key(number)
        return key is None or not key.opens
    terms = terms_of(Paired.REVEAL, consultation)
    return needs_two_words(definition) and not agreed(tx.scrutiny.words(number), terms, now)


def must_wait(house: House, tx: Transaction, consultation: Consultation, now: datetime, *, early: bool) -> bool:
    """Whether the closing waits for people who let its ballots be opened; closing early only ends the voting then.

    Two people who agree to close early agree to that too. Raises Refusal `reveal-first` if it waits for shares already.
    """
    if not early:
        return awaited(house, tx, consultation, now)
    if not is_shared(consultation.definition):
        return False
    if voting_is_over(consultation, now):
        if awaited(house, tx, consultation, now):
            raise Refusal("reveal-first", number=str(consultation.number))
        return False
    over = replace(consultation, closes_at=now)
    if awaited(house, tx, over, now):
        tx.save(over)
        return True
    return False


async def look_after(house: House, consultation: Consultation, now: datetime) -> datetime | None:
    """While its ballots wait to be opened: say so once, ask those who can, each day; when to ask again."""
    number, closes_at = consultation.number, consultation.closes_at
    assert closes_at is not None
    over = f"voting-over:{number}:{closes_at.isoformat()}"
    times, again = asked_so_far(closes_at, now)
    asked = f"{over}:{times}"
    if await house.store.read(lambda tx: tx.was_seen(asked)):
        return again
    setting = await house.store.read(lambda tx: setting_of(tx, number))

    def work(tx: Transaction) -> None:
        if tx.first_time(over):
            waits = "shares" if is_shared(consultation.definition) else "words"
            tx.record(now, "voting-ended", {"closes_at": closes_at.isoformat(), "waits": waits}, number)
            tx.touch(number)
        if tx.first_time(asked):
            for account, kind, facts in _questions(house, tx, setting):
                tx.owe(account, kind, {"number": number, **facts}, f"{asked}:{account}", now)

    await house.store.write(work)
    house.memory.owes_notices = True
    if times > 1:
        speech = voice_to_author(house, setting)
        line = speech.line("warn.reveal-waits", number=str(number))
        await warn_once(house, setting, "reveal-waits", Card((headline(consultation, speech), line)))
    return again


def _questions(house: House, tx: Transaction, setting: Setting) -> Iterator[tuple[int, str, dict[str, int]]]:
    """Which accounts are owed which question: whoever has not given their share, or whoever may agree."""
    number = setting.consultation.number
    if not is_shared(setting.consultation.definition):
        yield from ((account.id, "reveal-asked", {}) for account in overseers(tx, setting))
        return
    for share in tx.sealed.shares.of(number):
        if share.account is not None and house.keys.share(number, share.share) is None:
            yield share.account, "share-asked", {"share": share.share}
