"""Counting a million ballots, by every method, from merged ballots in memory; and beside the libraries of the field."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.bars import Bar, Options
from benchmarks.elections import BUDGET, COST, OPTIONS, SEATS, marks, rankings, scores
from bot.domain.tally import METHODS, count
from bot.domain.tally.profile import Ballots, Form, Profile

ROOT = Path(__file__).parents[1]
MILLION, TEN_THOUSAND, THOUSAND = 1_000_000, 10_000, 1_000
SINGLE = {"plurality", "approval"}
FASTER = 3
LIBRARIES = (
    ("irv", "pyrankvote", MILLION),
    ("stv", "pyrankvote", MILLION),
    ("schulze", "pref_voting", MILLION),
    ("schulze", "votelib", MILLION),
    ("ranked-pairs", "votelib", MILLION),
    ("borda", "pref_voting", TEN_THOUSAND),
    ("plurality", "pref_voting", TEN_THOUSAND),
    ("approval", "votelib", MILLION),
    ("score", "votelib", MILLION),
    ("score", "pref_voting", MILLION),
    ("star", "starvote", MILLION),
    ("majority-judgment", "pref_voting", MILLION),
    ("equal-shares", "abcvoting", MILLION),
    ("equal-shares", "pabutools", MILLION),
    ("greedy", "pabutools", MILLION),
)
"""Who counts what, and how many ballots: fewer where a million would take minutes."""


async def counting(options: Options) -> AsyncIterator[Bar]:
    """Seconds and megabytes to count 10^6 ballots over ten options, nearly all different; seconds for 10^3; how many
    times faster than the libraries (--libraries PYTHON)."""
    for method in METHODS:
        small = [await _measured(method, THOUSAND) for _ in range(options.rounds)]
        yield _bar(f"count-1e3-{method}", [each["seconds"] for each in small], 0.02)
        large = await _measured(method, MILLION)
        yield _bar(f"count-1e6-{method}", [large["seconds"]], 1 if method in SINGLE else 3)
        memory = large["megabytes"]
        yield Bar(f"count-memory-{method}", memory, 400, 400, lower_is_better=True, details={"megabytes": memory})
    for method, library, ballots in LIBRARIES if options.libraries else ():
        theirs = await _run(options.libraries, "benchmarks.libraries", method, library, str(ballots))
        if theirs["installed"]:
            yield _beside(library, method, ballots, await _measured(method, ballots), theirs)
        else:
            print(f"# {library} is not installed", file=sys.stderr)


def _bar(name: str, took: list[float], limit: float) -> Bar:
    return Bar(name, median(took), limit, limit, lower_is_better=True, details={"seconds": median(took)})


def _beside(library: str, method: str, ballots: int, ours: dict[str, Any], theirs: dict[str, Any]) -> Bar:
    """How many times the library's processor time is ours; nothing if it elects others."""
    agreed = ours["winners"] == theirs["winners"]
    details = {"ballots": ballots, "ours": ours["processor"], "theirs": theirs["seconds"], "same_winners": agreed}
    ratio = theirs["seconds"] / ours["processor"] if agreed else None
    return Bar(f"count-beside-{library}-{method}", ratio, FASTER, FASTER, details=details)


async def _measured(method: str, ballots: int) -> dict[str, Any]:
    """One count in a process of its own, so that its memory is its own."""
    return await _run(sys.executable, "benchmarks.counting", method, str(ballots))


async def _run(python: str, module: str, *arguments: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        python, "-m", module, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    measured: dict[str, Any] = json.loads(printed)
    return measured


def _profile(form: Form, number: int) -> Profile:
    ballots = Ballots(form)
    match form:
        case Form.RANKING:
            for order in rankings(number):
                ballots.add({option: level for level, option in enumerate(order, 1)})
        case Form.MARKS:
            for marked in marks(number):
                ballots.add(dict.fromkeys(marked, 1))
        case Form.SCORES:
            for value in range(6):
                ballots.level(Fraction(value))
            for given in scores(number):
                ballots.add({option: score + 1 for option, score in enumerate(given)})
    profile = ballots.profile([f"Option {place}" for place in range(OPTIONS)])
    return replace(profile, costs=(Fraction(COST),) * OPTIONS, budget=Fraction(BUDGET))


def main(method: str, number: int) -> None:
    profile = _profile(METHODS[method].accepts, number)
    # The first count loads numpy.
    count(method, _profile(METHODS[method].accepts, 10))
    started, spent = time.perf_counter(), time.process_time()
    found = count(method, profile, SEATS if method == "stv" else 1)
    took, processor = time.perf_counter() - started, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    measured = {"seconds": took, "processor": processor, "megabytes": peak, "winners": sorted(found.winners)}
    print(json.dumps(measured))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
