"""A profile: all the ballots of an election, equal ones merged.

A ballot is a row of levels, one for each option, in the options' order; 0 means that
the ballot says nothing of that option. What the other levels mean is the profile's
form. Rows are kept as bytes (native 16-bit numbers): equal ballots are one dictionary
entry, and a million different ones become a table of numbers at once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction


class Form(StrEnum):
    """What a level means: `marks` 1 is chosen; `ranking` 1 is the best rank, then 2, without gaps, options that share
    a rank being equal; `scores` level k is worth the profile's `values[k - 1]`."""

    MARKS = "marks"
    RANKING = "ranking"
    SCORES = "scores"


ONE_CONTINUING = "overvotes/one-continuing"
"""The variant in which a rank of several options counts for the only one of them that is still in the count."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The merged ballots: `ballots` has a row for each different ballot, and how many cast it.

    `blank` ballots say nothing and `invalid` ones can't be read; neither is in `ballots`. `top` is the best score of
    the scale, where the scale is known. `costs` (one for each option) and `budget` are a budget's, in the same unit.
    `variant` is what the source says of the method's rule, "" if nothing. `grades` are the words of the scores, where
    scores are words: the first is worth 0, the next 1.
    """

    form: Form
    options: tuple[str, ...]
    ballots: Mapping[bytes, int]
    blank: int = 0
    invalid: int = 0
    values: tuple[Fraction, ...] = ()
    top: Fraction | None = None
    costs: tuple[Fraction, ...] = ()
    budget: Fraction = Fraction(0)
    variant: str = ""
    seats: int | None = None
    grades: tuple[str, ...] = ()

    @property
    def valid(self) -> int:
        """How many ballots express something."""
        return sum(self.ballots.values())

    @property
    def cast(self) -> int:
        """How many ballots there are, blank and invalid ones included."""
        return self.valid + self.blank + self.invalid


@dataclass(slots=True)
class Ballots:
    """Merges ballots of one form, over options that may still grow."""

    form: Form
    merged: dict[bytes, int] = field(default_factory=dict)
    blank: int = 0
    levels: dict[Fraction, int] = field(default_factory=dict)

    def rank(self, groups: Iterable[Sequence[int]], count: int = 1) -> None:
        """Add `count` ballots that rank these options, best first; options of one group are equal."""
        kept = [group for group in groups if group]
        if self.form is Form.MARKS:
            kept = kept[:1]
        self.add({option: level for level, group in enumerate(kept, 1) for option in group}, count)

    def score(self, given: Mapping[int, Fraction], count: int = 1) -> None:
        """Add `count` ballots that give these options these scores; options without one are left open."""
        match self.form:
            case Form.SCORES:
                self.add({option: self.level(value) for option, value in given.items()}, count)
            case Form.MARKS:
                self.add({option: 1 for option, value in given.items() if value > 0}, count)
            case Form.RANKING:
                best = sorted(set(given.values()), reverse=True)
                self.rank([[option for option in given if given[option] == value] for value in best], count)

    def add(self, levels: Mapping[int, int], count: int = 1) -> None:
        """Add `count` ballots with these levels, by option."""
        if not levels:
            self.blank += count
            return
        ballot = row(levels)
        self.merged[ballot] = self.merged.get(ballot, 0) + count

    def level(self, value: Fraction) -> int:
        """The level of a score, which is new if the score is."""
        return self.levels.setdefault(value, len(self.levels) + 1)

    def profile(
        self, options: Sequence[str], *, values: tuple[Fraction, ...] = (), top: Fraction | None = None
    ) -> Profile:
        """The profile of what was added, over these options. `values` say what levels are worth where they were added
        as such."""
        width = 2 * len(options)
        merged = {ballot.ljust(width, b"\0"): count for ballot, count in self.merged.items()}
        worth = values or tuple(self.levels)
        return Profile(self.form, tuple(options), merged, blank=self.blank, values=worth, top=top)


def row(levels: Mapping[int, int]) -> bytes:
    """The row of a ballot's levels by option, as far as its last option."""
    made = array("H", bytes(2 * (max(levels) + 1)))
    for option, level in levels.items():
        made[option] = level
    return made.tobytes()


def levels_of(ballot: bytes) -> memoryview:
    """The levels of a row, one for each option."""
    return memoryview(ballot).cast("H")
