"""Charts as pictures: horizontal bars, drawn by matplotlib for the width of a phone.

Every word and every order comes from the core; a picture never stands alone, its
text equivalent is on the card. Nothing a person typed is read as markup, and a
character that the font can't draw becomes a small box, never an error.
"""

from __future__ import annotations

import asyncio
import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.ports import BarChart, ChartRow

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

WIDTH = 1000
"""Pixels: what a phone shows without enlarging it."""
MOST_ROWS = 40
_MARGIN, _INNER = 36, WIDTH - 72
_BAR_HEIGHT = 34
_TITLE, _LABEL, _SMALL = 40, 32, 27
"""Heights of the letters in pixels: on a phone a third as wide, the smallest is still a newspaper's."""
_LEADING = 1.3
_INK, _FAINT, _PAPER = "#1b1b1b", "#505050", "#ffffff"
_BAR, _WINNER, _TRACK, _LINE = "#8fb3d1", "#0b4f8a", "#e9edf1", "#b3400e"
"""Blues that differ in lightness first, and a rust line: told apart with any colour sight, and in grey."""
_TICK, _MISSING, _CUT = "✔ ", "□", "…"
_MOST_LETTERS = 600


class MatplotlibDraughtsman:
    """Draws bar charts as PNG (`bot.ports.Draughtsman`), one at a time, off the event loop."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()

    async def bar_chart(self, chart: BarChart) -> bytes:
        """The chart as PNG bytes, 1000 pixels wide; rows past the fortieth are left to the text."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(_png, chart)


def _png(chart: BarChart) -> bytes:
    sheet = _Sheet()
    sheet.words(chart.title, _TITLE, bold=True, most=5)
    sheet.words(chart.subtitle, _SMALL, faint=True)
    _bars(sheet, chart)
    for line in (*chart.extra, chart.footer):
        sheet.words(line, _SMALL, faint=True)
    return sheet.png()


class _Sheet:
    """A page filled from the top down; things are remembered, and drawn once its height is known."""

    def __init__(self) -> None:
        self.y = float(_MARGIN)
        self._drawings: list[Callable[[Axes], object]] = []

    def words(self, text: str, size: int, *, bold: bool = False, faint: bool = False, most: int = 3) -> None:
        """Write text over the whole width, on at most so many lines; nothing for an empty text."""
        for line in _lines(text, size, _INNER, bold=bold, most=most):
            self.write(line, _MARGIN, self.y, size, bold=bold, colour=_FAINT if faint else _INK)
            self.y += size * _LEADING
        self.y += size * 0.25 if text else 0

    def write(self, line: str, x: float, top: float, size: int, *, bold: bool = False, colour: str = _INK) -> None:
        """Write one line that fits, its top left corner there."""
        style = {"fontproperties": _font(bold), "fontsize": size, "color": colour, "parse_math": False}
        baseline = top + size
        self._drawings.append(lambda axes: axes.text(x, baseline, line, va="baseline", **style))  # type: ignore[arg-type]

    def box(self, x: float, top: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle."""
        from matplotlib.patches import Rectangle

        self._drawings.append(lambda axes: axes.add_patch(Rectangle((x, top), width, height, color=colour, lw=0)))

    def png(self) -> bytes:
        """The page as PNG bytes, the same for the same things."""
        from matplotlib.figure import Figure

        height = round(self.y + _MARGIN)
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor=_PAPER)  # one point is one pixel
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
        axes.set_axis_off()
        for draw in self._drawings:
            draw(axes)
        file = io.BytesIO()
        figure.savefig(file, format="png", metadata={"Software": None})
        return file.getvalue()


# ── the bars ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Scale:
    """How long bars are: `room` pixels hold `top` votes; captions stand in the column at their right."""

    room: float
    top: float

    def length(self, value: float) -> float:
        return max(value, 0) / self.top * self.room


def _bars(sheet: _Sheet, chart: BarChart) -> None:
    rows = chart.rows[:MOST_ROWS]
    widest = max((_width(_drawable(row.caption), _SMALL, bold=row.winner) for row in rows), default=0)
    scale = _Scale(
        room=_INNER - min(widest + 16, _INNER * 0.5), top=max([1, chart.mark or 0, *(row.value for row in rows)])
    )
    sheet.y += 14
    if chart.mark is not None:
        _mark_label(sheet, chart.mark_label, scale.length(chart.mark))
    for row in rows:
        _bar(sheet, row, scale, chart.mark)
    if len(chart.rows) > MOST_ROWS:
        sheet.words(f"{_CUT} +{len(chart.rows) - MOST_ROWS}", _LABEL)
    sheet.y += 6


def _bar(sheet: _Sheet, row: ChartRow, scale: _Scale, mark: float | None) -> None:
    """One row: its label over the bar, so that neither has to shrink; a winner's is ticked, bold and dark."""
    sheet.words((_TICK if row.winner else "") + row.label, _LABEL, bold=row.winner)
    sheet.box(_MARGIN, sheet.y, scale.room, _BAR_HEIGHT, _TRACK)
    sheet.box(_MARGIN, sheet.y, scale.length(row.value), _BAR_HEIGHT, _WINNER if row.winner else _BAR)
    if mark is not None:
        sheet.box(_MARGIN + scale.length(mark) - 2, sheet.y - 5, 4, _BAR_HEIGHT + 10, _LINE)
    lines = _lines(row.caption, _SMALL, _INNER - scale.room - 16, bold=row.winner, most=3)
    for number, line in enumerate(lines):
        top = sheet.y + 1 + number * _SMALL * _LEADING
        sheet.write(line, _MARGIN + scale.room + 16, top, _SMALL, bold=row.winner)
    sheet.y += max(_BAR_HEIGHT, len(lines) * _SMALL * _LEADING) + 22


def _mark_label(sheet: _Sheet, label: str, at: float) -> None:
    """Say what the line across the bars is, above it and as near as the page allows."""
    for line in _lines(label, _SMALL, _INNER, bold=False, most=2):
        left = min(max(at - _width(line, _SMALL, bold=False) / 2, 0), _INNER - _width(line, _SMALL, bold=False))
        sheet.write(line, _MARGIN + left, sheet.y, _SMALL, colour=_LINE)
        sheet.y += _SMALL * _LEADING
    sheet.box(_MARGIN + at - 2, sheet.y, 4, 12, _LINE)
    sheet.y += 16


# ── the letters ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _lines(text: str, size: int, room: float, *, bold: bool, most: int) -> list[str]:
    """The text cut into lines that fit the room, in at most so many; what is left out ends in an ellipsis."""
    lines: list[str] = []
    line = ""
    for word in _pieces(_drawable(text), size, room, bold=bold):
        longer = f"{line} {word}" if line else word
        if _width(longer, size, bold=bold) <= room:
            line = longer
        else:
            lines.append(line)
            line = word
    if line:
        lines.append(line)
    if len(lines) > most:
        lines[most - 1 :] = [lines[most - 1][:-1].rstrip() + _CUT]
    return lines


def _pieces(text: str, size: int, room: float, *, bold: bool) -> list[str]:
    """The words of the text, those too long for a line cut where they must be."""
    pieces: list[str] = []
    for word in text.split(" "):
        rest = word
        while rest and _width(rest, size, bold=bold) > room:
            fitting = next(
                n for n in range(len(rest) - 1, 0, -1) if n == 1 or _width(rest[:n], size, bold=bold) <= room
            )
            pieces.append(rest[:fitting])
            rest = rest[fitting:]
        if rest:
            pieces.append(rest)
    return pieces


def _drawable(text: str) -> str:
    """The text without what can't be seen (controls, joiners, direction marks), and a box for what is unknown."""
    clean = " ".join(unicodedata.normalize("NFC", text[:_MOST_LETTERS]).split())
    seen = (
        letter for letter in clean if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}
    )
    known = "".join(letter if ord(letter) in _letters() else _MISSING for letter in seen)
    return re.sub(f"{_MISSING}+", _MISSING, known)  # a family emoji is four letters, and one thing


@lru_cache(maxsize=4096)
def _width(line: str, size: int, *, bold: bool) -> float:
    """Pixels the line takes."""
    from matplotlib.font_manager import get_font
    from matplotlib.ft2font import LoadFlags

    face = get_font(str(_font(bold).get_file()))
    face.set_size(size, 72)
    face.set_text(line, 0, flags=LoadFlags.FORCE_AUTOHINT)  # as it will be drawn
    return face.get_width_height()[0] / 64


@cache
def _font(bold: bool) -> FontProperties:
    """The font that comes with matplotlib, so that pictures are the same on every machine."""
    import matplotlib as mpl
    from matplotlib.font_manager import FontProperties

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=Path(mpl.get_data_path()) / "fonts" / "ttf" / name)


@cache
def _letters() -> frozenset[int]:
    """What both weights of the font can draw."""
    from matplotlib.font_manager import get_font

    regular, strong = (set(get_font(str(_font(bold).get_file())).get_charmap()) for bold in (False, True))
    return frozenset(regular & strong)
