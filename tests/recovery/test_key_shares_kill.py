"""The bot may die at any step of a shared key's life: the vote opens and is counted, and the key is whole nowhere."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from storage.key_files import KeyFiles
from tests.fakes.bench import Bench
from tests.recovery.test_state_machine import Fate, Life
from tests.usecases.test_key_shares import HOLDERS, VOTE, appoint, cast, folder, share_of, sheet

STEPS = 110
"""About as many steps as such a life has without any death, its ballots aside."""


class SparingFate(Fate):
    """A fate that lets the bot live while people vote: drafts are lost with a process, and said to be."""

    spares = False

    async def tick(self, what: str) -> None:
        if not self.spares:
            await super().tick(what)


class MortalKeys(KeyFiles):
    """The key folder of a process that may die before and after each change of a file."""

    def __init__(self, path: Path, fate: Fate) -> None:
        super().__init__(path)
        self._fate = fate

    def _step(self, what: str) -> None:
        step = self._fate.tick(what)
        try:
            step.send(None)
        except StopIteration:
            return
        raise AssertionError("a fate waits for nothing")

    def _keep(self, path: Path, data: bytes) -> None:
        self._step(f"before {path.name} is written")
        super()._keep(path, data)
        self._step(f"after {path.name} is written")

    def drop_share(self, number: int, share: int) -> None:
        self._step("before a share is destroyed")
        super().drop_share(number, share)
        self._step("after a share is destroyed")

    def destroy(self, number: int) -> None:
        self._step("before a key is destroyed")
        super().destroy(number)
        self._step("after a key is destroyed")


class KeyLife(Life):
    """… which looks, at every message that appears, whether a share is where it mustn't be."""

    ended = False

    def _watch(self) -> None:
        super()._watch()
        if self.bench.rows("SELECT 1 FROM consultation WHERE state = 'open'") and not self.ended:
            left = set(folder(self.bench)) - {"1.seal"}
            if left:
                self.wrong.append(f"open, and the folder has {left}")


async def whole_life(path: Path, lives: Iterable[int]) -> KeyLife:
    """The vote from its creation to its result, the bot dying after so many steps of each of its lives."""
    bench = await Bench(path / "palabre.db").start()
    await bench.meet_everyone()
    await appoint(bench, *HOLDERS)
    fate = SparingFate(lives)
    bench.keys = MortalKeys(bench.database.with_name("keys"), fate)
    life = KeyLife(bench, fate, timedelta())
    try:
        await life.begin()
        await life.deliver(bench.said("ana", VOTE, bench.salon))
        await life.pass_time(minutes=1)
        for name in HOLDERS:
            await life.deliver(bench.said(name, "/share 1 kept"))
        await life.pass_time(minutes=3)
        fate.spares = True
        for name, typed in (("bruno", "1"), ("farid", "2"), ("dan", "2")):
            await cast(bench, name, typed)
        fate.spares = False
        while not bench.rows("SELECT 1 FROM journal WHERE kind = 'voting-ended'"):  # each absence moves the closing
            await life.pass_time(hours=1)
        life.ended = True
        for name in HOLDERS:
            await life.deliver(bench.said(name, f"/reveal 1 {share_of(bench, name)}"))
        await life.pass_time(minutes=3)
        check(life)
    finally:
        await bench.close()
    return life


def check(life: KeyLife) -> None:
    bench = life.bench
    assert life.wrong == []
    assert bench.state() == "certified"
    assert sheet(bench) == {"1": 1, "2": 2}
    assert folder(bench) == {}
    kinds = [kind for (kind,) in bench.rows("SELECT kind FROM journal WHERE consultation = 1 ORDER BY sequence")]
    for once in ("opened", "sealed-to", "voting-ended", "closed"):
        assert kinds.count(once) == 1, kinds
    assert kinds.count("share-kept") == kinds.count("share-given") == 2


async def test_without_any_death_all_goes_well(tmp_path: Path) -> None:
    life = await whole_life(tmp_path, [])
    assert (life.deaths, life.fate.steps > STEPS) == (0, True)


SHARES = 4
"""Runs. In each the bot dies about ten times, after lives of every length."""


@pytest.mark.parametrize("share", range(SHARES))
async def test_it_may_die_at_any_step(tmp_path: Path, share: int) -> None:
    dice = random.Random(share)
    lives = [share * 3 + 12 * turn for turn in range(9)] + [dice.randrange(40) for _ in range(6)]
    dice.shuffle(lives)
    life = await whole_life(tmp_path, lives)
    assert life.deaths >= 3
