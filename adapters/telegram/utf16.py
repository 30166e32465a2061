"""Lengths as Telegram counts them: in UTF-16 code units, two for every character beyond the basic plane.

It knows text and numbers only: no entity, no limit of Telegram's.
"""

from __future__ import annotations

import re

ELLIPSIS = "…"

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def length(text: str) -> int:
    """The number of UTF-16 code units of the text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """The text with lone surrogates, which JSON can smuggle in and UTF-8 can't carry, replaced by U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def head(text: str, units: int) -> str:
    """The longest beginning of the text of at most so many code units; no character is cut in two."""
    if len(text) <= units and length(text) <= units:
        return text
    used = 0
    for index, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > units:
            return text[:index]
    return text


def shorten(text: str, units: int) -> str:
    """The text itself if it fits in so many code units, else its beginning and an ellipsis."""
    return text if length(text) <= units else head(text, units - 1).rstrip() + ELLIPSIS
