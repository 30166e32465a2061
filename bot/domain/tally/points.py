"""Points: each ballot shares out points among the options; most points win.

Accepts scores. How many points a ballot may hand out is a rule for ballots, checked
when they are cast: cumulative ballots spend at most a fixed sum, quadratic ones at
most a fixed sum of squares (`spent` says what a ballot costs). Blank ballots are
counted apart and change nothing. Several seats: most points. Ties: the declared rule.
Sources: C. L. Dodgson, The Principles of Parliamentary Representation, 1884 (cumulative);
S. P. Lalley and E. G. Weyl, "Quadratic Voting", AEA Papers and Proceedings 108 (2018).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from bot.domain.tally.marks import elected_by_marks
from bot.domain.tally.outcome import Outcome, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.score import totals
from bot.domain.tally.ties import Ties


def points(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who has most points. The round's figures are points."""
    return elected_by_marks(totals(profile), Title.POINTS, 0, seats, ties)


def spent(given: Iterable[Fraction], *, quadratic: bool) -> Fraction:
    """What a ballot's points cost its voter: their sum, or the sum of their squares."""
    return sum((abs(each) ** (2 if quadratic else 1) for each in given), Fraction(0))
