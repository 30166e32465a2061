"""What is said of a consultation that several organisations hold together: on its card, in its result and minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.consultation import Consultation
from bot.domain.joint import LEAST, Apart
from bot.domain.results_apart import own_result, rule_of
from bot.text.card import Line
from bot.text.catalogue import Speech
from bot.text.counting.bars import figure_bars
from bot.text.counting.telling import Telling

NAME_SHOWN = 40
"""Characters of an option in the result of one organisation."""


def together_line(names: Sequence[str], speech: Speech) -> Line:
    """Who holds it, and that a member of several votes once."""
    called = tuple(name or speech.say("organisation.unnamed") for name in names)
    return speech.line("card.together", organisations=called)


def apart_lines(consultation: Consultation, results: Sequence[Apart], speech: Speech) -> Iterator[Line]:
    """Each organisation's own result, and which ones are not told, and why."""
    if not results:
        return
    if rule_of(consultation.definition) == "whole":
        yield speech.line("result.apart-whole")
        return
    yield speech.line("result.apart-title")
    for each in results:
        if each.sheet is not None:
            yield _own(consultation, each, speech)
    hidden = tuple(each.name or speech.say("organisation.unnamed") for each in results if each.sheet is None)
    if hidden:
        yield speech.line("result.apart-hidden", organisations=hidden, least=LEAST)


def _own(consultation: Consultation, each: Apart, speech: Speech) -> Line:
    """How many voted there and what each option got; where a count has no such figures, what it leads to."""
    assert each.sheet is not None
    telling = Telling(consultation, own_result(consultation, each.sheet), speech, NAME_SHOWN)
    bars = figure_bars(telling, len(telling.definition.options))
    name, ballots = each.name or speech.say("organisation.unnamed"), telling.result.ballots
    if not bars:
        first = telling.names(telling.result.winners or telling.result.leaders)
        return speech.line("result.apart-leading", n=ballots, organisation=name, options=first)
    told = (speech.say("result.apart-figure", option=bar.label, figure=bar.caption) for bar in bars)
    figures = " · ".join(told)
    return speech.line("result.apart", n=ballots, organisation=name, figures=figures)
