"""The few messages a debate posts by itself: a phase begins or stands still, a reminder somebody asked for."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.consultation import State
from bot.domain.debate.model import Phase, Signing
from bot.text.card import Block, Card
from bot.text.cards import Place, headline
from bot.text.catalogue import Speech
from bot.text.debate.card import DebateView, ahead_lines, asks_opinion, debate_buttons, standing_line

_MAY: Mapping[Phase, tuple[str, str]] = {
    Phase.INFORMATION: ("debate.may.information", "debate.may.information-in-private"),
    Phase.ARGUMENTS: ("debate.may.arguments", "debate.may.arguments-in-private"),
    Phase.DISCUSSION: ("debate.may.discussion", "debate.may.discussion-in-private"),
    Phase.CONCLUSION: ("debate.may.conclusion", "debate.may.conclusion-in-private"),
}
"""The keys of what each phase is for: done in the room, and done in private."""

_ASKS_OPINION: Mapping[Phase, str] = {
    Phase.INFORMATION: "debate.asks-opinion.information",
    Phase.ARGUMENTS: "debate.asks-opinion.arguments",
    Phase.CONCLUSION: "debate.asks-opinion.conclusion",
}


def phase_notice(view: DebateView, place: Place, speech: Speech) -> Card:
    """What the phase that begins is for and until when; or that the debate is paused."""
    blocks: list[Block] = [headline(view.consultation, speech, "debate.headline"), standing_line(view, speech)]
    if view.course.paused_at is not None:
        blocks.append(speech.line("debate.paused-how"))
        return Card(tuple(blocks))
    blocks.append(_what(view, speech))
    if asks_opinion(view):
        blocks.append(speech.line(_ASKS_OPINION[view.phase]))
    return Card(tuple(blocks), debate_buttons(view, place, speech))


def _what(view: DebateView, speech: Speech) -> Block:
    """What may be done in the phase, and how: in private where the room would see whose name is not shown."""
    here, in_private = _MAY[view.phase]
    key = here if view.rules.signing is Signing.NAME else in_private
    return speech.line(key, number=str(view.consultation.number))


def timetable_card(view: DebateView, speech: Speech) -> Card:
    """Where the debate is and what comes next, for `/phase`."""
    blocks: list[Block] = [headline(view.consultation, speech, "debate.headline"), standing_line(view, speech)]
    if view.consultation.state is State.OPEN:
        assert view.consultation.closes_at is not None
        blocks += ahead_lines(view, speech)
        blocks.append(speech.line("debate.closes", closes_at=view.consultation.closes_at))
    return Card(tuple(blocks))
