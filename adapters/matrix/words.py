"""Text that came from anybody, made fit to be shown: without what can't be sent and what would hide or turn words."""

from __future__ import annotations

import re

LONGEST_NAME = 100
"""Characters of a name that are shown; Matrix itself sets no limit below an event's size."""

_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters, halves of characters, and the marks that turn the direction of the words around them."""


def clean(text: str) -> str:
    """The text as it can be written in an event; line breaks and tabs stay."""
    return _HIDDEN.sub("", text)


def one_line(text: str) -> str:
    """A name as it can stand inside a sentence: on one line, and not endless."""
    # White space first: some of it is among the characters that would be taken out.
    return clean(" ".join(text.split()))[:LONGEST_NAME].strip()
