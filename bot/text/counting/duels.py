"""Duels: how many voters prefer each option to each other one, and what follows from that."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from bot.domain.results import Result
from bot.domain.tally.outcome import Title

Duels = Mapping[int, Mapping[int, Fraction]]
"""By option, its figure against each other one."""


def figures_between(result: Result, title: Title) -> Duels:
    """The figures between options in the rounds of this title: duels, or chains of them."""
    return {each.about[0]: each.tallies for each in result.rounds if each.title is title}


def wins_all(duels: Duels, number: int) -> bool:
    """Whether the option wins every one of its duels."""
    return all(figure > duels[other][number] for other, figure in duels[number].items())


def in_order(result: Result, duels: Duels) -> list[int]:
    """Options in the order of the result: those elected, then those that stand above most others."""
    above = result.rounds[-1].tallies
    place = {number: rank for rank, number in enumerate(result.winners)}
    return sorted(duels, key=lambda number: (place.get(number, len(place)), -above[number], number))
