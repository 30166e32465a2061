"""Charts of results by every method: of a known width, the same each time, unbreakable, told apart without colour."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from adapters.chart import WIDTH, MatplotlibDraughtsman
from bot.charts import Cell, Chart, GridChart, GridRow, PictureForm, StackChart, StackRow, Step, StepRow, StepsChart


def stack(name: str = "A", size: int = 3, winner: bool = True) -> StackChart:
    rows = tuple(StackRow(f"{number}. {name}", (number, 2, 1), name, winner) for number in range(size))
    return StackChart(name, name, rows, ("yes", name, "no"), "half", name)


def steps(name: str = "A", size: int = 3, winner: bool = True) -> StepsChart:
    course = (Step(3.5, name), Step(0, "0", "eliminated"), None)
    rows = tuple(StepRow(f"{number}. {name}", course * size, winner) for number in range(size))
    return StepsChart(name, name, tuple(f"{name} {number}" for number in range(3 * size)), rows, 2.5, name, name)


def grid(name: str = "A", size: int = 3, winner: bool = True) -> GridChart:
    rows = tuple(
        GridRow(name, tuple(Cell(name, "strong" if winner else "faint") for _ in range(size))) for _ in range(size)
    )
    return GridChart(name, name, tuple(map(str, range(size))), rows, (name,) * size, name, name)


SHAPES: list[Callable[..., Chart]] = [stack, steps, grid]
TYPED = st.text(max_size=60) | st.sampled_from(
    ["$x^2$", "👨‍👩‍👧‍👦", "日本語", "\u202etfel", "a\x00b", "\ud800", "M" * 400]
)


async def draw(chart: Chart, form: PictureForm = "png") -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return await MatplotlibDraughtsman().draw(chart, form)


def seen(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("L")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("form", ["png", "svg"])
async def test_a_picture_is_the_same_each_time(shape: Callable[..., Chart], form: PictureForm) -> None:
    first = await draw(shape(), form)
    assert first == await draw(shape(), form)
    assert first != await draw(shape("B"), form)


@pytest.mark.parametrize("shape", SHAPES)
async def test_an_svg_says_in_words_what_it_is(shape: Callable[..., Chart]) -> None:
    root = ElementTree.fromstring(await draw(shape("A < B & C"), "svg"))
    assert root.get("role") == "img"
    assert root[0].tag.endswith("title")
    assert root[0].text == "A < B & C. A < B & C"


@pytest.mark.parametrize("shape", SHAPES)
async def test_who_won_is_told_without_colour(shape: Callable[..., Chart]) -> None:
    """In black and white a tick, bold letters or a dark ground are left."""
    won, lost = [
        seen(await draw(shape(winner=winner))).point(lambda ink: 255 * (ink > 120)) for winner in (True, False)
    ]
    assert won.size == lost.size
    assert ImageChops.difference(won, lost).getbbox()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [0, 2, 60])
async def test_any_number_of_options_can_be_drawn(shape: Callable[..., Chart], size: int) -> None:
    picture = seen(await draw(shape("A name that is long enough to need more than one line of the page", size)))
    assert picture.width == WIDTH
    assert picture.height < 10_000


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(SHAPES), TYPED)
def test_nothing_that_people_type_breaks_it(shape: Callable[..., Chart], name: str) -> None:
    assert seen(asyncio.run(draw(shape(name)))).width == WIDTH
    ElementTree.fromstring(asyncio.run(draw(shape(name), "svg")))


async def test_a_column_is_as_high_as_its_figure() -> None:
    """Twice the figure is twice the ink."""

    async def ink(value: float) -> int:
        row = (StepRow("", (Step(value, ""), Step(4, ""))),)
        picture = Image.open(BytesIO(await draw(StepsChart("", "", ("", ""), row)))).convert("L")
        left = picture.crop((0, 0, WIDTH // 2 - 20, picture.height))
        return left.point(lambda tone: 1 if tone < 200 else 0).histogram()[1]

    assert abs(await ink(2) * 2 - await ink(4)) <= await ink(4) * 0.05
