"""Ranked pairs: duels are locked in, the strongest first, unless one would close a circle; who is beaten by none wins.

A duel's strength is how many ballots rank its winner higher (winning votes), then how
few rank the loser higher. Accepts rankings, partial or with ties: what a ballot doesn't
rank is last, and equal. Blank ballots are counted apart and change nothing. Several
seats: the order of the locked duels.

Ties: where duels of the same strength stand in each other's way, every order of locking
them is tried, and whoever wins in some but not in all is tied; then the declared rule.
Beyond `MOST_ORDERS` cases they are locked in the order of the options, as the outcome
says. Source: T. N. Tideman, "Independence of clones as a criterion for voting rules",
Social Choice and Welfare 4 (1987), 185-206.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby

from bot.domain.tally.outcome import Outcome, Purpose, Round, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.schulze import duel_rounds
from bot.domain.tally.sums import duels
from bot.domain.tally.ties import Ties

MOST_ORDERS = 2_000
Duel = tuple[int, int]
Reach = tuple[int, ...]
"""For each option, the set of those it stands above by locked duels, as bits."""


def ranked_pairs(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who wins. Rounds: each option's duels, and how many options it stands above by the locked ones."""
    won = duels(profile)
    ends = sorted(_ends(won, ties))
    found = [_first(_groups(end), seats) for end in ends]
    sure = [option for option in found[0][0] if all(option in winners for winners, _ in found)]
    open_to = {option for winners, tied in found for option in (*winners, *tied)} - set(sure)
    winners, tied = ties.seated([*([o] for o in sure), sorted(open_to)], seats)
    above = {a: Fraction(ends[0][a].bit_count()) for a in range(len(won))}
    rounds = (*duel_rounds(Title.DUELS, won), Round(Title.LOCKED, above, elected=winners))
    return Outcome(winners, tied, rounds, tuple(ties.broken))


def _ends(won: Sequence[Sequence[int]], ties: Ties) -> set[Reach]:
    """What can be locked in the end, for every order of duels of the same strength."""
    options = range(len(won))
    wins = [(a, b) for a in options for b in options if won[a][b] > won[b][a]]

    def strength(duel: Duel) -> tuple[int, int]:
        return -won[duel[0]][duel[1]], won[duel[1]][duel[0]]

    states: set[Reach] = {tuple(0 for _ in options)}
    for _, same in groupby(sorted(wins, key=strength), strength):
        group = list(same)
        states = {end for state in states for end in _locked(state, group, ties)}
        if len(states) > MOST_ORDERS:
            states = {min(states)}
            ties.note({o for duel in group for o in duel}, (), Purpose.LOCKING)
    return states


def _locked(reach: Reach, group: Iterable[Duel], ties: Ties) -> set[Reach]:
    """Every way to lock duels of one strength."""
    duels_in = [duel for duel in group if not reach[duel[1]] >> duel[0] & 1]
    everything = _in_turn(reach, duels_in)
    if everything is not None:
        return {everything}
    ends: set[Reach] = set()
    seen: set[tuple[Reach, frozenset[Duel]]] = set()
    open_states = [(reach, frozenset(duels_in))]
    while open_states:
        state, left = open_states.pop()
        free = frozenset(duel for duel in left if not state[duel[1]] >> duel[0] & 1)
        if (state, free) in seen:
            continue
        seen.add((state, free))
        if not free:
            ends.add(state)
            continue
        if len(seen) > MOST_ORDERS:
            ties.note({o for duel in duels_in for o in duel}, (), Purpose.LOCKING)
            return {_one_by_one(reach, duels_in)}
        open_states += [(_lock(state, duel), free - {duel}) for duel in free]
    return ends


def _in_turn(reach: Reach, duels_in: Iterable[Duel]) -> Reach | None:
    """All of these locked, or None if they close a circle."""
    for winner, loser in duels_in:
        if reach[loser] >> winner & 1:
            return None
        reach = _lock(reach, (winner, loser))
    return reach


def _one_by_one(reach: Reach, duels_in: Iterable[Duel]) -> Reach:
    for winner, loser in sorted(duels_in):
        if not reach[loser] >> winner & 1:
            reach = _lock(reach, (winner, loser))
    return reach


def _lock(reach: Reach, duel: Duel) -> Reach:
    winner, loser = duel
    if reach[winner] >> loser & 1:
        return reach
    gained = reach[loser] | 1 << loser
    return tuple(
        below | gained if option == winner or below >> winner & 1 else below for option, below in enumerate(reach)
    )


def _groups(reach: Reach) -> list[list[int]]:
    """Options best first: again and again, those that no remaining one stands above."""
    left = list(range(len(reach)))
    groups: list[list[int]] = []
    while left:
        free = [a for a in left if not any(reach[b] >> a & 1 for b in left)]
        groups.append(free)
        left = [option for option in left if option not in free]
    return groups


def _first(groups: Iterable[Sequence[int]], seats: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return Ties().seated(groups, seats)
