"""What reaches the bot twice has the effect of once: platforms deliver again what they are not sure was received."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ids import Action
from bot.ports import BotMoved, Incoming, MemberMoved, RoomMoved
from tests.fakes.bench import Bench
from tests.usecases.conftest import POLL


async def twice(bench: Bench, incoming: Incoming) -> None:
    """Deliver it, deliver it again, and again later: the database doesn't notice."""
    await bench.do(incoming)
    before = bench.dump()
    await bench.do(incoming)
    assert bench.dump() == before


@pytest.mark.parametrize("rest", ["", "--yes", '--open "in 2 days" --close 4d --yes'])
async def test_a_creation(bench: Bench, rest: str) -> None:
    await twice(bench, bench.said("ana", f'/poll "Where?" "Café" "Library" {rest}', bench.salon))
    assert len(bench.rows("SELECT number FROM consultation")) == 1


async def test_a_creation_delivered_again_after_another_one(bench: Bench) -> None:
    first = bench.said("ana", '/poll "Where?" "Café" "Library"', bench.salon)
    await bench.do(first)
    await bench.say("ana", '/poll "When?" "Monday" "Friday"', bench.salon)
    before = bench.dump()
    await bench.do(first)
    assert bench.dump() == before


async def test_a_proposal(bench: Bench) -> None:
    await twice(bench, bench.said("bruno", '/poll "Where?" "Café" "Library"', bench.salon))
    assert bench.rows("SELECT state FROM consultation") == [("draft",)]


async def test_a_publication(bench: Bench) -> None:
    await bench.say("ana", '/poll "Where?" "Café" "Library"', bench.salon)
    await twice(bench, bench.pressed("ana", Action("pub", 1)))
    assert bench.state() == "open"


@pytest.mark.parametrize("text", ["/extend 1 1h", "/cancel 1 because", "/close 1", "/remind 1", "/setup funding: dues"])
async def test_a_command_on_an_open_consultation(both: Bench, text: str) -> None:
    await both.vote("bruno", 1, 1)
    await twice(both, both.said("ana", text, both.salon))
    kinds = [kind for (kind,) in both.rows("SELECT kind FROM journal")]
    assert all(kinds.count(kind) == 1 for kind in ("extended", "cancelled", "closed") if kind in kinds)


async def test_an_extension_is_announced_once_and_says_the_truth(both: Bench) -> None:
    command = both.said("ana", "/extend 1 1h", both.salon)
    await both.do(command)
    before = both.count()
    await both.do(command)
    assert [one.plain for one in both.since(before)] == []
    notices = [one for one in both.matrix.at(both.hall) if "Extended by the organisers" in one.plain]
    assert len(notices) == 1


@pytest.mark.parametrize("text", ["/open 1", "/excuse 1 Hall"])
async def test_a_command_on_a_scheduled_one(bench: Bench, text: str) -> None:
    rest = '--open "in 3 days" --close 5d --rooms Salon,Hall --yes'
    await bench.say("ana", f'/poll "Where?" "Café" "Library" {rest}', bench.salon)
    await twice(bench, bench.said("ana", text, bench.salon))


async def test_an_answer_to_the_result(poll: Bench) -> None:
    await poll.vote("bruno", 1, 1)
    await poll.pass_time(hours=3)
    await twice(poll, poll.said("ana", "/answer 1 We book the café.", poll.salon))
    assert poll.state() == "answered"


async def test_the_decision_of_a_tie(poll: Bench) -> None:
    await poll.vote("bruno", 1, 1)
    await poll.vote("chloe", 1, 2)
    await poll.pass_time(hours=3)
    await twice(poll, poll.pressed("ana", Action("tie", 1, "2")))
    await twice(poll, poll.said("ana", "It is warmer there"))
    assert poll.rows("SELECT option FROM tie_decision") == [(2,)]


async def test_a_ballot_by_button(poll: Bench) -> None:
    await twice(poll, poll.pressed("bruno", Action("v", 1, "2"), poll.salon))
    assert poll.rows("SELECT choice FROM ballot") == [("2",)]


async def test_an_old_press_never_undoes_a_newer_one(poll: Bench) -> None:
    first = poll.pressed("bruno", Action("v", 1, "1"), poll.salon)
    await poll.do(first)
    await poll.vote("bruno", 1, 2)
    assert "Library" in (await poll.do(first)).toast
    assert poll.rows("SELECT choice FROM ballot") == [("2",)]


async def test_an_approval_delivered_twice_is_not_taken_off_again(bench: Bench) -> None:
    await bench.say("ana", POLL.replace("--yes", "--ballot approval --yes"), bench.salon)
    await twice(bench, bench.pressed("bruno", Action("v", 1, "2"), bench.salon))
    await twice(bench, bench.pressed("bruno", Action("v", 1, "3"), bench.salon))
    assert bench.rows("SELECT choice FROM ballot") == [("2,3",)]


async def test_a_typed_ballot_and_a_withdrawal(both: Bench) -> None:
    await twice(both, both.said("emma", "/v 1 2", both.hall))
    await twice(both, both.said("emma", "/v 1 -"))
    assert both.rows("SELECT choice FROM ballot") == []


async def test_the_press_that_was_asked_to_accept_the_rules(vote: Bench) -> None:
    await twice(vote, first := vote.pressed("bruno", Action("v", 1, "2"), vote.salon))
    assert vote.rows("SELECT choice FROM ballot") == []
    assert (await vote.do(first)).asks_acceptance
    await twice(vote, vote.pressed("bruno", Action("v", 1, "2"), vote.salon))
    assert vote.rows("SELECT choice FROM ballot") == [("2",)]


async def test_a_ballot_delivered_again_after_the_closing_is_too_late_and_changes_nothing(poll: Bench) -> None:
    press = poll.pressed("bruno", Action("v", 1, "2"), poll.salon)
    await poll.do(press)
    await poll.pass_time(hours=3)
    before = poll.dump()
    assert "Too late" in (await poll.do(press)).toast
    assert poll.dump() == before


async def test_arrivals_departures_and_moves_of_rooms(poll: Bench) -> None:
    who, now = poll.telegram.who("hugo"), poll.clock.now()
    await twice(poll, arrival := MemberMoved("k1", now, who, poll.salon, joined=True))
    await twice(poll, MemberMoved("k2", now, who, poll.salon, joined=False))
    before = poll.dump()
    await poll.do(arrival)  # delivered again after the departure
    assert poll.dump() == before
    await twice(poll, BotMoved("k3", now, poll.salon, "Salon", present=True, by=who))
    moved = replace(poll.salon, id="-100200")
    poll.telegram.rooms[moved.id] = replace(poll.telegram.rooms[poll.salon.id], ref=moved)
    await poll.do(RoomMoved("k4", now, poll.salon, moved))
    await poll.pass_time(minutes=1)
    assert "recorded" in await poll.press("bruno", Action("v", 1, "1"), moved)


async def test_an_answer_in_a_dialogue_is_not_the_answer_to_the_next_question(bench: Bench) -> None:
    await twice(bench, bench.said("ana", "/poll", bench.salon))
    for words in ("Where do we meet?", "Café; Library"):
        await twice(bench, bench.said("ana", words))
    await twice(bench, bench.said("ana", "in 2 hours"))
    assert bench.rows("SELECT definition ->> '$.title' FROM consultation") == [("Where do we meet?",)]


async def test_nor_is_an_answer_about_the_association(bench: Bench) -> None:
    club = bench.telegram.room("-300", "Club", "hugo", admins="iris")
    await twice(bench, bench.said("iris", '/poll "Where?" "Café" "Library"', club))
    for words in ("The lime tree club", "club@example.org", "the board, 15 days"):
        await twice(bench, bench.said("iris", words))
    (declared,) = bench.rows("SELECT declaration FROM organisation ORDER BY id DESC LIMIT 1")[0]
    assert "The lime tree club" in declared
    assert "club@example.org" in declared
