"""What charts show: values that a draughtsman turns into pictures, every word already in its language.

A picture never stands alone: whatever is here is also told in words (`bot.text`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PictureForm = Literal["png", "svg"]
Tone = Literal["plain", "strong", "faint"]
"""How a cell stands out: `strong` is dark with bold letters, `faint` is pale."""


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One bar: its label, its length (any unit, the same for all), what is written at its end, and whether it won."""

    label: str
    value: float
    caption: str
    winner: bool = False


@dataclass(frozen=True, slots=True)
class BarChart:
    """A horizontal bar chart. `mark` is drawn as a line across the bars (a majority), with its own label."""

    title: str
    subtitle: str
    rows: tuple[ChartRow, ...]
    footer: str = ""
    mark: float | None = None
    mark_label: str = ""
    extra: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class StackRow:
    """One bar made of parts, in the order of the chart's keys, and whether it won."""

    label: str
    parts: tuple[int, ...]
    caption: str
    winner: bool = False


@dataclass(frozen=True, slots=True)
class StackChart:
    """Bars of the same length, each cut into parts: a merit profile, or who can come when. `keys` name the parts, the
    best first; `middle` is the label of a line across the middle of the bars, "" for none."""

    title: str
    subtitle: str
    rows: tuple[StackRow, ...]
    keys: tuple[str, ...]
    middle: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One option in one round: its figure, what is written below it, and whether it is elected or leaves there."""

    value: float
    caption: str
    fate: Literal["", "elected", "eliminated"] = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One option through the rounds; None where it is no longer in."""

    label: str
    steps: tuple[Step | None, ...]
    winner: bool = False


@dataclass(frozen=True, slots=True)
class StepsChart:
    """Options through the rounds of a count by transfers. `columns` name the rounds; `mark` is what it takes to be
    elected, drawn across (None where that changes from round to round), with its label."""

    title: str
    subtitle: str
    columns: tuple[str, ...]
    rows: tuple[StepRow, ...]
    mark: float | None = None
    mark_label: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell of a grid."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a grid: its label, and a cell for each column."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class GridChart:
    """A grid: duels between options, or people and dates. `legend` says what the columns' short names stand for,
    `reading` how a cell is read."""

    title: str
    subtitle: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    legend: tuple[str, ...] = ()
    reading: str = ""
    footer: str = ""


@dataclass(frozen=True, slots=True)
class MapGroup:
    """One group on an opinion map: its letter, its caption ("A: 24 people"), and its people's places (any unit)."""

    letter: str
    caption: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class MapChart:
    """People placed by how they answered, in groups that answer alike; `others` are in no group that can be shown."""

    title: str
    subtitle: str
    groups: tuple[MapGroup, ...]
    others: tuple[tuple[float, float], ...]
    others_caption: str
    footer: str = ""


Chart = BarChart | StackChart | StepsChart | GridChart | MapChart
