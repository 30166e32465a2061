"""Asking privately for the reason that goes with a consent ballot, once it was pressed or typed without one.

A disagreement is on record already and counts without a reason. A block is on record
nowhere: the dialogue remembers what is meant, and is no ballot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.ballots import Answer, Choice, Gesture, Press, to_text
from bot.domain.casting import Recorded, Ruling
from bot.domain.consultation import BallotType, Consultation
from bot.domain.reasons import Reason, reason_for
from bot.domain.refusals import Refusal
from bot.ports import Pressed, Reply
from bot.store import Transaction
from bot.text.reasons import why_card
from bot.usecases.arriving import visit_by_press
from bot.usecases.house import House, Visit
from bot.usecases.tell import answer, privately


def takes_reasons(consultation: Consultation | None) -> bool:
    """Whether ballots of this consultation may go with a reason."""
    return consultation is not None and consultation.definition.ballot is BallotType.CONSENT


def meant(gesture: Gesture, ruling: Ruling) -> Choice | None:
    """The choice that is not recorded for want of a reason, None if that isn't what the ruling says."""
    if not (isinstance(ruling, Refusal) and ruling.code == "reason-required"):
        return None
    match gesture:
        case Press(option):
            return (option,)
        case Answer(choice, _):
            return choice
        case _:
            return None


async def blocked_by_press(house: House, pressed: Pressed, consultation: Consultation, choice: Choice) -> Reply:
    """Ask for the reason without which nothing is recorded: in private, where the button leads if it must."""
    visit = await visit_by_press(house, pressed)
    await house.store.write(lambda tx: _begin(tx, visit, consultation, choice))
    if await privately(house, visit, why_card(consultation, choice, visit.speech), open_chat=True):
        return Reply(visit.speech.say("why.toast-block"), alert=True)
    return Reply(start=f"r-{consultation.number}")


async def blocked_by_text(house: House, visit: Visit, consultation: Consultation, choice: Choice) -> None:
    """Ask for the reason without which nothing is recorded."""
    await house.store.write(lambda tx: _begin(tx, visit, consultation, choice))
    card = why_card(consultation, choice, visit.speech)
    await answer(house, visit, card, start=f"r-{consultation.number}")


async def after_press(house: House, pressed: Pressed, consultation: Consultation, ruling: Recorded) -> str:
    """What the toast adds once a ballot is recorded: where to say why. An earlier question is over."""
    visit = await visit_by_press(house, pressed)
    asked = await _asked(house, visit, consultation, ruling)
    if not asked:
        return ""
    assert ruling.choice is not None
    reached = await privately(house, visit, why_card(consultation, ruling.choice, visit.speech))
    return visit.speech.say("why.toast" if reached else "why.toast-write", number=str(consultation.number))


async def after_text(house: House, visit: Visit, consultation: Consultation, ruling: Recorded) -> None:
    """Ask for the reason of a ballot that is recorded, in private or not at all. An earlier question is over."""
    if await _asked(house, visit, consultation, ruling):
        assert ruling.choice is not None
        await privately(house, visit, why_card(consultation, ruling.choice, visit.speech))


async def _asked(house: House, visit: Visit, consultation: Consultation, ruling: Recorded) -> bool:
    choice = ruling.choice
    if choice is None or ruling.reason or reason_for(consultation.definition, choice) is Reason.NONE:
        await house.store.write(lambda tx: over(tx, visit.account.id, consultation.number))
        return False
    return await house.store.write(lambda tx: _begin_once(tx, visit, consultation, choice, ruling.repeated))


def _begin_once(tx: Transaction, visit: Visit, consultation: Consultation, choice: Choice, repeated: bool) -> bool:
    """Begin asking unless a reason is on record, it was asked before, or the person is in the middle of something
    else."""
    if repeated and tx.reasons.of(consultation.number, visit.account.id):
        return False
    dialogue = tx.dialogue(visit.account.id) or {}
    if dialogue.get("ask") not in {None, "reason"} or (repeated and asks(dialogue, consultation.number)):
        return False
    _begin(tx, visit, consultation, choice)
    return True


def _begin(tx: Transaction, visit: Visit, consultation: Consultation, choice: Choice) -> None:
    # Sealing knows a draft by its number and options: this one is forgotten with the others.
    state = {"ask": "reason", "number": consultation.number, "options": to_text(choice)}
    tx.set_dialogue(visit.account.id, state)


def asks(dialogue: Mapping[str, Any], number: int) -> bool:
    """Whether the dialogue waits for a reason in this consultation."""
    return dialogue.get("ask") == "reason" and dialogue.get("number") == number


def over(tx: Transaction, account: int, number: int) -> None:
    """No reason is waited for any more: what is typed next is a ballot."""
    if asks(tx.dialogue(account) or {}, number):
        tx.set_dialogue(account, {"ballot": number})
