"""One's own contributions as `/mine` lists them, with what became of each."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.debate.model import Argument, ArgumentState
from bot.text.card import Line
from bot.text.catalogue import Speech
from bot.text.debate.arguments import kind_of
from bot.text.fitting import cut
from bot.text.opinions.moderation import spoken_ground

SHOWN = 160
"""Code units of its words that are shown."""

_STATES: Mapping[ArgumentState, str] = {
    ArgumentState.PENDING: "mine.argument.pending",
    ArgumentState.PUBLISHED: "mine.argument.published",
    ArgumentState.WITHDRAWN: "mine.argument.withdrawn",
    ArgumentState.MODERATED: "mine.argument.moderated",
    ArgumentState.REFUSED: "mine.argument.refused",
}


def own_line(argument: Argument, speech: Speech) -> Line:
    """One contribution to its author: the words stay readable to them whatever became of it, and why."""
    facts: dict[str, str | int] = {
        "number": str(argument.number), "kind": kind_of(argument, speech), "text": cut(argument.text, SHOWN),
        "n": argument.supports, "ground": spoken_ground(argument.ground, argument.reason, speech),
    }  # fmt: skip
    return speech.line(_STATES[argument.state], **facts)
