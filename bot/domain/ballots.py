"""What a voter may express, and how a gesture turns the ballot they had into the ballot they have.

A choice is the sorted numbers of the chosen options. Its canonical text (`2`,
`1,3`) is what the database stores, so that it can merge equal ballots itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.consultation import BallotType, Definition
from bot.domain.refusals import Refusal

Choice = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Press:
    """One press on an option's button: chooses it on a single choice, turns it on or off on an approval ballot."""

    option: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole ballot, typed."""

    options: Choice


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """No ballot at all: as if the voter had not voted."""


Gesture = Press | Answer | Withdrawal


def amend(definition: Definition, previous: Choice | None, gesture: Gesture) -> Choice | None:
    """The ballot after the gesture, None when there is none left.

    Pressing a single choice again leaves it as it is (a double tap must not undo a
    vote). An approval ballot emptied by presses is withdrawn, one short of options
    stays but does not count. Raises Refusal
    `no-such-option`, `too-many-choices`, `too-few-choices`.
    """
    match gesture:
        case Withdrawal():
            return None
        case Answer(options):
            return _checked(definition, tuple(sorted(set(options))))
        case Press(option):
            return _pressed(definition, previous, option)


def _pressed(definition: Definition, previous: Choice | None, option: int) -> Choice | None:
    if definition.ballot is BallotType.SINGLE:
        return _checked(definition, (option,))
    # Someone who must choose three starts with one, and takes one off before choosing another: the ballot is taken
    # and completed press by press, and counted only once it is complete (see `complete`).
    chosen = _known(definition, tuple(sorted(set(previous or ()) ^ {option})))
    return chosen or None


def complete(definition: Definition, choice: Choice) -> bool:
    """Whether the ballot has at least as many options as the rules ask, so that it counts."""
    return len(choice) >= definition.at_least


def _checked(definition: Definition, options: Choice) -> Choice:
    _known(definition, options)
    if len(options) < definition.at_least:
        raise Refusal("too-few-choices", n=definition.at_least)
    return options


def _known(definition: Definition, options: Choice) -> Choice:
    for number in options:
        if definition.option(number) is None:
            raise Refusal("no-such-option", option=str(number), last=len(definition.options))
    if len(options) > definition.at_most:
        raise Refusal("too-many-choices", n=definition.at_most)
    return options


def to_text(choice: Choice) -> str:
    """The canonical text of a choice: `2`, `1,3`."""
    return ",".join(str(number) for number in choice)


def from_text(text: str) -> Choice:
    """The choice a canonical text stands for. Raises ValueError for anything else."""
    return tuple(int(number) for number in text.split(","))
