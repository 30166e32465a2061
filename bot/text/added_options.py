"""What cards say of options that voters add: how to propose one, which were added since the opening."""

from __future__ import annotations

from bot.domain.added_options import AddedOption
from bot.domain.consultation import Consultation, State
from bot.domain.ids import Action
from bot.domain.options import MOST_OPTIONS
from bot.text.card import Button, Card, Line, Span
from bot.text.catalogue import Speech


def takes_more(consultation: Consultation) -> bool:
    """Whether voters may propose an option now."""
    definition = consultation.definition
    open_ = consultation.state is State.OPEN and definition.add_options is not None
    return open_ and len(definition.options) < MOST_OPTIONS


def added_lines(consultation: Consultation, speech: Speech) -> list[Line]:
    """Which options were added since the opening, and that earlier ballots may change; nothing if none was."""
    added = [option for option in consultation.definition.options if option.added_at is not None]
    if not added:
        return []
    last = max(option.added_at for option in added if option.added_at is not None)
    numbers = tuple(str(option.number) for option in added)
    said = speech.say("card.options-added", n=len(added), options=numbers, at=speech.until(last))
    if consultation.state is State.OPEN:
        said = f"{said} {speech.say('card.options-added-change')}"
    return [Line((Span(said),))]


def invitation_lines(consultation: Consultation, buttons: bool, speech: Speech) -> list[Line]:
    """How to propose an option, and who looks at it; nothing where none may be added."""
    review = consultation.definition.add_options
    if review is None or not takes_more(consultation):
        return []
    how = speech.say("card.add-option" if buttons else "card.add-option-typed", number=str(consultation.number))
    return [Line((Span(f"{how} {speech.say(f'card.add-option.{review.value}')}"),))]


def add_button(consultation: Consultation, speech: Speech) -> tuple[Button, ...]:
    """The button that leads to the private chat, where the text is asked."""
    if not takes_more(consultation):
        return ()
    return (Button(speech.say("button.add-option"), start=f"add-{consultation.number}"),)


def proposal_card(number: int, added: AddedOption, speech: Speech) -> Card:
    """A proposal as organisers read it, with the words that decide."""
    return Card((speech.line("added.waiting", number=str(number), entry=str(added.entry), text=added.text),))


def decisions(number: int, added: AddedOption, speech: Speech) -> tuple[tuple[str, Action], ...]:
    """What an organiser can press below a proposal."""
    entry = str(added.entry)
    return (
        (speech.say("button.accept"), Action("addyes", number, entry)),
        (speech.say("button.refuse"), Action("addno", number, entry)),
    )
