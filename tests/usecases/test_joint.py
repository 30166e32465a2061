"""Two associations, one on each platform, hold a vote together."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import Action
from bot.text.catalogue import Speech
from bot.text.disclosure import complete_declaration
from tests.fakes.bench import ZONE, Bench
from tests.recovery.dying import lived_through
from tests.usecases.test_linking import link

VOTE = '/vote "Garden?" "Yes" "No" --purpose "Adopt it" --binding advice --open 3d --close 9d --yes'
CODE = re.compile("[0-9A-F]{4}(?:-[0-9A-F]{4}){3}")
LINDEN, OAK = ("ana", "bruno", "chloe", "dan", "eva", "flo"), ("ada", "emma", "farid", "gus", "hal", "ivo")


async def two_associations(path: Path) -> Bench:
    """The salon is the Linden's (ana administers it), the hall the Oak's (ada); ana's vote no. 1 opens in 3 days."""
    bench = Bench(path)
    bench.telegram.room("-100", "Salon", " ".join(LINDEN[1:]), admins="ana")
    bench.matrix.room("!hall", "Hall", " ".join(OAK[1:]), admins="ada")
    await bench.start(organised=False)
    await bench.meet_everyone()

    def work(tx: Any) -> None:
        for ref, name in ((bench.salon, "Linden"), (bench.hall, "Oak")):
            room = tx.room(ref, "", bench.clock.now(), "en", ZONE)
            declaration = complete_declaration(name, bench.clock.now(), Speech("en", ZoneInfo(ZONE)))
            tx.set_declaration(room.organisation, declaration)

    await bench.store.write(work)
    await bench.say("ana", VOTE, bench.salon)
    return bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """Two associations, and a vote of one of them that waits to open."""
    made = await two_associations(tmp_path / "palabre.db")
    yield made
    await made.close()


async def code_of(bench: Bench) -> str:
    found = CODE.search("\n".join(await bench.say("ada", "/invite", bench.hall)))
    assert found is not None
    return found[0]


async def invite(bench: Bench) -> str:
    return "\n".join(await bench.say("ana", f"/invite 1 {await code_of(bench)}", bench.salon))


async def join(bench: Bench) -> None:
    await invite(bench)
    await bench.press("ada", Action("invyes", 1))


async def vote(bench: Bench, yes: tuple[str, ...], no: tuple[str, ...]) -> None:
    for option, names in (("1", yes), ("2", no)):
        for name in names:
            room = bench.salon if name in LINDEN else bench.hall
            for _ in range(2):
                said = await bench.press(name, Action("v", 1, option), room)
            assert "ecorded" in said, (name, said)


def kinds(bench: Bench) -> list[str]:
    return [kind for (kind,) in bench.rows("SELECT kind FROM journal WHERE consultation = 1 ORDER BY sequence")]


def rooms(bench: Bench) -> int:
    return len(bench.rows("SELECT room FROM consultation_room WHERE consultation = 1"))


async def test_the_other_is_shown_what_will_be_posted_and_nothing_opens_before_it_answers(bench: Bench) -> None:
    told = await invite(bench)
    assert "Linden invites Oak" in told
    assert "Oak is invited to hold it too" in told
    await bench.pass_time(days=2, hours=23)
    assert bench.state() == "disclosed"
    assert await bench.press("ada", Action("invyes", 1)) == ""
    assert (kinds(bench).count("joined"), rooms(bench)) == (1, 2)
    posted = "\n".join(await bench.pass_time(hours=2))
    assert bench.state() == "open"
    assert "Joint consultation: Linden and Oak" in posted


async def test_the_same_disclosure_stands_in_every_room_before_the_opening(bench: Bench) -> None:
    await join(bench)
    before = bench.count()
    await bench.pass_time(days=2)
    cards = {one.plain for one in bench.since(before) if "Before you vote" in one.plain}
    rooms_told = [one for one in bench.since(before) if "Before you vote" in one.plain]
    assert len(rooms_told) == 2
    assert len({card.split("Who votes?")[1].split("How?")[0] for card in cards}) == 1
    assert all("A joint consultation of “Linden” and “Oak”" in card for card in cards)
    assert "organisations" not in json.dumps(kinds(bench))
    assert bench.rows("SELECT count(*) FROM consultation WHERE disclosure_digest != ''") == [(1,)]


async def test_without_an_answer_it_opens_when_the_time_to_answer_has_passed(bench: Bench) -> None:
    await bench.pass_time(days=2, hours=20)
    await invite(bench)
    await bench.pass_time(hours=5)
    assert bench.state() == "disclosed"
    await bench.pass_time(hours=20)
    assert bench.state() == "open"
    assert rooms(bench) == 1
    told = "\n".join(await bench.say("ada", "/invite accept 1", bench.hall))
    assert "has been over since" in told


async def test_declining_lets_it_open_without_them(bench: Bench) -> None:
    await bench.pass_time(days=2, hours=20)
    await invite(bench)
    assert "does not take part" in "\n".join(await bench.say("ada", "/invite decline 1", bench.hall))
    await bench.pass_time(hours=4)
    assert bench.state() == "open"


async def test_results_are_told_overall_and_for_each(bench: Bench) -> None:
    await join(bench)
    await bench.pass_time(days=3)
    assert bench.rows("SELECT roll_size FROM consultation") == [(12,)]
    await vote(bench, ("ana", "bruno", "chloe", "dan", "eva", "ada"), ("emma", "farid", "gus", "hal"))
    told = "\n".join(await bench.pass_time(days=9))
    assert "Yes wins with 6 votes of 10" in told
    assert "Linden, 5 ballots: 1. Yes: 5 · 2. No: 0" in told
    assert "Oak, 5 ballots: 1. Yes: 1 · 2. No: 4" in told
    (facts,) = bench.rows("SELECT facts FROM journal WHERE kind = 'closed'")
    assert json.loads(facts[0])["organisations"] == [
        {"name": "Linden", "ballots": {"1": 5}}, {"name": "Oak", "ballots": {"1": 1, "2": 4}},
    ]  # fmt: skip
    assert bench.rows("SELECT * FROM ballot") == []


async def test_few_voters_are_not_told_apart_and_no_sheet_of_theirs_is_kept(bench: Bench) -> None:
    await join(bench)
    await bench.pass_time(days=3)
    await vote(bench, ("ana", "bruno", "chloe", "dan", "eva"), ("emma", "farid", "gus", "hal"))
    told = "\n".join(await bench.pass_time(days=9))
    assert "No separate result for “Linden” and “Oak”" in told or "No separate result for Linden and Oak" in told
    assert bench.rows("SELECT * FROM organisation_sheet") == []
    assert "Oak, 4" not in told


async def test_a_linked_member_of_both_has_one_vote_and_counts_in_both(bench: Bench) -> None:
    await bench.say("ana", VOTE.replace("--yes", "--secrecy public --yes"), bench.salon)
    assert "Linden invites" in "\n".join(await bench.say("ana", f"/invite 2 {await code_of(bench)}", bench.salon))
    await bench.press("ada", Action("invyes", 2))
    await link(bench, "bruno", "emma")
    await bench.pass_time(days=3, minutes=1)
    for name, room in (("bruno", bench.salon), ("emma", bench.hall), ("ana", bench.salon)):
        for _ in range(2):
            await bench.press(name, Action("v", 2, "2"), room)
    told = "\n".join(await bench.pass_time(days=9))
    assert "No wins with 2 votes of 2" in told
    assert "Linden, 2 ballots: 1. Yes: 0 · 2. No: 2" in told
    assert "Oak, 1 ballot: 1. Yes: 0 · 2. No: 1" in told


async def test_a_linked_member_whom_no_room_of_one_side_has_seen_counts_there_too(bench: Bench) -> None:
    """Telegram lists nobody, and a press in the room is a ballot and no sighting: at the closing it is asked."""
    bench.telegram.rooms["-100"].members.add("zoe")
    await bench.say("zoe", "/help")
    await link(bench, "zoe", "emma")
    await bench.say("ana", VOTE.replace("--yes", "--secrecy public --yes"), bench.salon)
    await bench.say("ana", f"/invite 2 {await code_of(bench)}", bench.salon)
    await bench.press("ada", Action("invyes", 2))
    await bench.pass_time(days=3, minutes=1)
    for _ in range(2):
        await bench.press("zoe", Action("v", 2, "1"), bench.salon)
    told = "\n".join(await bench.pass_time(days=9))
    assert "1 vote of 1" in told
    assert "Linden, 1 ballot: 1. Yes: 1" in told
    assert "Oak, 1 ballot: 1. Yes: 1" in told


async def test_members_linked_during_the_vote_are_counted_once_overall(bench: Bench) -> None:
    await join(bench)
    await bench.pass_time(days=3)
    await vote(bench, LINDEN, OAK)
    await link(bench, "bruno", "emma")
    told = "\n".join(await bench.pass_time(days=9))
    assert "11 voters" in told or "of 11" in told
    # The one member of both could be told from the two results less the whole: one of them isn't told.
    assert "No separate result for" in told


async def test_each_side_keeps_to_its_own_rooms_and_the_first_one_to_the_dates(bench: Bench) -> None:
    await join(bench)
    assert "Only people who administer" in "\n".join(await bench.say("ada", "/excuse 1 Salon", bench.hall))
    assert "Only people who administer" in "\n".join(await bench.say("ana", "/excuse 1 Hall", bench.salon))
    assert "Only people who administer" in "\n".join(await bench.say("ada", "/cancel 1 No", bench.hall))
    assert bench.state() == "scheduled"
    assert "Only people" not in "\n".join(await bench.say("ada", "/excuse 1 Hall", bench.hall))
    await bench.pass_time(days=3)
    assert "Only people who administer" in "\n".join(await bench.say("ada", "/close 1", bench.hall))
    await bench.say("ana", "/close 1", bench.salon)
    assert bench.state() == "certified"


async def test_a_partner_may_withdraw_before_the_opening_only(bench: Bench) -> None:
    await join(bench)
    assert rooms(bench) == 2
    assert "no longer holds" in "\n".join(await bench.say("ada", "/invite withdraw 1", bench.hall))
    assert rooms(bench) == 1
    assert kinds(bench)[-1] == "withdrew"
    await join(bench)
    await bench.pass_time(days=3)
    assert "is open already" in "\n".join(await bench.say("ada", "/invite withdraw 1", bench.hall))
    assert rooms(bench) == 2


async def test_cancelling_is_told_in_every_room(bench: Bench) -> None:
    await join(bench)
    await bench.pass_time(days=2, hours=1)
    before = bench.count()
    await bench.say("ana", "/cancel 1 Rain", bench.salon)
    told = [one for one in bench.since(before) if "Rain" in one.plain]
    assert len(told) == 2


async def test_codes_are_asked_for_by_administrators_used_once_and_counted_when_wrong(bench: Bench) -> None:
    assert "Only people who administer" in "\n".join(await bench.say("emma", "/invite", bench.hall))
    code = await code_of(bench)
    assert "Only people who administer" in "\n".join(await bench.say("bruno", f"/invite 1 {code}", bench.salon))
    assert "unknown" in "\n".join(await bench.say("ana", "/invite 1 AAAA-AAAA-AAAA-AAAA", bench.salon))
    assert bench.rows("SELECT count FROM wrong_code") == [(1,)]
    await bench.say("ana", f"/invite 1 {code}", bench.salon)
    assert "unknown" in "\n".join(await bench.say("ana", f"/invite 1 {code}", bench.salon))
    assert "already holds" in await invite(bench)
    assert "No invitation" in "\n".join(await bench.say("bruno", "/invite accept 1", bench.salon))
    assert "Only people who administer" in "\n".join(await bench.say("emma", "/invite accept 1", bench.hall))
    own = CODE.search("\n".join(await bench.say("ana", "/invite", bench.salon)))
    assert own is not None
    assert "your own association" in "\n".join(await bench.say("ana", f"/invite 1 {own[0]}", bench.salon))


@pytest.mark.parametrize("act", ["/invite accept 1", "/invite decline 1"])
async def test_whenever_it_dies_the_answer_is_taken_once(tmp_path: Path, act: str) -> None:
    for steps in range(0, 200, 3):
        bench = await two_associations(tmp_path / f"{steps}.db")
        await invite(bench)
        died = await lived_through(bench, bench.said("ada", act, bench.hall), steps)
        accepted = "accept" in act
        assert kinds(bench).count("joined" if accepted else "declined") == 1
        assert rooms(bench) == (2 if accepted else 1)
        assert bench.rows("SELECT state FROM partner") == [("accepted" if accepted else "declined",)]
        assert bench.state() == "scheduled"
        await bench.close()
        if not died:
            return
    pytest.fail("it never lived through")
