"""`/reveal N`: letting the ballots be opened once the voting is over, by a share of the key or by a second word.

A share that is given waits in the key folder for the other one, so that a restart loses
none; the reconciler closes the vote once both are there, and destroys them. Nothing of it
is in the database but that it was given.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from bot.domain.approvals import Paired
from bot.domain.authority import Act
from bot.domain.consultation import Consultation, State
from bot.domain.ids import Action
from bot.domain.key_shares import (
    KeyShare,
    digest_of,
    is_shared,
    needs_two_words,
    share_in,
    voting_is_over,
)
from bot.domain.refusals import Refusal
from bot.ports import Pressed, Reply
from bot.store import Transaction
from bot.usecases import steer
from bot.usecases.approvals import waits_for_second
from bot.usecases.house import House, Visit
from bot.usecases.sealed import guesses
from bot.usecases.sealed.holding import mine
from bot.usecases.taking_part import must_be_open
from bot.usecases.tell import answer, sentence


async def reveal(house: House, visit: Visit, number: int, text: str) -> None:
    """`/reveal 12 SHARE`: give one's share back; `/reveal 12`: agree that the ballots are opened, where that takes two.

    Raises Refusal `nothing-to-reveal`, `reveal-not-yet`, `reveal-in-private`, `share-not-yours`, `share-wrong`,
    `too-many-codes`, those of `must_be_open` and of `authority`.
    """
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    if not is_shared(consultation.definition) and not needs_two_words(consultation.definition):
        raise Refusal("nothing-to-reveal", number=str(number))
    if is_shared(consultation.definition) and not visit.private:
        raise Refusal("reveal-in-private", number=str(number))
    counted = consultation.state not in {State.OPEN, State.CANCELLED}
    if counted and await house.store.read(lambda tx: tx.was_seen(_given_by(visit))):
        # Delivered again after a crash: the share was taken, and the ballots are opened meanwhile.
        await answer(house, visit, sentence(visit.speech, "share.given-both", number=str(number)))
        return
    _must_be_over(consultation, visit.at)
    if is_shared(consultation.definition):
        await _give(house, visit, consultation, text)
        return
    setting = await steer.authorised(house, visit, number, Act.OVERSEE)
    if not await waits_for_second(house, visit, setting, Paired.REVEAL):
        await steer.carry_out_revealing(house, visit, setting)


async def pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button under the question whether the ballots may be opened."""
    await reveal(house, visit, action.number, "")
    return Reply()


def _must_be_over(consultation: Consultation, at: datetime) -> None:
    if not consultation.takes_ballots:
        must_be_open(consultation)
    closes_at = consultation.closes_at
    if closes_at is not None and not voting_is_over(consultation, at):
        raise Refusal("reveal-not-yet", number=str(consultation.number), closes_at=closes_at)


async def _give(house: House, visit: Visit, consultation: Consultation, text: str) -> None:
    number = consultation.number
    await guesses.must_be_few(house, visit)
    held, secret = await guesses.counted(house, visit, _checked(house, visit, number, text))
    closes_at = consultation.closes_at
    assert closes_at is not None

    def work(tx: Transaction) -> None:
        tx.first_time(_given_by(visit))
        if tx.first_time(f"share-given:{number}:{closes_at.isoformat()}:{held.share}"):
            tx.record(visit.at, "share-given", {"share": held.share}, number)

    await house.store.write(work)
    await asyncio.to_thread(house.keys.put_share, number, held.share, secret)
    key = await asyncio.to_thread(house.keys.key, number)
    said = "share.given-both" if key is not None and key.opens else "share.given"
    house.nudge(number)
    await answer(house, visit, sentence(visit.speech, said, number=str(number)))


def _given_by(visit: Visit) -> str:
    return f"{visit.key}/reveal"


async def _checked(house: House, visit: Visit, number: int, text: str) -> tuple[KeyShare, bytes]:
    """The share that the person holds, as they typed it."""
    held = await house.store.read(lambda tx: mine(tx, visit, number))
    if held is None:
        raise Refusal("share-not-yours", number=str(number))
    if not text.strip():
        raise Refusal("reveal-which-share", number=str(number))
    secret = share_in(number, held.share, text)
    if secret is None or digest_of(secret) != held.digest:
        raise Refusal("share-wrong", number=str(number))
    return held, secret
