"""The figures of one count of answers: shares that allow for chance, and tests of proportions.

The formulas are those of Polis (compdemocracy/polis, `math/src/polismath/math/stats.clj` and
`repness.clj`), described in C. Small, M. Bjorkegren, T. Erkkilä, L. Shaw and C. Megill,
"Polis: Scaling deliberation by mapping high dimensional opinion spaces", Recerca 26(2), 2021.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from bot.domain.opinions.model import Opinion
from bot.domain.opinions.shown import Tally

SIGNIFICANT = 1.2816
"""The value that a standard normal variable exceeds once in ten times: Polis' one-sided test at 90 %."""

Tallies = Mapping[int, Tally]
"""Counts by statement; a statement that nobody answered is there too."""


def less(whole: Tally, part: Tally) -> Tally:
    """What is left of a count without a part of it."""
    return Tally(whole.agrees - part.agrees, whole.disagrees - part.disagrees, whole.passes - part.passes)


def chosen(tally: Tally, opinion: Opinion) -> int:
    """How many agreed, or disagreed."""
    return tally.agrees if opinion is Opinion.AGREE else tally.disagrees


def likely(tally: Tally, opinion: Opinion) -> float:
    """The share that gave this answer, one imagined person each way added: (chosen + 1) / (seen + 2), passes seen.

    So one answer out of one is two thirds, no answer at all a half."""
    return (chosen(tally, opinion) + 1) / (tally.seen + 2)


def more_than_half(tally: Tally, opinion: Opinion) -> float:
    """The z value of "more than half give this answer": 2 √(n+1) ((chosen+1)/(n+1) − ½)."""
    n = tally.seen + 1
    return 2 * sqrt(n) * ((chosen(tally, opinion) + 1) / n - 0.5)


def more_than(tally: Tally, rest: Tally, opinion: Opinion) -> float:
    """The z value of "these give this answer more often than the rest", by pooled proportions, 1 added to each count;
    0 where every one of them gave it."""
    inside, outside = chosen(tally, opinion) + 1, chosen(rest, opinion) + 1
    n, m = tally.seen + 1, rest.seen + 1
    pooled = (inside + outside) / (n + m)
    if pooled >= 1:
        return 0.0
    return (inside / n - outside / m) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
