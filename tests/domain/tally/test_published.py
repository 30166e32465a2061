"""Published elections come out as published: winners, order of election, every stage's figures."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from bot.ballot_files import read
from bot.domain.tally.outcome import Title
from bot.domain.tally.profile import Form
from tests.domain.tally.elections import condorcet_votes, debian, elected, figures, names, outcome, rankings, scored


def expected(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def beside(path: Path) -> Any:
    return expected(path.with_suffix(".expected.json"))


def after(path: Path) -> Any:
    return expected(Path(f"{path}.expected.json"))


def test_scottish_wards_agree_in_every_stage(test_data: Path) -> None:
    wards = sorted((test_data / "01_ranked/scottish_stv").glob("*.blt"))
    assert len(wards) >= 10
    for ward in wards:
        official = beside(ward)
        profile = read(ward, Form.RANKING)
        found = outcome(profile, "stv", official["seats"])
        assert profile.seats == official["seats"]
        assert [(option + 1, stage) for stage, each in enumerate(found.rounds, 1) for option in each.elected] == [
            (each["candidate"], each["stage"]) for each in official["elected"]
        ], ward.name
        stages = [{str(option + 1): figure for option, figure in each.tallies.items()} for each in found.rounds]
        assert stages == [
            {option: Fraction(figure) for option, figure in stage.items()}
            for stage in official["official_stage_totals"]
        ], ward.name
        assert found.rounds[0].amount == official["quota"]


def test_glasgow_2007_agrees_with_the_reference_count(test_data: Path) -> None:
    for ward in sorted((test_data / "01_ranked/stv_rules").glob("glasgow2007*.blt")):
        reference = beside(ward)
        profile = read(ward, Form.RANKING)
        found = outcome(profile, "stv", reference["seats"])
        assert set(names(profile, found.winners)) == set(reference["elected"]), ward.name
        assert figures(profile, found.rounds[-1].tallies) == {
            name: Fraction(figure) for name, figure in reference["final_totals"].items()
        }


@pytest.mark.parametrize("case", ["42t", "M135", "SCw"])
def test_scottish_rules_elect_whom_the_reference_program_elects(test_data: Path, case: str) -> None:
    path = test_data / f"01_ranked/stv_rules/{case}.blt"
    profile = read(path, Form.RANKING)
    assert profile.seats is not None
    found = outcome(profile, "stv", profile.seats)
    assert set(names(profile, found.winners)) == set(beside(path)["results"]["scotland-fixed-p5-d5"]["elected"])


def test_instant_run_offs_of_american_cities(test_data: Path) -> None:
    for path in sorted((test_data / "01_ranked/irv").glob("*.toi")):
        published = after(path)
        profile = read(path, Form.RANKING)
        found = outcome(profile, "irv")
        assert [option + 1 for option in found.winners] == published["official_winner"], path.name
        assert {str(option + 1): figure for option, figure in found.rounds[-1].tallies.items()} == published[
            "computed_final_round"
        ]
        assert len(found.rounds) == published["computed_rounds"]
        if published["condorcet_winner"]:
            for method in ("schulze", "ranked-pairs"):
                assert [option + 1 for option in outcome(profile, method).winners] == [published["condorcet_winner"]]


def test_dublin_west_2002_elects_its_three_members(test_data: Path) -> None:
    path = test_data / "01_ranked/irish_stv/00001-00000002.soi"
    found = outcome(read(path, Form.RANKING), "stv", 3)
    assert sorted(option + 1 for option in found.winners) == after(path)["winner_ids_wigm"]


def test_tennessee_by_every_method(test_data: Path) -> None:
    path = test_data / "01_ranked/classic/tennessee.txt"
    published = beside(path)["published"]
    profile = rankings(path.read_text(encoding="utf-8"), beside(path)["candidates"])
    for method in ("plurality", "irv", "borda", "schulze", "ranked-pairs", "two-round"):
        assert elected(profile, method) == ([published[method.replace("-", "_")]], []), method


def test_a_paradox_leaves_all_three_tied(test_data: Path) -> None:
    profile = rankings((test_data / "01_ranked/classic/condorcet_paradox.txt").read_text(encoding="utf-8"))
    for method in ("schulze", "ranked-pairs", "irv", "borda", "plurality", "stv"):
        assert elected(profile, method) == ([], ["A", "B", "C"]), method


def test_debian_votes_have_the_official_duels_and_winner(test_data: Path) -> None:
    checked = 0
    for path in sorted((test_data / "01_ranked/debian").glob("*.tally.txt")):
        official = expected(path.with_name(path.name.replace(".tally.txt", ".expected.json")))
        profile = debian(path, [str(place) for place in range(len(official["options"]))])
        found = outcome(profile, "schulze")
        duels = [each.tallies for each in found.rounds if each.title is Title.DUELS]
        matrix = official["official_beat_matrix"]
        assert [{b: int(figure) for b, figure in each.items()} for each in duels] == [
            {b: figure for b, figure in enumerate(row) if b != a} for a, row in enumerate(matrix)
        ], path.name
        if not official["dropped_by_quorum"] and not official["dropped_by_majority"]:
            assert set(found.winners or found.tied) == set(official["winner"]), path.name
            checked += 1
    assert checked >= 5


def groups_of(ranking: Any) -> list[list[str]]:
    return [sorted(group) for group in ranking]


def test_tideman_collection_agrees_with_condorcet_php(test_data: Path) -> None:
    for path in sorted((test_data / "01_ranked/tideman").glob("*.cvotes")):
        published = beside(path)
        profile = condorcet_votes(path, published["candidates"])
        results = published["results"]
        found = outcome(profile, "schulze")
        assert sorted(names(profile, found.winners or found.tied)) == groups_of(results["schulze_wv"]["ranking"])[0]
        assert {
            profile.options[each.about[0]]: figures(profile, each.tallies)
            for each in found.rounds
            if each.title is Title.CHAINS
        } == results["schulze_wv"]["stats"], path.name
        points = figures(profile, outcome(profile, "borda").rounds[0].tallies)
        # Condorcet PHP gives a last place 1 point, not 0, and shares out the points of blank ballots among all.
        more = profile.valid + profile.blank * Fraction(len(profile.options) + 1, 2)
        published_points = {name: Fraction(str(points)) for name, points in results["borda"]["stats"].items()}
        assert {name: figure + more for name, figure in points.items()} == published_points, path.name
        for method in ("plurality", "irv"):
            found = outcome(profile, method)
            if not found.tied and not found.tie_breaks and not found.invalid:
                assert names(profile, found.winners) == groups_of(results[method]["ranking"])[0], (path.name, method)
        found = outcome(profile, "ranked-pairs")
        top = groups_of(results["ranked_pairs_wv"]["ranking"])[0]
        assert sorted(names(profile, found.winners or found.tied)) == top, path.name


def test_approval_experiments(test_data: Path) -> None:
    folder = test_data / "02_ratings/approval"
    for path in sorted([*folder.glob("*.cat"), *folder.glob("*.toc")]):
        published = after(path)
        profile = read(path, Form.MARKS)
        found = outcome(profile, "approval")
        assert figures(profile, found.rounds[0].tallies) == published["approvals"], path.name
        assert names(profile, found.winners) == [published["winner"]]
        assert profile.cast == published["ballots"]


def test_budgets_are_spent_as_they_were(test_data: Path) -> None:
    for path in sorted((test_data / "03_participatory_budgeting").glob("*.pb")):
        official = beside(path)
        rule = official["official_rule"]
        profile = read(path, Form.MARKS)
        method = "greedy" if rule.startswith("greedy") else "equal-shares"
        assert profile.variant == rule
        assert sorted(names(profile, outcome(profile, method).winners)) == official["official_selected"], path.name
        if method == "greedy" and "mes_cost_no_completion" in official:
            found = outcome(profile, "equal-shares")
            assert sorted(names(profile, found.winners)) == official["mes_cost_no_completion"]["selected"], path.name


def test_star_polls_agree_in_both_rounds(test_data: Path) -> None:
    for path in sorted((test_data / "02_ratings/star").glob("*.csv")):
        published = beside(path)
        profile = read(path, Form.SCORES)
        found = outcome(profile, "star")
        log = published["expected_log"]
        assert names(profile, found.winners) == published["winner"]
        for each in found.rounds:
            for name, figure in figures(profile, each.tallies).items():
                shown = [
                    line.split("--")[1].split()[0]
                    for line in log.splitlines()
                    if line.strip().startswith(f"{name} ") and "--" in line
                ]
                assert str(figure) in shown, (path.name, name)


def test_orsay_is_judged_as_published(test_data: Path) -> None:
    path = test_data / "02_ratings/majority_judgment/orsay_2007_bureau_12.csv"
    published = beside(path)
    lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    # In these ballots 0 is blank, which the experiment counts as the lowest grade, 1.
    ballots = [([max(int(grade), 1) for grade in line[1:]], 1) for line in lines[1:]]
    profile = scored(lines[0][1:], ballots)
    found = outcome(profile, "majority-judgment", seats=len(profile.options))
    assert names(profile, found.winners) == published["ranking_majority_value"]
    by_grade = [figures(profile, each.tallies) for each in found.rounds if each.title is Title.GRADE]
    for name, tally in published["tallies"].items():
        assert [each[name] for each in reversed(by_grade)] == tally
