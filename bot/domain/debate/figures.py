"""The numbers of a debate: what became of each contribution, and how evenly people took part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.domain.debate.model import Argument, ArgumentKind, ArgumentState


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of everything that was received."""

    received: int
    published: int
    withdrawn: int
    moderated: int
    refused: int
    pending: int

    @property
    def adds_up(self) -> bool:
        """Whether each contribution received is accounted for once."""
        return self.received == self.published + self.withdrawn + self.moderated + self.refused + self.pending


@dataclass(frozen=True, slots=True)
class Fairness:
    """How evenly `people` shared a `total`: the part that the most active fifth of them had (`top_fifth`, rounded up to
    whole people), and Gini's coefficient (0: all the same; towards 1: one had it all)."""

    people: int
    total: int
    top_fifth: Fraction
    gini: Fraction


def figures(arguments: Sequence[Argument]) -> Figures:
    """The figures of all contributions of a debate; give every one, whatever became of it."""
    states = Counter(argument.state for argument in arguments)
    return Figures(
        received=len(arguments),
        published=states[ArgumentState.PUBLISHED],
        withdrawn=states[ArgumentState.WITHDRAWN],
        moderated=states[ArgumentState.MODERATED],
        refused=states[ArgumentState.REFUSED],
        pending=states[ArgumentState.PENDING],
    )


def fairness(counts: Sequence[int]) -> Fairness:
    """How evenly people took part, from what each of them had: contributions, or characters or seconds of the floor.

    Zero for nobody and nothing. Gini's coefficient (C. Gini, "Variabilita e mutabilita", 1912) is computed as in
    A. Sen, "On Economic Inequality", 1973: with x sorted upwards, the sum of (2i - n - 1) x_i over n times that of x.
    """
    people, total = len(counts), sum(counts)
    if not total:
        return Fairness(people, 0, Fraction(0), Fraction(0))
    upwards = sorted(counts)
    most = sum(upwards[people - -(-people // 5) :])
    spread = sum((2 * place - people - 1) * count for place, count in enumerate(upwards, 1))
    return Fairness(people, total, Fraction(most, total), Fraction(spread, people * total))


def sides(arguments: Iterable[Argument]) -> Mapping[ArgumentKind, Fraction]:
    """The shares of for and against among the published arguments that take a side; 0 each when there is none."""
    taken = Counter(
        argument.kind
        for argument in arguments
        if argument.state is ArgumentState.PUBLISHED and argument.kind in {ArgumentKind.FOR, ArgumentKind.AGAINST}
    )
    total = taken.total() or 1
    return {kind: Fraction(taken[kind], total) for kind in (ArgumentKind.FOR, ArgumentKind.AGAINST)}
