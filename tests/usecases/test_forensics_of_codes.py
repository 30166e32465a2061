"""What a copy of all the server keeps says, after the closing, of who chose what in a confidential vote with codes.

As for unlinked votes, the same people do the same things twice, with other choices the second time: whatever differs
between the two databases, besides totals and what is drawn at random, would tell something.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.domain.ballot_codes import code_from
from bot.domain.ids import Action
from bot.domain.sealed import grouped, receipt_of
from tests.fakes.bench import Bench

VOTERS = ("bruno", "chloe", "dan", "emma", "farid", "gus")
VOTE = (
    '/vote "Which project?" "Hall" "Festival" "Garden" --purpose x --binding advice --close 2h --tie first '
    "--rooms Salon,Hall --yes"
)
CODE = re.compile(r"[0-9A-Z]{3}(?:-[0-9A-Z]{3}){3}")
DRAWN = ("journal", "consultation", "sheet", "receipt", "code_secret")
"""Tables with something drawn at random (secrets, salts), or with totals."""


async def played(folder: Path, keys: str, shift: int) -> tuple[Bench, dict[str, str]]:
    """People vote by buttons and by text, change their minds, withdraw, look their ballots up; each one's code."""
    folder.mkdir()  # noqa: ASYNC240 - once, before anything runs
    bench = await Bench(folder / "palabre.db").start()
    await bench.meet_everyone()
    await bench.say("ana", VOTE.replace("--yes", f"{keys} --yes"), bench.salon)
    chance, codes = Random(5), dict[str, str]()
    for _ in range(20):
        name, option, way = chance.choice(VOTERS), (chance.randrange(3) + shift) % 3 + 1, chance.randrange(6)
        if way == 0:
            await bench.say(name, "/v 1 -")
            await bench.say(name, "/mine")
            codes.pop(name, None)
            continue
        if way < 3 and name in {"bruno", "chloe", "dan"}:
            told = await bench.vote(name, 1, option) + await bench.vote(name, 1, option)
        else:
            told = "".join(await bench.say(name, f"/v 1 {option}") + await bench.say(name, "yes"))
        if code := CODE.findall(told):
            codes[name] = code[0]
    return bench, codes


def files(bench: Bench) -> bytes:
    """Every byte of the database's own files."""
    return b"".join(path.read_bytes() for path in sorted(bench.database.parent.glob(f"{bench.database.name}*")))


def spelt(codes: dict[str, str]) -> list[bytes]:
    return [form.encode() for code in codes.values() for form in (code, code.replace("-", ""), code.lower())]


@pytest.mark.parametrize("keys", ["", "--receipt choice"])
async def test_after_the_closing_nothing_ties_a_code_or_a_right_to_a_choice(
    tmp_path: Path, keys: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    (one, codes), (other, others) = await played(tmp_path / "1", keys, 0), await played(tmp_path / "2", keys, 1)
    try:
        assert codes.keys() == others.keys()
        ((secret,),) = one.rows("SELECT secret FROM code_secret")
        rights = [right for (right,) in one.rows("SELECT id FROM voting_right WHERE consultation = 1")]
        made = {grouped(code_from(bytes(secret), right)) for right in rights}
        assert set(codes.values()) <= made
        assert not [form for form in spelt(codes) if form in files(one)], "a code is kept nowhere, even before"
        for bench in (one, other):
            await bench.pass_time(hours=3)
            assert bench.state() == "certified"
        searched = files(one) + caplog.text.encode()
        assert bytes(secret) not in searched
        assert not [form for form in spelt(codes) if form in searched]
        assert one.dump(*DRAWN) == other.dump(*DRAWN)
        lines = dict(one.rows("SELECT code, choice FROM receipt"))
        assert lines.keys() == {receipt_of(code.replace("-", "")) for code in codes.values()}
        assert all(lines.values()) if keys else not any(lines.values())
    finally:
        await one.close()
        await other.close()


async def test_codes_are_seen_in_their_voters_own_chats_alone(tmp_path: Path) -> None:
    bench, codes = await played(tmp_path / "1", "", 0)
    try:
        await bench.pass_time(hours=3)
        for platform in bench.platforms.values():
            for posted in platform.posted:
                shown = {code for card in posted.cards for code in CODE.findall(card.plain)}
                owners = {name for name, code in codes.items() if code in shown}
                assert not owners or posted.ref.room in {platform.chat(name) for name in owners}
        journal = "".join(facts for (facts,) in bench.rows("SELECT facts FROM journal"))
        assert not CODE.findall(journal)
    finally:
        await bench.close()


async def test_my_ballot_writes_nothing(tmp_path: Path) -> None:
    bench, codes = await played(tmp_path / "1", "", 0)
    try:
        before: dict[str, Any] = bench.dump()
        name = next(name for name in codes if name in {"bruno", "chloe", "dan"})
        assert codes[name] in await bench.press(name, Action("mine", 1), bench.salon)
        assert bench.dump() == before
    finally:
        await bench.close()
