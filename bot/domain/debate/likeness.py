"""Which published arguments a new one resembles, so that its author can support one instead of repeating it.

Two texts are alike when the mean of two figures reaches `ALIKE`: the share of words
they have in common (Dice, "Measures of the amount of ecologic association between
species", 1945), and how much of the one stands in the other in the same order (Ratcliff
and Obershelp's ratio, as in difflib). It is about wording, not meaning, and in doubt it
says nothing: who posts anyway is never stopped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from bot.domain.debate.model import Argument

ALIKE = 0.65
"""The least likeness that is shown. Tried on ArgKP 2021: every copy with one word changed is found, and hardly
ever an argument of another topic."""

_COMMON = 0.5
"""Texts that share fewer words than this can't reach `ALIKE` often enough to be compared in order."""

_COMPARED = 25
"""How many of the closest by words are compared in order: bounds the time, whatever was typed."""

_ACCENTS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"\w+")
_LITTLE_WORDS = (
    "a ai au aux avec c ce ces cet cette d dans de des du elle en est et il ils j je l la le les leur lui m ma mais me "
    "mes n ne nos notre nous on ou par pas plus pour qu que qui s sa sans se ses si son sont sur t tu un une vos votre "
    "vous y an and are as at be by for from has have he i if in is it its not of or our she so that the their them "
    "there they this to was we were which will with would you your"
)
_STOP = frozenset(_LITTLE_WORDS.split())


def similar(text: str, existing: Sequence[Argument], at_most: int = 3) -> tuple[Argument, ...]:
    """The arguments that read nearly like this text, the most alike first. Give those of the same kind."""
    words, kept = _words(text)
    close = sorted(
        ((share, argument) for argument in existing if (share := _common(kept, _words(argument.text)[1])) >= _COMMON),
        key=lambda pair: (-pair[0], pair[1].number),
    )[:_COMPARED]
    scored = [((share + _in_order(words, _words(argument.text)[0])) / 2, argument) for share, argument in close]
    found = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: (-pair[0], pair[1].number))
    return tuple(argument for _, argument in found[:at_most])


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Every word in order without case, accents and plural endings; and the set of those that carry meaning."""
    letters = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    words = tuple(word if len(word) < 4 else word.rstrip("sx") or word for word in _WORD.findall(letters))
    return words, frozenset(words) - _STOP or frozenset(words)


def _common(first: frozenset[str], second: frozenset[str]) -> float:
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def _in_order(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
