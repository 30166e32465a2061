"""The names of a public vote beside its ballots, in bundles of operators who ask for them."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.domain.refusals import Refusal
from bot.usecases.bundle import Bundle, bundle_of
from bot.verification import verify
from tests.fakes.bench import Bench, NoPencil, NoPress
from tests.fakes.platforms import PlatformMessenger, nothing
from tests.proofs.test_bundles import BOTH, Check, replaced, sealed, wrong
from tests.proofs.test_life import exported, must_hold
from tests.usecases.conftest import bench

__all__ = ["bench"]  # a fixture

PUBLIC = '/poll "Where?" "Here" "There" --close 2h --secrecy public --rooms Salon,Hall --yes'


async def held(bench: Bench, asked: str = PUBLIC) -> Bench:
    """Three voted: two by name here, one there."""
    await bench.say("ana", asked, bench.salon)
    for name, option in (("bruno", 1), ("chloe", 1), ("emma", 2)):
        await bench.say(name, f"/v 1 {option}")
        await bench.say(name, "yes")
    await bench.pass_time(hours=3)
    return bench


async def named(bench: Bench) -> Bundle:
    asked = {name: PlatformMessenger(platform, nothing) for name, platform in bench.platforms.items()}
    return await bundle_of(bench.store, NoPencil(), NoPress(), 1, asked)


def lines(files: Bundle) -> list[list[str]]:
    return list(csv.reader(io.StringIO(files["names.csv"].decode(), newline="")))


async def test_names_stand_beside_ballots_only_where_the_operator_asks(bench: Bench) -> None:
    await held(bench)
    without = await exported(bench)
    assert "names.csv" not in without
    assert b"Bruno" not in b"".join(without.values())
    files = await named(bench)
    must_hold(files)
    assert lines(files) == [["name", "ballot"], ["Bruno", "1"], ["Chloe", "1"], ["Emma", "2"]]
    assert "names.csv" in json.loads(files["manifest.json"])["files"]
    assert b"I can't erase it" in files["README.md"]
    assert await named(bench) == files


async def test_who_hides_their_name_and_who_was_forgotten_have_none(bench: Bench) -> None:
    bench.telegram.rooms["-100"].hidden.add("bruno")
    await held(bench)
    await bench.say("emma", "/forget yes")
    files = await named(bench)
    must_hold(files)
    assert lines(files)[1:] == [["", "1"], ["", "2"], ["Chloe", "1"]]


async def test_a_platform_that_can_t_be_asked_gives_no_name(bench: Bench) -> None:
    await held(bench)
    files = await bundle_of(bench.store, NoPencil(), NoPress(), 1, {})
    must_hold(files)
    assert Counter(name for name, _ in lines(files)[1:]) == {"": 3}


async def test_a_name_is_never_a_formula(bench: Bench) -> None:
    await held(bench)
    with closing(sqlite3.connect(bench.database)) as connection:
        connection.execute("UPDATE account SET name = '=1+1' WHERE name = 'Bruno'")
        connection.commit()
    assert ["'=1+1", "1"] in lines(await named(bench))


@pytest.mark.parametrize(
    "asked",
    [
        PUBLIC.replace("public", "confidential"),
        '/opinions "The garden" "We need one" --close 2h --yes',
    ],
)
async def test_only_public_votes_have_names(bench: Bench, asked: str) -> None:
    await held(bench, asked)
    with pytest.raises(Refusal, match="export-names-not-public"):
        await named(bench)


async def test_once_erased_names_are_not_there_any_more(bench: Bench) -> None:
    await held(bench)
    await bench.pass_time(days=200)
    with pytest.raises(Refusal, match="export-names-erased"):
        await named(bench)
    must_hold(await exported(bench))


@BOTH
async def test_other_ballots_than_the_sheet_s_and_names_of_a_vote_that_was_not_public_are_found(
    bench: Bench, check: Check
) -> None:
    await held(bench)
    files = await named(bench)
    assert wrong(check(replaced(files, "names.csv", "Bruno,1", "Bruno,2"))) == {"names"}
    assert wrong(check(replaced(files, "names.csv", "Bruno,1\r\n", ""))) == {"names"}
    await bench.say("ana", '/poll "Where?" "Here" "There" --close 2h --yes', bench.salon)
    await bench.vote("bruno", 2, 1)
    await bench.pass_time(hours=3)
    quiet = await exported(bench, 2)
    assert wrong(check(sealed({**quiet, "names.csv": b"name,ballot\r\nBruno,1\r\n"}))) == {"names"}


async def test_the_command_line_writes_them_and_says_what_that_means(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Matrix shows who everyone is: its messenger answers without being connected. Telegram isn't configured here, so
    that no name of it is written."""
    await held(bench)
    config, folder = tmp_path / "config.toml", tmp_path / "out"
    config.write_text(
        f'[bot]\nlanguage = "en"\n[storage]\nurl = "sqlite:///{bench.database}"\n[matrix]\n'
        f'homeserver = "https://matrix.example"\nuser_id = "@palabre:example"\naccess_token = "secret"\n'
        f'store_path = "{tmp_path / "store"}"\n',
        encoding="utf-8",
    )
    arguments = ["export", "1", "--to", str(folder), "--config", str(config)]
    assert await asyncio.to_thread(main, [*arguments, "--names"]) == 0
    assert "the bot can't erase that file" in capsys.readouterr().err
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert verify(files).holds
    assert lines(files)[1:] == [["", "1"], ["", "1"], ["Emma", "2"]]
    await bench.say("ana", '/poll "Where?" "Here" "There" --close 2h --yes', bench.salon)
    await bench.pass_time(hours=3)
    arguments[1] = "2"
    assert await asyncio.to_thread(main, [*arguments, "--names"]) == 1
    assert "is not a public vote" in capsys.readouterr().err
