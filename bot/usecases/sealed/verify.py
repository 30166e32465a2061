"""`/verify CODE`: whether a ballot under this code was counted, and its choice only where that was declared.

Whoever holds the code may ask. Before the closing nothing is said of it, except, of a confidential ballot, to its own
voter: that it is there.
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
from bot.usecases.receipts import written_under
from bot.usecases.sealed import guesses
from bot.usecases.tell import answer, sentence


async def verify(house: House, visit: Visit, text: str) -> None:
    """Answer in private; ask for the code if there is none yet.

    Raises Refusal `verify-in-private`, `verify-which-code`, `verify-unknown`, `too-many-codes`.
    """
    if not visit.private:
        raise Refusal("verify-in-private")
    if not text.strip():
        await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, {"ask": "verify"}))
        await answer(house, visit, sentence(visit.speech, "verify.ask"))
        return
    code = code_in(text)
    if code is None:
        raise Refusal("verify-which-code")
    if await _waits(house, visit, code):
        return
    await guesses.must_be_few(house, visit)
    consultation, choice = await guesses.counted(house, visit, _counted(house, code))
    speech, receipt = visit.speech, consultation.definition.receipt
    facts = {"code": grouped(code)}
    if receipt is Receipt.CHOICE:
        facts["choice"] = ballot_words(consultation.definition, from_text(choice), speech, IN_A_MESSAGE)
    line = speech.line(f"verify.{receipt.value}", **facts)
    await answer(house, visit, Card((headline(consultation, speech), line)))


async def take(house: House, visit: Visit, text: str) -> None:
    """Take the code that was asked for; whatever it was, nothing is asked any more. Raises what `verify` does."""
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, None))
    await verify(house, visit, text)


async def _waits(house: House, visit: Visit, code: str) -> bool:
    """Tell the person that it is the code of their own ballot in a vote that is still open; False if it is none."""
    consultation = await house.store.read(lambda tx: written_under(tx, visit.account.id, code))
    if consultation is None or consultation.closes_at is None:
        return False
    line = visit.speech.line("verify.wait", closes_at=consultation.closes_at)
    await answer(house, visit, Card((headline(consultation, visit.speech), line)))
    return True


async def _counted(house: House, code: str) -> tuple[Consultation, str]:
    def query(tx: Transaction) -> tuple[Consultation, str] | None:
        found = tx.receipts.counted(receipt_of(code))
        return found and (tx.consultation(found[0]), found[1])

    found = await house.store.read(query)
    if found is None:
        raise Refusal("verify-unknown", said=grouped(code))
    return found
