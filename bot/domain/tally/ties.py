"""Ties: decided by the rule declared before the opening, and every decision written down.

A tie for a seat is decided by the declared rule: `first` (the order of the options),
`draw` (by lots from the committed seed) or `organiser`, which leaves it tied: a person
decides in public. A count by eliminations can't stop at every tie on the way: there the
method's own rule comes first (earlier rounds), then the declared one, and where that
leaves it to a person, the order of the options, as the outcome then says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from bot.domain.consultation import Tie
from bot.domain.tally.lots import lot
from bot.domain.tally.outcome import Purpose, Rule, TieBreak


class Ties:
    """Decides ties by a declared rule, and keeps what was decided in `broken`."""

    def __init__(self, rule: Tie = Tie.ORGANISER, seed: str = "") -> None:
        self._rule = rule
        self._seed = seed
        self.broken: list[TieBreak] = []

    @property
    def decides(self) -> bool:
        """Whether the declared rule decides by itself."""
        return self._rule is Tie.FIRST or (self._rule is Tie.DRAW and bool(self._seed))

    def ordered(self, tied: Iterable[int]) -> list[int]:
        """Tied options, best first: by their lots if a draw was declared, else in their own order."""
        if self._rule is Tie.DRAW and self._seed:
            return sorted(tied, key=lambda option: lot(self._seed, option + 1))
        return sorted(tied)

    @property
    def rule(self) -> Rule:
        """The rule that `ordered` follows."""
        return Rule.DRAW if self._rule is Tie.DRAW and self._seed else Rule.ORDER

    def note(self, tied: Iterable[int], chosen: Iterable[int], purpose: Purpose, rule: Rule | None = None) -> None:
        """Write a decision down."""
        self.broken.append(TieBreak(tuple(sorted(tied)), tuple(chosen), purpose, rule or self.rule))

    def picked(self, tied: Sequence[int], room: int, purpose: Purpose) -> list[int]:
        """Which of those tied get the places there is room for: all that the rule decides, perhaps none."""
        if not self.decides:
            return []
        chosen = self.ordered(tied)[:room]
        self.note(tied, chosen, purpose)
        return chosen

    def lowest(self, tied: Sequence[int], history: Sequence[Mapping[int, Fraction]], purpose: Purpose) -> int:
        """Which of these goes: the one with least in the latest earlier round that tells them apart, else the last."""
        return self._by_history(tied, [{o: -past[o] for o in tied} for past in history], purpose, -1)

    def highest(self, tied: Sequence[int], history: Sequence[Mapping[int, Fraction]], purpose: Purpose) -> int:
        """Which of these comes first: the one with most in the latest earlier round that tells them apart, else the
        first."""
        return self._by_history(tied, [{o: past[o] for o in tied} for past in history], purpose, 0)

    def _by_history(
        self, tied: Sequence[int], history: Sequence[Mapping[int, Fraction]], purpose: Purpose, end: int
    ) -> int:
        left = list(tied)
        if len(left) == 1:
            return left[0]
        for past in reversed(history):
            most = max(past[option] for option in left)
            left = [option for option in left if past[option] == most]
            if len(left) == 1:
                self.note(tied, left, purpose, Rule.EARLIER_ROUNDS)
                return left[0]
        chosen = self.ordered(left)[end]
        self.note(tied, [chosen], purpose)
        return chosen

    def seated(self, groups: Iterable[Sequence[int]], seats: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Who gets the seats, given groups of equal options, best first; and those left tied for the last of them."""
        winners: list[int] = []
        for group in groups:
            room = seats - len(winners)
            if room <= 0:
                break
            if len(group) <= room:
                winners += sorted(group)
                continue
            chosen = self.picked(group, room, Purpose.ELECTION)
            winners += chosen
            if len(chosen) < room:
                return tuple(winners), tuple(sorted(set(group).difference(chosen)))
        return tuple(winners), ()


def ranked(figures: Mapping[int, Fraction]) -> list[list[int]]:
    """Options grouped by their figure, the highest first."""
    highest = sorted(set(figures.values()), reverse=True)
    return [[option for option, figure in figures.items() if figure == value] for value in highest]
