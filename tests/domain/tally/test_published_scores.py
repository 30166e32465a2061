"""Published elections by scores and grades: STAR polls and their ties, majority judgments, and real small elections."""

from __future__ import annotations

import json
import re
from math import lcm
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.ballot_files import read
from bot.domain.tally.majority_judgment import judged
from bot.domain.tally.profile import Form, Profile
from tests.domain.tally.elections import elected, figures, names, outcome, scored

GRADES = "02_ratings/majority_judgment/mieuxvoter_assertions.json"


def starvote(path: Path) -> tuple[str, int, Profile]:
    """A file of the starvote program: its method, the seats, and ballots in paragraphs (`5 ballots:` is five each)."""
    options, ballots = path.read_text(encoding="utf-8").split("[ballots]")
    method = re.search(r"method = (\w+)", options)
    seats = re.search(r"seats = (\d+)", options)
    cast: list[tuple[dict[str, int], int]] = []
    number = 1
    for paragraph in re.split(r"\n\s*\n", ballots):
        if counted := re.search(r"(\d+) ballots:", paragraph):
            number = int(counted[1])
        if given := re.findall(r"^\s*(\w[\w ]*?)\s*=\s*(\d)", paragraph, re.MULTILINE):
            cast.append(({name: int(score) for name, score in given}, number))
    people = sorted({name for scores, _ in cast for name in scores})
    profile = scored(people, [([scores.get(name) for name in people], count) for scores, count in cast])
    return method[1] if method else "", int(seats[1]) if seats else 1, profile


def test_star_ties_and_elections_agree_with_starvote_s_own(test_data: Path) -> None:
    checked = 0
    for path in sorted((test_data / "02_ratings/star").glob("test_election_*.starvote")):
        published = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
        method, seats, profile = starvote(path)
        # A file with an order for ties of its own decides what is a tie here.
        ordered = "tiebreaker = [" in path.read_text(encoding="utf-8")
        if method not in {"star", "bloc"} or (ordered and len(profile.options) > 1):
            continue
        expected = (published["winner"] or [], published["unbreakable_tie"] or [])
        if len(profile.options) == 1:
            expected = (list(profile.options), [])
        assert elected(profile, "star", seats) == expected, path.name
        checked += 1
    assert checked >= 7


def test_a_tie_for_the_run_off_that_only_an_order_can_break(test_data: Path) -> None:
    name = "test_election_unbreakable_three_way_tie_for_second_in_score_round.starvote"
    _, _, profile = starvote(test_data / "02_ratings/star" / name)
    # The file's own order, which a file of ballots here doesn't have, then sends Chuck.
    assert elected(profile, "star") == ([], ["Amy", "Brian", "Chuck"])


def filled(case: dict[str, Any]) -> list[list[int]]:
    """Tallies as Mieux Voter's libraries complete them: by a grade for whoever gave none, or all in proportion."""
    tallies: list[list[int]] = case["tallies"]
    if case.get("mode") == "StaticDefault":
        for tally in tallies:
            tally[case["default"]] += case["participants"] - sum(tally)
    if case.get("mode") == "Normalized":
        whole = lcm(*map(sum, tallies))
        return [[number * (whole // sum(tally)) for number in tally] for tally in tallies]
    return tallies


def test_mieux_voter_s_rankings_of_any_number_of_participants(test_data: Path) -> None:
    cases = json.loads((test_data / GRADES).read_text(encoding="utf-8"))
    assert len(cases) >= 3
    for case in cases:
        groups = judged(dict(enumerate(filled(case))))
        ahead = [sum(map(len, groups[:place])) + 1 for place in range(len(groups))]
        places = {option: ahead[place] for place, group in enumerate(groups) for option in group}
        found = [places[option] for option in range(len(case["ranks"]))]
        # Its ranks count equal ones once or each: what is compared is who is before whom.
        order = {(a, b): (x > y) - (x < y) for a, x in enumerate(found) for b, y in enumerate(found)}
        ranks = case["ranks"]
        assert order == {(a, b): (x > y) - (x < y) for a, x in enumerate(ranks) for b, y in enumerate(ranks)}


@pytest.mark.parametrize(
    ("name", "method"), [("approval_101_c3_b5", "approval"), ("flat_scores_abstention_c3_b8", "star")]
)
def test_real_elections_of_bettervoting(test_data: Path, tmp_path: Path, name: str, method: str) -> None:
    told = yaml.safe_load((test_data / f"02_ratings/bettervoting/{name}.yaml").read_text(encoding="utf-8"))
    told = told["election"]["races"][0] if "election" in told else told
    winners = told.get("expected_winners") or told["expected_results"]["winners"]
    ballots = tmp_path / "ballots.csv"
    ballots.write_text(re.sub(r"\s*#.*", "", told["ballots"]), encoding="utf-8")
    profile = read(ballots, Form.MARKS if method == "approval" else Form.SCORES)
    found = outcome(profile, method)
    assert names(profile, found.winners) == winners
    if method == "approval":
        assert figures(profile, found.rounds[0].tallies) == {"Ann": 3, "Bob": 4, "Cal": 2}
    else:
        # 3, 3, 3 is a vote here as any other, and all zeros too.
        assert (profile.cast, profile.blank) == (8, 1)
