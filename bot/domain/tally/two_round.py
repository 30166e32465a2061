"""Two rounds: more than half of the first choices wins at once; else the two with most go to a second round.

Accepts rankings, from which the second round is worked out: each ballot counts for the
one of the two that it ranks higher. A ballot that names several first is invalid. Blank
ballots are counted apart and change nothing. One seat. Ties for the second round and in
it: the declared rule. Source: the two-round system as in article 7 of the French
Constitution.
"""

from __future__ import annotations

from fractions import Fraction

from bot.domain.tally.marks import marks
from bot.domain.tally.outcome import Outcome, Round, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.sums import duels
from bot.domain.tally.ties import Ties, ranked


def two_round(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who wins. Rounds: first choices, and the second round if it is needed."""
    assert seats == 1
    votes, invalid = marks(profile, most=1)
    groups = ranked(votes)
    first = groups[0][0]
    if len(votes) == 1 or 2 * votes[first] > sum(votes.values()):
        return Outcome((first,), (), (Round(Title.FIRST_CHOICES, votes, elected=(first,)),), (), invalid)
    through, tied = ties.seated(groups, 2)
    if tied:
        return Outcome((), tied, (Round(Title.FIRST_CHOICES, votes),), tuple(ties.broken), invalid)
    out = tuple(option for option in votes if option not in through)
    a, b = through
    won = duels(profile, through)
    second = {a: Fraction(won[0][1]), b: Fraction(won[1][0])}
    winners, tied = ties.seated(ranked(second), 1)
    rounds = (
        Round(Title.FIRST_CHOICES, votes, eliminated=out),
        Round(Title.RUNOFF, second, elected=winners, about=(a, b)),
    )
    return Outcome(winners, tied, rounds, tuple(ties.broken), invalid)
