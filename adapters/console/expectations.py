"""What the last act caused, and whether an expectation holds of it.

Texts are compared as a reader sees them: case and accents count; the width of a
space, the curl of an apostrophe and invisible marks don't.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from adapters.console.acts import Expect
from adapters.console.world import buttons_of
from bot.text.card import Card

Kind = Literal["post", "edit", "toast"]
_SPACES = re.compile(r"[^\S\n]+")
_CURLS = str.maketrans("’‘“”«»", '\'\'""""')


@dataclass(frozen=True, slots=True)
class Seen:
    """Something people saw: in `place` (`#room`, or the name of a person told alone)."""

    place: str
    kind: Kind
    text: str


class Unmet(Exception):
    """The scenario stops: an expectation that does not hold, with what was seen instead."""

    def __init__(self, expected: Expect, seen: Sequence[Seen]) -> None:
        super().__init__(f"line {expected.line}")
        self.line = expected.line
        self.expected = expected
        self.seen = tuple(seen)


def readable(card: Card, file: str = "") -> str:
    """Everything the card says: its lines, the words of its picture, the line that stands for its file, its buttons."""
    labels = " ".join(f"[{button.label}]" for button in buttons_of(card))
    picture = card.image.alternative if card.image else ""
    return "\n".join(part for part in (card.plain, picture, file, labels) if part)


def judge(expected: Expect, seen: Sequence[Seen]) -> None:
    """Raises Unmet unless the expectation is true of what was seen."""
    if bool(_matching(expected, seen)) == expected.absent:
        raise Unmet(expected, seen)


def _matching(expected: Expect, seen: Sequence[Seen]) -> list[Seen]:
    here = [one for one in seen if expected.place in ("", one.place)]
    if expected.text is None:
        return here
    wanted = as_read(expected.text)
    return [one for one in here if wanted in as_read(one.text)]


def as_read(text: str) -> str:
    """The text without what a reader can't tell apart: kinds of spaces and quotes, invisible marks, composition."""
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(letter for letter in composed if unicodedata.category(letter) != "Cf")
    return _SPACES.sub(" ", visible).translate(_CURLS)
