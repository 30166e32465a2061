"""Moderating in the open: hidden on a ground, told to the author alone, logged for everyone; reports, the queue."""

from __future__ import annotations

import json

import pytest

from bot.domain.ids import Action
from bot.ports import Delivered
from tests.fakes.bench import Bench
from tests.usecases.debate.conftest import EVERYONE, Debating, accepted, arguments, card_at, card_words


@pytest.fixture
async def argued(debate: Bench) -> Bench:
    """… with an argument of bruno (#1, for) and one of emma (#2, against)."""
    await debate.say("bruno", "/for Two groups look for a room", debate.salon)
    await debate.say("emma", "/against My neighbour is a thief", debate.hall)
    return debate


async def test_hiding_tells_the_author_why_and_how_to_appeal_and_nobody_else(argued: Bench) -> None:
    before = argued.count()
    await argued.say("ana", "/hide 2 personal attack: about a neighbour", argued.salon)
    told = {post.ref.room: post.plain for post in argued.since(before)}
    assert set(told) == {argued.matrix.chat("emma"), argued.telegram.chat("ana")}
    words = told[argued.matrix.chat("emma")]
    assert "personal attack: about a neighbour" in words
    assert "To appeal: " in words
    assert "@" in words
    for place in ("salon", "hall"):
        assert "thief" not in card_words(argued, place)
    (page,) = await argued.say("dan", "/arguments oldest")
    assert "#2 (hidden by moderation: personal attack)" in page
    assert "thief" not in page
    (one,) = await argued.say("dan", "/arguments #2")
    assert "thief" not in one


async def test_the_journal_keeps_the_act_and_not_the_author(argued: Bench) -> None:
    await argued.say("ana", "/hide 2 1", argued.salon)
    (entry,) = argued.rows("SELECT facts FROM journal WHERE kind = 'hidden'")
    facts = entry[0] if isinstance(entry[0], dict) else json.loads(entry[0])
    assert facts == {"argument": 2, "ground": "personal attack", "reason": ""}


@pytest.mark.parametrize(
    ("typed", "ground", "reason"),
    [("1", "personal attack", ""), ("off-topic", "off-topic", ""), ("adv: buy this", "advertising", "buy this"),
     ("it is written in capitals", "other", "it is written in capitals")],
)  # fmt: skip
async def test_grounds_by_number_name_or_in_full(argued: Bench, typed: str, ground: str, reason: str) -> None:
    await argued.say("ana", f"/hide 2 {typed}", argued.salon)
    assert argued.rows("SELECT ground, reason FROM argument WHERE number = 2") == [(ground, reason)]


async def test_declared_grounds_are_those_of_the_debate(debating: Debating) -> None:
    bench = await debating("--grounds insult, shouting")
    await accepted(bench, *EVERYONE)
    await bench.say("bruno", "/for WARM", bench.salon)
    (told,) = await bench.say("ana", "/hide 1", bench.salon)
    assert "insult" in told
    assert "shouting" in told
    await bench.say("ana", "/hide 1 2", bench.salon)
    assert "hidden by moderation: shouting" in (await bench.say("dan", "/arguments"))[0]


@pytest.mark.parametrize("typed", ["/hide 1 1", "/restore 1"])
async def test_only_organisers_moderate(argued: Bench, typed: str) -> None:
    before = argued.dump()
    (told,) = await argued.say("chloe", typed, argued.salon)
    assert "administer" in told
    assert argued.dump() == before


@pytest.mark.parametrize(
    "action", [Action("ok", 1, "1"), Action("no", 1, "1"), Action("no", 1, "1.1"), Action("queue", 1)]
)
async def test_no_button_carries_authority(argued: Bench, action: Action) -> None:
    before = argued.dump()
    assert "administer" in await argued.press("chloe", action, argued.salon)
    assert argued.dump() == before


async def test_restoring_brings_the_words_back(argued: Bench) -> None:
    await argued.say("ana", "/hide 2 1", argued.salon)
    before = argued.count()
    await argued.say("ana", "/restore 2", argued.salon)
    assert any("published again" in post.plain for post in argued.since(before) if "emma" in post.ref.room.id)
    assert "thief" in card_words(argued)
    (told,) = await argued.say("ana", "/restore 2", argued.salon)
    assert "not hidden" in told


async def test_hiding_twice_or_what_is_gone(argued: Bench) -> None:
    await argued.say("emma", "/withdraw 2", argued.hall)
    before = argued.dump()
    (told,) = await argued.say("ana", "/hide 2 1", argued.salon)
    assert "#2" in told
    assert argued.dump() == before


async def test_the_log_is_public_and_its_numbers_add_up(argued: Bench) -> None:
    await argued.say("chloe", "/for The tram stops there", argued.salon)
    await argued.say("chloe", "/withdraw 3", argued.salon)
    await argued.say("ana", "/hide 2 1", argued.salon)
    for who, room in (("dan", argued.salon), ("farid", argued.hall)):
        (log,) = await argued.say(who, "/moderation 1", room)
        assert "3 contributions received. Published: 1 · withdrawn by their authors: 1 · hidden: 1" in log
        assert "personal attack: 1" in log
        assert "#2 hidden (personal attack)" in log
        assert "thief" not in log
        assert "Emma" not in log


async def test_a_hide_delivered_again_hides_once_and_tells_once(argued: Bench) -> None:
    incoming = argued.said("ana", "/hide 1 1", argued.salon)
    await argued.do(incoming)
    before, told = argued.dump(), len(argued.telegram.at(argued.telegram.chat("bruno")))
    await argued.do(incoming)
    assert argued.dump() == before
    assert len(argued.telegram.at(argued.telegram.chat("bruno"))) == told


async def test_a_crash_between_the_hide_and_its_notice_loses_neither(
    argued: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.fakes.platforms import PlatformMessenger

    incoming = argued.said("ana", "/hide 1 1", argued.salon)

    async def dies(*_: object) -> Delivered:
        raise OSError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(PlatformMessenger, "whisper", dies)
        broken.setattr(PlatformMessenger, "post", dies)
        with pytest.raises(OSError, match="gone"):
            await argued.app(incoming)
    assert arguments(argued)[0][2] == "moderated"
    before = argued.count()
    await argued.do(incoming)
    assert sum("was hidden by moderation" in post.plain for post in argued.since(before)) == 1
    assert argued.rows("SELECT count(*) FROM journal WHERE kind = 'hidden'") == [(1,)]


# -- reports -----------------------------------------------------------------------------------------------------------
async def test_the_threshold_of_reports_alerts_the_organisers_once(argued: Bench) -> None:
    chat = argued.telegram.chat("ana")
    already = len(argued.telegram.at(chat))
    for who in ("bruno", "bruno", "chloe"):
        await argued.say(who, "/report 2 an insult", argued.salon)
    assert len(argued.telegram.at(chat)) == already
    await argued.say("dan", "/report 2 an insult")
    await argued.say("farid", "/report 2 an insult")
    (notice,) = argued.telegram.at(chat)[already:]
    assert "3 people report #2" in notice.plain
    assert arguments(argued)[1][2] == "published"


async def test_a_report_is_told_to_nobody_else(argued: Bench) -> None:
    before = argued.count()
    await argued.say("dan", "/report 2 an insult", argued.salon)
    (noted,) = argued.since(before)
    assert noted.ref.room == argued.telegram.chat("dan")


async def test_reporting_by_button(argued: Bench) -> None:
    await argued.press("dan", Action("report", 1, "2"))
    await argued.press("dan", Action("report", 1, "2.1"))
    assert argued.rows("SELECT reason FROM report") == [("personal attack",)]
    (told,) = await argued.say("emma", "/report 2 me")
    assert "yours" in told


async def test_the_reason_can_be_written(argued: Bench) -> None:
    await argued.say("farid", "/report 2", argued.hall)
    await argued.say("farid", "it is not true")
    assert argued.rows("SELECT reason FROM report") == [("it is not true",)]


# -- reading before publication ----------------------------------------------------------------------------------------
@pytest.fixture
async def reviewed(debating: Debating) -> Bench:
    """A debate whose arguments are read before they are published."""
    bench = await debating("--moderation before")
    await accepted(bench, *EVERYONE)
    return bench


async def test_nothing_is_shown_before_it_was_read(reviewed: Bench) -> None:
    (told,) = [one for one in await reviewed.say("bruno", "/for It is warm", reviewed.salon) if "#1" in one]
    assert "is received" in told
    assert arguments(reviewed)[0][2] == "pending"
    assert "warm" not in card_words(reviewed)
    assert "warm" not in (await reviewed.say("dan", "/arguments", reviewed.salon))[0]
    (one,) = await reviewed.say("dan", "/arguments 1", reviewed.salon)
    assert "warm" not in one


async def test_organisers_are_told_at_most_every_ten_minutes_and_miss_nothing(reviewed: Bench) -> None:
    chat = reviewed.telegram.chat("ana")
    already = len(reviewed.telegram.at(chat))
    await reviewed.say("bruno", "/for It is warm", reviewed.salon)
    await reviewed.say("emma", "/against The rent is high", reviewed.hall)
    notices = reviewed.telegram.at(chat)[already:]
    assert [("1 contribution waits" in one.plain) for one in notices] == [True]
    await reviewed.pass_time(minutes=9)
    assert len(reviewed.telegram.at(chat)) == already + 1
    await reviewed.pass_time(minutes=2)
    assert "2 contributions wait" in reviewed.telegram.at(chat)[-1].plain
    await reviewed.pass_time(hours=1)
    assert len(reviewed.telegram.at(chat)) == already + 2


async def test_the_queue_publishes_and_refuses_one_after_another(reviewed: Bench) -> None:
    await reviewed.say("bruno", "/for It is warm", reviewed.salon)
    await reviewed.say("emma", "/against My neighbour is a thief", reviewed.hall)
    await reviewed.press("ana", Action("queue", 1))
    before = reviewed.count()
    await reviewed.press("ana", Action("ok", 1, "1"))
    told = [post.plain for post in reviewed.since(before)]
    assert any("is published" in one for one in told)
    assert any("thief" in one for one in told)
    await reviewed.press("ana", Action("no", 1, "2"))
    before = reviewed.count()
    await reviewed.say("ana", "personal attack: a neighbour")
    emma = [post.plain for post in reviewed.since(before) if "emma" in post.ref.room.id]
    assert "personal attack: a neighbour" in emma[0]
    assert [one[2] for one in arguments(reviewed)] == ["published", "refused"]
    assert "warm" in card_words(reviewed, "hall")
    assert "#2" in await reviewed.press("ana", Action("ok", 1, "2"))


async def test_organisers_find_the_queue_under_moderation_in_private(reviewed: Bench) -> None:
    await reviewed.say("bruno", "/for It is warm", reviewed.salon)
    log, queue = await reviewed.say("ana", "/moderation n1")
    assert "waiting: 1" in log
    assert "It is warm" in queue
    assert len(await reviewed.say("chloe", "/moderation n1")) == 1


async def test_a_new_wording_is_read_again(reviewed: Bench) -> None:
    await reviewed.say("bruno", "/for It is warm", reviewed.salon)
    await reviewed.press("ana", Action("ok", 1, "1"))
    await reviewed.pass_time(minutes=30)
    chat = reviewed.telegram.chat("ana")
    already = len(reviewed.telegram.at(chat))
    told = await reviewed.say("bruno", "/edit 1 Buy my shoes", reviewed.salon)
    assert any("read it again" in one for one in told)
    assert "shoes" not in card_words(reviewed)
    assert "1 contribution waits" in reviewed.telegram.at(chat)[already].plain


async def test_in_french(debating: Debating) -> None:
    bench = await debating(language="fr")
    await accepted(bench, *EVERYONE)
    await bench.say("emma", "- Mon voisin est un voleur", bench.hall, reply_to=card_at(bench, "hall"))
    before = bench.count()
    await bench.say("ana", "/masquer 1 attaque : un voisin", bench.salon)
    words = next(post.plain for post in bench.since(before) if "emma" in post.ref.room.id)
    assert "par la modération. Motif : attaque personnelle : un voisin" in words
    (log,) = await bench.say("bruno", "/modération", bench.salon)
    assert "attaque personnelle : 1" in log
