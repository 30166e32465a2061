"""The map: who thinks alike, told above a minimum size, at the closing or before it as declared."""

from __future__ import annotations

import re

import pytest

from bot.domain.ids import Action
from bot.text.catalogue import catalogue
from tests.usecases.opinions.conftest import MATRIX_PEOPLE, PEOPLE, STATEMENTS, TELEGRAM_PEOPLE, Opinions

ONES, OTHERS = "aadddapa", "addaadda"
"""How the two camps answer: they agree on the first and the last statement, and on little else."""
TWO_CAMPS = dict.fromkeys(TELEGRAM_PEOPLE, ONES) | dict.fromkeys(MATRIX_PEOPLE, OTHERS)


def results(opinions: Opinions) -> list[str]:
    """The result as each room shows it."""
    posts = [*opinions.telegram.at(opinions.salon), *opinions.matrix.at(opinions.hall)]
    return [one.plain for one in posts if one.plain.startswith(("Result", "Résultat"))]


async def test_the_map_published_at_the_closing_tells_the_camps_and_what_they_share(opinions: Opinions) -> None:
    await opinions.answers(TWO_CAMPS)
    await opinions.pass_time(days=3)
    first, second = results(opinions)
    assert first == second
    assert re.findall(r"Group ([A-E]) \((\d+) people\)", first) == [("A", "8"), ("B", "8")]
    bridging = first.split("What brings all groups together")[1].split("What divides them")[0]
    assert STATEMENTS[0] in bridging
    assert STATEMENTS[2 - 1] not in bridging
    dividing = first.split("What divides them")[1]
    assert STATEMENTS[1] in dividing


async def test_the_picture_has_its_words(opinions: Opinions) -> None:
    await opinions.answers(TWO_CAMPS)
    await opinions.pass_time(days=3)
    (post,) = [one for one in opinions.telegram.at(opinions.salon) if one.plain.startswith("Result")]
    assert post.card.image is not None
    assert "Group A: 8 people · Group B: 8 people" in post.card.image.alternative


@pytest.mark.parametrize("language", ["fr"])
async def test_in_french_too(opinions: Opinions) -> None:
    await opinions.answers(TWO_CAMPS)
    assert "Groupe A (8 personnes)" in (await opinions.say("tom1", "/carte", opinions.salon))[0]
    await opinions.pass_time(days=3)
    first, second = results(opinions)
    assert first == second
    assert "Ce qui rapproche tous les groupes" in first
    assert re.findall(r"Groupe ([A-E]) \((\d+) personnes\)", first) == [("A", "8"), ("B", "8")]


async def test_live_the_map_is_seen_before_the_closing_and_one_s_own_group_by_oneself(opinions: Opinions) -> None:
    await opinions.answers(TWO_CAMPS)
    (in_room,) = await opinions.say("tom1", "/map", opinions.salon)
    (alone,) = await opinions.say("tom1", "/map")
    assert "Group A (8 people)" in in_room
    assert "place you in group" not in in_room
    assert re.search(r"place you in group [AB]", alone)


async def test_declared_for_the_closing_nothing_is_told_before_it(hall: Opinions) -> None:
    await hall.open("results: closing")
    await hall.answers(TWO_CAMPS)
    (told,) = await hall.say("tom1", "/map", hall.salon)
    assert "closed" in told
    labels = [button.label for row in hall.card(hall.salon).card.buttons for button in row]
    assert labels
    assert "See the map" not in labels
    assert (await hall.do(hall.pressed("tom1", Action("omap", 1, "1")))).alert
    before = "\n".join(one.plain for platform in hall.platforms.values() for one in platform.posted)
    assert "Group A" not in before
    await hall.pass_time(days=3)
    assert "Group A (8 people)" in (await hall.say("tom1", "/map 1", hall.salon))[0]


async def test_below_the_minimum_nothing_is_told_of_anybody(opinions: Opinions) -> None:
    await opinions.answers(dict.fromkeys(TELEGRAM_PEOPLE[:4], ONES))
    (first,) = await opinions.say("tom1", "/map", opinions.salon)
    (second,) = await opinions.say("tom1", "/map 1 2", opinions.salon)
    assert "Group" not in first
    assert "5 people" in first
    assert second.count("too few answers to show") == len(STATEMENTS)


async def test_a_camp_below_the_minimum_is_neither_shown_nor_to_be_worked_out(opinions: Opinions) -> None:
    few = MATRIX_PEOPLE[:3]
    await opinions.answers(dict.fromkeys(TELEGRAM_PEOPLE, ONES) | dict.fromkeys(few, OTHERS))
    await opinions.pass_time(days=3)
    shown = results(opinions)[0]
    told = {int(size) for size in re.findall(r"\((\d+) pe", shown)} | {
        int(n) for n in re.findall(r"(\d+) other", shown)
    }
    assert not told & {1, 2, 3, 4}
    assert 8 not in told  # with 11 placed, eight told apart would tell of three


async def test_every_statement_is_found_on_the_pages(opinions: Opinions) -> None:
    for number in range(24):
        await opinions.say(PEOPLE[number % len(PEOPLE)], f"/statement Idea number {number}")
    await opinions.say("tom1", "/map 1 2")
    seen = ""
    for _ in range(4):
        page = opinions.last("tom1")
        seen += page.plain
        onward = str(catalogue("en")["button.next-page"])
        if onward in [button.label for row in page.card.buttons for button in row]:
            await opinions.press_at("tom1", page, onward)
    assert [n for n in range(24) if f"Idea number {n}”" not in seen] == []
    assert all(text in seen for text in STATEMENTS)


async def test_links_are_erased_at_the_closing_and_the_answers_stay(opinions: Opinions) -> None:
    await opinions.answers(TWO_CAMPS)
    answered = opinions.given()
    assert "My 8 answers" in await mine(opinions, "tom1")
    await opinions.pass_time(days=3)
    assert opinions.rows("SELECT 1 FROM participant WHERE voting_right IS NOT NULL") == []
    assert opinions.given() == answered
    assert "erased" in await mine(opinions, "tom1")


async def mine(opinions: Opinions, name: str) -> str:
    await opinions.do(opinions.pressed(name, Action("omine", 1)))
    return opinions.last(name).plain


async def test_mine_shows_what_became_of_my_statements(opinions: Opinions) -> None:
    await opinions.say("tom1", "/statement A library of things")
    await opinions.say("tom1", "/d 3")
    await opinions.say("ana", "/hide 9 off-topic", opinions.salon)
    shown = await mine(opinions, "tom1")
    assert "hidden (off-topic)" in shown
    assert f"no. 3 “{STATEMENTS[2]}”: disagree" in shown
    assert "not answered or written anything" in await mine(opinions, "tom2")


async def test_the_map_of_others_is_not_shown_to_strangers(opinions: Opinions) -> None:
    opinions.telegram.room("-200", "Elsewhere", "zoe")
    await opinions.answers(TWO_CAMPS)
    told = await opinions.say("zoe", "/map 1")
    assert not any("Group A" in text for text in told)
    assert (await opinions.do(opinions.pressed("zoe", Action("omap", 1, "1")))).alert


@pytest.mark.parametrize("argument", ["", "x", "-1", "99999"])
async def test_a_forged_page_is_refused_or_the_last(opinions: Opinions, argument: str) -> None:
    assert (await opinions.do(opinions.pressed("tom1", Action("omap", 1, argument)))).alert
