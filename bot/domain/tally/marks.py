"""What ballots with marks have in common: adding them up, and electing those with most."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from bot.domain.tally.outcome import Outcome, Round, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.sums import counts, exact, table
from bot.domain.tally.ties import Ties, ranked

Figures = Mapping[int, Fraction]


def marks(profile: Profile, most: int | None = None) -> tuple[dict[int, Fraction], int]:
    """The marks of each option, and how many ballots have more than `most` of them and don't count."""
    rows, weights = table(profile), counts(profile)
    marked = rows == 1
    heavy = weights.astype(float)
    if most is not None:
        heavy = heavy * (marked.sum(axis=1) <= most)
    sums = {option: Fraction(exact(heavy @ marked[:, option])) for option in range(rows.shape[1])}
    return sums, exact(weights.sum()) - exact(heavy.sum())


def elected_by_marks(figures: Figures, title: Title, invalid: int, seats: int, ties: Ties) -> Outcome:
    """The options with the highest figures take the seats."""
    winners, tied = ties.seated(ranked(figures), seats)
    return Outcome(winners, tied, (Round(title, figures, elected=winners),), tuple(ties.broken), invalid)
