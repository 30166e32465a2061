"""Counts ballots that rank options, by the rules of the bundle's format (standard library alone).

Each function takes the count of `recount.py` and gives who is elected and who is left level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

Figures = dict[int, Fraction]
Found = Any
"""Two lists: who is elected, and who is left level."""
Groups = list[list[int]]
MOST_ORDERS = 2_000
UNITS = 100_000
"""What a vote is worth in units of a transfer: five decimals."""

Duels = dict[int, dict[int, int]]


def duels(count: Any) -> Duels:
    """`won[a][b]`: how many ballots rank a before b; what a ballot doesn't rank comes last, equal."""
    won: Duels = {a: {b: 0 for b in count.options if b != a} for a in count.options}
    for ballot, k in count.ballots:
        rank = {n: level for level, group in enumerate(ballot) for n in group}
        for a, level in rank.items():
            for b in won[a]:
                if level < rank.get(b, len(ballot)):
                    won[a][b] += k
    return won


def _rows(count: Any, title: str, figures: Duels) -> None:
    for a in count.options:
        count.round(title, {b: Fraction(figure) for b, figure in figures[a].items()})


def borda(count: Any) -> Found:
    """Against each other option, a point from each ballot that ranks it lower, half from one that doesn't say."""
    won, voters = duels(count), sum(k for _, k in count.ballots)
    figures = {
        a: sum((Fraction(voters + won[a][b] - won[b][a], 2) for b in won[a]), Fraction(0)) for a in count.options
    }
    return count.highest("points", figures)


def schulze(count: Any) -> Found:
    """Strongest chains of won duels."""
    won = duels(count)
    chain = {a: {b: won[a][b] if won[a][b] > won[b][a] else 0 for b in won[a]} for a in won}
    for middle in chain:
        for a, chains in chain.items():
            for b, strength in chains.items():
                if middle not in (a, b):
                    chains[b] = max(strength, min(chains[middle], chain[middle][b]))
    _rows(count, "duels", won)
    _rows(count, "chains", chain)
    count.round("beaten", {a: Fraction(sum(chain[a][b] > chain[b][a] for b in chain[a])) for a in chain})
    return count.seat(_best_first(count.options, lambda a, b: chain[a][b] > chain[b][a]), count.seats)


def _best_first(options: list[int], above: Callable[[int, int], bool]) -> Groups:
    """Again and again, those that none of the rest stands above."""
    left, groups = list(options), []
    while left:
        free = [a for a in left if not any(above(b, a) for b in left if b != a)]
        groups.append(free)
        left = [n for n in left if n not in free]
    return groups


Reach = tuple[int, ...]
"""For each place in the options, the places it stands above, as a sum of powers of two."""


def ranked_pairs(count: Any) -> Found:
    """Duels locked in by strength, in every order of equal ones."""
    won, options = duels(count), count.options
    strength: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for a, first in enumerate(options):
        for b, second in enumerate(options):
            if a != b and won[first][second] > won[second][first]:
                strength.setdefault((-won[first][second], won[second][first]), []).append((a, b))
    states = {tuple(0 for _ in options)}
    for key in sorted(strength):
        states = {end for state in states for end in _locked(state, strength[key])}
        if len(states) > MOST_ORDERS:
            states = {min(states)}
    ends = sorted(states)
    plain = count.without_rule()
    found = [plain.seat(_in_places(options, end), count.seats) for end in ends]
    sure = [n for n in found[0][0] if all(n in elected for elected, _ in found)]
    some = {n for elected, tied in found for n in (*elected, *tied)} - set(sure)
    _rows(count, "duels", won)
    below = {n: sum(ends[0][place] >> other & 1 for other in range(len(options))) for place, n in enumerate(options)}
    count.round("locked", {n: Fraction(number) for n, number in below.items()})
    return count.seat([*([n] for n in sure), count.listed(some)], count.seats)


def _in_places(options: list[int], end: Reach) -> Groups:
    return _best_first(options, lambda a, b: bool(end[options.index(a)] >> options.index(b) & 1))


def _locked(start: Reach, equal: list[tuple[int, int]]) -> list[Reach]:
    """Every way to lock duels of one strength; one way alone where there are more than `MOST_ORDERS` cases."""
    open_duels = frozenset((a, b) for a, b in equal if not start[b] >> a & 1)
    together = _one_by_one(start, sorted(open_duels))
    if all(together[a] >> b & 1 for a, b in open_duels):
        return [together]
    ends, seen, waiting = set(), set(), [(start, open_duels)]
    while waiting:
        state, left = waiting.pop()
        free = frozenset((a, b) for a, b in left if not state[b] >> a & 1)
        if (state, free) in seen:
            continue
        seen.add((state, free))
        if len(seen) > MOST_ORDERS:
            return [together]
        if not free:
            ends.add(state)
        waiting += [(_lock(state, duel), free - {duel}) for duel in free]
    return list(ends)


def _one_by_one(state: Reach, equal: Iterable[tuple[int, int]]) -> Reach:
    for a, b in equal:
        if not state[b] >> a & 1:
            state = _lock(state, (a, b))
    return state


def _lock(state: Reach, duel: tuple[int, int]) -> Reach:
    a, b = duel
    gained = state[b] | 1 << b
    return tuple(under | gained if place == a or under >> a & 1 else under for place, under in enumerate(state))


class Piles:
    """Papers on the piles of options: each a list of numbers still to come, how many there are, its value in units."""

    def __init__(self, count: Any) -> None:
        self.kept: dict[int, int] = {}
        self.piles: dict[int, list[tuple[list[int], int, int]]] = {n: [] for n in count.options}
        for ballot, k in count.ballots:
            shared = next((place for place, group in enumerate(ballot) if len(group) > 1), len(ballot))
            if shared:
                self.piles[ballot[0][0]].append(([group[0] for group in ballot[1:shared]], k, UNITS))

    def units(self, number: int) -> int:
        """What a pile is worth."""
        return self.kept.get(number, 0) + sum(k * value for _, k, value in self.piles[number])

    def hand_on(self, number: int, staying: list[int], surplus: int = 1, whole: int = 1) -> None:
        """Pass a pile on to the next options that stay, at `surplus / whole` of its value, cut after five decimals."""
        papers, self.piles[number] = self.piles[number], []
        for after, k, value in papers:
            place = next((i for i, n in enumerate(after) if n in staying), None)
            if place is not None:
                self.piles[after[place]].append((after[place + 1 :], k, value * surplus // whole))


def irv(count: Any) -> Found:
    """Whoever has least leaves, until one has more than half."""
    piles, staying, title = Piles(count), list(count.options), "first-choices"
    past: list[Figures] = []
    while True:
        figures = {n: Fraction(piles.units(n), UNITS) for n in staying}
        count.round(title, figures)
        most = max(figures.values())
        if len(staying) == 1 or 2 * most > sum(figures.values()):
            return [next(n for n in staying if figures[n] == most)], []
        if all(len({each[n] for n in staying}) == 1 for each in (*past, figures)):
            return count.seat([staying], 1)
        least = min(figures.values())
        out = count.told_apart([n for n in staying if figures[n] == least], past, -1)
        staying = [n for n in staying if n != out]
        piles.hand_on(out, staying)
        past.append(figures)
        title = "transfer"


def stv(count: Any) -> Found:
    """Scottish rules: weighted inclusive Gregory, five decimals."""
    piles = Piles(count)
    valid = sum(piles.units(n) for n in count.options) // UNITS
    return Transfers(count, piles, valid // (count.seats + 1) + 1).run()


class Transfers:
    """A count by transfers under way."""

    def __init__(self, count: Any, piles: Piles, quota: int) -> None:
        self.count, self.piles, self.quota = count, piles, quota
        self.staying: list[int] = list(count.options)
        self.elected: list[int] = []
        self.surpluses: list[int] = []
        self.past: list[Figures] = []

    def run(self) -> Found:
        """Stage after stage: the figures, who has the quota, then the largest surplus or an exclusion."""
        title = "quota"
        while True:
            figures = {n: Fraction(self.piles.units(n), UNITS) for n in self.count.options}
            self.count.round(title, figures)
            self._elect(figures)
            if len(self.elected) >= self.count.seats or not self.staying:
                return self.elected, []
            if self.surpluses:
                self._hand_on_surplus(figures)
                title = "surplus"
            else:
                least = min(figures[n] for n in self.staying)
                lowest = [n for n in self.staying if figures[n] == least]
                if len(lowest) == len(self.staying) and not self.count.decides and self._always_level(lowest):
                    return self._picked()
                out = self.count.told_apart(lowest, self.past, -1)
                self.staying.remove(out)
                self.piles.hand_on(out, self.staying)
                title = "exclusion"
            self.past.append(figures)

    def _picked(self) -> Found:
        """All that are left are level, and always were: only organisers can decide."""
        room = self.count.seats - len(self.elected)
        chosen = self.count.picked(self.staying, room)
        rest = [n for n in self.staying if n not in chosen]
        return [*self.elected, *chosen], rest if len(chosen) < room else []

    def _elect(self, figures: Figures) -> None:
        """Who has the quota; and everyone else, once they are no more than the seats left."""
        reached = [n for n in self.staying if figures[n] >= self.quota]
        others = [n for n in self.staying if n not in reached]
        self.surpluses += [n for n in reached if figures[n] > self.quota]
        self.elected += self._in_order(reached, figures)
        self.staying = others
        if len(others) <= self.count.seats - len(self.elected):
            self.elected += self._in_order(others, figures)
            self.staying = []

    def _hand_on_surplus(self, figures: Figures) -> None:
        most = max(figures[n] for n in self.surpluses)
        giver = self.count.told_apart([n for n in self.surpluses if figures[n] == most], self.past, 1)
        self.surpluses.remove(giver)
        units, quota = self.piles.units(giver), self.quota * UNITS
        self.piles.hand_on(giver, self.staying, units - quota, units)
        self.piles.kept[giver] = quota

    def _always_level(self, some: list[int]) -> bool:
        return all(len({figures[n] for n in some}) == 1 for figures in self.past)

    def _in_order(self, some: list[int], figures: Figures) -> list[int]:
        ordered: list[int] = []
        for group in self.count.groups({n: figures[n] for n in some}):
            while group:
                ordered.append(self.count.told_apart(group, self.past, 1))
                group.remove(ordered[-1])
        return ordered


METHODS = {"borda": borda, "schulze": schulze, "ranked-pairs": ranked_pairs, "irv": irv, "stv": stv}
