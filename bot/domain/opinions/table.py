"""Answers as numbers in a table, and counts of its columns.

Agree is 1, disagree −1, pass 0. (Polis keeps agree as −1 in its database and as 1 in its published files; only the
direction of the axes depends on it.)

It imports numpy: import it where it is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from bot.domain.opinions.model import Answers, Opinion
from bot.domain.opinions.shown import Tally
from bot.domain.opinions.tallies import Tallies

Table = NDArray[np.float64]
"""A row for each person, a column for each statement; not-a-number where there is no answer."""

_VALUES = {Opinion.AGREE: 1, Opinion.DISAGREE: -1, Opinion.PASS: 0}


def table(answers: Answers, people: Sequence[int], numbers: Sequence[int]) -> Table:
    """The answers of these people to these statements, in these orders; other answers are left out."""
    rows = [answers[alias] for alias in people]
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    total = int(lengths.sum())
    given = chain.from_iterable(row.values() for row in rows)
    values = np.fromiter(map(_VALUES.__getitem__, given), np.float64, total)
    numbered = np.fromiter(chain.from_iterable(rows), np.int64, total)
    column = np.full(1 + max([int(numbered.max(initial=0)), *numbers]), -1)
    column[list(numbers)] = np.arange(len(numbers))
    columns = column[numbered]
    kept = columns >= 0
    filled = np.full((len(rows), len(numbers)), np.nan)
    filled[np.repeat(np.arange(len(rows)), lengths)[kept], columns[kept]] = values[kept]
    return filled


def given(votes: Table) -> NDArray[np.int64]:
    """How many answers each person of the table gave."""
    amounts: NDArray[np.int64] = (~np.isnan(votes)).sum(axis=1)
    return amounts


def counts(votes: Table, numbers: Sequence[int]) -> Tallies:
    """How each statement, a column of the table, was answered."""
    each = [(votes == _VALUES[opinion]).sum(axis=0) for opinion in (Opinion.AGREE, Opinion.DISAGREE, Opinion.PASS)]
    return {number: Tally(*(int(row[index]) for row in each)) for index, number in enumerate(numbers)}
