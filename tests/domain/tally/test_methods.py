"""What each method promises, on small elections worked out by hand and on many random ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.consultation import Tie
from bot.domain.tally import METHODS, count
from bot.domain.tally.majority_judgment import compared
from bot.domain.tally.outcome import Purpose, Rule, Title
from bot.domain.tally.points import spent
from bot.domain.tally.profile import Ballots, Form, Profile
from tests.domain.tally.elections import elected, figures, names, outcome, ranked_ballots, rankings, scored

SCORED = ("score", "star", "majority-judgment", "points")


def test_every_method_of_the_command_line_is_there() -> None:
    promised = (
        "plurality approval borda irv stv schulze ranked-pairs score star majority-judgment points equal-shares greedy"
    )
    assert set(promised.split()) <= set(METHODS)


@pytest.mark.parametrize("method", [*METHODS])
def test_without_a_ballot_nobody_wins(method: str) -> None:
    found = count(method, Ballots(METHODS[method].accepts).profile(["A", "B"]))
    assert (found.winners, found.tied) == ((), ())


def test_an_overvote_is_no_plurality_vote() -> None:
    profile = rankings("3: A = B\n2: A\n1: B")
    found = outcome(profile, "plurality")
    assert figures(profile, found.rounds[0].tallies) == {"A": 2, "B": 1}
    assert found.invalid == 3


def test_a_run_off_paper_ends_where_two_are_equal() -> None:
    profile = rankings("4: A\n3: B > A\n2: C > A = B")
    found = outcome(profile, "irv")
    assert [figures(profile, each.tallies) for each in found.rounds] == [{"A": 4, "B": 3, "C": 2}, {"A": 4, "B": 3}]
    assert names(profile, found.winners) == ["A"]
    assert [names(profile, each.eliminated) for each in found.rounds] == [["C"], []]


def test_an_elimination_looks_back_to_the_latest_round_that_differs() -> None:
    profile = rankings("6: A\n4: B > A\n3: C > B\n1: D > C")
    found = outcome(profile, "irv")
    assert [names(profile, each.eliminated) for each in found.rounds] == [["D"], ["C"], []]
    # Four each in the second round; C had three in the first.
    assert [(each.rule, names(profile, each.chosen)) for each in found.tie_breaks] == [(Rule.EARLIER_ROUNDS, ["C"])]


def test_level_eliminations_are_written_down() -> None:
    profile = rankings("6: A\n4: B > A\n3: C > B\n1: D > C\n1: E > F > G")
    found = outcome(profile, "irv")
    first = found.tie_breaks[0]
    assert first.purpose is Purpose.ELIMINATION
    assert first.rule is Rule.ORDER
    assert names(profile, first.chosen) == ["G"]


def test_a_declared_draw_decides_the_same_way_each_time_it_is_redone() -> None:
    profile = rankings("1: A\n1: B\n1: C")
    chosen = {seed: count("plurality", profile, 1, Tie.DRAW, seed).winners for seed in ("a", "b", "c", "d", "e")}
    assert chosen == {seed: count("plurality", profile, 1, Tie.DRAW, seed).winners for seed in chosen}
    assert len(set(chosen.values())) > 1
    assert count("plurality", profile, 1, Tie.FIRST).winners == (0,)
    assert count("plurality", profile, 1, Tie.ORGANISER).tied == (0, 1, 2)


def test_a_surplus_is_truncated_at_five_decimals_and_the_rest_is_lost() -> None:
    profile = rankings("7: A > B\n3: A > C\n1: B\n2: C")
    found = outcome(profile, "stv", 2)
    assert found.rounds[0].amount == 5
    assert figures(profile, found.rounds[1].tallies) == {"A": 5, "B": Fraction("4.5"), "C": Fraction("3.5")}
    thirds = rankings("3: A > B\n2: C\n1: B")
    found = outcome(thirds, "stv", 2)
    assert figures(thirds, found.rounds[0].tallies) == {"A": 3, "B": 1, "C": 2}


def test_ranked_pairs_and_schulze_elect_the_winner_of_every_duel() -> None:
    profile = rankings("5: A > B > C\n4: C > B > A\n3: B > A > C")
    assert elected(profile, "schulze") == elected(profile, "ranked-pairs") == (["B"], [])


def test_schulze_s_own_example_of_45_voters() -> None:
    profile = rankings(
        "5: A>C>B>E>D\n5: A>D>E>C>B\n8: B>E>D>A>C\n3: C>A>B>E>D\n7: C>A>E>B>D\n2: C>B>A>D>E\n7: D>C>E>B>A\n8: E>B>A>D>C"
    )
    found = outcome(profile, "schulze", 5)
    assert names(profile, found.winners) == ["E", "A", "C", "B", "D"]
    assert names(profile, outcome(profile, "ranked-pairs").winners) == ["A"]


def test_the_run_off_takes_the_two_best_and_the_first_choices_of_the_rest() -> None:
    profile = rankings("8: A > C\n7: B > C\n6: C > B")
    found = outcome(profile, "two-round")
    assert [figures(profile, each.tallies) for each in found.rounds] == [{"A": 8, "B": 7, "C": 6}, {"A": 8, "B": 13}]
    assert names(profile, found.winners) == ["B"]


def test_star_breaks_a_tie_for_the_run_off_by_duels_then_best_scores() -> None:
    breakable = scored(["Amy", "Brian", "Chuck"], [([1, 2, 5], 2), ([5, 3, 5], 1)])
    found = outcome(breakable, "star")
    assert names(breakable, found.winners) == ["Chuck"]
    assert [(each.rule, names(breakable, each.chosen)) for each in found.tie_breaks] == [(Rule.HEAD_TO_HEAD, ["Brian"])]
    unbreakable = scored(["Amy", "Brian", "Chuck"], [([1, 3, 5], 1), ([3, 1, 5], 1), ([2, 2, 5], 1)])
    assert elected(unbreakable, "star") == ([], ["Amy", "Brian"])
    level = scored(["Amy", "Brian", "Chuck"], [([3, 3, 3], 5)])
    assert elected(level, "star") == elected(level, "star", 2) == ([], ["Amy", "Brian", "Chuck"])


def test_an_ungraded_option_has_the_lowest_grade() -> None:
    profile = scored(["A", "B"], [([2, 0], 2), ([None, 1], 3)])
    found = outcome(profile, "majority-judgment")
    assert figures(profile, found.rounds[-1].tallies) == {"A": 0, "B": 1}
    assert names(profile, found.winners) == ["B"]


def majority_value(tally: list[int]) -> list[int]:
    grades = [grade for grade, number in enumerate(tally) for _ in range(number)]
    return [grades.pop((len(grades) - 1) // 2) for _ in range(len(grades))]


@given(st.integers(1, 12), st.integers(2, 5), st.data())
def test_majority_values_compare_as_if_grades_were_taken_away_one_by_one(
    ballots: int, grades: int, data: st.DataObject
) -> None:
    cast = st.lists(st.integers(0, grades - 1), min_size=ballots, max_size=ballots)
    a, b = ([Counter(given)[grade] for grade in range(grades)] for given in (data.draw(cast), data.draw(cast)))
    ours, theirs = majority_value(a), majority_value(b)
    assert compared(a, b) == (ours > theirs) - (ours < theirs)


def test_billions_of_grades_are_compared_at_once() -> None:
    billions = 10**12
    assert compared([billions, billions], [billions - 1, billions + 1]) == -1
    with pytest.raises(ValueError, match="equally many"):
        compared([1], [2])


def test_quadratic_points_cost_their_squares() -> None:
    assert spent([Fraction(3), Fraction(-2)], quadratic=True) == 13
    assert spent([Fraction(3), Fraction(-2)], quadratic=False) == 5


def budget(costs: list[int], votes: list[tuple[list[int], int]], whole: int, variant: str = "") -> Profile:
    ballots = Ballots(Form.MARKS)
    for projects, number in votes:
        ballots.add(dict.fromkeys(projects, 1), number)
    options = [f"P{place}" for place in range(len(costs))]
    profile = ballots.profile(options)
    return replace(profile, costs=tuple(map(Fraction, costs)), budget=Fraction(whole), variant=variant)


def test_greedy_passes_over_what_does_not_fit_or_stops_there() -> None:
    votes = [([0], 5), ([1], 4), ([2], 3)]
    assert outcome(budget([60, 50, 40], votes, 100), "greedy").winners == (0, 2)
    assert outcome(budget([60, 50, 40], votes, 100, "greedy-no-skip"), "greedy").winners == (0,)


def test_equal_shares_gives_a_minority_its_share() -> None:
    # Six of ten would take everything by votes; four keep their share of the money for what they want.
    profile = budget([30, 30, 30, 40], [([0, 1, 2], 6), ([3], 4)], 100)
    assert set(outcome(profile, "greedy").winners) == {0, 1, 2}
    found = outcome(profile, "equal-shares")
    assert set(found.winners) == {0, 1, 3}
    assert found.rounds[0].amount == 100
    assert {each.tallies[each.about[0]] for each in found.rounds if each.title is Title.PRICE} == {
        Fraction(1, 6),
        Fraction(1, 4),
    }


@st.composite
def some_rankings(draw: st.DrawFn) -> list[list[list[str]]]:
    options = list("ABCDE")[: draw(st.integers(2, 5))]
    ballots = []
    for _ in range(draw(st.integers(1, 9))):
        order = draw(st.permutations(options))[: draw(st.integers(1, len(options)))]
        cuts = draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order)))
        groups: list[list[str]] = []
        for option, alone in zip(order, cuts, strict=True):
            if alone or not groups:
                groups.append([option])
            else:
                groups[-1].append(option)
        ballots.append(groups)
    return ballots


@given(some_rankings())
def test_who_wins_every_duel_wins(ballots: list[list[list[str]]]) -> None:
    options = list("ABCDE")

    def prefers(groups: list[list[str]], a: str, b: str) -> bool:
        place = {option: rank for rank, group in enumerate(groups) for option in group}
        return place.get(a, 9) < place.get(b, 9)

    def wins(a: str, b: str) -> bool:
        return sum(prefers(g, a, b) for g in ballots) > sum(prefers(g, b, a) for g in ballots)

    best = [a for a in options if all(wins(a, b) for b in options if b != a)]
    if best:
        profile = ranked_ballots([(groups, 1) for groups in ballots], options)
        assert elected(profile, "schulze")[0] == elected(profile, "ranked-pairs")[0] == best


@given(some_rankings(), st.integers(1, 3))
def test_seats_are_filled_or_somebody_is_tied(ballots: list[list[list[str]]], seats: int) -> None:
    profile = ranked_ballots([(groups, 1) for groups in ballots], list("ABCDE"))
    for method in ("stv", "schulze", "ranked-pairs", "borda", "plurality"):
        found = outcome(profile, method, seats)
        assert len(found.winners) == seats or found.tied, method
        assert len(set(found.winners)) == len(found.winners)
        assert not set(found.winners) & set(found.tied)


@given(st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=1, max_size=12))
def test_scores_add_up(ballots: list[list[int]]) -> None:
    profile = scored(["A", "B", "C"], [(scores, 1) for scores in ballots])
    tallies = outcome(profile, "score").rounds[0].tallies
    assert [tallies[option] for option in range(3)] == [
        sum(scores[option] for scores in ballots) for option in range(3)
    ]
    for method in SCORED:
        found = outcome(profile, method)
        assert bool(found.winners) != bool(found.tied)
