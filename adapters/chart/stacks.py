"""Bars of the same length cut into parts: a merit profile, or who can come when.

The parts stand in the order of their keys, each with its key's number where there is room for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.chart.bars import MOST_ROWS
from adapters.chart.letters import CUT, lines, width
from adapters.chart.sheet import INK, INNER, LABEL, LEADING, MARGIN, PAPER, SMALL, TICK, TRACK, Sheet
from bot.charts import StackChart, StackRow

_HEIGHT, _GAP = 44, 3
_DARK, _LIGHT = (11, 79, 138), (214, 226, 238)
_PALE = 0.35


def draw_stacks(sheet: Sheet, chart: StackChart) -> None:
    """Draw the keys, then the bars."""
    tones = [_tone(place, len(chart.keys)) for place in range(len(chart.keys))]
    sheet.y += 8
    _keys(sheet, chart.keys, tones)
    if chart.middle:
        _middle(sheet, chart.middle)
    for row in chart.rows[:MOST_ROWS]:
        _bar(sheet, row, tones, line=bool(chart.middle))
    if len(chart.rows) > MOST_ROWS:
        sheet.words(f"{CUT} +{len(chart.rows) - MOST_ROWS}", LABEL)
    sheet.y += 6


def _tone(place: int, number: int) -> tuple[str, str]:
    """The fill of a part and the ink on it, from dark to light."""
    share = place / max(number - 1, 1)
    mixed = (round(dark + (light - dark) * share) for dark, light in zip(_DARK, _LIGHT, strict=True))
    return "#" + "".join(f"{one:02x}" for one in mixed), PAPER if share < _PALE else INK


def _keys(sheet: Sheet, keys: Sequence[str], tones: Sequence[tuple[str, str]]) -> None:
    """What the parts are, as many in a line as fit."""
    x = float(MARGIN)
    for number, (key, (fill, ink)) in enumerate(zip(keys, tones, strict=True), 1):
        line = lines(key, SMALL, INNER - 60, bold=False, most=1) or [""]
        wide = 46 + width(line[0], SMALL, bold=False) + 26
        if x > MARGIN and x + wide > MARGIN + INNER:
            x = float(MARGIN)
            sheet.y += SMALL * 1.6
        sheet.box(x, sheet.y, 36, 36, fill)
        _centred(sheet, str(number), x + 18, sheet.y + 3, ink)
        sheet.write(line[0], x + 46, sheet.y + 3, SMALL)
        x += wide
    sheet.y += SMALL * 1.6 + 8


def _middle(sheet: Sheet, label: str) -> None:
    for line in lines(label, SMALL, INNER, bold=False, most=2):
        _centred(sheet, line, MARGIN + INNER / 2, sheet.y, INK)
        sheet.y += SMALL * LEADING
    sheet.rule(MARGIN + INNER / 2, sheet.y, 12)
    sheet.y += 16


def _bar(sheet: Sheet, row: StackRow, tones: Sequence[tuple[str, str]], *, line: bool) -> None:
    sheet.words((TICK if row.winner else "") + row.label, LABEL, bold=row.winner)
    total = sum(row.parts)
    sheet.box(MARGIN, sheet.y, INNER, _HEIGHT, TRACK)
    x = float(MARGIN)
    for number, (part, (fill, ink)) in enumerate(zip(row.parts, tones, strict=True), 1):
        length = INNER * part / total if total else 0
        sheet.box(x, sheet.y, max(length - _GAP, min(length, 1)), _HEIGHT, fill)
        if length >= width(str(number), SMALL, bold=False) + 10:
            sheet.write(str(number), x + 5, sheet.y + 7, SMALL, colour=ink)
        x += length
    if line:
        sheet.rule(MARGIN + INNER / 2, sheet.y - 6, _HEIGHT + 12, thick=8, colour=PAPER)
        sheet.rule(MARGIN + INNER / 2, sheet.y - 6, _HEIGHT + 12)
    sheet.y += _HEIGHT + 8
    sheet.words(row.caption, SMALL, bold=row.winner, most=3)
    sheet.y += 14


def _centred(sheet: Sheet, text: str, x: float, top: float, ink: str) -> None:
    sheet.write(text, x - width(text, SMALL, bold=False) / 2, top, SMALL, colour=ink)
