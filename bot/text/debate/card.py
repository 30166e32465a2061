"""The card of a debate: where it stands, the strongest and the newest of each side, who has the floor, what to do next.

It is made from a `DebateView` alone and always fits in a message: what there is no
room for is counted, and every word of it is read with `/arguments`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.consultation import Consultation, State
from bot.domain.debate.model import Argument, Course, DebateRules, Deed, Phase, Signing
from bot.domain.debate.order import Order, columns, ordered
from bot.domain.debate.phases import ALLOWED, phase_of, timetable
from bot.domain.ids import Action
from bot.text.card import Block, Button, Card, Line
from bot.text.cards import Place, headline, rows_of
from bot.text.catalogue import Speech
from bot.text.debate.arguments import marks
from bot.text.debate.floor import FloorView, floor_lines
from bot.text.fitting import cut, first_fitting

LEAST_TEXT = 60
"""Code units of each argument on the tightest card."""


PHASES: Mapping[Phase, str] = {
    Phase.INFORMATION: "debate.phase.information",
    Phase.ARGUMENTS: "debate.phase.arguments",
    Phase.DISCUSSION: "debate.phase.discussion",
    Phase.CONCLUSION: "debate.phase.conclusion",
}
"""The key of each phase's name."""


@dataclass(frozen=True, slots=True)
class DebateView:
    """A debate as its cards show it at one instant.

    `published` are its published contributions, `participants` how many people took
    part, `floor` its floor as the room sees it (None where it is not shown).
    """

    consultation: Consultation
    course: Course
    published: tuple[Argument, ...]
    participants: int
    now: datetime
    floor: FloorView | None = None

    @property
    def rules(self) -> DebateRules:
        """The rules frozen at the opening."""
        assert self.consultation.definition.debate is not None
        return self.consultation.definition.debate

    @property
    def phase(self) -> Phase:
        """The phase it is in."""
        return phase_of(self.rules, self.course)

    @property
    def ends(self) -> datetime | None:
        """When the phase ends; None when a moderator ends it, or while the debate is paused."""
        if self.course.paused_at is not None:
            return None
        last = self.course.stage + 1 == len(self.rules.stages)
        return self.consultation.closes_at if last else self.course.until

    @property
    def under_way(self) -> bool:
        """Whether things can be done in it now."""
        return self.consultation.state is State.OPEN and self.course.paused_at is None

    def allows(self, deed: Deed) -> bool:
        """Whether the phase switches this on."""
        return self.under_way and deed in ALLOWED[self.phase]


Column = tuple[str, Sequence[Argument]]
"""The key of a column's heading, and its arguments, the strongest first."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """How much of each column a card shows: so many of the strongest, of the newest others, and code units of each."""

    strongest: int
    newest: int
    text: int


_LAYOUTS = (
    _Layout(3, 2, 280), _Layout(2, 2, 280), _Layout(2, 1, 280), _Layout(2, 1, 160), _Layout(1, 1, 160),
    _Layout(1, 1, 90), _Layout(1, 0, LEAST_TEXT),
)  # fmt: skip
"""From the richest to one that always fits."""


def debate_card(view: DebateView, place: Place, speech: Speech) -> Card:
    """The card that stands in each room, edited as the debate goes on."""
    below = [*_floor(view, speech), *_how(view, place, speech)]
    return _card(view, below, debate_buttons(view, place, speech), speech)


def debate_status(view: DebateView, speech: Speech) -> Card:
    """The same to be read anywhere: without buttons, and without what is done by replying to the card."""
    return _card(view, _floor(view, speech), (), speech)


def _card(view: DebateView, below: Sequence[Block], buttons: tuple[tuple[Button, ...], ...], speech: Speech) -> Card:
    above = (headline(view.consultation, speech, "debate.headline"), standing_line(view, speech))
    read = _columns(view)
    return first_fitting(Card((*above, *_read(view, read, layout, speech), *below), buttons) for layout in _LAYOUTS)


def _floor(view: DebateView, speech: Speech) -> Sequence[Block]:
    return floor_lines(view.floor, speech) if view.floor is not None else ()


# -- where it stands ---------------------------------------------------------------------------------------------------
def standing_line(view: DebateView, speech: Speech) -> Line:
    """Where the debate stands: the phase, until when and how much is left, or how it ended."""
    consultation = view.consultation
    if consultation.state is State.CANCELLED:
        return speech.line("card.cancelled", reason=consultation.cancelled_because)
    if consultation.closed_at is not None:
        return speech.line("debate.closed", closed_at=consultation.closed_at, n=view.participants)
    assert consultation.closes_at is not None
    facts: dict[str, str | int] = {
        "k": view.course.stage + 1, "of": len(view.rules.stages), "phase": phase_words(view.phase, speech),
    }  # fmt: skip
    if view.course.paused_at is not None:
        return speech.line("debate.standing-paused", since=speech.until(view.course.paused_at), **facts)
    if view.ends is None:
        closes = speech.until(consultation.closes_at)
        return speech.line("debate.standing-by-hand", closes=closes, **facts)
    left = speech.lasting(max(view.ends - view.now, timedelta()))
    return speech.line("debate.standing", until=speech.until(view.ends), left=left, **facts)


def phase_words(phase: Phase, speech: Speech) -> str:
    """The phase as it is called."""
    return speech.say(PHASES[phase])


def ahead_lines(view: DebateView, speech: Speech) -> list[Line]:
    """The phases still to come, each with the instant it begins where that is known."""
    assert view.consultation.closes_at is not None
    begins = timetable(view.rules, view.course, view.consultation.closes_at)
    lines: list[Line] = []
    for index in range(view.course.stage + 1, len(view.rules.stages)):
        phase, when = phase_words(view.rules.stages[index].phase, speech), begins.get(index)
        if when is not None:
            lines.append(speech.line("debate.ahead", phase=phase, when=speech.until(when)))
        else:
            lines.append(speech.line("debate.ahead-by-hand", phase=phase))
    return lines


# -- what was said -----------------------------------------------------------------------------------------------------
def _read(view: DebateView, read: Sequence[Column], layout: _Layout, speech: Speech) -> Iterator[Block]:
    """The columns, then how many contributions the card has no room for."""
    shown = 0
    for key, column in read:
        yield speech.line(key, n=len(column))
        some = _chosen(column, layout)
        shown += len(some)
        for argument in some:
            yield argument_line(argument, view, layout.text, speech)
    said = sum(len(column) for _, column in read)
    if said > shown:
        yield speech.line("debate.others", n=said - shown)


def _columns(view: DebateView) -> list[Column]:
    """The columns of the card: for and against always once there are arguments, the others when there is something."""
    standing = columns(view.published, Order.STRONGEST)
    asked = [question for question in standing.questions if question.number not in standing.answered]
    always = view.phase is not Phase.INFORMATION or bool(standing.pros or standing.cons)
    sides: list[Column] = [("debate.column.for", standing.pros), ("debate.column.against", standing.cons)]
    others: list[Column] = [
        ("debate.column.proposals", standing.proposals),
        ("debate.column.open-questions", asked),
        ("debate.column.orders", standing.orders),
    ]
    return [*(sides if always else []), *((key, column) for key, column in others if column)]


def _chosen(column: Sequence[Argument], layout: _Layout) -> list[Argument]:
    """The strongest of a column, then the newest of the others."""
    strongest = list(column[: layout.strongest])
    rest = ordered(column[layout.strongest :], Order.NEWEST)
    return [*strongest, *rest[: layout.newest]]


def argument_line(argument: Argument, view: DebateView, text: int, speech: Speech) -> Line:
    """One published argument: its number, its words (at most so many code units), and what is said beside it."""
    number, words = str(argument.number), cut(argument.text, text)
    about = marks(argument, view.rules, 0, speech)
    if not about:
        return speech.line("debate.argument", number=number, text=words)
    return speech.line("debate.argument-about", number=number, text=words, about=", ".join(about))


# -- what to do --------------------------------------------------------------------------------------------------------
def _how(view: DebateView, place: Place, speech: Speech) -> list[Block]:
    """How to take part without a button, as the phase allows; nothing while only the speaker may write in the room."""
    if not view.under_way or (view.floor is not None and view.floor.held):
        return []
    keys: list[str] = []
    if view.allows(Deed.ARGUE):
        keys.append("debate.how.argue" if view.rules.signing is Signing.NAME else "debate.how.argue-in-private")
    elif view.allows(Deed.ASK):
        keys.append("debate.how.ask" if view.rules.signing is Signing.NAME else "debate.how.ask-in-private")
    elif view.allows(Deed.COMMENT):
        keys.append("debate.how.comment")
    if gives_floor(view) and not place.buttons:
        keys.append("debate.how.speak")
    number, length = str(view.consultation.number), view.rules.length
    return [speech.line(key, number=number, n=length) for key in keys]


def debate_buttons(view: DebateView, place: Place, speech: Speech) -> tuple[tuple[Button, ...], ...]:
    """The buttons of the phase, where there are buttons."""
    if not place.buttons or not view.under_way:
        return ()
    offered = [
        ("button.add-argument", "arg", view.allows(Deed.ARGUE)),
        ("button.ask-question", "arg", view.allows(Deed.ASK) and not view.allows(Deed.ARGUE)),
        ("button.rate-three", "three", view.allows(Deed.WEIGH)),
        ("button.read-all", "all", True),
        ("button.ask-floor", "floor", gives_floor(view)),
        ("button.my-opinion", "stance", asks_opinion(view)),
    ]
    number = view.consultation.number
    return rows_of([Button(speech.say(key), Action(verb, number)) for key, verb, shown in offered if shown])


def gives_floor(view: DebateView) -> bool:
    """Whether participants may ask for the floor now; whoever speaks is seen, so only in a debate held by name."""
    return view.rules.signing is Signing.NAME and view.allows(Deed.SPEAK)


def asks_opinion(view: DebateView) -> bool:
    """Whether participants are asked now what they think of the question."""
    return view.rules.opinion and (view.allows(Deed.OPINION_BEFORE) or view.allows(Deed.OPINION_AFTER))
