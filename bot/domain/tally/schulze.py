"""Schulze: an option wins when its strongest chain of duels to each other one is no weaker than the chain back.

A duel between two options is won by the one that more ballots rank higher; its strength
is how many do (winning votes). A chain is as strong as its weakest duel. Accepts
rankings, partial or with ties: what a ballot doesn't rank is last, and equal. Blank
ballots are counted apart and change nothing. Several seats: the order of the chains.
Options that no chain tells apart are tied; then the declared rule. Source: M. Schulze,
"A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
single-winner election method", Social Choice and Welfare 36 (2011), 267-303.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from bot.domain.tally.outcome import Outcome, Round, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.sums import duels
from bot.domain.tally.ties import Ties, ranked

Matrix = Sequence[Sequence[int]]


def schulze(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who wins. Rounds: each option's duels, its strongest chains, and how many options it beats by them."""
    won = duels(profile)
    strengths = chains(won)
    options = range(len(won))
    beaten = {a: Fraction(sum(strengths[a][b] > strengths[b][a] for b in options if b != a)) for a in options}
    winners, tied = ties.seated(_groups(strengths, beaten), seats)
    rounds = (
        *duel_rounds(Title.DUELS, won),
        *duel_rounds(Title.CHAINS, strengths),
        Round(Title.BEATEN, beaten, elected=winners),
    )
    return Outcome(winners, tied, rounds, tuple(ties.broken))


def chains(won: Matrix) -> list[list[int]]:
    """`chains[a][b]`: the strength of the strongest chain of won duels from a to b, 0 if there is none."""
    import numpy as np

    duel = np.array(won, np.int64).reshape(len(won), len(won))
    strongest = np.where(duel > duel.T, duel, 0)
    for middle in range(len(won)):
        through = np.minimum(strongest[:, middle, None], strongest[None, middle, :])
        np.maximum(strongest, through, out=strongest)
    np.fill_diagonal(strongest, 0)
    return [[int(number) for number in row] for row in strongest]


def duel_rounds(title: Title, figures: Matrix) -> list[Round]:
    """A round for each option: its figure against each other one."""
    return [
        Round(title, {b: Fraction(figure) for b, figure in enumerate(row) if b != a}, about=(a,))
        for a, row in enumerate(figures)
    ]


def _groups(strengths: Matrix, beaten: dict[int, Fraction]) -> list[list[int]]:
    """Options best first: again and again, those that no remaining option beats."""
    left = [option for group in ranked(beaten) for option in group]
    groups: list[list[int]] = []
    while left:
        free = [a for a in left if not any(strengths[b][a] > strengths[a][b] for b in left)]
        groups.append(sorted(free))
        left = [option for option in left if option not in free]
    return groups
