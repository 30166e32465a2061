"""Keeping a card within what a message can hold: texts cut, and the richest card that still fits.

Lengths are counted in UTF-16 code units, the widest count of the platforms, on the
card as plain lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.text.card import Block, Card

CARD_LIMIT = 3_500
"""The most a card may hold: well under the 4,096 of a Telegram message, whatever an adapter adds."""


def length(text: str) -> int:
    """The text's length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis where it is longer than `most` code units."""
    if length(text) <= most:
        return text
    kept = text[: most - 1]
    while length(kept) >= most:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def fits(card: Card, spare: int = 0) -> bool:
    """Whether a message can hold the card, and so many characters more."""
    return length(card.plain) + spare <= CARD_LIMIT


def first_fitting(cards: Iterable[Card]) -> Card:
    """The first card that fits, else the last one: give the richest first, and one that always fits last."""
    found: Card | None = None
    for card in cards:
        found = card
        if fits(card):
            break
    assert found is not None
    return found


def in_messages(first: Sequence[Block], entries: Iterable[Sequence[Block]], spare: int = 0) -> list[Card]:
    """The entries in as few cards as hold them, in order and none split, the first card beginning with `first`, each
    card with so many characters to spare."""
    cards = [Card(tuple(first))]
    for entry in entries:
        longer = Card((*cards[-1].blocks, *entry))
        if fits(longer, spare) or not cards[-1].blocks:
            cards[-1] = longer
        else:
            cards.append(Card(tuple(entry)))
    return cards
