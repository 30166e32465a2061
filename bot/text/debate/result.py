"""The result of a debate: its conclusion with its numbers, the vote that follows, and what becomes of it."""

from __future__ import annotations

from bot.text.card import Card, Line, Span
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.debate.conclusion import Findings, result_blocks
from bot.text.fitting import CARD_LIMIT, length
from bot.text.results import follow_up


def debate_result(found: Findings, vote: int | None, organisation: str, speech: Speech) -> Card:
    """The result; `vote` is the number of the vote that follows, None for none."""
    number = str(found.consultation.number)
    above = headline(found.consultation, speech, "result.headline")
    if vote is not None:
        follows = speech.line("debate.vote-follows", vote=str(vote))
    else:
        follows = Line((Span(follow_up(found.consultation, organisation, speech)),))
    below = (follows, speech.line("result.see-more", number=number))
    most = CARD_LIMIT - length(Card((above, *below)).plain) - 1
    return Card((above, *result_blocks(found, speech, most), *below))
