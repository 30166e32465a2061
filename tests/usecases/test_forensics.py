"""What a copy of everything the server keeps says of who chose what in an unlinked vote: nothing, at any time.

The same people do the same things twice, with other choices the second time. Whatever
differs between the two databases, besides what is sealed, would tell something.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from bot.domain.ballots import to_text
from bot.domain.sealed import receipt_of
from tests.fakes.bench import Bench
from tests.storage.own_postgres import OwnPostgres, own_postgres

VOTERS = ("bruno", "chloe", "dan", "emma", "farid", "gus")
OPTIONS = ("Hall", "Festival", "Garden")
VOTE = (
    '/vote "Which project?" "Hall" "Festival" "Garden" --purpose x --binding advice --close 2h '
    "--secrecy unlinked --tie first --rooms Salon,Hall --yes"
)
CODE = re.compile(r"[0-9A-Z]{3}(?:-[0-9A-Z]{3}){3}")
DRAWN = ("sealed_ballot", "journal", "consultation", "sheet", "receipt")
"""Tables with something drawn at random (keys, salts, what is sealed), or with totals."""


class Voters:
    """People who vote, change their minds and withdraw, in an order that the seed draws."""

    def __init__(self, bench: Bench, seed: int, shift: int) -> None:
        self.bench, self.shift = bench, shift
        self.random = Random(seed)
        self.codes: dict[str, str] = {}
        self.used: set[str] = set()

    async def act(self) -> None:
        name, option = self.random.choice(VOTERS), self.random.randrange(3)
        withdraws = self.random.random() < 0.2
        code = self.codes.get(name, "")
        if withdraws and code:
            await self.bench.say(name, f"/v 1 - {code}")
            del self.codes[name]
            return
        typed = (option + self.shift) % 3 + 1
        (review, *_) = await self.bench.say(name, f"/v 1 {typed} {code}")
        found = CODE.search(review)
        assert found is not None, review
        self.codes[name] = found[0]
        self.used.add(found[0])
        if self.random.random() < 0.9:
            await self.bench.say(name, "yes")
        elif not code:
            del self.codes[name]  # reviewed and left: nothing was recorded


def files(bench: Bench) -> bytes:
    """Every byte of the database's own files."""
    return b"".join(path.read_bytes() for path in sorted(bench.database.parent.glob(f"{bench.database.name}*")))


def plain(bench: Bench) -> dict[str, list[tuple[Any, ...]]]:
    """The tables that hold nothing drawn at random."""
    return bench.dump(*DRAWN)


def spellings(code: str) -> list[bytes]:
    bare = code.replace("-", "")
    return [each.encode() for each in (code, bare, code.lower(), bare.lower())]


async def played(folder: Path, seed: int, shift: int, caplog: pytest.LogCaptureFixture) -> tuple[Bench, Voters]:
    folder.mkdir()  # noqa: ASYNC240 - once, before anything runs
    bench = await Bench(folder / "palabre.db").start()
    await bench.meet_everyone()
    await bench.say("ana", VOTE, bench.salon)
    voters = Voters(bench, seed, shift)
    for _ in range(12):
        await voters.act()
        searched = files(bench)
        assert not [code for code in voters.used if any(each in searched for each in spellings(code))]
        assert not [code for code in voters.used if receipt_of(code).encode() in searched]
        assert not [code for code in voters.used if code in caplog.text]
    return bench, voters


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_no_table_depends_on_what_was_chosen(tmp_path: Path, seed: int, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    one, voters = await played(tmp_path / "one", seed, 0, caplog)
    other, _ = await played(tmp_path / "other", seed, 1, caplog)
    try:
        assert plain(one) == plain(other)
        assert not re.search(rb'"choice": ?"|"draft": ?"[0-9]', files(one))
        sealed = [bytes(row[2]) for row in one.dump()["sealed_ballot"]]
        key = (one.database.with_name("keys") / "1.key").read_bytes()
        assert key not in files(one)
        for bench in (one, other):
            await bench.pass_time(hours=3)
            assert bench.state() == "certified"
        assert plain(one) == plain(other)
        after = files(one)
        assert not [blob for blob in sealed if blob in after]
        assert not list(one.database.with_name("keys").iterdir())
        assert not [code for code in voters.used if any(each in after for each in spellings(code))]
    finally:
        await one.close()
        await other.close()


async def test_receipts_stand_apart_from_ballots_and_from_their_voters(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bench, voters = await played(tmp_path / "one", 4, 0, caplog)
    try:
        names = {row[1] for row in bench.dump()["sealed_ballot"]}
        await bench.pass_time(hours=3)
        receipts = bench.rows("SELECT code, choice FROM receipt")
        assert {code for code, _ in receipts} == {receipt_of(code.replace("-", "")) for code in voters.codes.values()}
        assert {choice for _, choice in receipts} == {""}
        # What a ballot was called while it was sealed leads to no receipt, and to nobody.
        assert names.isdisjoint({code for code, _ in receipts})
        assert not [name for name in names if name.encode() in files(bench)]
    finally:
        await bench.close()


async def test_only_the_voters_own_chat_shows_a_code_or_a_choice(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bench, voters = await played(tmp_path / "one", 5, 0, caplog)
    try:
        await bench.pass_time(hours=3)
        for platform in bench.platforms.values():
            for posted in platform.posted:
                shown = {code for card in posted.cards for code in CODE.findall(card.plain)} & voters.used
                if shown:
                    assert posted.ref.room in {platform.chat(name) for name in VOTERS}
                    owners = {name for name in VOTERS if voters.codes.get(name) in shown}
                    assert posted.ref.room in {platform.chat(name) for name in owners} or not owners
    finally:
        await bench.close()


PROJECTS = " ".join(f'"Project {number}"' for number in range(1, 31))
CHOSEN = {"bruno": (3, 17, 22, 29), "chloe": (5, 11, 19, 23), "emma": (6, 12, 18, 24), "gus": (2, 13, 14, 26)}
"""Choices whose text stands nowhere by chance."""


def cluster(server: OwnPostgres) -> bytes:
    """Every byte of every file of the server: tables, what was deleted from them, its log of changes."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    return b"".join(file.read_bytes() for file in sorted(server.data.rglob("*")) if file.is_file())


async def test_no_file_of_a_database_server_holds_a_choice_beside_its_voter(tmp_path: Path) -> None:
    with own_postgres("fsync=off") as server:
        bench = await Bench(tmp_path / "palabre.db", url=server.url).start()
        await bench.meet_everyone()
        words = VOTE.replace('"Hall" "Festival" "Garden"', PROJECTS).replace("--tie first", "--ballot approval")
        await bench.say("ana", words, bench.salon)
        codes = []
        for name, choice in CHOSEN.items():
            (review, *_) = await bench.say(name, f"/v 1 {to_text(choice)}")
            codes.append(CODE.search(review)[0])
            await bench.say(name, "yes")
        sealed = await bench.store.read(lambda tx: tx.sealed.all(1))
        before = cluster(server)
        assert len(sealed) == len([blob for blob in sealed if blob in before]) == len(CHOSEN)
        assert not [choice for choice in CHOSEN.values() if to_text(choice).encode() in before]
        await bench.pass_time(hours=3)
        assert await bench.store.read(lambda tx: tx.tally(1)) == dict.fromkeys(CHOSEN.values(), 1)
        after = cluster(server)
        assert not [blob for blob in sealed if blob in after]
        for code in codes:
            assert not [each for each in spellings(code) if each in before + after]
        for choice in CHOSEN.values():
            places = [found.start() for found in re.finditer(to_text(choice).encode(), after)]
            assert places
            beside = b"".join(after[max(place - 300, 0) : place + 300] for place in places)
            assert not [name for name in VOTERS if f":{name}".encode() in beside]
        await bench.close()
