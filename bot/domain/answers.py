"""From what a voter types to a ballot: numbers, names of options, or a withdrawal.

It never guesses between two options: a wrong ballot is worse than a second
question. Whether the ballot is allowed (how many choices) is for `ballots`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.domain.ballots import Answer, Withdrawal
from bot.domain.consultation import Option
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import ABSTENTIONS, BLANKS
from bot.domain.words import OPTION_LIMIT, fold, shown

LONGEST = 5000
"""Characters of a typed ballot that are read: every option of the longest list, by its name."""

_DASHES = frozenset("-–—−")
_WITHDRAWALS = frozenset({"withdraw", "retirer", "retrait"})
_SEPARATORS = re.compile(r"[,;+&\n]|\s(?:et|and)\s", re.IGNORECASE)
_NUMBER = re.compile(r"0*([0-9]{1,3})[.)]?")
_NAMED_NUMBER = re.compile(r"(?:#|n\s?[°º]|no\.?\s)\s*0*([0-9]{1,3})", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“”„«‘']\s*(.+?)\s*[\"“”»’']")
_BRACKETED = re.compile(r"\s*\([^()]*\)$")
_SYNONYMS = (
    frozenset({"oui", "yes"}),
    frozenset({"non", "no"}),
    frozenset({"pour", "for"}),
    frozenset({"contre", "against"}),
    ABSTENTIONS,
    BLANKS,
)


def answer(text: str, options: Sequence[Option]) -> Answer | Withdrawal:
    """The ballot that "2", "1,3", "1 et 3", "Library", "yes" or "-" means for these options.

    `#2` is always the number, a quoted text always the name. Numbers are not checked against the options here.
    Raises Refusal `answer-unknown`, `answer-ambiguous`, `answer-several`.
    """
    if is_withdrawal(text, options):
        return Withdrawal()
    if len(text) > LONGEST:
        raise Refusal("answer-unknown", said=shown(text))
    whole = option_called(text, options)
    if whole is not None:
        return Answer((whole,))
    items = dict.fromkeys(_items(text))
    if len(items) > 2 * len(options):
        raise Refusal("answer-unknown", said=shown(text))
    return Answer(tuple(sorted({_known(item, options) for item in items})))


def is_withdrawal(text: str, options: Sequence[Option]) -> bool:
    """Whether the text takes the ballot back: a dash, or a word for it that is no option's name."""
    if text.strip() in _DASHES:
        return True
    return len(text) <= LONGEST and fold(text) in _WITHDRAWALS and option_called(text, options) is None


def _items(text: str) -> list[str]:
    parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
    spaced = [word for part in parts for word in part.split()]
    return (spaced if all(_NUMBER.fullmatch(word) for word in spaced) else parts) or [text]


def _known(item: str, options: Sequence[Option]) -> int:
    number = option_called(item, options)
    if number is None:
        raise Refusal("answer-unknown", said=shown(item))
    return number


def option_called(item: str, options: Sequence[Option]) -> int | None:
    """The number of the one option meant, None if it is understood as none. The number isn't checked against them.

    Raises Refusal `answer-ambiguous`, `answer-several`.
    """
    item = item.strip()
    if found := _NAMED_NUMBER.fullmatch(item):
        return int(found[1])
    quoted = _QUOTED.fullmatch(item)
    named = _named(quoted[1] if quoted else item, options)
    found = None if quoted else _NUMBER.fullmatch(item)
    if len(named) > 1:
        raise Refusal("answer-several", said=shown(item), options=tuple(_listed(option) for option in named))
    if not named:
        return int(found[1]) if found else None
    if found and int(found[1]) != named[0].number and any(int(found[1]) == option.number for option in options):
        raise Refusal("answer-ambiguous", said=shown(item), number=found[1], option=_listed(named[0]))
    return named[0].number


def _listed(option: Option) -> str:
    return f"{option.number}. {shown(option.text)}"


def _named(label: str, options: Sequence[Option]) -> list[Option]:
    """The options called so: exactly, else but for accents and case, else but for signs around, else by a synonym, else
    but for what stands in brackets at the end of the option, as the cost of a project does."""
    words = fold(label)
    if not words or len(words) > 2 * OPTION_LIMIT:
        return []
    bare = _bare(words)
    wanted = next((synonyms for synonyms in _SYNONYMS if bare in synonyms), frozenset[str]())
    names = [(option, *_folded(option.text)) for option in options]
    matches = (
        [option for option, _, _ in names if option.text == label],
        [option for option, name, _ in names if name == words],
        [option for option, _, name in names if name == bare != ""],
        [option for option, _, name in names if name in wanted],
        [option for option, name, _ in names if _BRACKETED.sub("", name) == words],
    )
    return next((found for found in matches if found), [])


@lru_cache(maxsize=1024)
def _folded(name: str) -> tuple[str, str]:
    """An option's name as it is compared. Remembered: whole rooms answer at once, and folding is dear."""
    words = fold(name)
    return words, _bare(words)


def _bare(words: str) -> str:
    """The folded words without the signs or emoji around them."""
    return re.sub(r"^\W+|\W+$", "", words)
