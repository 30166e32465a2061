"""What files say beyond their format: rules for papers, grades in words, older and rarer forms; published counts."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from bot.ballot_files import BallotFileError, read
from bot.ballot_files.rules import Overvotes, PaperRules
from bot.domain.tally import count
from bot.domain.tally.profile import Form, Profile
from tests.ballot_files.conftest import Run
from tests.ballot_files.test_reading import PB, said
from tests.domain.tally.elections import figures, names

OLD = "2\n1,Ann\n2,Bo, the second\n5,5,2\n3,2,1\n2,{1,2}\n"
GRADED = "# grades: Excellent; Good; Poor\ncount,Ann,Bo\n3,good,POOR\n2,,Excellent\n"
PLACES = "count,rank1,rank2,rank3\n4,A,,B\n3,B|C,A,\n2,C,A|B,D\n1,D,overvote,B\n"


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_overvotes_end_a_paper_or_are_passed_over(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", PLACES)
    as_written = read(path, Form.RANKING)
    assert said(as_written) == {"A1 B2": 4, "A2 B1 C1": 3, "A2 B2 C1 D3": 2, "D1": 1}
    assert figures(as_written, count("irv", as_written).rounds[0].tallies) == {"A": 4, "B": 0, "C": 2, "D": 1}
    skipped = read(path, Form.RANKING, PaperRules(Overvotes.SKIP))
    assert said(skipped) == {"A1 B2": 4, "A1": 3, "C1 D2": 2, "B2 D1": 1}


def test_an_overvote_can_wait_until_one_of_its_options_is_left(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", "count,rank1,rank2\n4,A,\n3,B,\n2,C,B|D\n1,D,\n")
    found = {rule: count("irv", read(path, Form.RANKING, PaperRules(rule))).rounds[-1].tallies for rule in Overvotes}
    assert found[Overvotes.END] == found[Overvotes.SKIP] == {0: 4, 1: 3}
    # D has left: of the two at C's second rank B alone is in the count.
    assert found[Overvotes.CONTINUING] == {0: 4, 1: 5}
    both = written(tmp_path, "y.csv", "count,rank1,rank2\n4,A,\n3,B,\n2,C,A|B\n")
    waiting = count("irv", read(both, Form.RANKING, PaperRules(Overvotes.CONTINUING)))
    assert waiting.rounds[-1].tallies == {0: 4, 1: 3}
    unreadable = count("irv", read(path.parent / "x.csv", Form.RANKING, PaperRules(Overvotes.CONTINUING)))
    assert unreadable.invalid == 0


def test_empty_ranks_end_a_paper_where_there_are_too_many(tmp_path: Path) -> None:
    path = written(tmp_path, "x.csv", "rank1,rank2,rank3,rank4\nA,,,B\n,,A,B\nA,,B,\n")
    assert said(read(path, Form.RANKING)) == {"A1 B2": 3}
    once = read(path, Form.RANKING, PaperRules(skips=1))
    assert (said(once), once.blank) == ({"A1": 1, "A1 B2": 1}, 1)
    blt = written(tmp_path, "x.blt", "2 1\n1 1 - 2 0\n0\nAnn\nBo\n")
    assert said(read(blt, Form.RANKING, PaperRules(skips=0))) == {"Ann1": 1}


def test_names_written_in_leave_first(tmp_path: Path) -> None:
    path = written(tmp_path, "x.blt", "3 1\n[undeclared 3]\n[nick a b c]\n2 3 1 0\n1 2 0\n0\nAnn\nBo\nWritten\n")
    profile = read(path, Form.RANKING)
    assert (profile.options, said(profile)) == (("Ann", "Bo"), {"Ann1": 2, "Bo1": 1})


def test_minneapolis_reference_elects_the_same(test_data: Path) -> None:
    path = test_data / "01_ranked/stv_rules/undeclared.blt"
    profile = read(path, Form.RANKING)
    reference = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))["results"]
    assert names(profile, count("stv", profile, 2).winners) == reference["mpls-fixed-p4-d4"]["elected"]


def test_orders_from_before_2022(tmp_path: Path) -> None:
    profile = read(written(tmp_path, "x.toi", OLD), Form.RANKING)
    assert said(profile) == {"Ann2 Bo, the second1": 3, "Ann1 Bo, the second1": 2}


def test_grades_in_words(tmp_path: Path, run: Run) -> None:
    path = written(tmp_path, "x.csv", GRADED)
    profile = read(path, Form.SCORES)
    assert said(profile) == {"Ann1 Bo0": 3, "Bo2": 2}
    assert (profile.grades, profile.top) == (("Poor", "Good", "Excellent"), 2)
    _, out, _ = run(path, "--method", "majority-judgment")
    assert "Voters who gave the grade Excellent" in out
    assert "  Ann  Good  elected" in out
    _, out, _ = run(path, "--method", "majority-judgment", "--json")
    assert json.loads(out)["rounds"][-1]["tallies"] == {"Ann": "1", "Bo": "0"}
    assert said(read(path, Form.RANKING)) == {"Ann1 Bo2": 3, "Bo1": 2}


def test_ordinal_votes_on_projects_are_rankings(tmp_path: Path, run: Run) -> None:
    path = written(tmp_path, "x.pb", PB.replace("cumulative", "ordinal"))
    profile = read(path, Form.RANKING)
    assert said(profile) == {"p11 p22": 1, "p21": 1}
    assert run(path, "--method", "schulze", "--json")[0] == 0
    code, _, err = run(path, "--method", "greedy")
    assert code == 2
    assert "another kind" in err


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("x.soi", OLD.replace("3,2,1", "3,2,3"), 5),
        ("x.soi", OLD.replace("2,Bo", "7,Bo"), 3),
        ("x.soi", OLD.replace("5,5,2", "5,many,2"), 4),
        ("x.soi", "2\n1,Ann\n", 2),
        ("x.soi", "9999\n", 1),
        ("x.csv", "# grades: Good\nA,B\n", 1),
        ("x.csv", "# grades: Good, Fair, good\nA,B\n", 1),
        ("x.csv", "# grades: Good, Fair\nA,B\nGood,Fine\n", 3),
        ("x.csv", "# grades: Good, Fair\nA,A\nGood,Fair\n", 2),
        ("x.csv", '# grades: Good, Fair\nA,B\n"Good"x,Fair\n', 3),
        ("x.blt", "2 1\n[undeclared 3]\n1 1 2 0\n0\na\nb\n", 2),
    ],
)
def test_what_is_wrong_in_them_is_refused_with_its_line(tmp_path: Path, name: str, text: str, line: int) -> None:
    with pytest.raises(BallotFileError) as refused:
        read(written(tmp_path, name, text), Form.RANKING)
    assert refused.value.line == line


@pytest.mark.parametrize(
    "arguments", [("schulze", "--overvotes", "skip"), ("approval", "--skips", "1"), ("irv", "--skips", "-1")]
)
def test_paper_rules_are_for_papers_that_are_transferred(tmp_path: Path, run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(written(tmp_path, "x.csv", PLACES), "--method", *arguments)
    assert (code, out) == (2, "")
    assert "--skips" in err


OVERVOTES = {
    "exhaustImmediately": Overvotes.END,
    "alwaysSkipToNextRank": Overvotes.SKIP,
    "exhaustIfMultipleContinuing": Overvotes.CONTINUING,
}


def certified(folder: Path) -> tuple[Any, Profile]:
    case = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    rules = case["rules"]
    paper = PaperRules(OVERVOTES[rules["overvoteRule"]], int(rules["maxSkippedRanksAllowed"]))
    return case, read(folder / "ballots.csv", Form.RANKING, paper)


@pytest.mark.parametrize(
    "name", ["skip_to_next_test", "test_set_3_skipped_choice_exhaust", "test_set_7_duplicate_skip_to_next"]
)
def test_certified_run_offs_agree_in_every_round(test_data: Path, name: str) -> None:
    case, profile = certified(test_data / "01_ranked/rctab" / name)
    rounds = [
        {option: Fraction(votes) for option, votes in each["tally"].items()}
        for each in case["expected_report"]["results"]
    ]
    found = count("irv", profile)
    assert [figures(profile, each.tallies) for each in found.rounds] == rounds


def test_certified_run_offs_whose_ties_were_drawn_agree_before_and_after_them(test_data: Path) -> None:
    folder = test_data / "01_ranked/rctab"
    case, profile = certified(folder / "test_set_overvote_delimiter")
    found = count("irv", profile)
    last = case["expected_report"]["results"][-1]["tally"]
    assert figures(profile, found.rounds[-1].tallies) == {option: Fraction(votes) for option, votes in last.items()}
    for name in ("first_round_determines_threshold_test", "tiebreak_generate_permutation_test"):
        case, profile = certified(folder / name)
        first = case["expected_report"]["results"][0]["tally"]
        assert figures(profile, count("irv", profile).rounds[0].tallies) == {
            option: Fraction(votes) for option, votes in first.items()
        }
    assert count("irv", profile).tied == (0, 1, 2, 3)


def test_portland_2015_ends_as_it_did(test_data: Path) -> None:
    case, profile = certified(test_data / "01_ranked/rctab/2015_portland_mayor")
    found = count("irv", profile)
    last = case["expected_report"]["results"][-1]["tally"]
    assert figures(profile, found.rounds[-1].tallies) == {option: Fraction(votes) for option, votes in last.items()}


def test_a_certified_transferable_vote_elects_the_same(test_data: Path) -> None:
    case, profile = certified(test_data / "01_ranked/rctab/test_set_multi_winner_whole_threshold")
    elected = {
        change["elected"]
        for each in case["expected_report"]["results"]
        for change in each["tallyResults"]
        if "elected" in change
    }
    assert set(names(profile, count("stv", profile, 3).winners)) == elected
