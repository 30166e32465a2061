"""A missed quorum: the vote fails, or its closing moves once, or it is held again without quorum, as was announced."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.bench import Bench
from tests.recovery.test_state_machine import Fate
from tests.usecases.debate.test_life_kill import Mortal
from tests.usecases.test_second_round import beginning, texts, vote

VOTE = (
    '/vote "Adopt the report?" "Yes" "No" "Abstention" --purpose report --binding advice --majority absolute --close 2h'
    " --reminders 24h,1h --quorum 3 --yes"
)
EXTENDS = f"{VOTE} --if_no_quorum extend 2 days"
RECONVENES = f"{VOTE} --if_no_quorum reconvene 3h"


def ordered(told: list[str], *beginnings: str) -> bool:
    """Whether the messages that begin so stand in this order."""
    places = [next(place for place, one in enumerate(told) if one.startswith(words)) for words in beginnings]
    return places == sorted(places)


# ── the closing moves ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_closing_moves_once_by_what_was_announced(bench: Bench) -> None:
    await bench.say("ana", EXTENDS, bench.salon)
    assert "If the quorum is missed at the closing time, it moves by 2 days, once only" in texts(bench)[0]
    ((closes_at, erase_at),) = bench.rows("SELECT closes_at, erase_at FROM consultation")
    await vote(bench, 1, ana=1)
    await bench.pass_time(hours=2)
    ((moved, later),) = bench.rows("SELECT closes_at, erase_at FROM consultation")
    days = bench.rows(
        "SELECT julianday(?) - julianday(?), julianday(?) - julianday(?)", moved, closes_at, later, erase_at
    )
    assert [round(each, 6) for each in days[0]] == [2, 2]
    notice = next(one for one in texts(bench) if "The quorum is missed: 1 of 3." in one)
    assert "Yes" not in notice
    assert bench.state() == "open"
    assert bench.rows("SELECT count(*) FROM journal WHERE kind = 'extended'") == [(1,)]
    await vote(bench, 1, bruno=1)
    await bench.pass_time(days=2)
    assert bench.state() == "certified"
    assert "Quorum not reached: 2 of the 3 needed" in beginning(bench, "Result")[0]
    assert bench.rows("SELECT count(*) FROM journal WHERE kind = 'extended'") == [(1,)]
    assert bench.rows("SELECT count(*) FROM consultation") == [(1,)]


async def test_what_is_cast_in_the_time_added_counts_with_the_rest(bench: Bench) -> None:
    await bench.say("ana", EXTENDS, bench.salon)
    await vote(bench, 1, ana=1)
    await bench.pass_time(hours=3)
    await vote(bench, 1, bruno=1, chloe=3)
    await bench.pass_time(days=2)
    assert "Yes 2, No 0" in beginning(bench, "Result")[0]


async def test_nothing_moves_where_the_quorum_is_met_nor_where_an_organiser_closes(bench: Bench) -> None:
    await bench.say("ana", EXTENDS, bench.salon)
    await vote(bench, 1, ana=1, bruno=2, chloe=3)
    await bench.pass_time(hours=2)
    await bench.say("ana", EXTENDS, bench.salon)
    await bench.say("ana", "/close 2", bench.salon)
    assert bench.rows("SELECT state FROM consultation") == [("certified",), ("certified",)]
    assert bench.rows("SELECT count(*) FROM journal WHERE kind = 'extended'") == [(0,)]


async def test_the_time_added_has_reminders_of_its_own(bench: Bench) -> None:
    asked = EXTENDS.replace("--close 2h", "--close 3d").replace("--reminders 24h", "--reminders 60h,24h")
    await bench.say("ana", asked, bench.salon)

    def reminded() -> list[str]:
        return [role for (role,) in bench.rows("SELECT role FROM post WHERE role LIKE 'reminder%' ORDER BY id")]

    for hours in (12, 36, 23, 1):
        await bench.pass_time(hours=hours)
    assert reminded() == ["reminder-216000", "reminder-86400", "reminder-3600"]
    for hours in (24, 23):
        await bench.pass_time(hours=hours)
    assert reminded()[3:] == ["reminder-86400-again", "reminder-3600-again"]


async def test_the_promised_answer_is_due_later_by_as_much(bench: Bench) -> None:
    await bench.say("ana", EXTENDS.replace("binding advice", 'binding answer --answer_by "in 1 day"'), bench.salon)
    await bench.pass_time(hours=2)
    await bench.pass_time(days=2)
    assert bench.state() == "certified"
    assert bench.rows("SELECT count(*) FROM post WHERE role = 'overdue'") == [(0,)]
    await bench.pass_time(days=1)
    assert bench.rows("SELECT count(*) FROM post WHERE role = 'overdue'") == [(1,)]


async def test_a_bot_that_was_away_still_gives_the_time_it_promised(bench: Bench) -> None:
    await bench.say("ana", EXTENDS, bench.salon)
    bench.clock.move(timedelta(days=9))
    await bench.pass_time(seconds=1)
    assert bench.state() == "open"
    await vote(bench, 1, ana=1)


# ── the vote is held again ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_second_vote_opens_without_quorum_and_there_is_no_third(bench: Bench) -> None:
    await bench.say("ana", RECONVENES, bench.salon)
    assert "a second vote on the same question opens by itself for 3 hours" in beginning(bench, "Before you vote")[0]
    assert any("a second vote opens by itself for 3 hours" in one for one in texts(bench)[1:])
    await vote(bench, 1, ana=1, bruno=1)
    await bench.pass_time(hours=2)
    assert bench.rows("SELECT number, state FROM consultation") == [(1, "certified"), (2, "open")]
    rules = beginning(bench, "Before you vote")[1]
    assert "second convening of vote no. 1" in rules
    assert "stands without a quorum" in rules
    assert "no. 2" in beginning(bench, "Result")[0]
    assert any("Second convening: no. 1 missed its quorum." in one for one in texts(bench))
    await vote(bench, 2, chloe=1)
    await bench.pass_time(hours=3)
    assert "Yes 1, No 0" in beginning(bench, "Result")[1]
    assert "/results 1" in beginning(bench, "Result")[1]
    assert bench.rows("SELECT count(*) FROM consultation") == [(2,)]


async def test_nobody_at_all_at_the_second_vote_ends_it(bench: Bench) -> None:
    await bench.say("ana", RECONVENES, bench.salon)
    await bench.pass_time(hours=2)
    await bench.pass_time(hours=3)
    assert bench.rows("SELECT state FROM consultation") == [("certified",), ("certified",)]


@pytest.mark.parametrize("closed_by", ["quorum met", "organiser"])
async def test_nothing_follows_a_quorum_that_is_met_or_a_vote_cut_short(bench: Bench, closed_by: str) -> None:
    await bench.say("ana", RECONVENES, bench.salon)
    if closed_by == "organiser":
        await bench.say("ana", "/close 1", bench.salon)
    else:
        await vote(bench, 1, ana=2, bruno=2, chloe=3)
        await bench.pass_time(hours=2)
    await bench.pass_time(hours=3)
    assert bench.rows("SELECT state FROM consultation") == [("certified",)]


async def test_a_first_round_without_quorum_is_held_again_and_may_lead_to_a_second(bench: Bench) -> None:
    asked = (
        '/vote "Which?" "Hall" "Festival" "Grants" --purpose choose --binding advice --close 2h --method two-round'
        " --quorum 3 --if_no_quorum reconvene 3h --yes"
    )
    await bench.say("ana", asked, bench.salon)
    await vote(bench, 1, ana=1, bruno=2)
    await bench.pass_time(hours=2)
    assert "In the second round" not in beginning(bench, "Result")[0]
    await vote(bench, 2, ana=1, bruno=2)
    await bench.pass_time(hours=3)
    assert "The second round is no. 3" in beginning(bench, "Result")[1]
    await bench.pass_time(hours=3)
    assert bench.rows("SELECT state FROM consultation") == [("certified",)] * 3


# ── what is refused, and the quorum of those present ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("--if_no_quorum extend 2 days", "with a quorum only"),
        ("--quorum 3 --if_no_quorum perhaps", "I didn't understand"),
        ("--quorum 3 --if_no_quorum extend", "I didn't understand"),
        ("--quorum 3 --if_no_quorum extend soon", "soon"),
        ("--quorum 3 --if_no_quorum extend 5s", ""),
        ('--quorum "50% of those present" --if_no_quorum extend 1d', "those present"),
        ("--quorum 3 --roll open --if_no_quorum reconvene 1d", "this roll is open"),
    ],
)
async def test_what_cannot_follow_a_missed_quorum_is_refused(bench: Bench, keys: str, words: str) -> None:
    said = await bench.say("ana", f'/poll "Where?" "A" "B" "Blank" {keys} --yes', bench.salon)
    assert words in " ".join(said)
    assert bench.rows("SELECT count(*) FROM consultation") == [(0,)]


async def test_a_quorum_of_those_present_needs_a_way_to_be_present_without_choosing(bench: Bench) -> None:
    said = await bench.say("ana", '/poll "Where?" "A" "B" --quorum "50% present" --yes', bench.salon)
    assert "Add an option" in " ".join(said)


@pytest.mark.parametrize(
    ("choices", "verdict"),
    [
        ({"ana": 1, "bruno": 3, "chloe": 3}, "of 3 present, 1 chose and 2 were needed"),
        ({"ana": 1, "bruno": 1, "chloe": 3}, "Yes 2, No 0"),
        ({}, "Yes 0, No 0"),
    ],
)
async def test_a_quorum_of_those_present_counts_who_chooses_among_who_votes(
    bench: Bench, choices: dict[str, int], verdict: str
) -> None:
    asked = VOTE.replace("--quorum 3", '--quorum "50% of those present"')
    await bench.say("ana", asked, bench.salon)
    assert "at least half of those present must choose" in texts(bench)[0]
    await vote(bench, 1, **choices)
    await bench.pass_time(hours=2)
    assert verdict in beginning(bench, "Result")[0]


# ── kills ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("remedy", ["extend", "reconvene"])
async def test_a_bot_that_dies_and_lives_again_does_it_once(tmp_path: Path, remedy: str, seed: int) -> None:
    bench = await Bench(tmp_path / "palabre.db").start()
    await bench.meet_everyone()
    asked = f"{VOTE} --if_no_quorum {remedy} 3h".replace("--yes", "--rooms Salon,Hall --yes")
    await bench.say("ana", asked, bench.salon)
    await vote(bench, 1, bruno=2)
    votes = 2 if remedy == "reconvene" else 1
    mortal = Mortal(bench, Fate(random.Random(seed).randint(0, 25) for _ in range(10)))
    await mortal.until(lambda: bench.rows("SELECT state FROM consultation ORDER BY number") == [("certified",)] * votes)
    await mortal.until(
        lambda: len(bench.rows("SELECT 1 FROM post WHERE role = 'result' AND state = 'sent'")) == 2 * votes
    )
    assert mortal.deaths > 5
    assert bench.rows("SELECT count(*) FROM consultation") == [(votes,)]
    kinds = dict(bench.rows("SELECT kind, count(*) FROM journal GROUP BY kind"))
    caused = bench.rows("SELECT count(*) FROM journal WHERE kind = 'extended' AND facts LIKE '%quorum%'")
    assert (caused, kinds.get("followed-up", 0)) == ([(2 - votes,)], votes - 1)
    assert kinds["closed"] == votes
    hall = [one.plain for one in bench.matrix.at(bench.hall)]
    assert sum(one.startswith("Result") for one in hall) == votes
    assert sum("The quorum is missed" in one for one in hall) == 2 - votes
    await bench.close()
