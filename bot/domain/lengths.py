"""The grammar of lengths of time: "24h", "2 jours", "1d 12h", "une semaine", in French and in English.

It reads folded text and knows no date. Months and years have no fixed length: they
are understood and refused.
"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise

from bot.domain.calendar_words import LOOSE_UNITS, NUMBERS, UNITS
from bot.domain.refusals import Refusal

_COUNT = rf"[0-9]{{1,7}}|(?:{'|'.join(NUMBERS)})(?=\s)"
_AMOUNT = re.compile(rf"({_COUNT})\s*({'|'.join([*UNITS, *LOOSE_UNITS])})(?![a-z'])\s*(?:(?:,|et\b|and\b|&)\s*)?")
_HOURS_MINUTES = re.compile(r"([0-9]{1,3})\s*h\s*([0-5][0-9])(?![0-9a-z:])\s*")


def read_length(plain: str, said: str) -> timedelta | None:
    """The length of time that a folded text means, None if it is no length. Raises Refusal `duration-loose`."""
    lasting, rest = read_amounts(plain, said)
    return lasting if not rest else None


def read_amounts(plain: str, said: str) -> tuple[timedelta | None, str]:
    """The length of time a folded text begins with, and what follows it."""
    amounts: list[tuple[timedelta, int]] = []
    place = 0
    while found := _HOURS_MINUTES.match(plain, place) or _AMOUNT.match(plain, place):
        if found.re is _HOURS_MINUTES:
            amounts += [(timedelta(hours=1), int(found[1])), (timedelta(minutes=1), int(found[2]))]
        elif found[2] in LOOSE_UNITS:
            raise Refusal("duration-loose", said=said)
        else:
            amounts.append((UNITS[found[2]], NUMBERS.get(found[1]) or int(found[1])))
        place = found.end()
    # "2j 3j" or "1h 2j" is a slip: which of them was meant isn't ours to guess.
    if not amounts or any(first <= second for (first, _), (second, _) in pairwise(amounts)):
        return None, plain
    return sum((unit * count for unit, count in amounts), timedelta()), plain[place:]
