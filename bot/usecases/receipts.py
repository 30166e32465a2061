"""The codes of confidential ballots: told to their voters in private only, published as receipts at the closing.

A code needs no more than the right that a ruling names and the consultation's secret,
which is remembered while it is open: a press costs no query for it.
"""

from __future__ import annotations

from typing import Any

from bot.domain.ballot_codes import Published, code_from, gives_codes, new_secret, receipts_digest, receipts_of
from bot.domain.ballots import complete
from bot.domain.casting import Recorded
from bot.domain.consultation import Consultation
from bot.domain.receipts import Receipt
from bot.store import Transaction
from bot.text.card import Card, Line, Span
from bot.text.receipts import code_lines
from bot.usecases.house import House, Visit
from bot.usecases.tell import in_room, named, privately

# ── while it is open ────────────────────────────────────────────────────────────────────────────────────────────────


def begin_codes(tx: Transaction, opened: Consultation) -> None:
    """Make what the codes are made from, in the transaction that opens the consultation."""
    if gives_codes(opened.definition):
        tx.receipts.keep_secret(opened.number, new_secret())


async def code_of(house: House, consultation: Consultation, ruling: Recorded) -> str:
    """The code of the ballot that the ruling leaves on record; '' where there is none, or it doesn't count yet."""
    definition = consultation.definition
    if not gives_codes(definition) or ruling.right is None or ruling.choice is None:
        return ""
    if not complete(definition, ruling.choice):
        return ""
    secret = await _secret(house, consultation.number)
    return code_from(secret, ruling.right) if secret is not None else ""


async def _secret(house: House, number: int) -> bytes | None:
    memory = house.memory
    known = memory.secret(number)
    if known is None:
        before = memory.changes
        known = await house.store.read(lambda tx: tx.receipts.secret(number))
        if known is not None and memory.changes == before:
            memory.keep_secret(number, known)
    return known


def own_code(tx: Transaction, consultation: Consultation, account: int) -> str:
    """The code of the ballot on the account's right, whoever cast it, while it is open and counts; else ''."""
    number = consultation.number
    if not (gives_codes(consultation.definition) and consultation.takes_ballots):
        return ""
    right = tx.right_of(number, account)
    if right is None or not tx.has_voted(number, account):
        return ""
    if consultation.definition.receipt is Receipt.CHOICE and tx.ballot_of(number, account) is None:
        return ""  # a proxy's ballot: what was chosen in somebody's place is not told to them
    secret = tx.receipts.secret(number)
    return code_from(secret, right) if secret is not None else ""


def written_under(tx: Transaction, account: int, code: str) -> Consultation | None:
    """The open consultation in which the account's own ballot has this code."""
    held = (tx.consultation(number) for number in tx.rights_of(account))
    return next((each for each in held if own_code(tx, each, account) == code), None)


async def acknowledge(house: House, visit: Visit, consultation: Consultation, ruling: Recorded, words: str) -> None:
    """Tell the voter what was recorded, with the code if there is one: in the room, where nothing else can be, without
    it."""
    code = await code_of(house, consultation, ruling)
    card = Card((Line((Span(words),)),))
    lines = code_lines(consultation.definition.receipt, code, visit.speech)
    if not await privately(house, visit, Card((*card.blocks, *lines))):
        await in_room(house, visit, named(card, visit.account.name))


# ── at the closing ──────────────────────────────────────────────────────────────────────────────────────────────────


def publish_codes(tx: Transaction, consultation: Consultation) -> dict[str, Any]:
    """Publish the receipts of a confidential vote's ballots before these are sealed, and erase what the codes were
    made from; what the journal says of them."""
    number = consultation.number
    secret = tx.receipts.secret(number)
    if secret is None:
        return {}
    published = receipts_of(consultation.definition, secret, tx.receipts.ballots(number))
    tx.receipts.forget_secret(number)
    return publish_receipts(tx, consultation, published)


def publish_receipts(tx: Transaction, consultation: Consultation, published: Published) -> dict[str, Any]:
    """Keep the receipts; what the journal says of them: how many there are, and their digest."""
    if consultation.definition.receipt is Receipt.NONE:
        return {}
    tx.receipts.publish(consultation.number, published)
    return {"receipts": {"count": len(published), "digest": receipts_digest(published)}}


def shows_receipts(tx: Transaction, consultation: Consultation) -> bool:
    """Whether the open data have the receipts: they go with the voters, on the day the disclosure promised."""
    erased = any(entry.kind == "erased" for entry in tx.journal(consultation.number))
    return consultation.definition.receipt is not Receipt.NONE and not erased
