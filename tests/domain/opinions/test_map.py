"""Opinion maps: planted groups are found, the same answers give the same map, and nobody stands alone on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.opinions.groups import ENOUGH, opinion_map
from bot.domain.opinions.model import Answers, Opinion
from bot.domain.opinions.plane import places
from bot.domain.opinions.shown import OpinionMap, Tally
from bot.domain.opinions.table import table
from bot.domain.opinions.tallies import likely, more_than, more_than_half
from tests.domain.opinions.polis import likeness, planted, statements

AGREE, DISAGREE, PASS = Opinion
PEOPLE = st.lists(st.dictionaries(st.integers(1, 12), st.sampled_from(list(Opinion)), max_size=12), max_size=40)


@pytest.mark.parametrize("sizes", [(30, 20), (12, 9), (40, 30, 20), (600, 400, 200)])
def test_planted_groups_are_found(sizes: tuple[int, ...]) -> None:
    answers, belongs = planted(sizes, many=30, share=0.8)
    seen = opinion_map(statements(30), answers, minimum=5)
    assert [group.letter for group in seen.groups] == list("ABCDE"[: len(sizes)])
    assert likeness(seen.membership, belongs) == 1
    assert [group.size for group in seen.groups] == sorted(sizes, reverse=True)


def test_what_a_group_holds_is_what_it_was_given_to_hold() -> None:
    answers, belongs = planted((30, 20), many=30)
    answers = {
        alias: {**given, 1: AGREE if belongs[alias] else DISAGREE, 2: AGREE, 3: DISAGREE}
        for alias, given in answers.items()
    }
    seen = opinion_map(statements(30), answers, minimum=5)
    by_letter = {
        letter: {belongs[alias] for alias in seen.membership if seen.membership[alias] == letter} for letter in "AB"
    }
    assert by_letter == {"A": {0}, "B": {1}}
    assert {
        (held.opinion, held.tally.seen) for group in seen.groups for held in group.holds if held.statement == 1
    } <= {
        (DISAGREE, 30),
        (AGREE, 20),
    }
    assert seen.dividing[0].statement == 1
    assert seen.dividing[0].by_group == {"A": Tally(disagrees=30), "B": Tally(agrees=20)}
    assert seen.bridging[0].statement == 2
    assert seen.agreed[0].overall == Tally(agrees=50)
    assert seen.rejected[0].statement == 3


def test_the_same_answers_give_the_same_map() -> None:
    answers, _ = planted((30, 20), many=20, share=0.7)
    first = opinion_map(statements(20), answers, minimum=5)
    assert opinion_map(statements(20), dict(reversed(answers.items())), minimum=5) == first
    renamed = {alias * 7919 % 10007: given for alias, given in answers.items()}
    again = opinion_map(statements(20), renamed, minimum=5)
    assert {alias: first.membership[alias] for alias in answers} == {
        alias: again.membership[alias * 7919 % 10007] for alias in answers
    }


def test_few_answers_put_nobody_on_the_map() -> None:
    answers = {alias: dict.fromkeys(range(1, ENOUGH), AGREE) for alias in range(1, 20)}
    seen = opinion_map(statements(10), answers, minimum=5)
    assert (seen.participants, seen.placed, seen.groups) == (19, 0, ())
    assert seen.agreed[0].overall == Tally(agrees=19)
    fewer = opinion_map(statements(ENOUGH - 1), answers, minimum=5)
    assert (fewer.placed, fewer.enough, [group.size for group in fewer.groups]) == (19, ENOUGH - 1, [19])
    assert fewer.groups[0].holds == ()  # there is nobody to differ from


@pytest.mark.parametrize("answers", [{}, {1: {}}, {1: {99: AGREE}}])
def test_no_answer_is_no_map(answers: Answers) -> None:
    assert opinion_map(statements(3), answers, minimum=5) == OpinionMap(0, 0, 3)
    assert opinion_map([], answers, minimum=5) == OpinionMap(0, 0, 0)


def test_a_handful_apart_is_counted_with_the_nearest_group() -> None:
    answers, belongs = planted((30, 20, 3), many=30)
    seen = opinion_map(statements(30), answers, minimum=5)
    assert seen.others == 0
    assert sum(group.size for group in seen.groups) == 53
    assert {belongs[alias] for alias in seen.membership} == {0, 1, 2}


@settings(max_examples=150)
@given(PEOPLE, st.integers(3, 8))
def test_nothing_is_told_of_fewer_people_than_allowed(people: list[dict[int, Opinion]], minimum: int) -> None:
    answers = dict(enumerate(people, start=1))
    seen = opinion_map(statements(12), answers, minimum)
    assert seen.participants == sum(bool(given) for given in people)
    assert seen.placed == sum(len(given) >= ENOUGH for given in people)
    assert sum(group.size for group in seen.groups) + seen.others == seen.placed
    assert all(group.size == len(group.points) >= minimum for group in seen.groups)
    assert not seen.groups or seen.others == 0 or seen.others >= minimum
    assert len(seen.others_points) in {0, seen.others}
    for held in (held for group in seen.groups for held in group.holds):
        assert held.tally.seen >= minimum
    for standing in (*seen.bridging, *seen.dividing, *seen.agreed, *seen.rejected):
        assert all(tally.seen >= minimum for tally in standing.by_group.values())
        if standing.overall is not None:
            rest = standing.overall.seen - sum(tally.seen for tally in standing.by_group.values())
            assert standing.overall.seen >= minimum
            assert rest == 0 or rest >= minimum


def test_a_statement_that_few_of_a_group_answered_says_nothing_of_it() -> None:
    answers = {alias: dict.fromkeys(range(1, 31), AGREE if alias <= 30 else DISAGREE) for alias in range(1, 51)}
    for alias in range(1, 31):
        answers[alias][31] = DISAGREE
    for alias in (31, 32, 33):
        answers[alias] |= {31: AGREE, 32: AGREE}
    seen = opinion_map(statements(32), answers, minimum=5)
    assert [group.size for group in seen.groups] == [30, 20]
    assert not [held for held in seen.groups[1].holds if held.statement in {31, 32}]
    rejected = {standing.statement: standing for standing in seen.rejected}[31]
    assert rejected.by_group == {"A": Tally(disagrees=30)}
    assert rejected.overall is None  # 33 less 30 would be the three
    assert 31 not in {standing.statement for standing in seen.dividing}
    allowed = opinion_map(statements(32), answers, minimum=3)
    told = {standing.statement: standing for standing in allowed.rejected}[31]
    assert Tally(agrees=3) in told.by_group.values()
    assert told.overall == Tally(agrees=3, disagrees=30)


def test_no_mark_is_the_place_of_a_person() -> None:
    answers, _ = planted((30, 20), many=30, share=0.5)
    seen = opinion_map(statements(30), answers, minimum=5)
    own = {tuple(place) for place in places(table(answers, sorted(answers), range(1, 31))).round(6).tolist()}
    marks = {point for group in seen.groups for point in group.points}
    assert len(marks) == 50
    assert own.isdisjoint(marks)


def test_hidden_statements_have_no_part_in_it() -> None:
    answers, _ = planted((30, 20), many=12)
    shown = statements(10)
    seen = opinion_map(shown, answers, minimum=5)
    named = {standing.statement for standing in (*seen.agreed, *seen.rejected, *seen.bridging, *seen.dividing)}
    named |= {held.statement for group in seen.groups for held in group.holds}
    assert named
    assert max(named) <= 10
    assert opinion_map(shown, {a: {n: o for n, o in row.items() if n <= 10} for a, row in answers.items()}, 5) == seen


@pytest.mark.parametrize(
    ("tally", "share", "z"),
    [
        (Tally(1), 2 / 3, 1.4142),
        (Tally(), 1 / 2, 1.0),
        (Tally(9, 1), 10 / 12, 2.7136),
        (Tally(0, 4, 4), 1 / 10, -2.3333),
    ],
)
def test_the_figures_of_one_count_worked_out_by_hand(tally: Tally, share: float, z: float) -> None:
    assert likely(tally, AGREE) == pytest.approx(share)
    assert more_than_half(tally, AGREE) == pytest.approx(z, abs=5e-5)


def test_two_proportions_worked_out_by_hand() -> None:
    # 9 of 10 against 4 of 10: (10/11 − 5/11) / √(15/22 × 7/22 × 2/11)
    assert more_than(Tally(9, 1), Tally(4, 6), AGREE) == pytest.approx(2.2887, abs=5e-5)
    assert more_than(Tally(5), Tally(7), AGREE) == 0  # everybody agrees


def test_numpy_is_not_loaded_before_a_map_is_made() -> None:
    code = "import bot.domain.opinions.groups, bot.domain.opinions.exposure, sys; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[3]).returncode == 0


def test_people_who_answer_at_random_break_nothing() -> None:
    chance = Random(4)
    answers = {a: {n: chance.choice(list(Opinion)) for n in range(1, 40)} for a in range(1, 2 * ENOUGH)}
    assert opinion_map(statements(40), answers, minimum=3).placed == 2 * ENOUGH - 1
