"""Unlinked ballots in words: the review with the voter's code, what is recorded, and what a code shows."""

from __future__ import annotations

from bot.domain.consultation import Consultation
from bot.domain.ids import Action
from bot.domain.papers import Paper, Step
from bot.domain.receipts import Receipt
from bot.domain.results import Result
from bot.domain.sealed import grouped
from bot.text.card import Button, Card, Line, Span
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.papers import IN_A_MESSAGE, ballot_words, left_out
from bot.text.rules import turnout_sentence


def review_card(
    consultation: Consultation, paper: Paper, code: str, speech: Speech, *, buttons: bool, accepts: bool
) -> Card:
    """The ballot about to be sealed, with the code to note before it is: nothing is recorded yet. `accepts`: to confirm
    is to accept the rules."""
    definition, draft = consultation.definition, paper.draft
    assert draft is not None
    lines = [
        headline(consultation, speech),
        speech.line("paper.about-to", choice=ballot_words(definition, draft, speech, IN_A_MESSAGE)),
        *(Line((Span(left),)) for left in left_out(definition, draft, speech)),
        code_line(code, speech),
        *([speech.line("sealed.confirming-accepts")] if accepts else []),
        speech.line("paper.not-yet" if buttons else "sealed.answer-yes"),
    ]
    if not buttons:
        return Card(tuple(lines))
    confirm = Action("sv", consultation.number, f"{code}.{paper.fingerprint}")
    correct = Action("f", consultation.number, Step(paper.name, "e").argument)
    row = (Button(speech.say("button.cast"), confirm), Button(speech.say("button.correct"), correct))
    return Card(tuple(lines), (row,))


def code_line(code: str, speech: Speech) -> Line:
    """The code, and that it must be kept."""
    return speech.line("sealed.code", code=grouped(code))


def recorded_card(consultation: Consultation, key: str, code: str, speech: Speech) -> Card:
    """What is told once a ballot is sealed; it takes the place of the review, so that the choice is seen no more."""
    assert consultation.closes_at is not None
    receipt, number = consultation.definition.receipt, str(consultation.number)
    lines = [
        headline(consultation, speech),
        speech.line(key),
        code_line(code, speech),
        speech.line("sealed.to-change", number=number, code=grouped(code), closes_at=consultation.closes_at),
    ]
    if receipt is not Receipt.NONE:
        lines.append(speech.line(f"sealed.shows-{receipt.value}", code=grouped(code)))
    return Card(tuple(lines))


def voted_card(consultation: Consultation, speech: Speech) -> Card:
    """What someone is told who voted and comes without their code."""
    assert consultation.closes_at is not None
    number, closes_at = str(consultation.number), consultation.closes_at
    return Card((headline(consultation, speech), speech.line("sealed.voted", number=number, closes_at=closes_at)))


def voting_over_card(consultation: Consultation, result: Result, waits: str, speech: Speech) -> Card:
    """The ballot's card once the voting is over, while its ballots wait to be opened: nothing can be done on it."""
    assert consultation.closes_at is not None
    turnout = turnout_sentence(consultation, result, speech)
    line = speech.line(f"card.voting-over-{waits}", closes_at=consultation.closes_at, turnout=turnout)
    return Card((headline(consultation, speech), line))
