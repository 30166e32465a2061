"""How opinions moved between the beginning and the end of a debate, in aggregate.

Who answered only once says nothing about a movement, so positions are compared among
those who answered twice. Nothing else is ever counted by position: a total over all
answers beside one over those who answered twice would give away, by subtraction, the
few who didn't.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.debate.model import Shift, Stance

_PLACE = {Stance.AGAINST: -1, Stance.UNDECIDED: 0, Stance.FOR: 1}


@dataclass(frozen=True, slots=True)
class Shifted:
    """How many answered `at_first`, `at_last` and `twice`; for the latter, how many held each position `before` and
    `after`, and how many went from one to another (`moved`, without those who stayed)."""

    at_first: int
    at_last: int
    twice: int
    before: Mapping[Stance, int]
    after: Mapping[Stance, int]
    moved: Mapping[tuple[Stance, Stance], int]

    @property
    def changed(self) -> int:
        """How many changed their mind."""
        return sum(self.moved.values())

    @property
    def towards_for(self) -> int:
        """How many moved towards for: from against to undecided, or from either to for."""
        return sum(people for (old, new), people in self.moved.items() if _PLACE[new] > _PLACE[old])

    @property
    def towards_against(self) -> int:
        """How many moved towards against."""
        return self.changed - self.towards_for

    @property
    def net(self) -> int:
        """How many more moved towards for than towards against."""
        return self.towards_for - self.towards_against

    def shown(self, minimum: int) -> bool:
        """Whether positions and movements may be told: only if at least `minimum` people answered twice."""
        return self.twice >= minimum


def shifted(shifts: Mapping[Shift, int]) -> Shifted:
    """The movement in these counts of answers before and after."""
    pairs = {(old, new): n for (old, new), n in shifts.items() if old is not None and new is not None}
    return Shifted(
        at_first=sum(people for (old, _), people in shifts.items() if old is not None),
        at_last=sum(people for (_, new), people in shifts.items() if new is not None),
        twice=sum(pairs.values()),
        before={stance: sum(n for (old, _), n in pairs.items() if old is stance) for stance in Stance},
        after={stance: sum(n for (_, new), n in pairs.items() if new is stance) for stance in Stance},
        moved={pair: people for pair, people in pairs.items() if pair[0] is not pair[1] and people},
    )
