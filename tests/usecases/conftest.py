"""The core between two platforms in memory, for one intent at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.bench import Bench

POLL = '/poll "Where?" "Café" "Library" "Park" --close 2h --yes'
VOTE = '/vote "Which project?" "Hall" "Festival" --purpose "to choose" --binding advice --close 2h --yes'


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """An association with the salon (Telegram: bruno, chloe, dan; ana administers) and the hall (Matrix: emma, farid,
    gus; ada administers); ana administers the association."""
    made = await Bench(tmp_path / "palabre.db").start()
    await made.meet_everyone()
    yield made
    await made.close()


@pytest.fixture
async def poll(bench: Bench) -> Bench:
    """… with an open poll, number 1, in the salon."""
    await bench.say("ana", POLL, bench.salon)
    assert bench.state() == "open"
    return bench


@pytest.fixture
async def both(bench: Bench) -> Bench:
    """… with an open poll, number 1, in both rooms."""
    await bench.say("ana", POLL.replace("--yes", "--rooms Salon,Hall --yes"), bench.salon)
    assert bench.state() == "open"
    return bench


@pytest.fixture
async def vote(bench: Bench) -> Bench:
    """… with an open formal vote, number 1, in the salon."""
    await bench.say("ana", VOTE, bench.salon)
    assert bench.state() == "open"
    return bench
