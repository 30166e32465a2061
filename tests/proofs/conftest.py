"""Bundles of real consultations, made once for all tests: changing a copy of the files costs nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from adapters.chart import MatplotlibDraughtsman
from bot.domain.charter import RULES_VERSION
from bot.usecases.bundle import Bundle, bundle_of
from tests.fakes.bench import Bench, NoPress

ACTS = {
    "poll": ('/poll "Where?" "Café" "Library" "Park" --close 2h --yes', ("1", "2", "2")),
    "vote": (
        '/vote "Adopt the budget?" "Yes" "No" "Abstain" --purpose "the budget" --binding advice --close 2h'
        " --majority 2/3 --base voters --quorum 2 --yes",
        ("1", "1", "3"),
    ),
    "draw": (
        '/vote "Who?" "Ann" "Ben" "Cid" --purpose "a chair" --binding advice --close 2h --tie draw'
        " --ballot approval --seats 2 --yes",
        ("1,2", "2,3", "1,3"),
    ),
    "ranking": (
        '/vote "Which?" "Hall" "Fair" "Trip" "Blank" --purpose "to choose" --binding advice --close 2h'
        " --ballot ranking --method irv --tie first --yes",
        ("1>2", "2>1>3", "3>1"),
    ),
    "grades": (
        '/poll "Which?" "Hall" "Fair" "Trip" --close 2h --ballot judgment --yes',
        ("1=1 2=3 3=2", "1=2 2=2", "2=1 3=1"),
    ),
    "consent": (
        '/vote "Move the fair to May?" --purpose "the fair" --binding advice --close 2h --ballot consent --yes',
        ("agree", "disagree: exams", "abstain"),
    ),
    "signatures": ('/poll "For a bike shed" --close 2h --ballot signature --quorum 2 --yes', ("sign", "sign")),
    "dates": ('/dates "Assembly" "2026-12-15 18:00" "2026-12-17 20:00" --close 2h --yes', ("1 yes, 2 no", "1 yes")),
    "budget": (
        '/budget "For 2027?" "Stand: 300" "Garden: 1200" "Radio: 900" --amount 2000 --close 2h --yes',
        ("1,2", "2", "1,3"),
    ),
    "none": ('/poll "Nobody comes" "Café" "Library" --close 2h --yes', ()),
}
"""What is asked, and what Bruno, Chloe and Dan answer."""


async def _made(folder: Path) -> dict[str, Bundle]:
    bench = await Bench(folder / "palabre.db").start()
    await bench.meet_everyone()
    await bench.store.write(lambda tx: _accept(bench, tx))
    for number, (asked, answers) in enumerate(ACTS.values(), 1):
        await bench.say("ana", asked, bench.salon)
        for name, answer in zip(("bruno", "chloe", "dan"), answers, strict=False):
            await bench.say(name, f"/v {number} {answer}")
    await bench.pass_time(hours=3)
    pencil, press = MatplotlibDraughtsman(), NoPress()
    made = {kind: await bundle_of(bench.store, pencil, press, number) for number, kind in enumerate(ACTS, 1)}
    await bench.close()
    return made


def _accept(bench: Bench, tx: Any) -> None:
    for name in ("bruno", "chloe", "dan"):
        who = bench.telegram.who(name)
        tx.set_accepted(tx.account(who.account, who.name, bench.clock.now()).id, RULES_VERSION, True)


@pytest.fixture(scope="session")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Bundle]:
    """A bundle of each kind of `ACTS`, as the program exports it."""
    return asyncio.run(_made(tmp_path_factory.mktemp("bundles")))
