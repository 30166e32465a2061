"""Charts: pictures of a known width that no name can break, the same each time, with the winner told without colour."""

from __future__ import annotations

import asyncio
import json
import struct
import subprocess
import sys
import warnings
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from adapters.chart import MOST_ROWS, WIDTH, MatplotlibDraughtsman
from bot.charts import BarChart, ChartRow

ROWS = (ChartRow("Un local partagé", 62, "62 voix (48 %), retenu", winner=True), ChartRow("Un festival", 41, "41 voix"))
CHART = BarChart(
    "Quel projet financer ?", "103 votants", ROWS, mark=52, mark_label="majorité : 52", footer="Provisoire"
)


async def draw(chart: BarChart) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return await MatplotlibDraughtsman().draw(chart)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


async def test_a_chart_is_as_wide_as_promised_and_the_same_each_time() -> None:
    first = await draw(CHART)
    assert size(first)[0] == WIDTH
    assert first == await draw(CHART)
    assert first != await draw(BarChart(CHART.title, CHART.subtitle, ROWS[:1]))


async def test_the_winner_is_told_without_colour() -> None:
    lost = tuple(ChartRow(row.label, row.value, row.caption) for row in ROWS)
    first_label = (0, 112, WIDTH, 153)
    with_winner, without = [
        Image.open(BytesIO(await draw(BarChart("T", "", rows)))).convert("L").crop(first_label) for rows in (ROWS, lost)
    ]
    assert ImageChops.difference(with_winner, without).getbbox()  # a tick, and bold letters


async def test_dollars_and_markup_are_letters() -> None:
    rows = (ChartRow("$x^2$ \\frac{1}{2} $", 1, "$5", winner=True), ChartRow("<b>&amp;</b> %s {n}", 0, "$$"))
    await draw(BarChart("$\\alpha$ $unclosed", "_a_ $", rows, mark=1, mark_label="$"))


async def test_nothing_at_all_can_be_drawn() -> None:
    assert size(await draw(BarChart("", "", ())))[0] == WIDTH


async def test_many_rows_are_cut_and_long_words_are_wrapped() -> None:
    def rows(number: int) -> tuple[ChartRow, ...]:
        return tuple(ChartRow(f"Option {n}", n, str(n)) for n in range(number))

    forty, more = size(await draw(BarChart("T", "", rows(MOST_ROWS)))), size(await draw(BarChart("T", "", rows(90))))
    assert forty[1] < more[1] < forty[1] * 1.05
    narrow, long = [size(await draw(BarChart(title, "", ROWS))) for title in ("Titre", "M" * 4000)]
    assert narrow[1] < long[1] < narrow[1] + 300


TYPED = st.text(max_size=80) | st.sampled_from(
    ["👨‍👩‍👧‍👦", "日本語", "العربية", "\u202etfel", "a\x00b", "\ud800", "é" * 30, "$"]
)


@settings(max_examples=25, deadline=None)
@given(TYPED, st.lists(st.tuples(TYPED, st.integers(-5, 10**12), TYPED, st.booleans()), max_size=5))
def test_nothing_that_people_type_breaks_it(title: str, rows: list[tuple[str, int, str, bool]]) -> None:
    chart = BarChart(title, title, tuple(ChartRow(*row) for row in rows), footer=title, mark=2.5, mark_label=title)
    assert size(asyncio.run(draw(chart)))[0] == WIDTH


async def test_naughty_strings_are_drawn(test_data: Path) -> None:
    names = json.loads((test_data / "08_adversarial" / "naughty_strings.json").read_text(encoding="utf-8"))
    names = [name for name in names if not name.isascii() or "$" in name or "\\" in name]
    assert len(names) > 50
    for start in range(0, len(names), MOST_ROWS):
        await draw(BarChart("T", "", tuple(ChartRow(name, 1, name) for name in names[start : start + MOST_ROWS])))


def test_matplotlib_is_not_loaded_before_it_is_needed() -> None:
    code = "import adapters.chart, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0


@pytest.mark.parametrize("mark", [0.0, 1e9])
async def test_a_mark_outside_the_bars_is_still_on_the_page(mark: float) -> None:
    await draw(BarChart("T", "", ROWS, mark=mark, mark_label="a mark with a rather long name that needs the page"))
