"""Hiding a statement in the open, reporting it in private, and what is said of both."""

from __future__ import annotations

import pytest

from bot.domain.ids import Action
from tests.usecases.opinions.conftest import Opinions

BAD = "Chloe is a fool"


def state(opinions: Opinions, number: int = 9) -> str:
    return str(opinions.rows("SELECT state FROM statement WHERE number = ?", number)[0][0])


def journalled(opinions: Opinions, kind: str) -> list[str]:
    return [str(facts) for (facts,) in opinions.rows("SELECT facts FROM journal WHERE kind = ?", kind)]


async def test_hidden_with_a_ground_its_author_told_and_the_journal_too(opinions: Opinions) -> None:
    await opinions.say("mia1", f"/statement {BAD}")
    await opinions.say("ana", "/hide 9 personal attack: names somebody", opinions.salon)
    assert state(opinions) == "moderated"
    told = opinions.last("mia1").plain
    assert "personal attack: names somebody" in told
    assert "contact@example.org" in told
    (facts,) = journalled(opinions, "hidden")
    assert "names somebody" in facts
    assert BAD not in facts
    assert "8 statements" in opinions.card(opinions.hall).plain


async def test_a_hide_delivered_again_is_done_and_journalled_once(opinions: Opinions) -> None:
    await opinions.say("mia1", f"/statement {BAD}")
    for _ in range(2):
        told = await opinions.say("ana", "/hide 9 off-topic", opinions.salon, key="telegram:msg:7")
        assert any("hidden" in text for text in told)
    assert len(journalled(opinions, "hidden")) == 1
    others = [one for one in opinions.matrix.at(opinions.matrix.chat("mia1")) if "was hidden" in one.plain]
    assert len(others) == 1


async def test_words_that_are_no_ground_are_the_reason_said_in_full(opinions: Opinions) -> None:
    await opinions.say("ana", "/hide 3 it is already decided", opinions.salon)
    assert state(opinions, 3) == "moderated"
    (log,) = await opinions.say("tom1", "/moderation 1", opinions.salon)
    assert "it is already decided" in log


async def test_without_a_ground_nothing_is_hidden(opinions: Opinions) -> None:
    (told,) = await opinions.say("ana", "/hide 3", opinions.salon)
    assert "personal attack" in told
    assert state(opinions, 3) == "published"


async def test_only_organisers_hide_and_restore(opinions: Opinions) -> None:
    await opinions.say("tom1", "/hide 3 off-topic", opinions.salon)
    assert state(opinions, 3) == "published"
    await opinions.say("ana", "/hide 3 off-topic", opinions.salon)
    await opinions.say("tom1", "/restore 3", opinions.salon)
    assert state(opinions, 3) == "moderated"


async def test_restored_it_can_be_answered_again(opinions: Opinions) -> None:
    await opinions.say("mia1", f"/statement {BAD}")
    await opinions.say("ana", "/hide 9 off-topic", opinions.salon)
    await opinions.say("ana", "/restore 9", opinions.salon)
    assert "published again" in opinions.last("mia1").plain
    await opinions.say("mia2", "/a 9")
    assert opinions.given() == [(9, "agree")]
    assert len(journalled(opinions, "restored")) == 1


async def test_what_was_hidden_is_shown_nowhere(opinions: Opinions) -> None:
    await opinions.say("mia1", f"/statement {BAD}")
    await opinions.say("mia2", "/a 9")
    await opinions.say("ana", "/hide 9 off-topic", opinions.salon)
    looks = [
        answer for words in ("/map 1 2", "/a", "/mine", "/moderation") for answer in await opinions.say("mia2", words)
    ]
    await opinions.do(opinions.pressed("tom2", Action("omine", 1)))
    looks.append(opinions.last("tom2").plain)
    assert not any(BAD in text for text in looks)


async def test_organisers_are_told_once_enough_people_reported(hall: Opinions) -> None:
    await hall.open("reports: 2")
    for name in ("mia1", "mia1", "mia2", "mia3"):
        await hall.say(name, "/report 3 it is an insult", hall.hall)
        assert "noted" in hall.last(name).plain
    told = [one.plain for one in hall.telegram.at(hall.telegram.chat("ana")) if "reported often" in one.plain]
    assert len(told) == 1
    assert "it is an insult" in told[0]
    assert not any("mia" in text.lower() for text in told)
    assert not any("insult" in one.plain for one in hall.matrix.at(hall.hall))


async def test_a_report_says_why(opinions: Opinions) -> None:
    (told,) = await opinions.say("mia1", "/report 3")
    assert "/report 3" in told
    assert opinions.rows("SELECT 1 FROM report") == []


async def test_the_log_adds_up(hall: Opinions) -> None:
    await hall.open("moderation: before")
    for number in range(3):
        await hall.say(f"mia{number}", f"/statement Idea {number}")
    await hall.say("mia0", "/withdraw 9")
    await hall.say("ana", "/hide 1 off-topic", hall.salon)
    (log,) = await hall.say("tom1", "/moderation", hall.salon)
    assert "11 statements received = 7 published + 1 withdrawn + 1 hidden + 0 refused + 2 waiting" in log
    assert "off-topic: 1 time" in log


@pytest.mark.parametrize("language", ["fr"])
async def test_a_statement_s_life_in_french(opinions: Opinions) -> None:
    await opinions.say("mia1", "/affirmation Une bibliothèque d'objets", opinions.hall)
    await opinions.say("mia2", "/a 9 pas d'accord", opinions.hall)
    assert opinions.given() == [(9, "disagree")]
    assert "noté" in (await opinions.say("mia2", "/signaler 9 c'est hors sujet"))[0]
    await opinions.say("ana", "/masquer 9 hors sujet", opinions.salon)
    assert "Motif : hors sujet" in opinions.last("mia1").plain
    await opinions.say("ana", "/retablir 9", opinions.salon)
    assert state(opinions) == "published"
    await opinions.say("mia1", "/retirer 9")
    assert state(opinions) == "withdrawn"


async def test_the_log_can_be_read_after_the_closing(opinions: Opinions) -> None:
    await opinions.say("ana", "/hide 3 off-topic", opinions.salon)
    await opinions.pass_time(days=3)
    (log,) = await opinions.say("tom1", "/moderation", opinions.salon)
    assert "No. 3" in log
