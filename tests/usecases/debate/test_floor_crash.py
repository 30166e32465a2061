"""The bot dies at any step of a floor change: every room is given back, no turn is lost or begun twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.bench import Bench
from tests.recovery.test_state_machine import Fate, Life
from tests.usecases.debate.conftest import EVERYONE, accepted

DEBATE = '/debate "Shared room?" --rooms Salon,Hall --phases arguments 2d, conclusion 1d --turn 5 messages --yes'
TURNS = ("bruno", "emma", "chloe")
DOWN = timedelta(seconds=20)


async def meeting(folder: Path, lives: list[int]) -> Life:
    """Three turns, each given back by its speaker, the bot dying after so many steps of each of its lives."""
    bench = await Bench(folder / "palabre.db").start()
    await bench.meet_everyone()
    await bench.say("ana", DEBATE, bench.salon)
    await accepted(bench, *EVERYONE)
    for name in TURNS:
        await bench.say(name, "/floor")
    life = Life(bench, Fate(lives), DOWN)
    try:
        await life.begin()
        await life.deliver(bench.said("ana", "/next"))
        for name in TURNS:
            room = bench.platform_of(name).rooms["-100" if name != "emma" else "!hall"]
            assert room.writers == name
            await life.deliver(bench.said(name, "/floor"))
        check(bench)
    finally:
        await bench.close()
    return life


def check(bench: Bench) -> None:
    """Three turns, in order, all ended; and every room as it was."""
    assert bench.rows("SELECT name FROM speech ORDER BY id") == [(name.capitalize(),) for name in TURNS]
    assert bench.rows("SELECT count(*) FROM speech WHERE ended_at IS NULL") == [(0,)]
    assert bench.rows("SELECT * FROM held_room") == []
    assert bench.rows("SELECT * FROM floor_request") == []
    assert bench.telegram.rooms["-100"].held == ["bruno", "nobody", "chloe", "everyone"]
    assert bench.matrix.rooms["!hall"].held == ["nobody", "emma", "nobody", "everyone"]


async def test_killed_at_every_step_in_turn(tmp_path: Path) -> None:
    alive = await meeting(tmp_path, [])
    steps = alive.fate.steps
    assert steps > 40
    for step in range(0, steps, 29):
        life = await meeting(tmp_path, [step])
        assert life.deaths == 1


@settings(max_examples=5, deadline=None)
@given(lives=st.lists(st.integers(3, 150), min_size=2, max_size=5))
async def test_killed_again_and_again(tmp_path_factory: object, lives: list[int]) -> None:
    await meeting(tmp_path_factory.mktemp("floor"), lives)  # type: ignore[attr-defined]
