"""The hygiene of text typed by people: what is kept of it, when it is empty, when two texts read the same.

It knows Unicode and nothing of voting. Limits are counted in characters (code
points) of the cleaned text: what a person sees as one letter may be several.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import combinations

from bot.domain.lookalikes import APOSTROPHES, LATIN
from bot.domain.refusals import Refusal

TITLE_LIMIT = 200
OPTION_LIMIT = 100
TEXT_LIMIT = 500
ECHO_LIMIT = 60
"""Characters of someone's words that a refusal repeats."""

MARKS_KEPT = 4
"""Combining marks kept on one letter: more than any living script stacks, fewer than it takes to climb over a line."""

_BLANKS = frozenset("\t\n\r\v\f\x85")
_STROKES = str.maketrans("I|", "ll")
_JOINERS = frozenset("\u200c\u200d")
_EMOJI_STYLE = "\ufe0f"
# Invisible although Unicode calls them letters, marks or symbols: Hangul fillers, Khmer inherent vowels, the combining
# grapheme joiner, Mongolian and other variation selectors, the blank Braille pattern.
_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def clean_title(text: str) -> str:
    """The title as it will stand on cards, on one line.

    Raises Refusal `title-empty`, `title-too-long`, `unreadable-characters`.
    """
    title = tidy(text)
    if not title:
        raise Refusal("title-empty")
    if len(title) > TITLE_LIMIT:
        raise Refusal("title-too-long", n=TITLE_LIMIT)
    return title


def clean_option(text: str) -> str:
    """The option as it will stand on cards.

    Raises Refusal `option-empty`, `option-too-long`, `unreadable-characters`.
    """
    option = tidy(text)
    if not option:
        raise Refusal("option-empty")
    if len(option) > OPTION_LIMIT:
        raise Refusal("option-too-long", said=shown(option), n=OPTION_LIMIT)
    return option


def clean_text(text: str, limit: int = TEXT_LIMIT) -> str:
    """A sentence or two (a purpose, a reason) on one line. Raises Refusal `text-empty`, `text-too-long`,
    `unreadable-characters`."""
    cleaned = tidy(text)
    if not cleaned:
        raise Refusal("text-empty")
    if len(cleaned) > limit:
        raise Refusal("text-too-long", said=shown(cleaned), n=limit)
    return cleaned


def clean_options(texts: Sequence[str]) -> tuple[str, ...]:
    """Every option, cleaned. Raises Refusal `repeated-option`, naming the two that read the same, besides
    those of `clean_option`."""
    options = tuple(clean_option(text) for text in texts)
    for (first, looks), (second, others) in combinations([(option, _looks(option)) for option in options], 2):
        if not looks.isdisjoint(others):
            raise Refusal("repeated-option", first=shown(first), second=shown(second))
    return options


def tidy(text: str) -> str:
    """The text in NFC on one line, without direction controls, invisible characters or piles of accents.

    Blanks become single spaces. Raises Refusal `unreadable-characters` for control
    characters and for what is no character at all.
    """
    if any(_unreadable(character) for character in text):
        raise Refusal("unreadable-characters", said=shown(text))
    return " ".join(_without_piles(unicodedata.normalize("NFC", _visible(text))).split())


def same(first: str, second: str) -> bool:
    """Whether two texts read the same to the eye: case, spacing and lookalike letters don't count, accents do."""
    return not _looks(first).isdisjoint(_looks(second))


def fold(text: str) -> str:
    """The text for comparing with keys and listed values: no accents, no case, plain apostrophes, single spaces."""
    decomposed = unicodedata.normalize("NFKD", _visible(text).casefold()).translate(APOSTROPHES)
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    letters = unicodedata.normalize("NFKC", bare).casefold().replace("œ", "oe").replace("æ", "ae")
    return " ".join(letters.split())


def shown(text: str, limit: int = ECHO_LIMIT) -> str:
    """Someone's words made safe to repeat back to them, cut to `limit` characters with an ellipsis."""
    readable = "".join(" " if _unreadable(character) else character for character in text[: limit * 8])
    line = " ".join(_without_piles(unicodedata.normalize("NFC", _visible(readable))).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _unreadable(character: str) -> bool:
    if character in _BLANKS:
        return False
    # U+FDD0…U+FDEF and the last two of each plane are promised never to be characters.
    nobody = (ord(character) & 0xFFFE) == 0xFFFE or "\ufdd0" <= character <= "\ufdef"
    return nobody or unicodedata.category(character) in {"Cc", "Cs"}


def _visible(text: str) -> str:
    return "".join(character for index, character in enumerate(text) if not _invisible(text, index))


def _invisible(text: str, index: int) -> bool:
    character = text[index]
    if character in _JOINERS:
        return not (_joined(text[index - 1 : index]) and _joined(text[index + 1 : index + 2]))
    if character == _EMOJI_STYLE:
        after_emoji = unicodedata.category(text[index - 1 : index] or " ") == "So"
        return not (after_emoji or text[index + 1 : index + 2] == "\u20e3")
    return unicodedata.category(character) == "Cf" or bool(_FILLERS.match(character))


def _joined(neighbour: str) -> bool:
    """Whether joiners mean something beside this character: in emoji, and in scripts whose letters join."""
    if not neighbour:
        return False
    if neighbour == _EMOJI_STYLE or unicodedata.category(neighbour) in {"So", "Sk"}:
        return True
    joining = neighbour >= "\u0600" and unicodedata.category(neighbour) in {"Lo", "Mn", "Mc"}
    return joining and not _FILLERS.match(neighbour)


def _without_piles(text: str) -> str:
    kept: list[str] = []
    marks = MARKS_KEPT  # a mark with no letter to stand on is dropped
    for character in text:
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        if marks <= MARKS_KEPT:
            kept.append(character)
    return "".join(kept)


def _looks(text: str) -> frozenset[tuple[str, str]]:
    """What the text can be taken for: texts that share one of these read the same."""
    shape = _shape(text)
    spelling = unicodedata.normalize("NFC", " ".join(_visible(text).casefold().split()))
    return frozenset({("spelling", spelling), ("shape", shape.casefold()), ("strokes", shape.translate(_STROKES))})


def _shape(text: str) -> str:
    """What the text looks like in Latin letters. Case is kept: В looks like B, в does not look like b."""
    # Decomposed first, so that a lookalike letter under an accent is seen; translated again after NFKC, which
    # turns some lookalikes into others.
    latin = unicodedata.normalize("NFD", _visible(text)).translate(LATIN)
    latin = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", latin)).translate(LATIN)
    return unicodedata.normalize("NFKC", " ".join(latin.split()))
