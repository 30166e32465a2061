"""`palabre roll`: the same roll, looked after from the command line, beside a bot that may be running."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from tests.fakes.bench import Bench
from tests.usecases.test_rolls import claim, import_list

LIST = "Nom;Groupe;telegram_id;Courriel\r\nZoé Lefèvre;bureau;4242;zoe@post.example\r\nBruno Brun;;;\r\n"
CONFIG = """
[bot]
language = "{language}"
operator = "Octet"
contact = "admin@octet.example"
hosting = "Roubaix"
source_url = "https://git.example/palabre"
[storage]
url = "sqlite:///{database}"
[telegram]
token = "12345:ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghi"
"""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Awaitable[Done]]


@pytest.fixture
def palabre(bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command, on the bench's own database, in a thread of its own."""

    async def run(act: str, *arguments: str, organisation: str = "octet", language: str = "en") -> Done:
        config = tmp_path / "config.toml"
        config.write_text(CONFIG.format(language=language, database=bench.database))
        config.chmod(0o600)
        command = ["roll", act, *arguments, "--organisation", organisation, "--config", str(config)]
        code = await asyncio.to_thread(main, command)
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(LIST.encode("cp1252"))
    return path


def labels(bench: Bench) -> list[str]:
    return [label for (label,) in bench.rows("SELECT label FROM member ORDER BY id")]


async def test_a_file_is_shown_first_and_imported_with_yes(bench: Bench, palabre: Run, file: Path) -> None:
    shown = await palabre("import", str(file))
    assert (shown.code, shown.out) == (0, "")
    assert "2 new members: Zoé Lefèvre, Bruno Brun" in shown.err
    assert "Check the accents" in shown.err
    assert "--yes" in shown.err
    assert labels(bench) == []
    done = await palabre("import", str(file), "--yes")
    assert done.code == 0, done.err
    assert "2 members on the roll" in done.err
    assert labels(bench) == ["Zoé Lefèvre", "Bruno Brun"]
    assert bench.rows("SELECT count(*) FROM account WHERE ref = 'telegram:4242'") == [(1,)]
    assert "post.example" not in repr(bench.dump())
    again = await palabre("import", str(file), "--yes", language="fr")
    assert (again.code, labels(bench)) == (0, ["Zoé Lefèvre", "Bruno Brun"])
    assert "rien à importer" in again.err


async def test_those_who_are_not_listed_stay_unless_they_are_dropped(bench: Bench, palabre: Run, file: Path) -> None:
    await import_list(bench)
    await palabre("import", str(file), "--yes")
    assert len(labels(bench)) == 6
    assert (await palabre("import", str(file), "--yes", "--drop")).code == 0
    assert labels(bench) == ["Zoé Lefèvre", "Bruno Brun"]


async def test_figures_go_to_standard_output_without_names(bench: Bench, palabre: Run) -> None:
    await import_list(bench)
    shown = await palabre("show")
    assert shown.code == 0, shown.err
    assert "4 members" in shown.out
    assert "Bruno" not in shown.out
    assert shown.err == ""


async def test_codes_go_into_a_new_file_that_only_its_owner_reads(
    bench: Bench, palabre: Run, file: Path, tmp_path: Path
) -> None:
    await palabre("import", str(file), "--yes")
    out = tmp_path / "codes.csv"
    done = await palabre("codes", "--to", str(out), "--emails", str(file))
    assert done.code == 0, done.err
    assert out.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode("utf-8-sig"))))
    # Zoé's line has an account already.
    assert [(row["name"], row["email"]) for row in rows] == [("Bruno Brun", "")]
    assert rows[0]["code"] not in done.err + done.out
    assert "Bruno Brun" in await claim(bench, "bruno", rows[0]["code"])
    refused = await palabre("codes", "--to", str(out))
    assert refused.code == 2
    assert "FileExistsError" in refused.err
    nobody = await palabre("codes", "--to", str(tmp_path / "more.csv"))
    assert nobody.code == 2
    assert not (tmp_path / "more.csv").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"PK\x03\x04....", "Save as"), (b"name;weight\nAna;2\n", "one member has one vote"), (None, "FileNotFoundError")],
)
async def test_a_file_that_can_not_be_read_is_a_sentence(
    bench: Bench, palabre: Run, tmp_path: Path, data: bytes | None, words: str
) -> None:
    bad = tmp_path / "bad.csv"
    if data is not None:
        bad.write_bytes(data)
    done = await palabre("import", str(bad), "--yes")
    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err


async def test_the_organisation_is_named_without_doubt(bench: Bench, palabre: Run, file: Path) -> None:
    unknown = await palabre("show", organisation="Nobody")
    assert (unknown.code, "No organisation is called" in unknown.err) == (2, True)

    def borrow(tx: Any) -> None:
        number = tx.add_organisation("en", "UTC", {}, False)
        tx.set_declaration(number, tx.organisation(home).declaration)

    home = int(bench.rows("SELECT id FROM organisation WHERE bound")[0][0])
    await bench.store.write(borrow)
    doubt = await palabre("show")
    assert doubt.code == 2
    assert str(home) in doubt.err
    assert (await palabre("show", organisation=str(home))).code == 0
