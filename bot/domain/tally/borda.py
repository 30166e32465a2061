"""Borda: an option gets one point for each option that a ballot ranks below it, and half a point for each it ties with.

A ballot over n options thus gives n - 1 points to its first and 0 to its last;
options it doesn't rank share the last place, and the points of shared places are
averaged. Accepts rankings, partial or with ties. Blank ballots are counted apart and
change nothing. Several seats: most points. Ties: the declared rule. Sources:
J.-C. de Borda, "Mémoire sur les élections au scrutin", 1781; for ties and partial
rankings ("average" or "tournament" Borda), M. Dummett, Principles of Electoral
Reform, 1997.
"""

from __future__ import annotations

from fractions import Fraction

from bot.domain.tally.marks import elected_by_marks
from bot.domain.tally.outcome import Outcome, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.sums import duels
from bot.domain.tally.ties import Ties


def borda(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who has most points. The round's figures are points, which may be halves."""
    won, voters = duels(profile), profile.valid
    options = range(len(profile.options))
    points = {
        a: sum((Fraction(voters + won[a][b] - won[b][a], 2) for b in options if b != a), Fraction(0)) for a in options
    }
    return elected_by_marks(points, Title.POINTS, 0, seats, ties)
