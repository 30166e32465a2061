"""What one person wrote and answered in an opinion map, told to them alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.consultation import Consultation, State
from bot.domain.opinions.model import Opinion, Statement, StatementState
from bot.domain.words import shown
from bot.text.card import Block, Card
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.opinions.card import SAID
from bot.text.opinions.moderation import spoken_ground

STATES: Mapping[StatementState, str] = {
    StatementState.PENDING: "opinions.state.pending",
    StatementState.PUBLISHED: "opinions.state.published",
    StatementState.WITHDRAWN: "opinions.state.withdrawn",
    StatementState.MODERATED: "opinions.state.moderated",
    StatementState.REFUSED: "opinions.state.refused",
}
"""The sentence that says what became of a statement."""


def own_blocks(
    statements: Sequence[Statement], alias: int, opinions: Mapping[int, Opinion], most: int, cut: int, speech: Speech
) -> tuple[Block, ...]:
    """The person's statements with what became of each, then their answers: the last `most` of each, each statement
    cut to so many characters."""
    written = [one for one in statements if one.alias == alias]
    answered = [one for one in statements if one.number in opinions]
    return *_written(written, most, cut, speech), *_answered(answered, opinions, most, cut, speech)


def _written(statements: Sequence[Statement], most: int, cut: int, speech: Speech) -> list[Block]:
    if not statements:
        return []
    lines: list[Block] = [speech.line("opinions.own.statements", n=len(statements))]
    for one in statements[-most:]:
        became = speech.say(STATES[one.state], ground=shown(spoken_ground(one.ground, one.reason, speech), cut))
        facts = {"number": str(one.number), "text": shown(one.text, cut), "state": became}
        lines.append(speech.line("opinions.own.statement", **facts))
    return lines


def _answered(
    statements: Sequence[Statement], opinions: Mapping[int, Opinion], most: int, cut: int, speech: Speech
) -> list[Block]:
    if not statements:
        return []
    lines: list[Block] = [speech.line("opinions.own.answers", n=len(statements))]
    for one in statements[-most:]:
        words = speech.say(SAID[opinions[one.number]])
        # What was hidden since is not shown again to those who answered it.
        text = shown(one.text, cut) if one.state is StatementState.PUBLISHED else speech.say("opinions.own.gone")
        lines.append(speech.line("opinions.own.answer", number=str(one.number), text=text, opinion=words))
    return lines


def own_card(consultation: Consultation, blocks: Sequence[Block], speech: Speech) -> Card:
    """Everything of one's own in one opinion map, and how to change it."""
    head = headline(consultation, speech, "opinions.own.headline")
    if not blocks:
        erased = consultation.state in {State.CLOSED, State.CERTIFIED, State.ANSWERED}
        key = "opinions.own.erased" if erased else "opinions.own.nothing"
        return Card((head, speech.line(key)))
    change = [speech.line("opinions.own.change")] if consultation.state is State.OPEN else []
    return Card((head, *blocks, *change))
