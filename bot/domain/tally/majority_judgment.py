"""Majority judgment: each ballot grades each option; the best majority grade wins.

The majority grade is the lower median. Options with the same one are told apart by
taking one majority grade away from each, again and again, until their new ones differ
(the majority value). Accepts scores, whose values are the grades; an option that a
ballot leaves ungraded gets the lowest grade that exists, so that all have equally many
grades. Blank ballots are counted apart and change nothing. Several seats: the next best. Options
with the very same grades are tied; then the declared rule. Sources: M. Balinski and
R. Laraki, Majority Judgment, MIT Press 2010, chapter 1; the ungraded as in Mieux Voter's
libraries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cmp_to_key
from itertools import accumulate

from bot.domain.tally.outcome import Outcome, Round, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.sums import by_level
from bot.domain.tally.ties import Ties

Grades = Sequence[int]
"""How many ballots give each grade, from the lowest to the best."""
Run = tuple[int, int]
"""A grade's place, and how many in a row have it."""


def majority_judgment(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who wins. Rounds: how many gave each grade, the best first, then each option's majority grade."""
    grades = sorted(profile.values)
    given = {option: _tally(profile, levels) for option, levels in enumerate(by_level(profile))}
    winners, tied = ties.seated(judged(given), seats)
    medians = {option: grades[median(tally)] for option, tally in given.items()}
    rounds = [
        Round(Title.GRADE, {option: Fraction(tally[place]) for option, tally in given.items()}, amount=grades[place])
        for place in reversed(range(len(grades)))
    ]
    return Outcome(winners, tied, (*rounds, Round(Title.MEDIANS, medians, elected=winners)), tuple(ties.broken))


def judged(given: Mapping[int, Grades]) -> list[list[int]]:
    """Options best first, those with the same grades together. All have the same number of grades."""

    def best_first(a: int, b: int) -> int:
        return compared(given[b], given[a])

    ordered = sorted(given, key=cmp_to_key(best_first))
    groups: list[list[int]] = []
    for option in ordered:
        if groups and list(given[groups[-1][0]]) == list(given[option]):
            groups[-1].append(option)
        else:
            groups.append([option])
    return groups


def median(tally: Grades) -> int:
    """The lower median's place among the grades."""
    half, reached = (sum(tally) + 1) // 2, 0
    return next(place for place, number in enumerate(tally) if (reached := reached + number) >= max(half, 1))


def compared(a: Grades, b: Grades) -> int:
    """1 if a's majority value is the better one, -1 if b's is, 0 if they are the same.

    Both must have equally many grades (else ValueError). Taking majority grades away walks outwards from the middle,
    by turns downwards and upwards; the first step at which the two differ decides, and is found by whole runs of
    equal grades, however many ballots there are.
    """
    total = sum(a)
    if total != sum(b):
        raise ValueError("majority values are compared between equally many grades")
    lower = (total + 1) // 2
    odd = total % 2
    steps = []
    if (found := _first_difference(_downwards(a, lower), _downwards(b, lower))) is not None:
        place, sign = found
        steps.append((2 * place - (odd if place else 0), sign))
    if (found := _first_difference(_upwards(a, lower), _upwards(b, lower))) is not None:
        place, sign = found
        steps.append((2 * place + 1 + odd, sign))
    return min(steps)[1] if steps else 0


def _downwards(tally: Grades, lower: int) -> list[Run]:
    """The runs of the `lower` lowest grades, from the median down."""
    runs: list[Run] = []
    for place, number in enumerate(tally):
        runs.append((place, min(number, lower)))
        lower -= runs[-1][1]
    return [run for run in reversed(runs) if run[1]]


def _upwards(tally: Grades, lower: int) -> list[Run]:
    """The runs of the other grades, from the median up."""
    runs: list[Run] = []
    for place, number in enumerate(tally):
        below = min(number, lower)
        lower -= below
        runs.append((place, number - below))
    return [run for run in runs if run[1]]


def _first_difference(a: Sequence[Run], b: Sequence[Run]) -> tuple[int, int] | None:
    """At which step two walks differ, and 1 if a's grade is the better one there, else -1."""
    ends_a, ends_b = list(accumulate(length for _, length in a)), list(accumulate(length for _, length in b))
    i = j = step = 0
    while i < len(a) and j < len(b):
        if a[i][0] != b[j][0]:
            return step, 1 if a[i][0] > b[j][0] else -1
        step = min(ends_a[i], ends_b[j])
        i, j = i + (ends_a[i] == step), j + (ends_b[j] == step)
    return None


def _tally(profile: Profile, levels: Sequence[int]) -> Grades:
    """How many ballots give an option each grade, the lowest first; the ungraded get the lowest."""
    number = dict(zip(profile.values, levels[1:], strict=False))
    tally = [number.get(grade, 0) for grade in sorted(profile.values)]
    tally[0] += levels[0]
    return tally
