"""The bot may die at any step of a contribution, a report or a hide: delivered again, each has happened once.

It dies before or after something that reaches a platform or the database, some steps
later each time; then it is started again and the platform delivers again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.bench import Bench
from tests.recovery.dying import lived_through
from tests.usecases.debate.conftest import EVERYONE, PHASES, accepted, arguments

STRIDE = 7
ACTS = {
    "argument": ("emma", "/for The tram stops there"),
    "hide": ("ana", "/hide 1 personal attack: a neighbour"),
    "report": ("farid", "/report 1 an insult"),
}


async def ready(path: Path) -> Bench:
    """A debate with an argument of gus, reported by two: one more alerts the organisers."""
    bench = await Bench(path).start()
    await bench.meet_everyone()
    await accepted(bench, *EVERYONE)
    await bench.say("ana", f'/debate "Shared room?" --rooms Salon,Hall --phases {PHASES} --yes', bench.salon)
    await bench.say("gus", "/against My neighbour is a thief", bench.hall)
    for who in ("bruno", "chloe"):
        await bench.say(who, "/report 1 an insult", bench.salon)
    return bench


@pytest.mark.parametrize("act", ["argument", "hide", "report"])
async def test_whenever_it_dies_it_has_happened_once(tmp_path: Path, act: str) -> None:
    who, typed = ACTS[act]
    for steps in range(0, 40 * STRIDE, STRIDE):
        bench = await ready(tmp_path / f"{steps}.db")
        before = bench.count()
        died = await lived_through(bench, bench.said(who, typed, bench.salon if who == "ana" else bench.hall), steps)
        await bench.pass_time(minutes=1)
        happened_once(bench, act, before)
        await bench.close()
        if not died:
            return
    pytest.fail("it never lived through")


def happened_once(bench: Bench, act: str, before: tuple[int, int]) -> None:
    told = [(post.ref.room.id, post.plain) for post in bench.since(before)]
    match act:
        case "argument":
            assert [one[3] for one in arguments(bench)] == ["My neighbour is a thief", "The tram stops there"]
            assert sum("#2" in words for room, words in told if room == "@emma") == 1
        case "hide":
            assert arguments(bench)[0][2] == "moderated"
            assert bench.rows("SELECT count(*) FROM journal WHERE kind = 'hidden'") == [(1,)]
            assert sum("personal attack: a neighbour" in words for room, words in told if room == "@gus") == 1
        case "report":
            assert bench.rows("SELECT count(*) FROM report") == [(3,)]
            # Telegram can't recognise a notice that was sent just before the death.
            assert 1 <= sum("3 people report #1" in words for room, words in told if room == "@ana") <= 2
