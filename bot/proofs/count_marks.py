"""Counts ballots that name options or give them marks, by the rules of the bundle's format (standard library alone).

Each function takes the count of `recount.py` and gives who is elected and who is left level.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Figures = dict[int, Fraction]
Found = Any
"""Two lists: who is elected, and who is left level."""


def named(count: Any) -> Found:
    """Ballots that name options: one vote for each."""
    figures = {n: Fraction(sum(k for ballot, k in count.ballots if n in ballot)) for n in count.options}
    return count.highest("approvals" if count.rules["method"] == "approval" else "votes", figures)


def totals(count: Any) -> Figures:
    """The sum of each option's marks; one that a ballot leaves out has 0 there."""
    return {n: Fraction(sum(ballot.get(n, 0) * k for ballot, k in count.ballots)) for n in count.options}


def score(count: Any) -> Found:
    """The highest total."""
    return count.highest("scores", totals(count))


def points(count: Any) -> Found:
    """Most points."""
    return count.highest("points", totals(count))


def availability(count: Any) -> Found:
    """Most people who can come; among those dates, the one that suits most of them. Not one that nobody can come to."""
    can = {n: Fraction(sum(k for b, k in count.ballots if b.get(n, 0) > 0)) for n in count.options}
    suits = {n: Fraction(sum(k for b, k in count.ballots if b.get(n, 0) == 2)) for n in count.options}
    count.round("approvals", can)
    count.round("votes", suits)
    pairs = sorted({(can[n], suits[n]) for n in count.options if can[n]}, reverse=True)
    return count.seat([[n for n in count.options if (can[n], suits[n]) == pair] for pair in pairs], 1)


def majority_judgment(count: Any) -> Found:
    """The best majority value: the grades in the order in which taking one lower median after another gives them."""
    best = len(count.rules["grades"]) - 1
    given = {n: [0] * (best + 1) for n in count.options}
    for ballot, k in count.ballots:
        for n in count.options:
            given[n][ballot.get(n, 0)] += k
    for grade in range(best, -1, -1):
        count.round("grade", {n: Fraction(given[n][grade]) for n in count.options})
    values = {n: _majority_value(given[n]) for n in count.options}
    count.round("medians", {n: Fraction(values[n][0]) for n in count.options})
    ordered = sorted({tuple(value) for value in values.values()}, reverse=True)
    return count.seat([[n for n in count.options if tuple(values[n]) == value] for value in ordered], count.seats)


def _majority_value(given: list[int]) -> list[int]:
    grades = [grade for grade, k in enumerate(given) for _ in range(k)]
    middle = (len(grades) - 1) // 2
    value, low, high = [grades[middle]], middle - 1, middle + 1
    while len(value) < len(grades):
        # Of what is left, as much lies below as above, or one more: the lower median is the nearest one below.
        if low + 1 >= len(grades) - high:
            value.append(grades[low])
            low -= 1
        else:
            value.append(grades[high])
            high += 1
    return value


def star(count: Any) -> Found:
    """The two highest totals meet; who more ballots mark higher wins. Several seats: again without those elected."""
    stars = {"totals": totals(count), "best": _ballots_giving(count, count.rules["scale"])}
    staying, elected = list(count.options), list[int]()
    while len(elected) < count.seats and staying:
        count.round("scores", {n: stars["totals"][n] for n in staying})
        finalists, tied = _finalists(count, stars, staying) if len(staying) > 1 else (staying, [])
        if tied:
            return elected, tied
        won, level = _run_off(count, stars, finalists) if len(finalists) > 1 else (finalists, [])
        if level:
            return elected, level
        elected += won
        staying = [n for n in staying if n not in won]
    return elected, []


def _ballots_giving(count: Any, mark: int) -> Figures:
    return {n: Fraction(sum(k for ballot, k in count.ballots if ballot.get(n, 0) == mark)) for n in count.options}


def _preferring(count: Any, a: int, b: int) -> int:
    return sum(k for ballot, k in count.ballots if ballot.get(a, 0) > ballot.get(b, 0))


def _finalists(count: Any, stars: dict[str, Figures], staying: list[int]) -> Found:
    """The two of the run-off, and nobody; or those sure of it, and those level for the rest."""
    sure: list[int] = []
    for group in count.groups({n: stars["totals"][n] for n in staying}):
        room = 2 - len(sure)
        if len(group) <= room:
            sure += group
        elif room:
            among = {a: Fraction(sum(_preferring(count, a, b) for b in group)) for a in group}
            taken, left = _first_of(count, among, room)
            more, left = _first_of(count, {n: stars["best"][n] for n in left}, room - len(taken))
            sure += [*taken, *more]
            chosen = count.picked(left, 2 - len(sure), seat=False)
            sure += chosen
            if len(sure) < 2:
                return sure, count.listed(set(left) - set(chosen))
    return sure, []


def _first_of(count: Any, figures: Figures, room: int) -> Found:
    """Those whom the figures put in the room there is, and the group that is level for the rest of it."""
    taken: list[int] = []
    for group in count.groups(figures):
        if len(taken) + len(group) > room:
            return taken, group
        taken += group
    return taken, []


def _run_off(count: Any, stars: dict[str, Figures], two: list[int]) -> Found:
    a, b = two
    votes = {a: Fraction(_preferring(count, a, b)), b: Fraction(_preferring(count, b, a))}
    count.round("runoff", votes)
    for figures in (votes, stars["totals"], stars["best"]):
        if figures[a] != figures[b]:
            return [a if figures[a] > figures[b] else b], []
    chosen = count.picked(two, 1)
    return chosen, [] if chosen else two


METHODS = {
    "plurality": named,
    "two-round": named,
    "approval": named,
    "score": score,
    "points": points,
    "availability": availability,
    "majority-judgment": majority_judgment,
    "star": star,
}
