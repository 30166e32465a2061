"""`/verify CODE`: whether a ballot under this code was counted, and its choice only where that was declared.

Whoever holds the code may ask. Nothing is said before the closing: not even that the code is right.
"""

from __future__ import annotations

from bot.domain.ballots import from_text
from bot.domain.consultation import Consultation
from bot.domain.receipts import Receipt
from bot.domain.refusals import Refusal
from bot.domain.sealed import code_in, grouped, receipt_of
from bot.store import Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.text.papers import IN_A_MESSAGE, ballot_words
from bot.usecases.house import House, Visit
from bot.usecases.sealed import guesses
from bot.usecases.tell import answer


async def verify(house: House, visit: Visit, text: str) -> None:
    """Answer in private.

    Raises Refusal `verify-in-private`, `verify-which-code`, `verify-unknown`, `too-many-codes`.
    """
    if not visit.private:
        raise Refusal("verify-in-private")
    code = code_in(text)
    if code is None:
        raise Refusal("verify-which-code")
    await guesses.must_be_few(house, visit)
    consultation, choice = await guesses.counted(house, visit, _counted(house, code))
    speech, receipt = visit.speech, consultation.definition.receipt
    facts = {"code": grouped(code)}
    if receipt is Receipt.CHOICE:
        facts["choice"] = ballot_words(consultation.definition, from_text(choice), speech, IN_A_MESSAGE)
    line = speech.line(f"verify.{receipt.value}", **facts)
    await answer(house, visit, Card((headline(consultation, speech), line)))


async def _counted(house: House, code: str) -> tuple[Consultation, str]:
    def query(tx: Transaction) -> tuple[Consultation, str] | None:
        found = tx.sealed.counted(receipt_of(code))
        return found and (tx.consultation(found[0]), found[1])

    found = await house.store.read(query)
    if found is None:
        raise Refusal("verify-unknown", said=grouped(code))
    return found
