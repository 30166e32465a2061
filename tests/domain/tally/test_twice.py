"""Every method, counted a second time by a naive implementation of its definition, finds the same."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.domain.tally import count
from bot.domain.tally.outcome import Title
from bot.domain.tally.profile import Ballots, Form
from tests.domain.tally import naive
from tests.domain.tally.chance import NAMES, elections, graded, ranked, scorings
from tests.domain.tally.naive import Scores, Weighted

many = settings(max_examples=200, deadline=None)


@many
@given(elections())
def test_borda_points(election: tuple[Weighted, int]) -> None:
    ballots, options = election
    found = count("borda", ranked(ballots, options))
    assert list(found.rounds[0].tallies.values()) == naive.borda(ballots, options)


@many
@given(elections(weight=3))
def test_schulze_winners_with_and_without_ties(election: tuple[Weighted, int]) -> None:
    ballots, options = election
    found = count("schulze", ranked(ballots, options))
    assert set(found.winners or found.tied) == naive.schulze(ballots, options)


@settings(max_examples=120, deadline=None)
@given(elections(most=4, weight=3))
def test_ranked_pairs_winners_for_every_order_of_equal_duels(election: tuple[Weighted, int]) -> None:
    ballots, options = election
    found = count("ranked-pairs", ranked(ballots, options))
    assert set(found.winners or found.tied) == naive.ranked_pairs(ballots, options)


@many
@given(elections())
def test_instant_run_offs(election: tuple[Weighted, int]) -> None:
    ballots, options = election
    winner = naive.irv(ballots, options)
    event("a tie decides" if winner is None else "clear")
    if winner is not None:
        assert count("irv", ranked(ballots, options)).winners == (winner,)


@many
@given(elections(), st.integers(1, 3))
def test_transferable_votes(election: tuple[Weighted, int], seats: int) -> None:
    ballots, options = election
    expected = naive.stv(ballots, options, min(seats, options))
    event("a tie decides" if expected is None else "clear")
    if expected is not None:
        found = count("stv", ranked(ballots, options), min(seats, options))
        if found.rounds:
            assert (set(found.winners), found.rounds[-1].tallies) == expected


@many
@given(scorings())
def test_star_winners(election: tuple[list[tuple[Scores, int]], int]) -> None:
    ballots, options = election
    winner = naive.star(ballots, options)
    event("a tie decides" if winner is None else "clear")
    if winner is not None:
        assert count("star", graded(ballots, options)).winners == (winner,)


@many
@given(scorings())
def test_majority_judgment_orders_by_majority_values(election: tuple[list[tuple[Scores, int]], int]) -> None:
    ballots, options = election
    values = naive.majority_values(ballots, options)
    found = count("majority-judgment", graded(ballots, options))
    best = {option for option in range(options) if values[option] == max(values)}
    assert set(found.winners or found.tied) == best


@st.composite
def budgets(draw: st.DrawFn) -> tuple[list[dict[int, int]], list[int], int]:
    """What voters give each project, what projects cost, and the budget."""
    costs = draw(st.lists(st.integers(1, 60), min_size=1, max_size=5))
    votes = st.dictionaries(st.integers(0, len(costs) - 1), st.integers(1, 9), min_size=1)
    return draw(st.lists(votes, min_size=1, max_size=6)), costs, draw(st.integers(1, 120))


@many
@given(budgets(), st.booleans())
def test_equal_shares_of_marks_and_of_points(budget: tuple[list[dict[int, int]], list[int], int], points: bool) -> None:
    votes, costs, whole = budget
    ballots = Ballots(Form.SCORES if points else Form.MARKS)
    for vote in votes:
        ballots.score({project: Fraction(worth) for project, worth in vote.items()})
    profile = replace(ballots.profile(NAMES[: len(costs)]), costs=tuple(map(Fraction, costs)), budget=Fraction(whole))
    worths = [{p: Fraction(worth if points else costs[p]) for p, worth in vote.items()} for vote in votes]
    expected = naive.equal_shares(worths, [Fraction(cost) for cost in costs], Fraction(whole))
    event("a tie decides" if expected is None else "clear")
    if expected is not None:
        assert set(count("equal-shares", profile).winners) == expected
    support = [sum(vote.get(p, 0) if points else p in vote for vote in votes) for p in range(len(costs))]
    found = count("greedy", profile)
    assert [found.rounds[0].tallies[p] for p in range(len(costs))] == support
    if (funded := naive.greedy(support, costs, whole)) is not None:
        assert set(found.winners) == funded


@many
@given(elections())
def test_two_rounds_and_first_choices(election: tuple[Weighted, int]) -> None:
    ballots, options = election
    single = [(groups[0][0], groups, number) for groups, number in ballots if len(groups[0]) == 1]
    votes = [sum(number for first, _, number in single if first == option) for option in range(options)]
    found = count("plurality", ranked(ballots, options))
    assert list(found.rounds[0].tallies.values()) == votes
    assert found.invalid == sum(number for groups, number in ballots if len(groups[0]) > 1)
    order = sorted(range(options), key=lambda option: -votes[option])
    if options < 3 or votes[order[1]] == votes[order[2]] or 2 * votes[order[0]] > sum(votes):
        return
    a, b = order[:2]
    duel = naive.duels(ballots, options)
    second = count("two-round", ranked(ballots, options)).rounds[1]
    assert second.title is Title.RUNOFF
    assert second.tallies == {a: duel[a, b], b: duel[b, a]}
