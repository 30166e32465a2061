"""A confidential ballot's code in words: what it is, what it will show, what became of it."""

from __future__ import annotations

from bot.domain.receipts import Receipt
from bot.domain.sealed import grouped
from bot.text.card import Line
from bot.text.catalogue import Speech


def code_words(code: str, speech: Speech) -> str:
    """The code alone, for where little room is left; '' where there is none."""
    return speech.say("code.short", code=grouped(code)) if code else ""


def code_lines(receipt: Receipt, code: str, speech: Speech) -> tuple[Line, ...]:
    """The code, that it is to be kept, and what it shows after the closing; nothing where there is none."""
    if not code:
        return ()
    shown = grouped(code)
    return (
        speech.line("code.keep", code=shown),
        speech.line(f"sealed.shows-{receipt.value}", code=shown),
    )
