"""Horizontal bars, one for each option, with a line across them for a majority."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.chart.letters import CUT, drawable, lines, width
from adapters.chart.sheet import BAR, INNER, LABEL, LEADING, LINE, MARGIN, SMALL, TICK, TRACK, WINNER, Sheet
from bot.charts import BarChart, ChartRow

MOST_ROWS = 40
BAR_HEIGHT = 34


@dataclass(frozen=True, slots=True)
class _Scale:
    """How long bars are: `room` pixels hold `top` votes; captions stand in the column at their right."""

    room: float
    top: float

    def length(self, value: float) -> float:
        return max(value, 0) / self.top * self.room


def draw_bars(sheet: Sheet, chart: BarChart) -> None:
    """Draw the rows; those past the fortieth are left to the text."""
    rows = chart.rows[:MOST_ROWS]
    widest = max((width(drawable(row.caption), SMALL, bold=row.winner) for row in rows), default=0)
    scale = _Scale(
        room=INNER - min(widest + 16, INNER * 0.5), top=max([1, chart.mark or 0, *(row.value for row in rows)])
    )
    sheet.y += 14
    if chart.mark is not None:
        _mark_label(sheet, chart.mark_label, scale.length(chart.mark))
    for row in rows:
        _bar(sheet, row, scale, chart.mark)
    if len(chart.rows) > MOST_ROWS:
        sheet.words(f"{CUT} +{len(chart.rows) - MOST_ROWS}", LABEL)
    sheet.y += 6
    for line in chart.extra:
        sheet.words(line, SMALL, faint=True)


def _bar(sheet: Sheet, row: ChartRow, scale: _Scale, mark: float | None) -> None:
    """One row: its label over the bar, so that neither has to shrink; a winner's is ticked, bold and dark."""
    sheet.words((TICK if row.winner else "") + row.label, LABEL, bold=row.winner)
    sheet.box(MARGIN, sheet.y, scale.room, BAR_HEIGHT, TRACK)
    sheet.box(MARGIN, sheet.y, scale.length(row.value), BAR_HEIGHT, WINNER if row.winner else BAR)
    if mark is not None:
        sheet.box(MARGIN + scale.length(mark) - 2, sheet.y - 5, 4, BAR_HEIGHT + 10, LINE)
    said = lines(row.caption, SMALL, INNER - scale.room - 16, bold=row.winner, most=3)
    for number, line in enumerate(said):
        top = sheet.y + 1 + number * SMALL * LEADING
        sheet.write(line, MARGIN + scale.room + 16, top, SMALL, bold=row.winner)
    sheet.y += max(BAR_HEIGHT, len(said) * SMALL * LEADING) + 22


def _mark_label(sheet: Sheet, label: str, at: float) -> None:
    """Say what the line across the bars is, above it and as near as the page allows."""
    for line in lines(label, SMALL, INNER, bold=False, most=2):
        left = min(max(at - width(line, SMALL, bold=False) / 2, 0), INNER - width(line, SMALL, bold=False))
        sheet.write(line, MARGIN + left, sheet.y, SMALL, colour=LINE)
        sheet.y += SMALL * LEADING
    sheet.box(MARGIN + at - 2, sheet.y, 4, 12, LINE)
    sheet.y += 16
