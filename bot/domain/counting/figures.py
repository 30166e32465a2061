"""What the ballots say of each option, whatever the method: votes for it, and how many gave it each mark."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.ballots import MARKED, Choice, Marks, Ranking
from bot.domain.consultation import BallotType, Definition, Method
from bot.domain.counting.approval import approval
from bot.domain.counting.plurality import plurality


def votes(definition: Definition, ballots: Mapping[Choice, int]) -> dict[int, int]:
    """The ballots that name each option (first, alone or not, if they rank).

    Raises ValueError for a ballot that the method can't read.
    """
    numbers = [option.number for option in definition.options]
    if definition.method in {Method.PLURALITY, Method.TWO_ROUND, Method.CONSENT, Method.SIGNATURE}:
        return plurality(numbers, ballots)
    if definition.method is Method.APPROVAL:
        return approval(numbers, ballots)
    found = dict.fromkeys(numbers, 0)
    for choice, count in ballots.items():
        for number in choice.levels[0] if isinstance(choice, Ranking) else choice:
            found[number] += count
    return found


def marks(definition: Definition, ballots: Mapping[Choice, int]) -> dict[int, tuple[int, ...]]:
    """How many ballots give each option each mark, from 0 on; {} where ballots give no marks.

    A ballot that marks some option and leaves another without is counted as 0 there; a blank one isn't counted.
    """
    if definition.ballot not in MARKED:
        return {}
    asides = definition.asides
    found = {option.number: [0] * (definition.best_mark + 1) for option in definition.options if not option.aside}
    for choice, count in ballots.items():
        if isinstance(choice, Marks) and asides.isdisjoint(choice):
            given = dict(choice.given)
            for number, counts in found.items():
                counts[given.get(number, 0)] += count
    return {number: tuple(counts) for number, counts in found.items()}


def summed(definition: Definition, counts: tuple[int, ...]) -> int:
    """An option's marks as one number: the sum of its scores or points, else the ballots above the lowest mark."""
    if definition.ballot in {BallotType.SCORE, BallotType.POINTS}:
        return sum(mark * count for mark, count in enumerate(counts))
    return sum(counts[1:])
