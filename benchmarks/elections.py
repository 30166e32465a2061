"""The elections that are counted, ballot by ballot: the same for the bot and for every library."""

from __future__ import annotations

import random
from collections.abc import Iterator

OPTIONS = 10
SEATS = 3
COST, BUDGET = 10, 50
"""What each option costs, and how much there is, where money is spent."""


def rankings(number: int) -> Iterator[list[int]]:
    """Orders of all options, nearly every one different; the later an option the more it is liked."""
    chance = random.Random(1)
    for _ in range(number):
        liking = [chance.gauss(option / 10, 1) for option in range(OPTIONS)]
        yield sorted(range(OPTIONS), key=liking.__getitem__, reverse=True)


def marks(number: int) -> Iterator[list[int]]:
    """The options marked; at least one."""
    chance = random.Random(2)
    for _ in range(number):
        yield [option for option in range(OPTIONS) if chance.random() < 0.35 + option / 50] or [0]


def scores(number: int) -> Iterator[list[int]]:
    """A score from 0 to 5 for each option."""
    chance = random.Random(3)
    for _ in range(number):
        yield [min(max(round(chance.gauss(2 + option / 10, 1.5)), 0), 5) for option in range(OPTIONS)]
