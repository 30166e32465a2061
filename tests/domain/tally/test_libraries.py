"""Libraries of the field count random elections too, and find the same wherever no tie decides.

What they are asked is what they are right about: see docs/adr/0030-libraries-as-witnesses.md. They belong to the
development environment; where it has not been made anew since, these tests say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.tally import count
from tests.domain.tally.chance import NAMES, elections, graded, ranked, scorings
from tests.domain.tally.naive import Scores, Weighted

starvote = pytest.importorskip("starvote")
pyrankvote = pytest.importorskip("pyrankvote")
cardinal = pytest.importorskip("votelib.evaluate.cardinal")
condorcet = pytest.importorskip("votelib.evaluate.condorcet")
convert = pytest.importorskip("votelib.convert")
core = pytest.importorskip("votelib.evaluate.core")

many = settings(max_examples=200, deadline=None)
Votes = Mapping[tuple[object, ...], int]
SCORED = scorings()


def ballots_of(ballots: Weighted, options: int) -> Votes:
    """Rankings as votelib takes them: equal options in a set, and nobody left out."""
    votes: Counter[tuple[object, ...]] = Counter()
    for groups, number in ballots:
        named = {option for group in groups for option in group}
        rest = [option for option in range(options) if option not in named]
        filled = [*groups, rest] if rest else groups
        votes[tuple(group[0] if len(group) == 1 else frozenset(group) for group in filled)] += number
    return votes


@many
@given(elections())
def test_votelib_on_schulze_and_ranked_pairs(election: tuple[Weighted, int]) -> None:
    ballots, options = election
    duels = convert.RankedToCondorcetVotes().convert(ballots_of(ballots, options))
    for method, library in (("schulze", condorcet.Schulze()), ("ranked-pairs", condorcet.RankedPairs())):
        found = count(method, ranked(ballots, options))
        if not found.winners or not duels:
            continue
        try:
            theirs = library.evaluate(duels, 1)
        except core.VotingSystemError:
            # Its ranked pairs give no answer where any two places, the last ones included, are tied.
            continue
        assert isinstance(theirs[0], core.Tie) or theirs == list(found.winners), method


@many
@given(SCORED)
def test_votelib_on_scores(election: tuple[list[tuple[Scores, int]], int]) -> None:
    ballots, options = election
    votes: Counter[frozenset[tuple[int, int]]] = Counter()
    for scores, number in ballots:
        votes[frozenset(enumerate(scores))] += number
    found = count("score", graded(ballots, options))
    theirs = cardinal.ScoreVoting(function="sum").evaluate(votes, 1)
    assert (theirs == list(found.winners)) or (isinstance(theirs[0], core.Tie) and theirs[0] == set(found.tied))


@many
@given(SCORED, st.integers(1, 3))
def test_starvote_on_star_even_where_there_are_ties(election: tuple[list[tuple[Scores, int]], int], seats: int) -> None:
    ballots, options = election
    assume(seats < options)
    cast = [dict(zip(NAMES, scores, strict=False)) for scores, number in ballots for _ in range(number)]
    method = starvote.star if seats == 1 else starvote.bloc
    found = count("star", graded(ballots, options), seats)
    try:
        theirs = starvote.election(method, cast, seats=seats, tiebreaker=None)
    except starvote.UnbreakableTieError:
        assert found.tied
    else:
        assert [NAMES.index(name) for name in theirs] == list(found.winners)


@settings(max_examples=100, deadline=None)
@given(elections(equals=False, weight=12))
def test_pyrankvote_on_instant_run_offs(election: tuple[Weighted, int]) -> None:
    ballots, options = election
    found = count("irv", ranked(ballots, options))
    assume(not found.tied and not found.tie_breaks)
    candidates = [pyrankvote.Candidate(name) for name in NAMES[:options]]
    cast = [
        pyrankvote.Ballot([candidates[option] for (option,) in groups])
        for groups, number in ballots
        for _ in range(number)
    ]
    (winner,) = pyrankvote.instant_runoff_voting(candidates, cast).get_winners()
    assert NAMES.index(winner.name) == found.winners[0]
