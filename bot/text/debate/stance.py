"""The opinion on the question, asked twice in the same words: what is asked, and the answer to an answer.

It never says what anybody else answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.consultation import Consultation
from bot.domain.debate.model import Moment, Stance
from bot.text.card import Block, Card
from bot.text.cards import headline
from bot.text.catalogue import Speech

LABELS: Mapping[Stance, str] = {
    Stance.FOR: "stance.for",
    Stance.AGAINST: "stance.against",
    Stance.UNDECIDED: "stance.undecided",
}
"""The key of each answer."""

_WHEN: Mapping[Moment, str] = {Moment.BEFORE: "stance.at-first", Moment.AFTER: "stance.at-last"}


def stance_paper(
    consultation: Consultation, moment: Moment, given: Stance | None, minimum: int, speech: Speech, *, unseen: bool
) -> Card:
    """What is asked in private, the same at the beginning and at the end; `given` is what they answered this time.

    `unseen` when they had typed an answer in a room, which is not taken.
    """
    blocks: list[Block] = [headline(consultation, speech)]
    if unseen:
        blocks.append(speech.line("stance.not-in-the-room"))
    blocks += [speech.line("stance.question"), speech.line(_WHEN[moment])]
    if given is not None:
        blocks.append(speech.line("stance.given", stance=speech.say(LABELS[given])))
    return Card((*blocks, speech.line("stance.who-sees", n=minimum)))


def noted(stance: Stance, until: datetime | None, speech: Speech) -> str:
    """That the answer is recorded, and until when it can change; None when a moderator decides when that is."""
    words = speech.say(LABELS[stance])
    if until is None:
        return speech.say("stance.noted-by-hand", stance=words)
    return speech.say("stance.noted", stance=words, until=speech.until(until))
