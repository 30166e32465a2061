"""Instant run-off: the option with fewest first choices leaves, until one has more than half.

Accepts rankings, partial allowed. Each paper counts for its highest option that is
still in; a paper without one is exhausted and no longer counts towards the half. A rank
that holds several options is an overvote: the paper is exhausted there, and invalid if
it was its first. Blank ballots are counted apart. One seat.

Ties: of those with fewest, the one with fewest in the latest earlier round that tells
them apart leaves; else the declared rule, else the last of them in the order of the
options (the outcome says so). Options that have been level in every round, with no
other left, are tied. Source: T. Hare's and W. R. Ware's method; A. Reynolds et al.,
Electoral System Design, International IDEA 2005, "Alternative Vote".
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from bot.domain.tally.outcome import Outcome, Purpose, Round, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.ties import Ties


def irv(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who wins, with the figures of every round."""
    from bot.domain.tally.papers import WHOLE, Papers

    assert seats == 1
    papers = Papers(profile)
    rounds: list[Round] = []
    staying = set(range(len(profile.options)))
    about: tuple[int, ...] = ()
    while True:
        totals = papers.totals()
        votes = {option: Fraction(totals[option], WHOLE) for option in sorted(staying)}
        past = [each.tallies for each in rounds]
        title = Title.TRANSFER if about else Title.FIRST_CHOICES
        winners, tied = _decided(votes, past, ties)
        if winners or tied:
            rounds.append(Round(title, votes, elected=winners, about=about))
            return Outcome(winners, tied, tuple(rounds), tuple(ties.broken), papers.invalid)
        fewest = min(votes.values())
        out = ties.lowest([o for o in votes if votes[o] == fewest], past, Purpose.ELIMINATION)
        rounds.append(Round(title, votes, eliminated=(out,), about=about))
        about = (out,)
        staying.discard(out)
        papers.pass_on(out, staying)


def _decided(
    votes: dict[int, Fraction], past: list[Mapping[int, Fraction]], ties: Ties
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Who has won and who is left tied, if it can be told yet."""
    most, left = max(votes.values()), list(votes)
    first = next(option for option in votes if votes[option] == most)
    if len(left) == 1 or 2 * most > sum(votes.values()):
        return (first,), ()
    level = all(votes[option] == most for option in left)
    if level and all(len({figures[option] for option in left}) == 1 for figures in past):
        return ties.seated([left], 1)
    return (), ()
