"""What may be said of an opinion map: counts and lists, nothing about fewer people than the rules allow.

Everything here is an aggregate except `membership`, which tells a person their own
group and nobody else's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.opinions.model import Opinion

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people answered a statement, each way."""

    agrees: int = 0
    disagrees: int = 0
    passes: int = 0

    @property
    def seen(self) -> int:
        """How many answered, passes included."""
        return self.agrees + self.disagrees + self.passes


@dataclass(frozen=True, slots=True)
class Held:
    """A statement that tells a group from the others: by how it answers (`opinion`), with the group's own counts.

    `weight` is the figure they are ranked by; the greater, the more it tells."""

    statement: int
    opinion: Opinion
    tally: Tally
    weight: float


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group of people who answer alike, large enough to be shown. `points` is one mark per person, spread evenly
    about the group's middle: a mark is nobody's own place."""

    letter: str
    size: int
    holds: tuple[Held, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How one statement stands. `overall` counts everybody, None when it would let fewer people than allowed be worked
    out; `by_group` has the counts of the groups in which enough people answered, by letter; `figure` ranks it."""

    statement: int
    overall: Tally | None
    by_group: Mapping[str, Tally]
    figure: float


@dataclass(frozen=True, slots=True)
class OpinionMap:
    """An opinion map as it may be shown.

    `participants` answered at least one statement; `placed` of them answered at least
    `enough`, and are on the map. `others` of those are in no group that can be shown.
    `bridging` and `dividing` need two groups; `agreed` and `rejected` are what most of
    everybody agrees or disagrees with. Each list is at most five long, the clearest first.
    """

    participants: int
    placed: int
    enough: int
    groups: tuple[GroupView, ...] = ()
    others: int = 0
    others_points: tuple[Point, ...] = ()
    bridging: tuple[Standing, ...] = ()
    dividing: tuple[Standing, ...] = ()
    agreed: tuple[Standing, ...] = ()
    rejected: tuple[Standing, ...] = ()
    membership: Mapping[int, str] = field(default_factory=dict)
    """The letter of each alias in a group that is shown: for that person alone."""
