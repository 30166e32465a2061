"""The files of an ended consultation: complete, leading to nobody, and enough to work everything out again."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.domain.manifest import fingerprint_of
from bot.domain.opinions.groups import opinion_map
from bot.domain.opinions.model import Opinion, Statement, StatementState
from bot.domain.refusals import Refusal
from bot.text.export import FILES
from bot.text.fingerprints import fingerprint
from bot.usecases.bundle import bundle_of
from bot.usecases.export import map_facts
from tests.fakes.bench import NOON, Bench, NoPencil, NoPress
from tests.usecases.debate.conftest import debate, debating
from tests.usecases.opinions.conftest import MATRIX_PEOPLE, TELEGRAM_PEOPLE, Opinions, hall, language, opinions

__all__ = ["debate", "debating", "hall", "language", "opinions"]  # fixtures

COMMON = {
    "consultation.json", "disclosure.json", "roll.json", "journal.jsonl", "README.md", "verify.py", "recount.py",
    "count_marks.py", "count_rankings.py", "count_budgets.py", "verify-words.json", "manifest.json",
    "minutes.md", "minutes.html", "minutes.pdf",
}  # fmt: skip
CHARTS = {"chart.png", "chart.svg", "chart.txt"}


async def exported(bench: Bench, number: int = 1) -> dict[str, str]:
    """The files as texts; what draws charts here draws words."""
    files = await bundle_of(bench.store, NoPencil(), NoPress(), number)
    return {name: data.decode() for name, data in files.items()}


def rows(files: Mapping[str, str], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name], newline="")))


@pytest.fixture
async def ended(opinions: Opinions) -> Opinions:
    """An opinion map that two camps answered, closed; one statement of a member was hidden."""
    await opinions.say("mia1", "/statement =HYPERLINK(A1)")
    await opinions.say("mia2", "/statement Chloe is a fool")
    await opinions.say("ana", "/hide 10 personal attack", opinions.salon)
    ones, others = "aadddapa", "addaadda"
    await opinions.answers(dict.fromkeys(TELEGRAM_PEOPLE, ones) | dict.fromkeys(MATRIX_PEOPLE, others))
    await opinions.pass_time(days=3)
    return opinions


async def test_an_opinion_map_is_worked_out_again_from_its_files(ended: Opinions) -> None:
    files = await exported(ended)
    statements = [
        Statement(int(row["statement"]), 0, row["text"], NOON, StatementState(row["state"]))
        for row in rows(files, "statements.csv")
    ]
    answers: dict[int, dict[int, Opinion]] = defaultdict(dict)
    for row in rows(files, "votes.csv"):
        answers[int(row["alias"])][int(row["statement"])] = Opinion(row["opinion"])
    minimum = json.loads(files["consultation.json"])["definition"]["opinions"]["minimum"]
    again = map_facts(opinion_map(statements, answers, minimum))
    assert again == json.loads(files["groups.json"])
    assert [group["size"] for group in again["groups"]] == [8, 8]


async def test_the_figures_of_a_statement_are_those_of_its_votes(ended: Opinions) -> None:
    files = await exported(ended)
    votes = rows(files, "votes.csv")
    for row in rows(files, "statements.csv"):
        for opinion in Opinion:
            given = [vote for vote in votes if (vote["statement"], vote["opinion"]) == (row["statement"], opinion)]
            assert len(given) == int(row[opinion])


async def test_nothing_leads_to_anybody_and_what_was_hidden_has_no_words(ended: Opinions) -> None:
    files = await exported(ended)
    everything = "\n".join(files.values()).casefold()
    assert not any(name in everything for name in (*TELEGRAM_PEOPLE, *MATRIX_PEOPLE, "telegram:", "matrix:"))
    assert "fool" not in everything
    (hidden,) = [row for row in rows(files, "statements.csv") if row["state"] == "moderated"]
    assert hidden["ground"] == "personal attack"


async def test_no_cell_begins_a_formula(ended: Opinions) -> None:
    files = await exported(ended)
    (formula,) = [row for row in rows(files, "statements.csv") if "HYPERLINK" in row["text"]]
    assert formula["text"] == "'=HYPERLINK(A1)"
    for name in files:
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(files[name], newline="")) for cell in row]
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


async def test_every_file_is_named_and_explained(ended: Opinions) -> None:
    files = await exported(ended)
    assert set(files) == COMMON | CHARTS | {"statements.csv", "votes.csv", "groups.json"}
    told = [line.removeprefix("## ") for line in files["README.md"].splitlines() if line.startswith("## ")]
    assert told == [name for name in FILES if name in files]
    assert set(told) == files.keys() - {"README.md"}
    for name in ("statements.csv", "votes.csv"):
        about = files["README.md"].split(f"## {name}")[1].split("## ")[0]
        assert all(column in about for column in rows(files, name)[0])


async def test_nothing_is_exported_before_the_closing(opinions: Opinions) -> None:
    with pytest.raises(Refusal, match="export-before-closing"):
        await exported(opinions)


async def test_a_poll_has_its_tally_sheet(opinions: Opinions) -> None:
    await opinions.say("ana", '/poll "Where?" "Café" "-1 Library" --close 2h --yes', opinions.salon)
    await opinions.vote("tom1", 2, 1)
    await opinions.vote("tom2", 2, 1)
    await opinions.vote("tom3", 2, 2)
    await opinions.pass_time(hours=3)
    files = await exported(opinions, 2)
    assert set(files) == COMMON | CHARTS | {"tally-sheet.csv", "result.json"}
    assert [(row["options"], row["count"]) for row in rows(files, "tally-sheet.csv")] == [
        ("Café", "2"),
        ("'-1 Library", "1"),
    ]


async def test_a_debate_has_its_arguments_and_its_conclusion(debate: Bench) -> None:
    await debate.say("bruno", "/for We are *sixty* <b>people</b> https://example.org/rooms", debate.salon)
    await debate.say("emma", "/against 400 euros a month", debate.hall)
    await debate.say("emma", "/edit 2 =400 euros a month", debate.hall)
    await debate.say("farid", "/for Chloe is a fool", debate.hall)
    await debate.say("ana", "/hide 3 personal attack", debate.salon)
    await debate.say("chloe", "/support 1", debate.salon)
    await debate.pass_time(days=5)
    files = await exported(debate)
    assert set(files) == COMMON | {"arguments.csv", "wordings.csv", "conclusion.md"}
    first, second, third = rows(files, "arguments.csv")
    assert (first["kind"], first["signature"], first["supports"]) == ("for", "Bruno", "1")
    assert first["source"] == "https://example.org/rooms"
    assert second["text"] == "'=400 euros a month"
    assert (third["state"], third["ground"], third["text"], third["signature"]) == (
        "moderated", "personal attack", "", "",
    )  # fmt: skip
    assert [(row["number"], row["text"]) for row in rows(files, "wordings.csv") if row["number"] == "2"] == [
        ("2", "400 euros a month"), ("2", "'=400 euros a month"),
    ]  # fmt: skip
    assert "sixty" in files["conclusion.md"]
    assert "<b>" not in files["conclusion.md"].replace("\\<", "")
    assert "fool" not in "".join(files.values())
    about = files["README.md"].split("## arguments.csv")[1].split("## ")[0]
    assert all(column in about for column in first)


CONFIG = """
[bot]
language = "en"
[storage]
url = "sqlite:///{database}"
"""


async def test_the_command_writes_the_files(
    ended: Opinions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = await exported(ended)
    assert await command(ended, tmp_path, "1") == 0
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert written.keys() == files.keys()
    drawn = CHARTS | {"minutes.pdf", "manifest.json"}  # by matplotlib and Typst, not by this test's pencil and press
    assert {name: data.decode() for name, data in written.items() if name not in drawn} == {
        name: text for name, text in files.items() if name not in drawn
    }
    assert written["chart.png"].startswith(b"\x89PNG")
    assert written["minutes.pdf"].startswith(b"%PDF")
    said = capsys.readouterr().err
    assert "out" in said
    assert fingerprint(fingerprint_of(written["manifest.json"])) in said


async def test_the_command_says_why_it_writes_nothing(
    opinions: Opinions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await command(opinions, tmp_path, "1") == 1
    assert "No. 1 has not ended" in capsys.readouterr().err
    assert await command(opinions, tmp_path, "77") == 1
    assert not (tmp_path / "out").exists()


async def command(bench: Bench, folder: Path, number: str) -> int:
    """Run `palabre export` beside the running bot, in a thread of its own."""
    import asyncio

    from bot.__main__ import main

    config = folder / "config.toml"
    config.write_text(CONFIG.format(database=bench.database), encoding="utf-8")
    arguments = ["export", number, "--to", str(folder / "out"), "--config", str(config)]
    return await asyncio.to_thread(main, arguments)
