"""A vote in two rounds: the second opens by itself, once, with its own rules, and each leads to the other."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import Action
from tests.fakes.bench import Bench
from tests.recovery.test_state_machine import Fate
from tests.usecases.debate.test_life_kill import Mortal

TWO_ROUNDS = (
    '/vote "Which project?" "Hall" "Festival" "Grants" "Blank" --purpose "to choose" --binding advice --close 2h'
    " --method two-round --second_round 3h --yes"
)


def texts(bench: Bench) -> list[str]:
    return [one.plain for one in bench.telegram.at(bench.salon)]


def beginning(bench: Bench, words: str) -> list[str]:
    return [one for one in texts(bench) if one.startswith(words)]


async def vote(bench: Bench, number: int, **choices: int) -> None:
    """Each votes for an option, accepting the rules on the way."""
    for name, option in choices.items():
        answer = await bench.press(name, Action("v", number, str(option)), bench.salon)
        if "again" in answer:
            answer = await bench.press(name, Action("v", number, str(option)), bench.salon)
        assert "recorded" in answer, answer


async def test_the_second_round_opens_by_itself_between_the_first_two(bench: Bench) -> None:
    await bench.say("ana", TWO_ROUNDS, bench.salon)
    assert "Otherwise a second round opens by itself for 3 hours" in beginning(bench, "Before you vote")[0]
    await vote(bench, 1, ana=1, bruno=1, chloe=2, dan=4)
    bench.clock.move(timedelta(minutes=1))
    await vote(bench, 1, ana=3)
    await bench.pass_time(hours=2)
    assert bench.rows("SELECT number, state FROM consultation") == [(1, "certified"), (2, "open")]
    first, rules = beginning(bench, "Result")[0], beginning(bench, "Before you vote")[1]
    assert "In the second round: Hall, Festival, and Grants." in first  # each has one vote
    assert "The second round is no. 2" in first
    assert "last round of vote no. 1" in rules
    assert "no. 2" in rules
    await bench.pass_time(hours=3)
    assert "first round: /results 1" in beginning(bench, "Result")[1]
    assert bench.rows("SELECT count(*) FROM consultation") == [(2,)]


async def test_two_rounds_keep_the_numbers_of_options(bench: Bench) -> None:
    await bench.say("ana", TWO_ROUNDS, bench.salon)
    await vote(bench, 1, ana=3, bruno=3, chloe=1, dan=1)
    await bench.pass_time(hours=2)
    card = next(one for one in texts(bench) if "Second round: the first was no. 1." in one)
    assert "3. Grants" in card
    assert "Festival" not in card
    refused = await bench.press("dan", Action("v", 2, "2"), bench.salon)
    assert "one of these numbers: 1, 3, and 4" in refused
    await vote(bench, 2, dan=3)
    await bench.pass_time(hours=3)
    assert "Grants wins" in beginning(bench, "Result")[1]


@pytest.mark.parametrize("choices", [{"ana": 1, "bruno": 1, "chloe": 2}, {}], ids=["over half", "no ballot"])
async def test_nothing_follows_a_first_round_that_decides_or_that_nobody_takes_part_in(
    bench: Bench, choices: dict[str, int]
) -> None:
    await bench.say("ana", TWO_ROUNDS, bench.salon)
    await vote(bench, 1, **choices)
    await bench.pass_time(hours=2)
    await bench.pass_time(hours=3)
    assert bench.rows("SELECT number, state FROM consultation") == [(1, "certified")]


async def test_a_level_second_round_is_the_last_and_the_tie_rule_decides(bench: Bench) -> None:
    await bench.say("ana", TWO_ROUNDS.replace("--yes", "--tie draw --yes"), bench.salon)
    await vote(bench, 1, bruno=2, chloe=1)
    await bench.pass_time(hours=2)
    await vote(bench, 2, bruno=2, chloe=1)
    await bench.pass_time(hours=3)
    assert "wins" in beginning(bench, "Result")[1]
    commitments = bench.rows("SELECT seed FROM consultation ORDER BY number")
    assert commitments[0] != commitments[1]
    assert bench.rows("SELECT count(*) FROM consultation") == [(2,)]


async def test_the_answer_is_promised_on_the_second_round_alone(bench: Bench) -> None:
    await bench.say("ana", TWO_ROUNDS.replace("binding advice", "binding answer"), bench.salon)
    await vote(bench, 1, bruno=2, chloe=1)
    await bench.pass_time(hours=2)
    await bench.pass_time(hours=3)
    await bench.pass_time(days=400)
    assert bench.rows("SELECT consultation FROM post WHERE role = 'overdue'") == [(2,)]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('"A" "B" "Blank" --method two-round', "at least 3 choices"),
        ('"A" "B" "C" --second_round 2h', "method: two-round"),
        ('"A" "B" "C" --method two-round --second_round 10s', ""),
        ('"A" "B" "C" --method two-round --majority simple', "more than half"),
        ('"A" "B" "C" --method two-round --majority 1/3', "more than half"),
    ],
)
async def test_what_two_rounds_cannot_be_is_refused(bench: Bench, settings: str, words: str) -> None:
    said = await bench.say("ana", f'/poll "Where?" {settings} --yes', bench.salon)
    assert words in " ".join(said)
    assert bench.rows("SELECT count(*) FROM consultation") == [(0,)]


@pytest.mark.parametrize("seed", range(8))
async def test_a_bot_that_dies_and_lives_again_makes_one_second_round(tmp_path: Path, seed: int) -> None:
    bench = await Bench(tmp_path / "palabre.db").start()
    await bench.meet_everyone()
    await bench.say("ana", TWO_ROUNDS.replace("--yes", "--rooms Salon,Hall --yes"), bench.salon)
    await vote(bench, 1, bruno=2, chloe=1)
    chance = random.Random(seed)
    mortal = Mortal(bench, Fate(chance.randint(0, 25) for _ in range(10)))
    await mortal.until(lambda: bench.rows("SELECT state FROM consultation ORDER BY number")[1:] == [("certified",)])
    await mortal.until(lambda: len(bench.rows("SELECT 1 FROM post WHERE role = 'result' AND state = 'sent'")) == 4)
    assert mortal.deaths > 5
    assert bench.rows("SELECT count(*) FROM consultation") == [(2,)]
    assert bench.rows("SELECT kind, count(*) FROM journal WHERE kind IN ('followed-up', 'closed') GROUP BY kind") == [
        ("closed", 2), ("followed-up", 1),
    ]  # fmt: skip
    hall = [one.plain for one in bench.matrix.at(bench.hall)]
    assert [sum(one.startswith(words) for one in hall) for words in ("Before you vote", "Result")] == [2, 2]
    await bench.close()
