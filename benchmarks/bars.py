"""What a bar is, how rounds become one figure, and how it is printed. It measures nothing itself."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

Side = Callable[[], Awaitable[float]]


@dataclass(frozen=True, slots=True)
class Options:
    """How thoroughly to measure. `large` adds what takes minutes, `long` the hour of load; `libraries` is the Python
    that has other people's counting libraries, "" if none."""

    rounds: int = 5
    large: bool = False
    long: bool = False
    libraries: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure against what it must reach (`gate`) and what it should (`target`)."""

    bar: str
    value: float | None
    gate: float
    target: float
    database: str = ""
    lower_is_better: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether the gate is passed; a figure that could not be measured passes nothing."""
        return self._reaches(self.gate)

    def _reaches(self, mark: float) -> bool:
        if self.value is None:
            return False
        return self.value <= mark if self.lower_is_better else self.value >= mark

    def line(self) -> str:
        """The bar as one JSON object on one line."""
        head = {
            "bar": self.bar,
            "database": self.database or None,
            "value": None if self.value is None else round(self.value, 4),
            "gate": self.gate,
            "target": self.target,
            "met": self.met,
            "target_met": self._reaches(self.target),
        }
        return json.dumps({**head, **{name: _rounded(value) for name, value in self.details.items()}})


def _rounded(value: Any) -> Any:
    return round(value, 4) if isinstance(value, float) else value


@dataclass(frozen=True, slots=True)
class Duel:
    """The medians of two sides measured in turn, and the median of their ratio round by round."""

    product: float
    floor: float
    ratio: float


async def duel(rounds: int, product: Side, floor: Side) -> Duel:
    """Measure floor and product in turn, so that both meet the same machine; a first round of each does not count."""
    await floor()
    await product()
    pairs = [(await floor(), await product()) for _ in range(rounds)]
    return Duel(
        product=median(made for _, made in pairs),
        floor=median(least for least, _ in pairs),
        ratio=median(made / least for least, made in pairs),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
