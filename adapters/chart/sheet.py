"""A page filled from the top down, and its look: sizes, colours, margins.

Colours differ in lightness first, so that they are told apart with any colour sight,
and in grey; nothing is carried by them alone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from adapters.chart.letters import drawable, font, lines, width
from bot.charts import PictureForm

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 1000
"""Pixels: what a phone shows without enlarging it."""
MARGIN, INNER = 36, WIDTH - 72
TITLE, LABEL, SMALL = 40, 32, 27
"""Heights of the letters in pixels: on a phone a third as wide, the smallest is still a newspaper's."""
LEADING = 1.3
INK, FAINT, PAPER = "#1b1b1b", "#505050", "#ffffff"
BAR, WINNER, TRACK, LINE = "#8fb3d1", "#0b4f8a", "#e9edf1", "#b3400e"
"""Blues that differ in lightness, and a rust line."""
TICK = "✔ "
_LETTER = 46
"""Pixels of a letter in the middle of a group."""


class Sheet:
    """A page filled from the top down; things are remembered, and drawn once its height is known."""

    def __init__(self) -> None:
        self.y = float(MARGIN)
        self._drawings: list[Callable[[Axes], object]] = []

    def words(self, text: str, size: int, *, bold: bool = False, faint: bool = False, most: int = 3) -> None:
        """Write text over the whole width, on at most so many lines; nothing for an empty text."""
        for line in lines(text, size, INNER, bold=bold, most=most):
            self.write(line, MARGIN, self.y, size, bold=bold, colour=FAINT if faint else INK)
            self.y += size * LEADING
        self.y += size * 0.25 if text else 0

    def write(self, line: str, x: float, top: float, size: int, *, bold: bool = False, colour: str = INK) -> None:
        """Write one line that fits, its top left corner there."""
        style = {"fontproperties": font(bold), "fontsize": size, "color": colour, "parse_math": False}
        baseline = top + size
        self._drawings.append(lambda axes: axes.text(x, baseline, line, va="baseline", **style))  # type: ignore[arg-type]

    def rule(self, x: float, top: float, height: float, *, thick: float = 4, colour: str = LINE) -> None:
        """Draw a vertical line around x."""
        self.box(x - thick / 2, top, thick, height, colour)

    def box(self, x: float, top: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle."""
        from matplotlib.patches import Rectangle

        self._drawings.append(lambda axes: axes.add_patch(Rectangle((x, top), width, height, color=colour, lw=0)))

    def marks(self, places: Sequence[tuple[float, float]], kind: tuple[str, str], size: float) -> None:
        """Draw one mark at each place, of that shape and colour, so many pixels wide."""
        across, down = [[place[axis] for place in places] for axis in (0, 1)]
        edge = {"linewidths": max(size / 7, 0.8), "edgecolors": PAPER} if kind[0] != "x" else {"linewidths": size / 6}
        style = {"marker": kind[0], "s": size * size, "c": kind[1], **edge}
        self._drawings.append(lambda axes: axes.scatter(across, down, **style))  # type: ignore[arg-type]

    def letter(self, letter: str, places: Sequence[tuple[float, float]], colour: str) -> None:
        """Write a large letter in the middle of these places, with a rim that keeps it apart from the marks."""
        from matplotlib.patheffects import withStroke

        across, down = (sum(place[axis] for place in places) / max(len(places), 1) for axis in (0, 1))
        left, base = across - width(letter, _LETTER, bold=True) / 2, down + _LETTER * 0.36
        rim = [withStroke(linewidth=12, foreground=PAPER)]
        style = {"fontproperties": font(True), "fontsize": _LETTER, "color": colour, "parse_math": False}
        self._drawings.append(lambda axes: axes.text(left, base, letter, va="baseline", path_effects=rim, **style))  # type: ignore[arg-type]

    def picture(self, form: PictureForm, title: str) -> bytes:
        """The page as a file, the same for the same things. `title` is what an SVG says to whoever can't see it."""
        figure = self._figure()
        file = io.BytesIO()
        if form == "png":
            figure.savefig(file, format="png", metadata={"Software": None})
            return file.getvalue()
        import matplotlib as mpl

        with mpl.rc_context({"svg.hashsalt": "palabre", "svg.fonttype": "path"}):
            figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
        return _titled(file.getvalue().decode(), title).encode()

    def _figure(self) -> Figure:
        from matplotlib.figure import Figure

        height = round(self.y + MARGIN)
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72, facecolor=PAPER)  # one point is one pixel
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
        axes.set_axis_off()
        for draw in self._drawings:
            draw(axes)
        return figure


def _titled(svg: str, title: str) -> str:
    """The drawing with its words, where screen readers look for them."""
    words = escape(drawable(title))
    return re.sub(r"(<svg\b[^>]*)>", lambda found: f'{found[1]} role="img">\n <title>{words}</title>', svg, count=1)
