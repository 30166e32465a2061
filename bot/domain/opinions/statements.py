"""Statements as people write them: what is kept of one, and whether another one says the same."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category

from bot.domain.opinions.model import OpinionRules, Statement
from bot.domain.refusals import Refusal
from bot.domain.words import fold, tidy


def read_statement(text: str, rules: OpinionRules) -> str:
    """The statement as it will be shown, on one line.

    Raises Refusal `statement-empty`, `statement-too-long` (its characters and the most there may be),
    `unreadable-characters`.
    """
    statement = tidy(text)
    if not _letters(statement):
        raise Refusal("statement-empty", most=rules.length)
    if len(statement) > rules.length:
        raise Refusal("statement-too-long", n=len(statement), most=rules.length)
    return statement


def same_statement(text: str, existing: Iterable[Statement]) -> Statement | None:
    """The first statement with the same words: case, accents, punctuation and spacing don't count."""
    words = _letters(text)
    return next((statement for statement in existing if _letters(statement.text) == words), None)


def _letters(text: str) -> str:
    """The letters, digits and symbols (a plus, an emoji) of a text; punctuation separates words."""
    return " ".join(
        "".join(" " if category(character).startswith("P") else character for character in fold(text)).split()
    )
