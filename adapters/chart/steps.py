"""Options through the rounds of a count by transfers: for each, a column a round with its figure, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from adapters.chart.bars import MOST_ROWS
from adapters.chart.letters import CUT, drawable, lines, width
from adapters.chart.sheet import (
    BAR,
    FAINT,
    INNER,
    LABEL,
    LEADING,
    LINE,
    MARGIN,
    SMALL,
    TICK,
    TRACK,
    WINNER,
    Sheet,
)
from bot.charts import Step, StepRow, StepsChart

MOST_COLUMNS = 8
_HEIGHT, _LEAST = 84, 18
_FATES = {"": "", "elected": "✔", "eliminated": "✘"}


@dataclass(frozen=True, slots=True)
class _Scale:
    """How wide a column is, and how many votes its whole height holds."""

    wide: float
    top: float

    def height(self, value: float) -> float:
        return min(max(value, 0) / self.top, 1) * _HEIGHT


def draw_steps(sheet: Sheet, chart: StepsChart) -> None:
    """Draw a strip for each option; of many rounds the first and the last ones."""
    kept = _kept(len(chart.columns))
    values = [step.value for row in chart.rows for step in row.steps if step is not None]
    scale = _Scale(INNER / max(len(kept), 1), max([1.0, chart.mark or 0.0, *values]))
    sheet.y += 10
    if chart.mark is not None:
        sheet.box(MARGIN, sheet.y + SMALL * 0.6, 44, 4, LINE)
        for line in lines(chart.mark_label, SMALL, INNER - 60, bold=False, most=2):
            sheet.write(line, MARGIN + 56, sheet.y, SMALL)
            sheet.y += SMALL * LEADING
    _heads(sheet, [chart.columns[place] if place >= 0 else CUT for place in kept], scale)
    for row in chart.rows[:MOST_ROWS]:
        _strip(sheet, _of_columns(row, kept), scale, chart.mark)
    if len(chart.rows) > MOST_ROWS:
        sheet.words(f"{CUT} +{len(chart.rows) - MOST_ROWS}", LABEL)


def _kept(number: int) -> list[int]:
    """The places of the rounds that are shown, -1 for what is left out."""
    if number <= MOST_COLUMNS:
        return list(range(number))
    return [0, -1, *range(number - (MOST_COLUMNS - 2), number)]


def _of_columns(row: StepRow, kept: Sequence[int]) -> StepRow:
    return replace(row, steps=tuple(row.steps[place] if place >= 0 else None for place in kept))


def _heads(sheet: Sheet, heads: Sequence[str], scale: _Scale) -> None:
    cut = [lines(head, SMALL, scale.wide - 6, bold=False, most=2) for head in heads]
    for place, head in enumerate(cut):
        for number, line in enumerate(head):
            sheet.write(line, MARGIN + place * scale.wide, sheet.y + number * SMALL * LEADING, SMALL, colour=FAINT)
    sheet.y += max(map(len, cut), default=0) * SMALL * LEADING + 10


def _strip(sheet: Sheet, row: StepRow, scale: _Scale, mark: float | None) -> None:
    sheet.words((TICK if row.winner else "") + row.label, LABEL, bold=row.winner)
    size = _size(row, scale)
    foot = sheet.y + 8 + _HEIGHT
    for place, step in enumerate(row.steps):
        left = MARGIN + place * scale.wide
        sheet.box(left, foot, scale.wide - 8, 3, TRACK)
        if step is not None:
            high = scale.height(step.value)
            sheet.box(left, foot - high, scale.wide - 8, high, WINNER if row.winner else BAR)
            sheet.write(_words(step), left, foot + 6, size, bold=bool(step.fate))
    if mark is not None:
        sheet.box(MARGIN, foot - scale.height(mark) - 1.5, INNER - 8, 3, LINE)
    sheet.y = foot + 6 + size * LEADING + 20


def _words(step: Step) -> str:
    return drawable(f"{_FATES[step.fate]} {step.caption}")


def _size(row: StepRow, scale: _Scale) -> int:
    """The largest letters with which every figure fits its column."""
    captions = [_words(step) for step in row.steps if step is not None]
    fitting = (
        size
        for size in range(SMALL, _LEAST, -1)
        if all(width(words, size, bold=True) <= scale.wide - 4 for words in captions)
    )
    return next(fitting, _LEAST)
