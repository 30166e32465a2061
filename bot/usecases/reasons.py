"""The reason of a consent ballot, written in private once it was asked for: recorded with the ballot, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.ballots import Answer, Gesture, from_text
from bot.domain.consultation import Consultation
from bot.domain.refusals import Refusal
from bot.domain.typed_ballots import read
from bot.ports import Person, Reply
from bot.text.reasons import why_card
from bot.usecases import vote
from bot.usecases.asking_why import asks
from bot.usecases.house import House, Visit
from bot.usecases.papers import paper
from bot.usecases.taking_part import must_be_open
from bot.usecases.tell import privately


async def take(house: House, visit: Visit, who: Person, dialogue: Mapping[str, Any], text: str) -> Reply:
    """Take the words as the reason asked for; a whole ballot of another kind stays what it is."""
    number = int(dialogue["number"])
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    # Whoever is asked has passed the rules already: by a second press, a "yes", or in a poll by voting.
    gesture = _gesture(consultation, str(dialogue["options"]), text)
    return await vote.typed(house, visit, who, number, gesture, accepts=True)


def _gesture(consultation: Consultation, options: str, text: str) -> Gesture:
    try:
        return read(text, consultation.definition)
    except Refusal:
        return Answer(from_text(options), text)


async def repeat(house: House, visit: Visit, number: int) -> None:
    """The private chat was opened to say why: ask again, or show the ballot if nothing is waited for."""
    dialogue = await house.store.read(lambda tx: tx.dialogue(visit.account.id)) or {}
    consultation = await house.store.read(lambda tx: tx.consultation(number))
    if not asks(dialogue, number):
        await paper(house, visit, consultation)
        return
    must_be_open(consultation, visit.at)
    choice = from_text(str(dialogue["options"]))
    await privately(house, visit, why_card(consultation, choice, visit.speech), open_chat=True)


async def ballot_in(house: House, visit: Visit, consultation: Consultation, text: str) -> Gesture | None:
    """The ballot that a text means; None for a reason that was taken already and is delivered again.

    Raises what `typed_ballots.read` does, but first that it is closed.
    """
    try:
        return read(text, consultation.definition)
    except Refusal:
        taken = await house.store.read(lambda tx: tx.was_seen(vote.key_of(visit, accepts=True)))
        if taken:
            return None
        must_be_open(consultation, visit.at)
        raise
