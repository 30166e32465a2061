"""From a consultation's values to the cards rooms see: the ballot, the result, and the notices between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.ballot_checks import example
from bot.domain.ballots import MARKED, RANKED
from bot.domain.consultation import (
    POLLS,
    BallotType,
    Consultation,
    Definition,
    Kind,
    Option,
    Results,
    Secrecy,
    State,
)
from bot.domain.ids import Action
from bot.domain.papers import FILLED_IN
from bot.domain.results import Result
from bot.text.added_options import add_button, added_lines, invitation_lines
from bot.text.card import Bar, Bars, Block, Button, Card, Line, Span
from bot.text.catalogue import Speech
from bot.text.counting.budgets import budget_lines, over_lines
from bot.text.fingerprints import fingerprint
from bot.text.rules import choices_sentence, counting_sentence, rule_sentence, turnout_sentence

BUTTONS_PER_ROW = 2
SHORT_LABEL = 18
"""Labels up to this many characters share a row of buttons."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a card needs to know of where it stands: whether cards have buttons there, and the room's number (None when
    it is no room)."""

    buttons: bool
    room: int | None = None


def headline(consultation: Consultation, speech: Speech, key: str = "card.headline") -> Line:
    """The title in bold, then the number people type."""
    return speech.heading(key, title_text=consultation.definition.title, number=str(consultation.number))


def labelled(option: Option) -> str:
    """An option as it is read beside its permanent number."""
    return f"{option.number}. {option.text}"


def ballot_card(consultation: Consultation, result: Result, place: Place, speech: Speech) -> Card:
    """The card people vote on: the question, the closing time, the options, the counts where they may be seen."""
    definition = consultation.definition
    blocks: list[Block] = [headline(consultation, speech), _standing(consultation, result, speech)]
    if definition.follows is not None:
        key = f"card.{definition.follows.sequel.value}"
        blocks.append(speech.line(key, number=str(definition.follows.number)))
    blocks += budget_lines(definition, speech)
    ruled = definition.kind is Kind.VOTE or definition.majority is not None or definition.quorum is not None
    if ruled and definition.ballot is not BallotType.SIGNATURE:  # how many are asked stands above already
        blocks.append(Line((Span(rule_sentence(consultation, result.ballots, speech)),)))
    elif definition.ballot in FILLED_IN | {BallotType.CONSENT} or definition.budget is not None:
        blocks.append(Line((Span(counting_sentence(definition, speech)),)))
    if definition.kind is Kind.VOTE:
        blocks += _roll(consultation, speech)
    blocks += _options(consultation, result, speech)
    blocks += added_lines(consultation, speech)
    if consultation.state is State.OPEN:
        blocks += _how_to_vote(consultation, place, speech)
        blocks += invitation_lines(consultation, place.buttons, speech)
    buttons = _ballot_buttons(consultation, place, speech) if consultation.state is State.OPEN else ()
    return Card(tuple(blocks), buttons)


def _roll(consultation: Consultation, speech: Speech) -> list[Line]:
    """The frozen roll: its size, and the digest by which anyone can see that it stays the same."""
    if consultation.roll_size is None or not consultation.roll_digest:
        return []
    key = "card.roll" if consultation.roll_known else "card.roll-about"
    return [speech.line(key, n=consultation.roll_size, digest=fingerprint(consultation.roll_digest))]


def _standing(consultation: Consultation, result: Result, speech: Speech) -> Line:
    voters = turnout_sentence(consultation, result, speech)
    if consultation.state is State.CANCELLED:
        return speech.line("card.cancelled", reason=consultation.cancelled_because)
    if consultation.state is State.OPEN:
        assert consultation.closes_at is not None
        return speech.line("card.closes", closes_at=consultation.closes_at, turnout=voters)
    if consultation.closed_at is not None:
        return speech.line("card.closed", closed_at=consultation.closed_at, turnout=voters)
    return speech.line("card.opens", opens_at=consultation.opens_at)


def shows_counts(consultation: Consultation) -> bool:
    """Whether the counts may be seen now: live where declared, else only after the closing."""
    if consultation.state in {State.CLOSED, State.CERTIFIED, State.ANSWERED}:
        return True
    return consultation.state is State.OPEN and consultation.definition.results is Results.LIVE


def _options(consultation: Consultation, result: Result, speech: Speech) -> list[Block]:
    """The options, with their counts where these may be seen, and what the figures are where they are not votes."""
    definition = consultation.definition
    if definition.ballot is BallotType.SIGNATURE:
        return []  # how many signed stands above, and there is nothing to choose between
    if not shows_counts(consultation):
        spans = tuple(Span(f"{labelled(option)}\n") for option in definition.options)
        return [Line((*spans[:-1], Span(spans[-1].text.rstrip("\n"))))]
    counts: list[Block] = [bars(result, speech)]
    if definition.ballot in RANKED | MARKED:
        counts.append(speech.line(f"card.figures.{definition.ballot.value}"))
    return counts


def bars(result: Result, speech: Speech) -> Bars:
    """The counts as a text bar chart, the longest bar for the option with most votes."""
    most = max((row.votes for row in result.rows), default=0)
    return Bars(
        tuple(
            Bar(labelled(row.option), row.votes / most if most else 0.0, speech.fact(row.votes)) for row in result.rows
        )
    )


def _how_to_vote(consultation: Consultation, place: Place, speech: Speech) -> list[Block]:
    definition = consultation.definition
    lines: list[Block] = []
    if definition.ballot is BallotType.APPROVAL:
        lines += [Line((Span(choices_sentence(definition, speech)),)), *over_lines(definition, speech)]
    number = str(consultation.number)
    if definition.kind in POLLS:
        signing = definition.ballot is BallotType.SIGNATURE
        lines.append(speech.line("card.signing-is-accepting" if signing else "card.voting-is-accepting"))
    if definition.ballot is BallotType.CONSENT:
        lines.append(speech.line("card.reasons-public" if definition.secrecy is Secrecy.PUBLIC else "card.reasons"))
    if on_own_paper(definition):
        return [*lines, _how_to_fill_in(consultation, place, speech)]
    if typed_in_room(definition):
        key = "card.reply-with-number" if place.buttons else "card.reply-without-buttons"
        lines.append(speech.line(key, example=example(definition), number=number))
    else:
        key = "card.press-is-private" if place.buttons else "card.answer-in-private"
        lines.append(speech.line(key, number=number))
    return lines


def _how_to_fill_in(consultation: Consultation, place: Place, speech: Speech) -> Line:
    """How to vote where the ballot is filled in on a paper of one's own."""
    facts = {"number": str(consultation.number), "example": example(consultation.definition)}
    if typed_in_room(consultation.definition):
        return speech.line("card.paper-or-reply" if place.buttons else "card.paper-without-buttons", **facts)
    return speech.line("card.paper-is-private" if place.buttons else "card.answer-in-private", **facts)


def on_own_paper(definition: Definition) -> bool:
    """Whether the ballot is filled in on a paper of one's own in private, not by buttons in the room."""
    return definition.ballot in FILLED_IN or definition.secrecy is Secrecy.UNLINKED


def typed_in_room(definition: Definition) -> bool:
    """Whether a ballot typed in the room is taken: in a poll it is the voter's own choice; a vote must be public."""
    if definition.secrecy is Secrecy.UNLINKED:
        return False
    return definition.kind in POLLS or definition.secrecy is Secrecy.PUBLIC


def _ballot_buttons(consultation: Consultation, place: Place, speech: Speech) -> tuple[tuple[Button, ...], ...]:
    if not place.buttons:
        return ()
    mine = Button(speech.say("button.my-ballot"), Action("mine", consultation.number))
    if on_own_paper(consultation.definition):
        private = Button(speech.say("button.vote-in-private"), start=f"v-{consultation.number}")
        return (private,), (mine, *add_button(consultation, speech))
    choices = [
        Button(option.text, Action("v", consultation.number, str(option.number)))
        for option in consultation.definition.options
    ]
    return (*rows_of(choices), (mine, *add_button(consultation, speech)))


def rows_of(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows: two by two while their labels are short, else one a row."""
    wide = 1 if any(len(button.label) > SHORT_LABEL for button in buttons) else BUTTONS_PER_ROW
    return tuple(tuple(buttons[start : start + wide]) for start in range(0, len(buttons), wide))


def reminder_card(consultation: Consultation, result: Result, place: Place, speech: Speech) -> Card:
    """The same reminder for everyone: how long is left, how many voted, how to vote."""
    assert consultation.closes_at is not None
    blocks: list[Block] = [
        headline(consultation, speech, "reminder.headline"),
        speech.line(
            "reminder.signing" if consultation.definition.ballot is BallotType.SIGNATURE else "reminder.body",
            closes_at=consultation.closes_at,
            turnout=turnout_sentence(consultation, result, speech),
        ),
        *_how_to_vote(consultation, place, speech),
    ]
    return Card(tuple(blocks), _ballot_buttons(consultation, place, speech))


def notice(consultation: Consultation, key: str, speech: Speech, **facts: str) -> Card:
    """A short announcement about a consultation: an extension, a cancellation, an answer. `closes_at` is filled in."""
    values = {"closes_at": speech.when(consultation.closes_at) if consultation.closes_at else "", **facts}
    return Card((headline(consultation, speech), speech.line(key, **values)))
