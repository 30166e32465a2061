"""Writing statements, from either platform; reading them before they are published; taking them back."""

from __future__ import annotations

import pytest

from bot.domain.ids import Action
from tests.usecases.opinions.conftest import Opinions


def stated(opinions: Opinions, number: int = 9) -> list[tuple[str, str]]:
    return opinions.rows("SELECT text, state FROM statement WHERE number = ?", number)


async def test_a_statement_by_command_is_published_for_both_rooms(opinions: Opinions) -> None:
    (told,) = await opinions.say("mia1", "/statement A library of things", opinions.hall)
    assert "no. 9" in told
    assert stated(opinions) == [("A library of things", "published")]
    for room in (opinions.salon, opinions.hall):
        assert "9 statements" in opinions.card(room).plain


async def test_a_statement_in_reply_to_the_card_is_taken(opinions: Opinions) -> None:
    await opinions.say("tom1", "+ A library of things", opinions.salon, reply_to=opinions.card(opinions.salon).ref)
    assert stated(opinions) == [("A library of things", "published")]


async def test_a_button_asks_for_a_statement_in_private(opinions: Opinions) -> None:
    await opinions.do(opinions.pressed("tom1", Action("onew", 1), opinions.salon))
    assert "140 characters" in opinions.last("tom1").plain
    await opinions.say("tom1", "A library of things")
    assert stated(opinions) == [("A library of things", "published")]
    await opinions.press_at("tom1", opinions.last("tom1"), "Answer")
    assert "0 of 8" in opinions.last("tom1").plain  # one's own is not asked


async def test_an_applause_in_reply_to_the_card_is_no_statement(opinions: Opinions) -> None:
    await opinions.say("tom1", "+1", opinions.salon, reply_to=opinions.card(opinions.salon).ref)
    assert stated(opinions) == []


async def test_the_same_statement_is_refused_and_leads_to_the_one_there_is(opinions: Opinions) -> None:
    (told,) = await opinions.say("mia1", "/statement MORE parties!", opinions.hall)
    assert "no. 4" in told.lower()
    assert "/a 4" in told
    assert stated(opinions) == []


@pytest.mark.parametrize("text", ["x" * 141, "…", "!!!"])
async def test_what_cannot_be_a_statement_is_refused(opinions: Opinions, text: str) -> None:
    assert await opinions.say("mia1", f"/statement {text}", opinions.hall)
    assert stated(opinions) == []


async def test_a_member_may_write_no_more_than_declared(hall: Opinions) -> None:
    await hall.open("each: 1")
    await hall.say("mia1", "/statement A library of things", hall.hall)
    (told,) = await hall.say("mia1", "/statement And a garden", hall.hall)
    assert "1 statement" in told
    assert stated(hall, 10) == []
    await hall.say("mia2", "/statement And a garden", hall.hall)
    assert stated(hall, 10) == [("And a garden", "published")]


async def test_a_statement_delivered_again_stands_once_and_is_acknowledged_again(opinions: Opinions) -> None:
    for _ in range(2):
        (told,) = await opinions.say("tom1", "/statement A library of things", opinions.salon, key="telegram:msg:1")
        assert "no. 9" in told
    assert stated(opinions, 10) == []


async def test_a_statement_is_shown_without_its_author(opinions: Opinions) -> None:
    opinions.telegram.who("tom1")
    await opinions.say("tom1", "/statement A library of things")
    everything = [one.plain for platform in opinions.platforms.values() for one in platform.posted]
    theirs = [one.plain for one in opinions.telegram.at(opinions.telegram.chat("tom1"))]
    assert not any("Tom1" in text for text in everything if text not in theirs)


async def test_taken_back_by_its_author_alone(opinions: Opinions) -> None:
    await opinions.say("mia1", "/statement A library of things")
    assert "not yours" in (await opinions.say("mia2", "/withdraw 9"))[0]
    assert stated(opinions) == [("A library of things", "published")]
    await opinions.say("mia1", "/withdraw 9")
    assert stated(opinions) == [("A library of things", "withdrawn")]
    assert "8 statements" in opinions.card(opinions.hall).plain
    (told,) = await opinions.say("mia1", "/statement A library of things")
    assert "no. 10" in told  # a number is never given again


async def test_read_first_published_after(hall: Opinions) -> None:
    await hall.open("moderation: before")
    await hall.say("mia1", "/statement A library of things")
    assert "waits to be read" in hall.last("ana").plain
    await hall.say("mia2", "/statement And a garden")
    assert "8 statements" in hall.card(hall.hall).plain
    waiting = sum("waits to be read" in one.plain for one in hall.telegram.at(hall.telegram.chat("ana")))
    assert waiting == 1  # one notice, however many wait
    await hall.say("ana", "/moderation n1")
    await hall.press_at("ana", hall.last("ana"), "Publish")
    assert stated(hall) == [("A library of things", "published")]
    assert "is published" in hall.last("mia1").plain
    assert "And a garden" in hall.last("ana").plain
    assert "9 statements" in hall.card(hall.hall).plain


async def test_refused_with_a_ground_that_the_author_reads(hall: Opinions) -> None:
    await hall.open("moderation: before\ngrounds: off-topic, insult")
    await hall.say("mia1", "/statement A library of things")
    await hall.say("ana", "/moderation n1")
    await hall.press_at("ana", hall.last("ana"), "Refuse")
    await hall.press_at("ana", hall.last("ana"), "insult")
    assert stated(hall) == [("A library of things", "refused")]
    told = hall.last("mia1").plain
    assert "insult" in told
    assert "contact@example.org" in told
    assert "8 statements" in hall.card(hall.hall).plain
    (log,) = await hall.say("mia2", "/moderation", hall.hall)
    assert "1 refused" in log
    assert "library" not in log


async def test_only_organisers_read_first(hall: Opinions) -> None:
    await hall.open("moderation: before")
    await hall.say("mia1", "/statement A library of things")
    for verb in ("opub", "orefuse"):
        assert (await hall.do(hall.pressed("tom1", Action(verb, 1, "9")))).toast
    assert (await hall.do(hall.pressed("tom1", Action("oground", 1, "9.1")))).toast
    assert stated(hall) == [("A library of things", "pending")]
