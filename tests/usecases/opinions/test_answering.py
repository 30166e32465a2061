"""Answering statements: one after the other in private, by typed commands, in a reply; the last answer counts."""

from __future__ import annotations

import pytest

from bot.domain.ids import Action
from tests.usecases.opinions.conftest import STATEMENTS, Opinions


async def test_on_telegram_one_message_leads_through_every_statement(opinions: Opinions) -> None:
    reply = await opinions.do(opinions.pressed("tom1", Action("oask", 1), opinions.salon))
    assert "private" in reply.toast
    paper = opinions.last("tom1")
    for done in range(len(STATEMENTS)):
        assert f"{done} of {len(STATEMENTS)}" in paper.plain
        reply = await opinions.press_at("tom1", paper, "Agree")
        assert "agree" in reply.toast
    assert opinions.last("tom1") is paper
    assert "all 8 statements" in paper.plain
    assert opinions.given() == [(number, "agree") for number in range(1, 9)]


async def test_on_matrix_numbers_lead_through_every_statement(opinions: Opinions) -> None:
    await opinions.say("mia1", "/a", opinions.hall)
    asked = [opinions.last("mia1").plain]
    for _ in STATEMENTS:
        await opinions.say("mia1", "2")
        asked.append(opinions.last("mia1").plain)
    assert "all 8 statements" in asked[-1]
    assert all("Recorded" in text for text in asked[1:])
    assert {text for text in STATEMENTS if any(text in paper for paper in asked)} == set(STATEMENTS)
    assert {opinion for _, opinion in opinions.given()} == {"disagree"}


async def test_a_number_delivered_again_does_not_answer_the_next_statement(opinions: Opinions) -> None:
    await opinions.say("mia1", "/a")
    await opinions.say("mia1", "1", key="matrix:$one")
    before = opinions.given()
    await opinions.say("mia1", "1", key="matrix:$one")
    assert opinions.given() == before
    assert len(before) == 1


async def test_words_answer_the_statement_that_is_shown(opinions: Opinions) -> None:
    await opinions.say("mia1", "/a")
    await opinions.say("mia1", "Pas d'accord.")
    assert [opinion for _, opinion in opinions.given()] == ["disagree"]
    (told,) = await opinions.say("mia1", "maybe on Tuesdays")
    assert "agree, disagree or pass" in told
    assert len(opinions.given()) == 1


@pytest.mark.parametrize(
    ("typed", "opinion"),
    [
        ("/a 3", "agree"),
        ("/d #3", "disagree"),
        ("/p 3", "pass"),
        ("/a n1 3 pas d'accord", "disagree"),
        ("/a 3 passe", "pass"),
    ],
)
async def test_an_answer_by_command_counts_wherever_it_is_typed(opinions: Opinions, typed: str, opinion: str) -> None:
    (told,) = await opinions.say("mia1", typed, opinions.hall)
    assert "no. 3" in told
    assert opinions.given() == [(3, opinion)]
    assert opinions.last("mia1").plain == told


@pytest.mark.parametrize(("typed", "opinion"), [("3 agree", "agree"), ("#3 d'accord", "agree"), ("d 3", "disagree")])
async def test_an_answer_in_a_reply_to_the_card_counts(opinions: Opinions, typed: str, opinion: str) -> None:
    await opinions.say("mia1", typed, opinions.hall, reply_to=opinions.card(opinions.hall).ref)
    assert opinions.given() == [(3, opinion)]


async def test_the_last_answer_counts_from_whatever_room(opinions: Opinions) -> None:
    await opinions.say("tom1", "/a 3", opinions.salon)
    await opinions.say("tom1", "/d 3")
    await opinions.do(opinions.pressed("tom1", Action("oput", 1, "3.pass")))
    assert opinions.given() == [(3, "pass")]


async def test_every_card_counts_what_was_answered_anywhere_and_says_nothing_of_how(opinions: Opinions) -> None:
    await opinions.say("tom1", "/a 3", opinions.salon)
    await opinions.say("mia1", "/d 3", opinions.hall)
    for room in (opinions.salon, opinions.hall):
        assert "2 participants · 8 statements · 2 answers" in opinions.card(room).plain


async def test_what_was_hidden_cannot_be_answered(opinions: Opinions) -> None:
    await opinions.say("ana", "/hide 3 off-topic", opinions.salon)
    (told,) = await opinions.say("mia1", "/a 3")
    assert "3" in told
    assert opinions.given() == []


@pytest.mark.parametrize("argument", ["", "3", "3.maybe", "99.agree", "0.agree", "3.agree.agree", "9999999999.agree"])
async def test_a_forged_button_changes_nothing(opinions: Opinions, argument: str) -> None:
    reply = await opinions.do(opinions.pressed("tom1", Action("oput", 1, argument)))
    assert reply.toast
    assert opinions.given() == []


async def test_nobody_from_elsewhere_answers(opinions: Opinions) -> None:
    opinions.telegram.room("-200", "Elsewhere", "zoe")
    reply = await opinions.do(opinions.pressed("zoe", Action("oput", 1, "3.agree")))
    assert reply.toast
    assert await opinions.say("zoe", "/a n1 3")
    assert opinions.given() == []


async def test_nothing_is_answered_after_the_closing(opinions: Opinions) -> None:
    await opinions.say("mia1", "/a")
    await opinions.pass_time(days=3)
    assert any("closed" in text.lower() for text in await opinions.say("mia1", "1"))
    assert any("closed" in text.lower() for text in await opinions.say("mia1", "/a n1 3"))
    assert opinions.given() == []


async def test_whoever_cannot_be_written_to_is_led_to_the_private_chat(opinions: Opinions) -> None:
    opinions.telegram.unwritable.add("tom1")
    reply = await opinions.do(opinions.pressed("tom1", Action("oask", 1), opinions.salon))
    assert reply.start == "oa-1"
    opinions.telegram.unwritable.clear()
    await opinions.say("tom1", f"/start {reply.start}")
    assert "0 of 8" in opinions.last("tom1").plain


async def test_the_rules_are_accepted_before_the_first_answer(hall: Opinions) -> None:
    await hall.open()
    hall.telegram.rooms[hall.salon.id].members.add("tim")
    first = await hall.do(hall.pressed("tim", Action("oput", 1, "3.agree")))
    assert first.asks_acceptance
    assert hall.given() == []
    await hall.do(hall.pressed("tim", Action("oput", 1, "3.agree")))
    assert hall.given() == [(3, "agree")]


async def test_with_two_maps_open_the_command_says_which(opinions: Opinions) -> None:
    await opinions.say("ana", '/opinions "Another one?" "Yes we can" --close 1d --yes', opinions.salon)
    (told,) = await opinions.say("tom1", "/a 1", opinions.salon)
    assert "What should we do?" in told
    assert "Another one?" in told
    await opinions.say("tom1", "/a n2 1", opinions.salon)
    assert opinions.rows("SELECT consultation FROM opinion") == [(2,)]


@pytest.mark.parametrize("typed", ["/a n1 1 agree", "/map 1", "/start oi-1"])
async def test_whoever_telegram_says_is_a_member_finds_the_map_in_private(opinions: Opinions, typed: str) -> None:
    told = await opinions.say("nobody", typed)
    assert "can't find a no. 1" in " ".join(told)
    opinions.telegram.rooms[opinions.salon.id].members.add("tim")
    told = await opinions.say("tim", typed)
    assert told
    assert "can't find" not in " ".join(told)
