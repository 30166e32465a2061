"""The key's life: made before the opening commits, used at the closing, destroyed once that is committed.

Between a commit and the destruction a crash may come: the reconciler looks again at
every consultation that a key is left of.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any

from bot.domain.ballot_codes import receipts
from bot.domain.consultation import Consultation, Secrecy, State
from bot.domain.key_shares import is_shared
from bot.domain.refusals import Refusal
from bot.domain.sealed import Opened, opened, sheet_of
from bot.store import Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.usecases.disclose import setting_of, voice_to_author, warn_once
from bot.usecases.house import House
from bot.usecases.receipts import publish_receipts
from bot.usecases.sealed import shares, waiting

log = logging.getLogger(__name__)

KEY_AGAIN = timedelta(minutes=5)
"""How long a closing waits before looking again for a key that is missing."""

_NEEDED = frozenset({State.DISCLOSED, State.OPEN})


async def prepare_key(house: House, consultation: Consultation) -> str:
    """The public part of the key that the consultation's ballots will be sealed to, durably kept; '' for others, and
    where a key that two scrutineers hold is missing."""
    if consultation.definition.secrecy is not Secrecy.UNLINKED:
        return ""
    if is_shared(consultation.definition):
        split = await asyncio.to_thread(house.keys.key, consultation.number)
        return split.public if split is not None else ""
    key = await asyncio.to_thread(house.keys.make, consultation.number)
    return key.public


async def look_after(house: House, consultation: Consultation, now: datetime, *, awaited: bool) -> datetime | None:
    """Do what the key of an unlinked consultation needs in its state: shares are handed out before the opening, asked
    for after the voting (if they are `awaited`), and all is destroyed once it has ended; when to look again."""
    if consultation.definition.secrecy is not Secrecy.UNLINKED:
        return None
    if consultation.state not in _NEEDED:
        await asyncio.to_thread(house.keys.destroy, consultation.number)
        await shares.ask_to_destroy(house, consultation, now)
        return None
    if awaited:
        return await waiting.look_after(house, consultation, now)
    return await shares.look_after(house, consultation, now)


def must_open(house: House, tx: Transaction, consultation: Consultation) -> None:
    """Return unless the sealed ballots can't be opened here; raise Refusal `sealed-key-missing`, and nothing closes."""
    if consultation.definition.secrecy is not Secrecy.UNLINKED:
        return
    key = house.keys.key(consultation.number)
    ballots = tx.sealed.all(consultation.number)
    if ballots and (key is None or all(key.open(ballot) is None for ballot in ballots)):
        raise Refusal("sealed-key-missing", number=str(consultation.number))


def count(house: House, tx: Transaction, consultation: Consultation) -> dict[str, Any]:
    """Open the ballots, shuffled into the tally sheet; what the journal says of it besides the totals."""
    number, definition = consultation.number, consultation.definition
    key, found = house.keys.key(number), tx.sealed.all(number)
    read: list[Opened] = []
    for ballot in found:
        plain = key.open(ballot) if key is not None else None
        said = opened(definition, plain) if plain is not None else None
        if said is not None:
            read.append(said)
    tx.sealed.publish(number, sheet_of(read))
    shown = receipts(definition.receipt, ((ballot.receipt, ballot.choice) for ballot in read))
    unreadable = len(found) - len(read)
    return publish_receipts(tx, consultation, shown) | ({"unreadable": unreadable} if unreadable else {})


async def warn_of_lost_key(house: House, number: int, now: datetime) -> datetime:
    """Tell the author, once, that the ballots can't be opened, and what they can do; when to look again."""
    log.error("the key of consultation %d is missing: its ballots can't be opened", number)
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    speech = voice_to_author(house, setting)
    line = speech.line("warn.sealed-key-missing", number=str(number))
    await warn_once(house, setting, "sealed-key", Card((headline(setting.consultation, speech), line)))
    return now + KEY_AGAIN
