"""The digest: what was added to a debate since the last one, told to every room at once, at most once an hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.debate.model import Argument, ArgumentKind
from bot.text.card import Block, Card
from bot.text.cards import Place, headline
from bot.text.catalogue import Speech
from bot.text.debate.card import DebateView, argument_line, debate_buttons, standing_line
from bot.text.fitting import first_fitting

_COLUMNS: Mapping[ArgumentKind, str] = {
    ArgumentKind.FOR: "debate.digest.for",
    ArgumentKind.AGAINST: "debate.digest.against",
    ArgumentKind.PROPOSAL: "debate.digest.proposal",
    ArgumentKind.QUESTION: "debate.digest.question",
    ArgumentKind.ORDER: "debate.digest.order",
    ArgumentKind.REPLY: "debate.digest.reply",
}
"""What is told, in this order, and the key of each column's heading."""

_SIZES = ((40, 280), (20, 280), (10, 280), (8, 160), (5, 160), (3, 120), (1, 60))
"""How many of each kind are told, and how many code units of each: from the richest to one that always fits."""


def digest_card(view: DebateView, told: Sequence[Argument], place: Place, speech: Speech) -> Card:
    """The contributions the digest tells, by column, the oldest first; what has no room is counted."""
    above = (headline(view.consultation, speech, "debate.digest-headline"), standing_line(view, speech))
    buttons = debate_buttons(view, place, speech)
    return first_fitting(Card((*above, *_told(view, told, most, text, speech)), buttons) for most, text in _SIZES)


def _told(view: DebateView, told: Sequence[Argument], most: int, text: int, speech: Speech) -> Iterator[Block]:
    shown = 0
    for kind, key in _COLUMNS.items():
        some = [argument for argument in told if argument.kind is kind]
        if not some:
            continue
        yield speech.line(key, n=len(some))
        for argument in some[:most]:
            yield argument_line(argument, view, text, speech)
        shown += len(some[:most])
    if shown < len(told):
        yield speech.line("debate.others", n=len(told) - shown)
