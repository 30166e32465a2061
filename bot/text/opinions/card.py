"""The cards of an opinion map that is not over: the one in the rooms, and the paper on which one statement is answered.

Nothing on them says how anyone, or how many, answered a statement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.consultation import Consultation, Results, State
from bot.domain.debate.model import Review
from bot.domain.ids import Action
from bot.domain.opinions.model import Opinion, OpinionRules, Statement
from bot.text.card import Block, Button, Card, Line, Span
from bot.text.cards import Place, headline, rows_of
from bot.text.catalogue import Speech

LABELS: Mapping[Opinion, str] = {
    Opinion.AGREE: "button.agree",
    Opinion.DISAGREE: "button.disagree",
    Opinion.PASS: "button.pass",
}
"""The sentence on the button of each opinion."""

SAID: Mapping[Opinion, str] = {
    Opinion.AGREE: "opinions.word.agree",
    Opinion.DISAGREE: "opinions.word.disagree",
    Opinion.PASS: "opinions.word.pass",
}
"""The sentence that says an opinion on record."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What may be said of an opinion map at any time: people who took part, statements published, answers given."""

    participants: int
    statements: int
    answers: int


def counts_sentence(counts: Counts, speech: Speech) -> str:
    """How many people, statements and answers there are."""
    return " · ".join(
        (
            speech.say("opinions.count.participants", n=counts.participants),
            speech.say("opinions.count.statements", n=counts.statements),
            speech.say("opinions.count.answers", n=counts.answers),
        )
    )


def opinions_card(consultation: Consultation, counts: Counts, place: Place, speech: Speech) -> Card:
    """The card of the rooms: the question, until when, how many take part, how to take part."""
    blocks: list[Block] = [
        headline(consultation, speech, "opinions.card.headline"),
        _standing(consultation, speech),
        Line((Span(counts_sentence(counts, speech)),)),
    ]
    if consultation.state is not State.OPEN:
        return Card(tuple(blocks))
    blocks += _how(consultation, place, speech)
    return Card(tuple(blocks), _buttons(consultation, place, speech))


def opinions_reminder(consultation: Consultation, counts: Counts, place: Place, speech: Speech) -> Card:
    """The same reminder for everyone: until when, how many take part, how to take part."""
    card = opinions_card(consultation, counts, place, speech)
    return replace(card, blocks=(headline(consultation, speech, "reminder.headline"), *card.blocks[1:]))


def _standing(consultation: Consultation, speech: Speech) -> Line:
    if consultation.state is State.CANCELLED:
        return speech.line("card.cancelled", reason=consultation.cancelled_because)
    if consultation.closed_at is not None:
        return speech.line("opinions.card.closed", closed_at=consultation.closed_at)
    if consultation.state is State.OPEN and consultation.closes_at is not None:
        return speech.line("opinions.card.closes", closes_at=consultation.closes_at)
    return speech.line("card.opens", opens_at=consultation.opens_at)


def _how(consultation: Consultation, place: Place, speech: Speech) -> list[Block]:
    rules, number = consultation.definition.opinions, str(consultation.number)
    assert rules is not None
    live = consultation.definition.results is Results.LIVE
    return [
        speech.line("opinions.card.how-buttons" if place.buttons else "opinions.card.how-typed", number=number),
        speech.line("opinions.card.add", n=rules.length),
        *([speech.line("opinions.card.reviewed")] if rules.review is Review.BEFORE else []),
        speech.line("opinions.card.live" if live else "opinions.card.hidden", number=number, minimum=rules.minimum),
    ]


def _buttons(consultation: Consultation, place: Place, speech: Speech) -> tuple[tuple[Button, ...], ...]:
    if not place.buttons:
        return ()
    number = consultation.number
    buttons = [
        Button(speech.say("button.answer-statements"), Action("oask", number)),
        Button(speech.say("button.add-statement"), Action("onew", number)),
        Button(speech.say("button.my-answers"), Action("omine", number)),
    ]
    if consultation.definition.results is Results.LIVE:
        buttons.append(Button(speech.say("button.see-map"), Action("omap", number, "1")))
    return rows_of(buttons)


def statement_paper(consultation: Consultation, statement: Statement, done: int, total: int, speech: Speech) -> Card:
    """One statement to answer, and how many of those published were answered before."""
    return Card(
        (
            headline(consultation, speech),
            speech.line("opinions.paper.progress", done=done, n=total),
            speech.line("opinions.paper.statement", number=str(statement.number), text=statement.text),
            speech.line("opinions.paper.how", number=str(statement.number)),
        )
    )


def all_answered(consultation: Consultation, total: int, speech: Speech) -> Card:
    """Nothing is left to answer for now."""
    assert consultation.closes_at is not None
    key = "opinions.paper.done" if total else "opinions.paper.none"
    return Card((headline(consultation, speech), speech.line(key, n=total, until=speech.until(consultation.closes_at))))


def statement_asked(consultation: Consultation, rules: OpinionRules, speech: Speech) -> Card:
    """The request for a statement, in private."""
    return Card((headline(consultation, speech), speech.line("opinions.ask-statement", n=rules.length)))
