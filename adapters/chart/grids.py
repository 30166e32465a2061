"""A grid of short words: duels between options, or people and dates. Its long names stand in a legend above it."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chart.letters import CUT, drawable, lines, width
from adapters.chart.sheet import FAINT, INK, INNER, LABEL, LEADING, MARGIN, PAPER, SMALL, TRACK, WINNER, Sheet
from bot.charts import Cell, GridChart, GridRow, Tone

MOST_COLUMNS = 12
MOST_ROWS = 30
_HIGH, _GAP = 50, 4
_WIDEST_CELL = 130
_LEAST = 16
_TONES: dict[Tone, tuple[str, str]] = {"plain": ("#c9dbe9", INK), "strong": (WINNER, PAPER), "faint": (TRACK, FAINT)}


def draw_grid(sheet: Sheet, chart: GridChart) -> None:
    """Draw the legend, then the grid; columns past the twelfth and rows past the thirtieth are left to the text."""
    for name in chart.legend[:MOST_COLUMNS]:
        sheet.words(name, SMALL, most=2)
    sheet.words(chart.reading, SMALL, faint=True)
    sheet.y += 6
    columns, rows = chart.columns[:MOST_COLUMNS], chart.rows[:MOST_ROWS]
    label = _label_room(rows)
    wide = min((INNER - label) / max(len(columns), 1), _WIDEST_CELL)
    for place, head in enumerate(columns):
        _centred(sheet, Cell(head), MARGIN + label + place * wide, wide, INK)
    sheet.y += SMALL * LEADING + 6
    for row in rows:
        _row(sheet, row, label, wide)
    left_out = max(len(chart.columns) - MOST_COLUMNS, 0), max(len(chart.rows) - MOST_ROWS, 0)
    if any(left_out):
        sheet.words(f"{CUT} +{max(left_out)}", LABEL)
    sheet.y += 10


def _label_room(rows: Sequence[GridRow]) -> float:
    widest = max((width(line, SMALL, bold=False) for row in rows for line in _label(row)), default=0)
    return min(widest + 16, INNER * 0.4)


def _label(row: GridRow) -> list[str]:
    return lines(row.label, SMALL, INNER * 0.4 - 16, bold=False, most=1)


def _row(sheet: Sheet, row: GridRow, label: float, wide: float) -> None:
    for line in _label(row):
        sheet.write(line, MARGIN, sheet.y + 8, SMALL)
    for place, cell in enumerate(row.cells[:MOST_COLUMNS]):
        fill, ink = _TONES[cell.tone]
        left = MARGIN + label + place * wide
        sheet.box(left, sheet.y, wide - _GAP, _HIGH, fill)
        sheet.y += 8
        _centred(sheet, cell, left, wide - _GAP, ink)
        sheet.y -= 8
    sheet.y += _HIGH + _GAP


def _centred(sheet: Sheet, cell: Cell, left: float, wide: float, ink: str) -> None:
    bold = cell.tone == "strong"
    text = drawable(cell.text)
    size = next((size for size in range(SMALL, _LEAST, -1) if width(text, size, bold=bold) <= wide - 4), _LEAST)
    line = lines(text, size, wide, bold=bold, most=1) or [""]
    sheet.write(line[0], left + (wide - width(line[0], size, bold=bold)) / 2, sheet.y, size, bold=bold, colour=ink)
