"""What people's applications do for them: find the button with a label, the card that a number answers.

It looks at what stands in a chat, as a person would, and knows no rule of any vote.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from adapters.console.acts import Press
from adapters.console.expectations import as_read
from adapters.console.world import Message, buttons_of
from bot.text.card import Button, Card


@dataclass(frozen=True, slots=True)
class Found:
    """The button to press, the message it is on, and whether it stood there only before the last edit."""

    button: Button
    message: Message
    stale: bool = False


class Unpressable(Exception):
    """The scenario stops: no button, or more than one, answers to the label. `shown` could have been meant."""

    def __init__(self, act: Press, shown: Sequence[Button], ambiguous: bool) -> None:
        super().__init__(f"line {act.line}")
        self.line = act.line
        self.act = act
        self.shown = tuple(button.label for button in shown)
        self.ambiguous = ambiguous


def find_button(act: Press, messages: Iterable[Message]) -> Found:
    """The button with this label, or the only one containing it, on the latest message that has one.

    A button that has gone from its message can still be pressed by someone whose
    screen has not changed yet, so it is tried last. Raises Unpressable.
    """
    latest_first = list(messages)
    for message in latest_first:
        button = _labelled(act, message.buttons)
        if button:
            return Found(button, message)
    for message in latest_first:
        for card in reversed(message.former):
            button = _labelled(act, buttons_of(card))
            if button:
                return Found(button, message, stale=True)
    shown = next((message.buttons for message in latest_first if message.buttons), ())
    raise Unpressable(act, shown, ambiguous=False)


def _labelled(act: Press, buttons: Sequence[Button]) -> Button | None:
    wanted = as_read(act.label).strip()
    ways: tuple[Callable[[str], bool], ...] = (
        lambda shown: shown == wanted,
        lambda shown: wanted in shown,
        lambda shown: wanted.casefold() in shown.casefold(),
    )
    for way in ways:
        matches = [button for button in buttons if way(as_read(button.label).strip())]
        if len(matches) > 1:
            raise Unpressable(act, matches, ambiguous=True)
        if matches:
            return matches[0]
    return None


def card_to_answer(messages: Iterable[Message]) -> Message | None:
    """The card that a number typed in the room is for: the latest that offers a choice, else the latest that could be
    pressed at all; None where no card stands."""
    latest_first = list(messages)
    offering = (message for message in latest_first if offers_choice(message.card))
    return next(offering, next((message for message in latest_first if message.ever_pressable), None))


def offers_choice(card: Card) -> bool:
    """Whether two of its buttons ask for the same thing with another argument: options to choose from."""
    asked = Counter(
        (button.action.verb, button.action.number)
        for button in buttons_of(card)
        if button.action and button.action.argument
    )
    return any(times > 1 for times in asked.values())
