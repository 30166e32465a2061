"""Transferable ballot papers: each lies on the pile of its first option that is still in the count.

A paper whose next rank holds several options says no more from there on (an overvote);
one that says so at its first rank is invalid. Where the profile's variant is
`ONE_CONTINUING` only those of them count that are still in. Papers carry a value in units of 1/100000
of a vote. It imports numpy: import it where it is needed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.tally.profile import ONE_CONTINUING, Profile
from bot.domain.tally.sums import UNRANKED, counts, table, unranked_last

if TYPE_CHECKING:
    from bot.domain.tally.sums import Rows

WHOLE = 100_000
"""The value of a paper that has not been transferred."""


class Papers:
    """The piles of papers, which move as options leave the count."""

    def __init__(self, profile: Profile) -> None:
        self._shared = profile.variant == ONE_CONTINUING
        self._ranks = unranked_last(table(profile)) if self._shared else _until_shared(table(profile))
        first = self._ranks.min(axis=1, initial=UNRANKED)
        readable = (first < UNRANKED) & ((self._ranks == first[:, None]).sum(axis=1) == 1)
        everyone = counts(profile)
        self.invalid = int(everyone[~readable].sum())
        self._ranks = self._ranks[readable]
        self._counts = everyone[readable]
        self._options = len(profile.options)
        self._values = np.full(len(self._counts), WHOLE, np.int64)
        self._piles = self._ranks.argmin(axis=1)
        self._kept: dict[int, int] = {}

    @property
    def valid(self) -> int:
        """How many papers have a first choice."""
        return int(self._counts.sum())

    def totals(self) -> dict[int, int]:
        """What each option's pile is worth, in units."""
        found = {option: self._kept.get(option, 0) for option in range(self._options)}
        for value in np.unique(self._values):
            same = self._values == value
            worth = np.bincount(self._piles[same], self._counts[same].astype(np.float64), self._options + 1)
            for option in found:
                found[option] += int(worth[option]) * int(value)
        return found

    def keep(self, option: int, units: int) -> None:
        """Leave this much with an option whose papers have gone on."""
        self._kept[option] = units

    def revalue(self, option: int, surplus: int, total: int) -> None:
        """Multiply the value of each paper of the pile by `surplus / total`, dropping what is below a unit."""
        pile = self._piles == option
        for value in np.unique(self._values[pile]):
            new = int(value) * surplus // total
            self._values[pile & (self._values == value)] = new

    def pass_on(self, option: int, staying: Collection[int]) -> None:
        """Move each paper of the pile to the next option it ranks among those staying, or out of the count."""
        rows = np.flatnonzero(self._piles == option)
        stay = np.array(sorted(staying), np.int64)
        if not len(stay):
            self._piles[rows] = self._options
            return
        ranks = self._ranks[np.ix_(rows, stay)]
        best = ranks.argmin(axis=1)
        level = ranks[np.arange(len(rows)), best]
        spent = level == UNRANKED
        if self._shared:
            spent |= (ranks == level[:, None]).sum(axis=1) > 1
        self._piles[rows] = np.where(spent, self._options, stay[best])


def _until_shared(rows: Rows) -> Rows:
    """The ranks up to the first that holds several options, without it."""
    ranks = unranked_last(rows)
    said = (rows > 0).sum(axis=1)
    shared = np.flatnonzero(said > rows.max(axis=1, initial=0))
    if len(shared):
        part = ranks[shared]
        lined = np.sort(part, axis=1)
        twice = (lined[:, 1:] == lined[:, :-1]) & (lined[:, 1:] < UNRANKED)
        limit = lined[np.arange(len(shared)), twice.argmax(axis=1)]
        part[part >= limit[:, None]] = UNRANKED
        ranks[shared] = part
    return ranks
