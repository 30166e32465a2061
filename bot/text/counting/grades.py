"""Grades of a majority judgment: each option's majority grade, and the order they put options in."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.results import Result
from bot.domain.tally.majority_judgment import judged, median
from bot.text.counting.telling import Telling


def marks_of(result: Result) -> Mapping[int, tuple[int, ...]]:
    """By option, how many ballots gave it each mark, the lowest first."""
    return {row.option.number: row.marks for row in result.rows if row.marks}


def best_first(result: Result) -> list[int]:
    """The options by their grades, the best first, the elected before whoever has the very same."""
    given = marks_of(result)
    ordered = (number for group in judged(given) for number in sorted(group, key=lambda one: one not in result.winners))
    return list(ordered)


def majority_grade(telling: Telling, number: int) -> str:
    """The words of the grade that half of the voters give the option at least."""
    return telling.definition.grades[-1 - median(marks_of(telling.result)[number])]


def at_least(telling: Telling, number: int) -> int:
    """How many voters give the option its majority grade or better."""
    marks = marks_of(telling.result)[number]
    return sum(marks[median(marks) :])


def same_grade(telling: Telling, number: int) -> list[int]:
    """The other options with the same majority grade."""
    given = marks_of(telling.result)
    return [other for other in given if other != number and median(given[other]) == median(given[number])]
