"""`palabre count`: one JSON object, or a table in the environment's language; a refusal says file, line and why."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from bot.ballot_files import ENDINGS
from bot.counting_command import PURPOSES, RULES, TITLES, exact
from bot.domain.tally import METHODS
from bot.domain.tally.outcome import Purpose, Rule, Title
from tests.ballot_files.conftest import Run


@pytest.fixture
def ballots(tmp_path: Path) -> Path:
    path = tmp_path / "vote.csv"
    path.write_text("count,ballot\n4,A>B\n3,B>A\n2,C>B=A\n1,\n", encoding="utf-8")
    return path


def test_json_is_one_object_with_everything_in_it(run: Run, ballots: Path) -> None:
    code, out, err = run(ballots, "--method", "irv", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "method": "irv",
        "seats": 1,
        "ballots": 10,
        "blank": 1,
        "invalid": 0,
        "winners": ["A"],
        "tied": [],
        "rounds": [
            {"title": "First choices", "tallies": {"A": "4", "B": "3", "C": "2"}, "elected": [], "eliminated": ["C"]},
            {"title": "After C has left", "tallies": {"A": "4", "B": "3"}, "elected": ["A"], "eliminated": []},
        ],
        "tie_breaks": [],
    }


def test_people_read_it_in_their_language(run: Run, ballots: Path) -> None:
    _, english, _ = run(ballots, "--method", "plurality")
    _, french, _ = run(ballots, "--method", "plurality", lang="fr_FR.UTF-8")
    assert "Elected: A" in english
    assert "Résultat : A" in french


def test_a_tie_is_told_and_decided_by_nobody(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "tie.csv"
    path.write_text("ballot\nA\nB\n", encoding="utf-8")
    code, out, _ = run(path, "--method", "plurality", "--json")
    assert code == 0
    assert json.loads(out)["winners"] == []
    assert json.loads(out)["tied"] == ["A", "B"]


def test_a_decided_tie_names_its_rule(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "tie.csv"
    path.write_text("count,ballot\n6,A\n4,B>A\n3,C>B\n1,D>C\n", encoding="utf-8")
    _, out, _ = run(path, "--method", "irv", "--json")
    (decided,) = json.loads(out)["tie_breaks"]
    assert decided["tied"] == ["B", "C"]
    assert decided["chosen"] == ["C"]
    assert (decided["for"], decided["rule"]) == ("elimination", "earlier-rounds")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--method", "magic"), "magic"),
        (("--method", "irv", "--seats", "2"), "one seat"),
        (("--method", "stv", "--seats", "0"), "seats"),
        (("--method", "greedy"), ".pb"),
        (("--method", "score"), "line 2"),
    ],
)
def test_wrong_usage_says_why_on_standard_error(run: Run, ballots: Path, arguments: tuple[str, ...], word: str) -> None:
    code, out, err = run(ballots, *arguments, "--json")
    assert (code, out) == (2, "")
    assert word in err


def test_a_missing_file_and_a_hostile_name_are_told_harmlessly(run: Run, tmp_path: Path) -> None:
    assert run(tmp_path / "nothing.csv", "--method", "irv")[0] == 2
    path = tmp_path / "x.csv"
    path.write_text("ballot\n\x1b[2J\u202eEve\n", encoding="utf-8")
    code, out, _ = run(path, "--method", "plurality")
    assert code == 0
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_seats_come_from_the_file_unless_given(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.blt"
    path.write_text("3 2\n4 1 2 0\n3 2 0\n2 3 0\n0\nA\nB\nC\n", encoding="utf-8")
    assert json.loads(run(path, "--method", "stv", "--json")[1])["seats"] == 2
    assert json.loads(run(path, "--method", "stv", "--json", "--seats", "1")[1])["seats"] == 1
    assert json.loads(run(path, "--method", "irv", "--json")[1])["seats"] == 1


def test_figures_are_exact() -> None:
    assert exact(Fraction(7)) == "7"
    assert exact(Fraction(-5, 2)) == "-2.5"
    assert exact(Fraction(1, 3)) == "1/3"
    assert exact(Fraction(91, 80)) == "1.1375"
    assert exact(Fraction("698.98602"), 5) == "698.98602"
    assert exact(Fraction(0), 5) == "0.00000"


def test_every_title_purpose_and_rule_has_its_sentence() -> None:
    assert set(TITLES) == set(Title)
    assert set(PURPOSES) == set(Purpose)
    assert set(RULES) == set(Rule)


def test_the_page_on_counting_names_every_method_ending_and_rule() -> None:
    page = (Path(__file__).parents[2] / "docs/counting.md").read_text(encoding="utf-8")
    for method in METHODS:
        assert f"\n| `{method}` |" in page
    for ending in ENDINGS:
        assert ending in page
    for word in (*Purpose, *Rule):
        assert f"`{word}`" in page


def test_help_loads_nothing_that_counts() -> None:
    listing = (
        "import sys; from bot.__main__ import main\n"
        "try: main(['count', '--help'])\n"
        "except SystemExit: print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert not {"numpy", "babel", "bot.domain.tally", "bot.ballot_files"} & set(done.stdout.split())
