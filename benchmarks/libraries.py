"""Counts the same election with a library of the field: `python -m benchmarks.libraries METHOD LIBRARY BALLOTS`.

It is run by the Python that has the libraries (`--libraries` of the benchmarks), and imports nothing of the bot. Only
counting is timed, from the objects that each library wants its ballots in; the winners go along, to be compared.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from benchmarks.elections import BUDGET, COST, OPTIONS, SEATS, marks, rankings, scores

Counting = Callable[[], Iterable[Any]]
"""Counts, and gives the options elected as their numbers."""


def pyrankvote(method: str, number: int) -> Counting:
    library = importlib.import_module("pyrankvote")
    candidates = [library.Candidate(str(option)) for option in range(OPTIONS)]
    ballots = [library.Ballot([candidates[option] for option in order]) for order in rankings(number)]

    def counted() -> Iterable[int]:
        if method == "irv":
            found = library.instant_runoff_voting(candidates, ballots)
        else:
            found = library.single_transferable_vote(candidates, ballots, SEATS)
        return [int(winner.name) for winner in found.get_winners()]

    return counted


def pref_voting(method: str, number: int) -> Counting:
    if method in {"majority-judgment", "score"}:
        rules = importlib.import_module("pref_voting.grade_methods")
        profiles = importlib.import_module("pref_voting.grade_profiles")
        given = [dict(enumerate(each)) for each in scores(number)]
        rule = rules.majority_judgement if method == "majority-judgment" else rules.score_voting
        return lambda: rule(profiles.GradeProfile(given, list(range(6))))
    module, name = {
        "schulze": ("margin_based_methods", "beat_path"),
        "borda": ("scoring_methods", "borda"),
        "plurality": ("scoring_methods", "plurality"),
    }[method]
    profiles = importlib.import_module("pref_voting.profiles")
    merged = Counter(tuple(order) for order in rankings(number))
    orders, numbers = [list(order) for order in merged], list(merged.values())
    rule = getattr(importlib.import_module(f"pref_voting.{module}"), name)
    # Its profiles already hold every duel: making one is part of counting.
    return lambda: rule(profiles.Profile(orders, numbers))


def votelib(method: str, number: int) -> Counting:
    convert = importlib.import_module("votelib.convert")
    if method == "approval":
        marked = Counter(frozenset(each) for each in marks(number))
        plurality = importlib.import_module("votelib.evaluate.core").Plurality()
        return lambda: plurality.evaluate(convert.ApprovalToSimpleVotes().convert(marked), 1)
    if method == "score":
        rule = importlib.import_module("votelib.evaluate.cardinal").ScoreVoting(function="sum")
        given = Counter(frozenset(enumerate(each)) for each in scores(number))
        return lambda: rule.evaluate(given, 1)
    merged = Counter(tuple(order) for order in rankings(number))
    rules = importlib.import_module("votelib.evaluate.condorcet")
    rule = rules.Schulze() if method == "schulze" else rules.RankedPairs()
    return lambda: rule.evaluate(convert.RankedToCondorcetVotes().convert(merged), 1)


def starvote(method: str, number: int) -> Counting:
    library = importlib.import_module("starvote")
    ballots = [{str(option): score for option, score in enumerate(each)} for each in scores(number)]
    return lambda: map(int, library.election(library.star, ballots, tiebreaker=None))


def pabutools(method: str, number: int) -> Counting:
    election = importlib.import_module("pabutools.election")
    rules = importlib.import_module("pabutools.rules")
    projects = [election.Project(str(option), COST) for option in range(OPTIONS)]
    instance = election.Instance(projects, budget_limit=BUDGET)
    ballots = election.ApprovalMultiProfile(
        [election.FrozenApprovalBallot([projects[option] for option in each]) for each in marks(number)]
    )
    rule = rules.method_of_equal_shares if method == "equal-shares" else rules.greedy_utilitarian_welfare
    worth = election.Cost_Sat if method == "equal-shares" else election.Cardinality_Sat
    return lambda: (int(project.name) for project in rule(instance, ballots, sat_class=worth))


def abcvoting(method: str, number: int) -> Counting:
    rules = importlib.import_module("abcvoting.abcrules")
    preferences = importlib.import_module("abcvoting.preferences")
    profile = preferences.Profile(OPTIONS)
    for each, count in Counter(tuple(each) for each in marks(number)).items():
        profile.add_voter(preferences.Voter(each, weight=count))
    # Where everything costs the same, a budget is a number of seats.
    return lambda: next(iter(rules.compute("equal-shares", profile, BUDGET // COST, completion=None)))


LIBRARIES: Mapping[str, Callable[[str, int], Counting]] = {
    "pyrankvote": pyrankvote,
    "pref_voting": pref_voting,
    "votelib": votelib,
    "starvote": starvote,
    "pabutools": pabutools,
    "abcvoting": abcvoting,
}


def main(method: str, name: str, number: int) -> None:
    if importlib.util.find_spec(name) is None:
        print(json.dumps({"installed": False}))
        return
    # The first count compiles and loads what the library puts off.
    list(LIBRARIES[name](method, 10)())
    counting = LIBRARIES[name](method, number)
    started = time.process_time()
    winners = sorted(int(winner) for winner in counting())
    took = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"installed": True, "seconds": took, "megabytes": peak, "winners": winners}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
