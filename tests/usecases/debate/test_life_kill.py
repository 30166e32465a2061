"""The bot may die between any two steps of a debate: each phase, digest and vote comes once all the same.

It is killed before and after everything that reaches a platform or the database, then
started again. A platform that recognises a message asked for twice shows each once.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.bench import Bench
from tests.recovery.test_state_machine import Fate, Killed, MortalStore
from tests.usecases.debate.test_life import argued, entries, standing

CREATION = (
    '/debate "Rent a place?" "Rent" "Stay" --rooms Salon,Hall --phases arguments 2h, conclusion 1h'
    " --final_vote 1d --yes"
)
STEP = timedelta(seconds=10)


class Mortal:
    """A bench whose bot dies after so many steps, and is started again each time."""

    def __init__(self, bench: Bench, fate: Fate) -> None:
        self.bench, self.fate, self.deaths = bench, fate, 0
        self.bench.app = self._app()

    def _app(self):
        return self.bench.assembled(MortalStore(self.bench.store, self.fate), self.fate.tick)

    async def until(self, done: Callable[[], bool]) -> None:
        """Let time pass until this is so, dying and living again on the way."""
        started = False
        for _ in range(5_000):
            try:
                if not started:
                    await self.bench.app.start()
                    started = True
                await self.bench.app.settle()
                if done():
                    return
            except Killed:
                self.deaths += 1
                self.fate.live_again()
                self.bench.app, started = self._app(), False
                continue
            due = await self.bench.app.next_due() or self.bench.clock.now() + STEP
            self.bench.clock.move(max(due - self.bench.clock.now(), timedelta(seconds=1)))
        pytest.fail("it never came to an end")


def told(bench: Bench, words: str) -> int:
    """How many messages of the hall begin so."""
    return sum(one.plain.startswith(words) for one in bench.matrix.at(bench.hall))


def notices(bench: Bench, words: str) -> int:
    """How many messages of the hall hold these words, the card apart."""
    card = standing(bench, "card", bench.hall)
    return sum(words in one.plain and one.plain != card for one in bench.matrix.at(bench.hall))


@pytest.mark.parametrize("seed", range(12))
async def test_a_debate_that_dies_and_lives_again_says_each_thing_once(tmp_path: Path, seed: int) -> None:
    bench = await Bench(tmp_path / "palabre.db").start()
    await bench.meet_everyone()
    await bench.say("ana", CREATION, bench.salon)
    await argued(bench, "The rooms we rent are full")
    chance = random.Random(seed)
    mortal = Mortal(bench, Fate(chance.randint(0, 60) for _ in range(10)))
    await mortal.until(lambda: bench.rows("SELECT state FROM consultation ORDER BY number")[1:] == [("open",)])
    await mortal.until(lambda: bool(bench.rows("SELECT 1 FROM post WHERE role = 'result' AND state = 'sent'")))
    assert mortal.deaths > 5
    assert bench.rows("SELECT number, kind, state FROM consultation") == [
        (1, "debate", "certified"), (2, "vote", "open"),
    ]  # fmt: skip
    assert [entries(bench, kind) for kind in ("phase", "digested", "closed", "followed-up")] == [1, 1, 1, 1]
    assert told(bench, "Result") == 1
    assert notices(bench, "Time to conclude") == 1
    assert told(bench, "New in the debate") == 1
    assert sum(one.plain.startswith("Result") for one in bench.telegram.at(bench.salon)) >= 1
    await bench.close()
