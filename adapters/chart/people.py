"""People on an opinion map, each group told by its letter and its shape."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adapters.chart.letters import lines
from adapters.chart.sheet import INNER, LEADING, MARGIN, PAPER, SMALL, TRACK, Sheet
from bot.charts import MapChart

_MAP_HEIGHT, _MAP_EDGE = 500, 44
"""Pixels of the map, and of the empty edge inside it."""
_SHAPES = (("o", "#0b4f8a"), ("s", "#d55e00"), ("^", "#007a5a"), ("D", "#8a3d78"), ("P", "#7a6400"))
"""A group is told by its letter and its shape; the colours (after Okabe and Ito) also differ for the colour-blind."""
_OTHERS = ("x", "#8a8a8a")


def draw_people(sheet: Sheet, chart: MapChart) -> None:
    """Draw the map, and below it what each mark is."""
    sheet.y += 10
    _people(sheet, chart)
    sheet.y += _MAP_HEIGHT + 18
    kinds = [kind for _, kind in zip(chart.groups, _SHAPES, strict=False)]
    for group, kind in zip(chart.groups, kinds, strict=True):
        _key(sheet, kind, group.caption, bold=True)
    if chart.others:
        _key(sheet, _OTHERS, chart.others_caption, bold=False)


def _people(sheet: Sheet, chart: MapChart) -> None:
    """Everybody in the frame, each group with its letter in its middle; both axes at the same scale."""
    sheet.box(MARGIN, sheet.y, INNER, _MAP_HEIGHT, TRACK)
    sheet.box(MARGIN + 2, sheet.y + 2, INNER - 4, _MAP_HEIGHT - 4, PAPER)
    everybody = [*chart.others, *(point for group in chart.groups for point in group.points)]
    if not everybody:
        return
    fit = _fit(everybody, sheet.y)
    size = min(max(260 / len(everybody) ** 0.5, 4.0), 20.0)
    if chart.others:
        sheet.marks([fit(point) for point in chart.others], _OTHERS, size * 0.8)
    for group, kind in zip(chart.groups, _SHAPES, strict=False):
        sheet.marks([fit(point) for point in group.points], kind, size)
    for group, kind in zip(chart.groups, _SHAPES, strict=False):
        sheet.letter(group.letter, [fit(point) for point in group.points], kind[1])


def _fit(points: Sequence[tuple[float, float]], top: float) -> Callable[[tuple[float, float]], tuple[float, float]]:
    """From places in any unit to pixels of the frame that begins at `top`; up stays up."""
    (left, right), (low, high) = [(min(values), max(values)) for values in zip(*points, strict=True)]
    room = (INNER - 2 * _MAP_EDGE, _MAP_HEIGHT - 2 * _MAP_EDGE)
    scale = min(room[0] / max(right - left, 1e-9), room[1] / max(high - low, 1e-9))
    middle = (MARGIN + INNER / 2, top + _MAP_HEIGHT / 2)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return (
            middle[0] + (point[0] - (left + right) / 2) * scale,
            middle[1] - (point[1] - (low + high) / 2) * scale,
        )

    return place


def _key(sheet: Sheet, kind: tuple[str, str], caption: str, *, bold: bool) -> None:
    """One line below the map: a mark, and whose it is."""
    for number, line in enumerate(lines(caption, SMALL, INNER - 44, bold=bold, most=2)):
        if not number:
            sheet.marks([(MARGIN + 16, sheet.y + SMALL * 0.65)], kind, 20)
        sheet.write(line, MARGIN + 44, sheet.y, SMALL, bold=bold)
        sheet.y += SMALL * LEADING
    sheet.y += 6
