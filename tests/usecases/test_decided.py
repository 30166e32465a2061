"""A vote announced to do so closes once nothing can change its outcome, and never before its least time."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from bot.domain.ids import Action
from tests.fakes.bench import Bench
from tests.recovery.test_state_machine import Fate
from tests.usecases.debate.test_life_kill import Mortal

VOTE = (
    '/vote "Which project?" "Hall" "Festival" --purpose "to choose" --binding advice --close 4h --early 1h'
    " --seniority none --yes"
)


def texts(bench: Bench) -> list[str]:
    return [one.plain for one in bench.matrix.at(bench.hall)]


async def vote(bench: Bench, **choices: int) -> None:
    """Each votes by typing to the bot in private, accepting the rules on the way."""
    for name, option in choices.items():
        said = await bench.say(name, f"/v 1 {option}")
        if "yes" in " ".join(said):
            said = await bench.say(name, "yes")
        assert "ecorded" in " ".join(said), said


async def test_it_closes_as_soon_as_it_is_decided(bench: Bench) -> None:
    await bench.say("ada", VOTE, bench.hall)
    (roll,) = bench.rows("SELECT roll_size FROM consultation")[0]
    rules = next(one for one in texts(bench) if one.startswith("Before you vote"))
    assert "From 1 hour after the opening, it closes as soon as" in rules
    await bench.pass_time(hours=1)
    await vote(bench, emma=1, farid=1)
    assert (roll, bench.state()) == (4, "open")
    await vote(bench, gus=1)
    assert bench.state() == "certified"
    result = next(one for one in texts(bench) if one.startswith("Result"))
    assert "Hall wins with 3 votes" in result
    assert "Closed before its time, as announced" in result
    ((facts,),) = bench.rows("SELECT facts FROM journal WHERE kind = 'closed'")
    assert json.loads(facts)["decided"] is True
    assert "closed" in " ".join(await bench.say("ada", "/v 1 2")).lower()


async def test_it_stays_open_for_its_least_time_though_decided(bench: Bench) -> None:
    await bench.say("ada", VOTE, bench.hall)
    await vote(bench, emma=1, farid=1, gus=1)
    await bench.pass_time(minutes=59)
    assert bench.state() == "open"
    await bench.pass_time(minutes=1)
    assert bench.state() == "certified"


async def test_without_the_setting_a_decided_vote_stays_open(bench: Bench) -> None:
    await bench.say("ada", VOTE.replace("--early 1h", ""), bench.hall)
    await vote(bench, ada=1, emma=1, farid=1, gus=1)
    await bench.pass_time(hours=3)
    assert bench.state() == "open"


async def test_where_a_platform_lists_no_members_it_stays_open_and_says_so(bench: Bench) -> None:
    await bench.say("ana", VOTE, bench.salon)
    rules = next(one.plain for one in bench.telegram.at(bench.salon) if one.plain.startswith("Before you vote"))
    assert "it stays open to the end" in rules
    for name in ("ana", "bruno", "chloe", "dan"):
        for _ in range(2):
            await bench.press(name, Action("v", 1, "1"), bench.salon)
    await bench.pass_time(hours=3)
    assert bench.state() == "open"


async def test_an_early_close_by_an_organiser_is_not_said_to_be_decided(bench: Bench) -> None:
    await bench.say("ada", VOTE, bench.hall)
    await vote(bench, emma=1)
    await bench.say("ada", "/close 1", bench.hall)
    await bench.say("ada", "yes", bench.hall)
    if bench.state() == "certified":
        assert not any("Closed before its time" in one for one in texts(bench))


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("--early 3h --close 2h", "shorter than the vote"),
        ("--early 1h --roll open", "open roll"),
        ("--early 1h --ballot ranking", "goes with ballots"),
    ],
)
async def test_what_cannot_be_known_early_is_refused(bench: Bench, settings: str, words: str) -> None:
    said = await bench.say("ada", f'/poll "Where?" "A" "B" "C" {settings} --yes', bench.hall)
    assert words in " ".join(said)
    assert bench.rows("SELECT count(*) FROM consultation") == [(0,)]


@pytest.mark.parametrize("seed", range(4))
async def test_a_bot_that_dies_while_it_closes_a_decided_vote_closes_it_once(tmp_path: Path, seed: int) -> None:
    bench = await Bench(tmp_path / "palabre.db").start()
    await bench.meet_everyone()
    await bench.say("ada", VOTE, bench.hall)
    await vote(bench, emma=1, farid=1, gus=1)
    chance = random.Random(seed)
    mortal = Mortal(bench, Fate(chance.randint(0, 8) for _ in range(6)))
    await mortal.until(lambda: bool(bench.rows("SELECT 1 FROM post WHERE role = 'result' AND state = 'sent'")))
    assert mortal.deaths > 2
    assert bench.rows("SELECT count(*) FROM journal WHERE kind = 'closed'") == [(1,)]
    assert sum(one.startswith("Result") for one in texts(bench)) == 1
    await bench.close()
