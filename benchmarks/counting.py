"""Counting a million ballots, by every method, from merged ballots in memory."""

from __future__ import annotations

import asyncio
import json
import random
import resource
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from statistics import median

from benchmarks.bars import Bar, Options
from bot.domain.tally import METHODS, count
from bot.domain.tally.profile import Ballots, Form, Profile

ROOT = Path(__file__).parents[1]
MILLION, THOUSAND, OPTIONS = 1_000_000, 1_000, 10
SINGLE = {"plurality", "approval"}


async def counting(options: Options) -> AsyncIterator[Bar]:
    """Seconds and megabytes to count 10^6 ballots over ten options, nearly all different; seconds for 10^3."""
    for method in METHODS:
        small = [await _measured(method, THOUSAND) for _ in range(options.rounds)]
        yield _bar(f"count-1e3-{method}", [each["seconds"] for each in small], 0.02)
        large = await _measured(method, MILLION)
        yield _bar(f"count-1e6-{method}", [large["seconds"]], 1 if method in SINGLE else 3)
        memory = large["megabytes"]
        yield Bar(f"count-memory-{method}", memory, 400, 400, lower_is_better=True, details={"megabytes": memory})


def _bar(name: str, took: list[float], limit: float) -> Bar:
    return Bar(name, median(took), limit, limit, lower_is_better=True, details={"seconds": median(took)})


async def _measured(method: str, ballots: int) -> dict[str, float]:
    """One count in a process of its own, so that its memory is its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.counting", method, str(ballots), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    measured: dict[str, float] = json.loads((await process.communicate())[0])
    return measured


def _profile(form: Form, number: int) -> Profile:
    chance = random.Random(1)
    ballots = Ballots(form)
    places = list(range(OPTIONS))
    for _ in range(number):
        match form:
            case Form.RANKING:
                chance.shuffle(places)
                ballots.add({option: level for level, option in enumerate(places, 1)})
            case Form.MARKS:
                ballots.add({option: 1 for option in places if chance.random() < 0.5})
            case Form.SCORES:
                ballots.add({option: chance.randrange(1, 7) for option in places})
    for value in range(6):
        ballots.level(Fraction(value))
    profile = ballots.profile([f"Option {place}" for place in places])
    return replace(profile, costs=(Fraction(10),) * OPTIONS, budget=Fraction(50))


def main(method: str, number: int) -> None:
    profile = _profile(METHODS[method].accepts, number)
    # The first count loads numpy.
    count(method, _profile(METHODS[method].accepts, 10))
    started = time.perf_counter()
    count(method, profile, 3 if method == "stv" else 1)
    took = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": took, "megabytes": peak}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
