"""Score (range) voting: each ballot gives any option a score; the highest total wins.

Accepts scores; an option without one gets nothing from that ballot. Blank ballots are
counted apart and change nothing. Several seats: the highest totals. Ties: the declared
rule. Source: W. D. Smith, "Range voting", 2000.
"""

from __future__ import annotations

from fractions import Fraction

from bot.domain.tally.marks import elected_by_marks
from bot.domain.tally.outcome import Outcome, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.sums import by_level
from bot.domain.tally.ties import Ties


def score(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who has the highest total. The round's figures are totals."""
    return elected_by_marks(totals(profile), Title.SCORES, 0, seats, ties)


def totals(profile: Profile) -> dict[int, Fraction]:
    """The sum of each option's scores."""
    return {
        option: sum((value * number for value, number in zip(profile.values, given[1:], strict=False)), Fraction(0))
        for option, given in enumerate(by_level(profile))
    }
