"""Charts as pictures, drawn by matplotlib for the width of a phone: one module for each shape.

Every word and every order comes from the core; a picture never stands alone, its text
equivalent is on the card. matplotlib is loaded when the first picture is drawn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import assert_never

from adapters.chart.bars import MOST_ROWS, draw_bars
from adapters.chart.codes import qr_code
from adapters.chart.grids import draw_grid
from adapters.chart.people import draw_people
from adapters.chart.sheet import SMALL, TITLE, WIDTH, Sheet
from adapters.chart.stacks import draw_stacks
from adapters.chart.steps import draw_steps
from bot.charts import BarChart, Chart, GridChart, MapChart, PictureForm, StackChart, StepsChart

__all__ = ["MOST_ROWS", "WIDTH", "MatplotlibDraughtsman"]


class MatplotlibDraughtsman:
    """Draws charts as PNG or SVG (`bot.ports.Draughtsman`), one at a time, off the event loop."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()

    async def draw(self, chart: Chart, form: PictureForm = "png") -> bytes:
        """The chart as a picture 1000 pixels wide, the same bytes for the same chart."""
        async with self._one_at_a_time:
            return await asyncio.to_thread(_picture, chart, form)

    async def qr_codes(self, texts: Sequence[str]) -> list[str]:
        """Each text as a picture to scan, an SVG element."""
        return await asyncio.to_thread(lambda: [qr_code(text) for text in texts])


def _picture(chart: Chart, form: PictureForm) -> bytes:
    sheet = Sheet()
    sheet.words(chart.title, TITLE, bold=True, most=5)
    sheet.words(chart.subtitle, SMALL, faint=True)
    match chart:
        case BarChart():
            draw_bars(sheet, chart)
        case StackChart():
            draw_stacks(sheet, chart)
        case StepsChart():
            draw_steps(sheet, chart)
        case GridChart():
            draw_grid(sheet, chart)
        case MapChart():
            draw_people(sheet, chart)
        case _:
            assert_never(chart)
    sheet.words(chart.footer, SMALL, faint=True)
    return sheet.picture(form, f"{chart.title}. {chart.subtitle}")
