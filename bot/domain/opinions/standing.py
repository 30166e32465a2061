"""What tells a group from the others, what bridges the groups, what divides them, what most of everybody holds.

The figures are those of Polis (see `tallies`), lists of at most five. Only counts of enough people are used for a
group, and `overall` is left out where the difference to the groups' counts would tell of fewer people than allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import prod

from bot.domain.opinions.model import Opinion
from bot.domain.opinions.shown import Held, Standing, Tally
from bot.domain.opinions.tallies import SIGNIFICANT, Tallies, less, likely, more_than, more_than_half

LONGEST = 5
_SIDES = (Opinion.AGREE, Opinion.DISAGREE)


def holds(group: Tallies, everybody: Tallies, minimum: int) -> tuple[Held, ...]:
    """The statements that tell a group from everybody else on the map, those it agrees with first; none when there is
    nobody else.

    A statement tells when more than half of the group, and more of it than of the rest, answer
    in the same way (both tests significant at 90 %). They are ranked by ratio × its z value × share × its z value; the
    clearest agreement is always among them. When none tells, the one that comes nearest stands alone.
    """
    if all(everybody[number] == tally for number, tally in group.items()):
        return ()
    found = [
        _held(number, tally, less(everybody[number], tally), side)
        for number, tally in group.items()
        if tally.seen >= minimum
        for side in _SIDES
    ]
    telling = sorted(
        (held for held, sure in found if sure > SIGNIFICANT), key=lambda held: (-held.weight, held.statement)
    )
    if not telling:
        nearest = max(found, key=lambda candidate: candidate[1], default=None)
        return (nearest[0],) if nearest else ()
    first = next((held for held in telling if held.opinion is Opinion.AGREE), telling[0])
    kept = [first, *(held for held in telling if held is not first)][:LONGEST]
    return tuple(sorted(kept, key=lambda held: held.opinion is Opinion.DISAGREE))


def _held(number: int, tally: Tally, rest: Tally, side: Opinion) -> tuple[Held, float]:
    """The statement as one that a group may hold, and the smaller of its two z values."""
    half, more = more_than_half(tally, side), more_than(tally, rest, side)
    share = likely(tally, side)
    return Held(number, side, tally, share / likely(rest, side) * more * share * half), min(half, more)


@dataclass(frozen=True, slots=True)
class Counts:
    """How everybody answered, and each group that is shown, by letter; `minimum` is the fewest people told of."""

    groups: Mapping[str, Tallies]
    everybody: Tallies
    minimum: int

    def standings(self, figure: Callable[[Standing], float]) -> list[Standing]:
        """Every statement as it stands, with that figure."""
        return [replace(plain, figure=figure(plain)) for plain in map(self._plain, self.everybody)]

    def _plain(self, number: int) -> Standing:
        cells = {letter: tallies[number] for letter, tallies in self.groups.items()}
        shown = {letter: tally for letter, tally in cells.items() if tally.seen >= self.minimum}
        overall = self.everybody[number]
        hidden = overall.seen - sum(tally.seen for tally in shown.values())
        told = overall.seen >= self.minimum and (hidden == 0 or hidden >= self.minimum)
        return Standing(number, overall if told else None, shown, 0.0)


def bridging(counts: Counts) -> tuple[Standing, ...]:
    """The statements that more than half of every group agrees with, by the product of the groups' shares.

    Polis calls the product group-informed consensus (group-aware consensus in its code)."""
    return _first(
        standing
        for standing in counts.standings(lambda plain: prod(map(_agreeing, plain.by_group.values())))
        if len(standing.by_group) == len(counts.groups) >= 2
        and all(_agreeing(tally) > 0.5 for tally in standing.by_group.values())
    )


def dividing(counts: Counts) -> tuple[Standing, ...]:
    """The statements that more than half of one group agrees with and more than half of another disagrees with.

    They are ranked by how far apart the groups are: half the difference between the greatest
    and the least of (share agreeing − share disagreeing), from 0 to 1."""
    return _first(
        standing
        for standing in counts.standings(_apart)
        if all(any(likely(tally, side) > 0.5 for tally in standing.by_group.values()) for side in _SIDES)
    )


def common(counts: Counts, side: Opinion) -> tuple[Standing, ...]:
    """The statements that more than half of everybody agrees with, or disagrees with (significant at 90 %), by share ×
    its z value; groups have no part in it."""

    def figure(plain: Standing) -> float:
        tally = counts.everybody[plain.statement]
        sure = more_than_half(tally, side)
        told = tally.seen >= counts.minimum and sure > SIGNIFICANT and likely(tally, side) > 0.5
        return likely(tally, side) * sure if told else 0.0

    return _first(standing for standing in counts.standings(figure) if standing.figure > 0)


def _agreeing(tally: Tally) -> float:
    return likely(tally, Opinion.AGREE)


def _apart(standing: Standing) -> float:
    leanings = [likely(tally, Opinion.AGREE) - likely(tally, Opinion.DISAGREE) for tally in standing.by_group.values()]
    return (max(leanings) - min(leanings)) / 2 if leanings else 0.0


def _first(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    return tuple(sorted(standings, key=lambda standing: (-standing.figure, standing.statement))[:LONGEST])
