"""Filling in the private ballot paper by buttons: each touch is kept, the last one casts.

Nothing is recorded before **Confirm**, which names the very draft that was reviewed; a
press delivered again, forged, or left over from another paper changes nothing.
"""

from __future__ import annotations

from bot.domain.ballots import Answer, Choice
from bot.domain.casting import AcceptanceAsked, Cast, Recorded
from bot.domain.consultation import Consultation, Secrecy
from bot.domain.ids import Action
from bot.domain.papers import Paper, Step, fingerprint, step_in, take
from bot.domain.refusals import Refusal
from bot.ports import Pressed, Reply
from bot.store import Transaction
from bot.text.papers import IN_A_MESSAGE, cast_card, paper_card
from bot.text.receipts import code_lines
from bot.usecases import vote
from bot.usecases.house import House, Visit
from bot.usecases.own_paper import order_of, show
from bot.usecases.papers import keep, kept, paper
from bot.usecases.receipts import code_of
from bot.usecases.sealed import casting as sealed
from bot.usecases.taking_part import must_be_open


async def begin(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button that opens a paper, in place of the message it stands on if that is private."""
    consultation = await _consultation(house, action.number)
    post = pressed.post if visit.private else None
    if not await paper(house, visit, consultation, post):
        return Reply(start=f"v-{action.number}")
    return Reply()


async def press(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """One touch on a paper. Raises Refusal `expired-button`, `paper-over`, `paper-empty`, and those of casting."""
    step = step_in(action.argument)
    consultation = await _consultation(house, action.number)
    must_be_open(consultation, pressed.at)
    if consultation.definition.secrecy is Secrecy.UNLINKED:
        return await sealed.touch(house, visit, pressed, consultation, step)
    if step.verb == "c":
        return await _cast(house, visit, pressed, consultation, step)
    after = await house.store.write(lambda tx: _stepped(tx, visit, consultation, step))
    await _show(house, visit, pressed, consultation, after)
    return Reply()


async def _consultation(house: House, number: int) -> Consultation:
    found = await vote.consultation_seen(house, number)
    if found is None:
        raise Refusal("no-such-consultation", number=str(number))
    return found


def _stepped(tx: Transaction, visit: Visit, consultation: Consultation, step: Step) -> Paper:
    dialogue = tx.dialogue(visit.account.id) or {}
    before = kept(dialogue, consultation.number, step.paper)
    if before is None:
        raise Refusal("paper-over", number=str(consultation.number))
    if not tx.first_time(f"{visit.key}/fill"):
        return before
    after = take(consultation.definition, order_of(consultation, visit), before, step)
    keep(tx, visit, consultation.number, after, asked=dialogue.get("asked", ""))
    return after


async def _show(house: House, visit: Visit, pressed: Pressed, consultation: Consultation, filled: Paper) -> None:
    card = paper_card(consultation, filled, order_of(consultation, visit), visit.speech)
    await show(house, visit, card, pressed.post)


async def _cast(house: House, visit: Visit, pressed: Pressed, consultation: Consultation, step: Step) -> Reply:
    number = consultation.number
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    filled = kept(dialogue, number, step.paper)
    if filled is None or filled.draft is None:
        return await _cast_before(house, visit, pressed, consultation, step)
    if filled.fingerprint != step.fingerprint:
        await _show(house, visit, pressed, consultation, filled)
        raise Refusal("paper-changed")
    # The rules are accepted by a second press, not by the first one delivered again.
    accepts = dialogue.get("asked", "") not in {"", visit.key}
    one = Cast(visit.key, visit.at, visit.account.ref, number, Answer(filled.draft), accepts)
    outcome = await vote.cast(house, pressed.who, one)
    if isinstance(outcome.ruling, Refusal):
        raise outcome.ruling
    if isinstance(outcome.ruling, AcceptanceAsked):
        await house.store.write(lambda tx: keep(tx, visit, number, filled, asked=visit.key))
        return Reply(vote.toast(visit.speech.say("vote.accept-by-pressing")), alert=True, asks_acceptance=True)
    assert isinstance(outcome.ruling, Recorded)
    await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, {"ballot": number}))
    return await _told(house, visit, pressed, consultation, outcome.ruling)


async def _cast_before(house: House, visit: Visit, pressed: Pressed, consultation: Consultation, step: Step) -> Reply:
    """The paper is no more: it was cast, and that very ballot may be on record."""

    def query(tx: Transaction) -> tuple[Choice | None, int | None]:
        number, account = consultation.number, visit.account.id
        return tx.ballot_of(number, account), tx.right_of(number, account)

    choice, right = await house.store.read(query)
    if choice is None or fingerprint(choice) != step.fingerprint:
        raise Refusal("paper-over", number=str(consultation.number))
    return await _told(house, visit, pressed, consultation, Recorded(choice, choice, repeated=True, right=right))


async def _told(house: House, visit: Visit, pressed: Pressed, consultation: Consultation, ruling: Recorded) -> Reply:
    words = vote.told(consultation, ruling, visit.speech, IN_A_MESSAGE)
    code = await code_of(house, consultation, ruling)
    lines = code_lines(consultation.definition.receipt, code, visit.speech)
    card = cast_card(consultation, words, lines, visit.speech)
    await show(house, visit, card, pressed.post)
    return Reply(vote.in_short(consultation, ruling, visit.speech, code))
