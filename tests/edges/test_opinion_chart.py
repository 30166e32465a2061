"""Pictures of opinion maps: of a known width, the same each time, groups told apart without colour, unbreakable."""

from __future__ import annotations

import asyncio
import warnings
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from adapters.chart import WIDTH, MatplotlibDraughtsman
from bot.charts import MapChart, MapGroup

SQUARE = tuple((float(across), float(up)) for across in range(4) for up in range(3))
LEFT = MapGroup("A", "Groupe A : 12 personnes", SQUARE)
RIGHT = MapGroup("B", "Groupe B : 12 personnes", tuple((across + 9, up) for across, up in SQUARE))
CHART = MapChart(
    "Que faire du local ?", "30 personnes", (LEFT, RIGHT), ((6.0, 8.0),) * 6, "Autres : 6 personnes", "n° 12"
)


async def draw(chart: MapChart) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return Image.open(BytesIO(await MatplotlibDraughtsman().draw(chart))).convert("RGB")


def same(first: Image.Image, second: Image.Image) -> bool:
    return first.size == second.size and not ImageChops.difference(first, second).getbbox()


async def test_a_map_is_as_wide_as_promised_and_the_same_each_time() -> None:
    first = await draw(CHART)
    assert (first.format, first.width) == (None, WIDTH)
    assert same(first, await draw(CHART))
    assert not same(first, await draw(replace(CHART, groups=(LEFT,))))


async def test_groups_are_told_apart_without_colour() -> None:
    """One point each, on the same spot of the page: the shapes differ, not only the inks."""
    alone = [
        MapChart("", "", tuple(MapGroup("", "", ((0.0, 0.0),) if own == index else ()) for own in range(5)), (), "")
        for index in range(5)
    ]
    seen = [
        (await draw(chart)).convert("L").crop((36, 0, WIDTH - 36, 500)).point(lambda ink: 255 * (ink < 200))
        for chart in alone
    ]
    assert all(picture.getbbox() for picture in seen)
    for index, one in enumerate(seen):
        assert not any(same(one, other) for other in seen[index + 1 :])


async def test_up_is_up_and_right_is_right() -> None:
    corner = MapChart("", "", (MapGroup("", "", ((0.0, 0.0),)), MapGroup("", "", ((9.0, 5.0),))), (), "")
    picture = await draw(corner)
    blue, orange = (
        [spot for spot in _spots(picture) if close(picture, spot, ink)] for ink in ((11, 79, 138), (213, 94, 0))
    )
    blue, orange = ([spot for spot in spots if 60 < spot[0] < WIDTH - 60 and spot[1] < 540] for spots in (blue, orange))
    assert max(across for across, _ in blue) < min(across for across, _ in orange)
    assert min(down for _, down in blue) > max(down for _, down in orange)


def _spots(picture: Image.Image) -> list[tuple[int, int]]:
    return [(across, down) for across in range(0, picture.width, 2) for down in range(0, picture.height, 2)]


def close(picture: Image.Image, spot: tuple[int, int], ink: tuple[int, int, int]) -> bool:
    found = picture.getpixel(spot)
    assert isinstance(found, tuple)
    return all(abs(have - want) < 40 for have, want in zip(found, ink, strict=True))


@pytest.mark.parametrize("points", [(), ((0.0, 0.0),), ((1.0, 1.0),) * 9, ((-1e9, 0.0), (1e9, 1e-9))])
async def test_any_places_fit(points: tuple[tuple[float, float], ...]) -> None:
    assert (await draw(replace(CHART, groups=(MapGroup("A", "A", points),), others=()))).width == WIDTH


async def test_ten_thousand_people_fit() -> None:
    crowd = tuple((n % 100 / 7, n // 100 / 9) for n in range(10_000))
    assert (await draw(replace(CHART, groups=(replace(LEFT, points=crowd), RIGHT)))).width == WIDTH


TYPED = st.text(max_size=80) | st.sampled_from(
    ["👨‍👩‍👧‍👦", "日本語", "\u202etfel", "a\x00b", "\ud800", "é" * 90, "$x^2", "$"]
)


@settings(max_examples=20, deadline=None)
@given(TYPED, TYPED)
def test_nothing_that_people_type_breaks_it(title: str, caption: str) -> None:
    groups = tuple(replace(LEFT, caption=caption) for _ in range(5))
    picture = asyncio.run(draw(MapChart(title, title, groups, SQUARE, caption, title)))
    assert picture.width == WIDTH
