"""The same member on both platforms at once, a thousand times, linking the two accounts meanwhile: one ballot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.ids import Action
from bot.ports import Incoming
from storage.store import open_store
from tests.fakes.bench import Bench
from tests.usecases.conftest import POLL
from tests.usecases.test_linking import request

TIMES = 1000


@pytest.fixture(params=["sqlite", "postgres"])
async def open_in_both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """A poll that is open in both rooms, on each database."""
    bench = Bench(tmp_path / "palabre.db")
    if request.param == "postgres":
        await bench.close()
        bench.store = open_store(request.getfixturevalue("fresh_postgres"))
        bench.app = bench.assembled()
    await bench.start()
    await bench.meet_everyone()
    await bench.say("ana", POLL.replace("--yes", "--rooms Salon,Hall --yes"), bench.salon)
    yield bench
    await bench.close()


def ballot(bench: Bench, turn: int) -> Incoming:
    """A ballot by bruno's button or in emma's words, each a second after the one before."""
    at, option = bench.clock.now() + timedelta(seconds=turn), str(1 + turn % 3)
    if turn % 2:
        return replace(bench.pressed("bruno", Action("v", 1, option), bench.salon), at=at)
    return replace(bench.said("emma", f"/v 1 {option}"), at=at)


async def test_a_thousand_ballots_from_both_platforms_are_one(open_in_both: Bench) -> None:
    bench = open_in_both
    yes = bench.said("bruno", "/link yes")
    made = [ballot(bench, turn) for turn in range(TIMES)]
    await bench.do(made[0])
    await bench.do(made[1])
    assert sum((await bench.store.read(lambda tx: tx.tally(1))).values()) == 2
    roll = (await bench.store.read(lambda tx: tx.turnout(1))).roll
    await request(bench, "bruno", "emma")
    await bench.say("emma", "/link yes")
    await asyncio.gather(*map(bench.app, (*made[2 : TIMES // 2], yes, *made[TIMES // 2 :])))
    await bench.app.settle()
    turnout = await bench.store.read(lambda tx: tx.turnout(1))
    assert (turnout.roll, turnout.voters) == (roll, 1)
    assert sum((await bench.store.read(lambda tx: tx.tally(1))).values()) == 1
    last = await bench.say("emma", "/mine")
    assert last == await bench.say("bruno", "/mine")
    await bench.pass_time(hours=3)
    assert sum((await bench.store.read(lambda tx: tx.tally(1))).values()) == 1
