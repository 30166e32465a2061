"""Sums over all ballots of a profile, as exact whole numbers.

The table of ballots is numpy's, loaded when the first profile is counted. Sums go
through floating point only where every partial sum is a whole number below 2**53.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import TYPE_CHECKING

from bot.domain.tally.profile import Profile

if TYPE_CHECKING:
    from numpy import bool_, float64, int64, uint16
    from numpy.typing import NDArray

    Rows = NDArray[uint16]
    Counts = NDArray[int64]
    Weights = NDArray[float64]
    Flags = NDArray[bool_]

UNRANKED = 65535
"""The level of what a ballot doesn't rank, where lower is better."""
MOST_BALLOTS = 10**12
"""More ballots than this are not summed exactly: readers refuse them."""
_AT_ONCE = 1 << 22


def table(profile: Profile) -> Rows:
    """The ballots, one row each, with a column of levels for each option."""
    import numpy as np

    return np.frombuffer(b"".join(profile.ballots), np.uint16).reshape(len(profile.ballots), len(profile.options))


def counts(profile: Profile) -> Counts:
    """How many ballots each row stands for."""
    import numpy as np

    return np.fromiter(profile.ballots.values(), np.int64, len(profile.ballots))


def by_level(profile: Profile) -> list[list[int]]:
    """For each option, how many ballots give it each level, from level 0 on."""
    import numpy as np

    rows, weights = table(profile), counts(profile).astype(np.float64)
    highest = int(rows.max(initial=0)) + 1
    columns = (np.bincount(rows[:, option], weights, highest) for option in range(rows.shape[1]))
    return [[int(number) for number in column] for column in columns]


def duels(profile: Profile, between: Sequence[int] = ()) -> list[list[int]]:
    """`duels[a][b]`: how many ballots rank the option a strictly before b, of all options or of those given, in their
    order. Unranked options are last, and equal."""
    rows = table(profile)[:, list(between)] if between else table(profile)
    return preferred(unranked_last(rows), counts(profile))


def preferred(ranks: Rows, weights: Counts) -> list[list[int]]:
    """`preferred[a][b]`: the weight of the rows where a's number is lower than b's."""
    import numpy as np

    options = ranks.shape[1]
    found = np.zeros((options, options))
    # Most rows stand for one ballot where there are many: those are counted, which takes a tenth of the time of adding.
    single = weights == 1
    lone = ranks[single]
    for part in _parts(*lone.shape):
        columns = np.ascontiguousarray(lone[part].T)
        for a, b in permutations(range(options), 2):
            found[a, b] += np.count_nonzero(columns[a] < columns[b])
    several, heavy = ranks[~single], weights[~single].astype(np.float64)
    for part in _parts(*several.shape):
        columns = np.ascontiguousarray(several[part].T)
        for option in range(options):
            found[option] += (columns[option] < columns).astype(np.float64) @ heavy[part]
    return [[int(number) for number in line] for line in found]


def unranked_last(rows: Rows) -> Rows:
    """Rankings in which what isn't ranked comes after everything that is."""
    import numpy as np

    # 0 - 1 wraps around to the highest number there is.
    return rows - np.uint16(1)


def _parts(rows: int, options: int) -> Iterator[slice]:
    step = max(_AT_ONCE // max(options, 1), 1)
    return (slice(start, start + step) for start in range(0, rows, step))


def exact(total: float64 | int64) -> int:
    """A sum of whole numbers as Python's own."""
    return int(total)
