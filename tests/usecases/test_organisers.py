"""Commands of organisers, by people who are none: every one is refused, in every state, and changes nothing."""

from __future__ import annotations

import pytest

from bot.domain.ids import Action
from tests.fakes.bench import Bench

COMMANDS = (
    "/open 1", "/close 1", "/extend 1 1h", "/cancel 1 because", "/remind 1", "/excuse 1 Salon", "/answer 1 We did it",
    "/setup name: Others", "/rooms", "/join 0000-0000-0000-0000", "/lang fr",
)  # fmt: skip
LATER = {"draft": "", "scheduled": '--open "in 30 hours" --close 3d --yes', "open": "--close 2h --yes"}


async def brought_to(bench: Bench, state: str) -> None:
    """Number 1, in the salon and the hall, in this state."""
    words = LATER.get(state, LATER["open"])
    await bench.say("ana", f'/poll "Where?" "Café" "Library" --rooms Salon,Hall {words}', bench.salon)
    if state == "certified":
        await bench.pass_time(hours=3)
    assert bench.state() == state


@pytest.mark.parametrize("state", ["draft", "scheduled", "open", "certified"])
async def test_a_member_commands_nothing(bench: Bench, state: str) -> None:
    await brought_to(bench, state)
    before = bench.dump()
    for command in COMMANDS:
        answers = await bench.say("bruno", command, bench.salon)
        assert len(answers) == 1, command
        assert "Only people who administer" in answers[0], command
        assert bench.dump() == before, command


@pytest.mark.parametrize("state", ["draft", "scheduled", "open", "certified"])
async def test_administering_one_room_is_not_administering_both(bench: Bench, state: str) -> None:
    await brought_to(bench, state)
    before = bench.dump()
    for command in ("/open 1", "/close 1", "/extend 1 1h", "/cancel 1 because", "/remind 1", "/excuse 1 Salon"):
        answers = await bench.say("ada", command, bench.hall)
        assert len(answers) == 1, command
        assert "Only people who administer" in answers[0], command
    assert bench.dump() == before


@pytest.mark.parametrize("verb", ["pub", "edit", "drop", "tie", "say", "in"])
async def test_a_forged_button_gives_no_authority(bench: Bench, verb: str) -> None:
    await brought_to(bench, "draft")
    before = bench.dump()
    for argument in ("", "1", "title", "advice"):
        for room in (bench.salon, None):
            toast = await bench.press("bruno", Action(verb, 1, argument), room)
            assert toast
            assert "reference" not in toast
    assert bench.dump() == before


async def test_an_author_who_is_no_organiser_can_drop_but_not_publish(bench: Bench) -> None:
    await bench.say("bruno", '/poll "Where?" "Café" "Library"', bench.salon)
    assert bench.state() == "draft"
    assert "Only people who administer" in await bench.press("bruno", Action("pub", 1), bench.salon)
    assert "Only people who administer" in await bench.press("chloe", Action("drop", 1), bench.salon)
    assert bench.state() == "draft"
    await bench.press("bruno", Action("drop", 1))
    assert bench.state() == "cancelled"


@pytest.mark.parametrize("how", ["button", "command"])
async def test_an_organiser_publishes_the_proposal_of_a_member(bench: Bench, how: str) -> None:
    await bench.say("bruno", '/poll "Where?" "Café" "Library"', bench.salon)
    if how == "button":
        await bench.press("ana", Action("pub", 1), bench.salon)
    else:
        await bench.say("ana", "/open 1", bench.salon)  # where there are no buttons
    assert bench.state() == "open"


async def test_someone_else_s_draft_is_seen_by_nobody(bench: Bench) -> None:
    await bench.say("ana", '/poll "Where do we hide?" "Café" "Library"', bench.salon)
    for text in ("/status 1", "/results 1", "/charter 1", "/v 1", "/v 1 Café", "/list"):
        for answer in await bench.say("bruno", text, bench.salon):
            assert "hide" not in answer, text
            assert "Library" not in answer, text


async def test_an_organiser_of_another_association_organises_nothing_here(poll: Bench) -> None:
    club = poll.telegram.room("-200", "Club", "hugo", admins="iris")
    await poll.meet_everyone()
    before = poll.dump()
    for command in ("/close 1", "/extend 1 1h", "/cancel 1 because", "/remind 1"):
        for room in (club, None):
            answers = await poll.say("iris", command, room)
            assert len(answers) == 1
    assert poll.dump() == before
