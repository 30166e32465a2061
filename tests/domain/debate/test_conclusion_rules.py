"""What a debate ends on: the opinion shift, the figures, fairness, and the outline of the conclusion."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.debate.conclusion import outline
from bot.domain.debate.figures import fairness, figures, sides
from bot.domain.debate.model import ArgumentKind, ArgumentState, Stance
from bot.domain.debate.shift import shifted
from tests.domain.debate.contributions import RULES, argument, debates

ANSWERS = st.none() | st.sampled_from(Stance)
SHIFTS = st.dictionaries(st.tuples(ANSWERS, ANSWERS), st.integers(0, 20))


def test_opinions_moved():
    moved = shifted(
        {
            (Stance.FOR, Stance.FOR): 6, (Stance.UNDECIDED, Stance.FOR): 3, (Stance.AGAINST, Stance.UNDECIDED): 2,
            (Stance.FOR, Stance.AGAINST): 1, (Stance.AGAINST, None): 4, (None, Stance.FOR): 2,
        }
    )  # fmt: skip
    assert (moved.at_first, moved.at_last, moved.twice) == (16, 14, 12)
    assert moved.before == {Stance.FOR: 7, Stance.AGAINST: 2, Stance.UNDECIDED: 3}
    assert moved.after == {Stance.FOR: 9, Stance.AGAINST: 1, Stance.UNDECIDED: 2}
    assert (moved.changed, moved.towards_for, moved.towards_against, moved.net) == (6, 5, 1, 4)


@given(SHIFTS)
def test_movements_balance(shifts):
    moved = shifted(shifts)
    assert sum(moved.before.values()) == sum(moved.after.values()) == moved.twice <= min(moved.at_first, moved.at_last)
    assert moved.changed + sum(shifts.get((stance, stance), 0) for stance in Stance) == moved.twice


@given(SHIFTS, st.integers(0, 20), st.sampled_from(Stance))
def test_whoever_answered_once_leaves_no_trace_in_positions(shifts, people, stance):
    once = {(stance, None): people, (None, stance): people}
    told, others = shifted(shifts), shifted(shifts | once)
    assert (told.before, told.after, told.moved) == (others.before, others.after, others.moved)


def test_a_small_group_is_not_shown():
    small = shifted({(Stance.FOR, Stance.AGAINST): 4, (Stance.FOR, None): 90})
    assert not small.shown(5)
    assert small.shown(4)


@given(debates())
def test_figures_add_up(arguments):
    found = figures(arguments)
    assert found.adds_up
    assert found.received == len(arguments)
    assert not replace(found, withdrawn=found.withdrawn + 1).adds_up


def test_fairness_of_a_debate():
    even, one_voice = fairness([4] * 10), fairness([0] * 9 + [30])
    assert (even.top_fifth, even.gini) == (Fraction(1, 5), 0)
    assert (one_voice.top_fifth, one_voice.gini) == (1, Fraction(9, 10))
    assert fairness([1, 2, 3]).gini == Fraction(2, 9)  # by hand: (-2*1 + 0*2 + 2*3) / (3*6)
    assert fairness([1, 2, 3]).top_fifth == Fraction(1, 2)
    assert (fairness([]).gini, fairness([0, 0]).top_fifth) == (0, 0)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40), st.integers(1, 9))
def test_fairness_depends_on_shares_alone(counts, times):
    found = fairness(counts)
    assert 0 <= found.gini < 1
    assert 0 <= found.top_fifth <= 1
    again = fairness([count * times for count in reversed(counts)])
    assert (again.gini, again.top_fifth) == (found.gini, found.top_fifth)
    if found.total:
        assert found.top_fifth >= Fraction(1, 5)


def test_shares_of_the_sides():
    arguments = [argument(1), argument(2), argument(3, kind=ArgumentKind.AGAINST)]
    hidden = argument(4, kind=ArgumentKind.AGAINST, state=ArgumentState.MODERATED)
    found = sides([*arguments, hidden, argument(5, kind=ArgumentKind.QUESTION)])
    assert found == {ArgumentKind.FOR: Fraction(2, 3), ArgumentKind.AGAINST: Fraction(1, 3)}
    assert sides([]) == {ArgumentKind.FOR: 0, ArgumentKind.AGAINST: 0}


def test_the_outline_of_a_conclusion():
    agreed = argument(1, kind=ArgumentKind.PROPOSAL, ratings=5, weight=20)
    contested = argument(2, ratings=6, weight=30)
    objection = argument(3, kind=ArgumentKind.AGAINST, parent=2)
    few = argument(4, ratings=4, weight=20)
    lukewarm = argument(5, ratings=9, weight=35)
    weak = argument(6)
    answered, pending = argument(7, kind=ArgumentKind.QUESTION), argument(8, kind=ArgumentKind.QUESTION)
    reply = argument(9, kind=ArgumentKind.REPLY, parent=7)
    hidden = argument(10, kind=ArgumentKind.QUESTION, state=ArgumentState.MODERATED, ratings=9, weight=45)
    everything = [agreed, contested, objection, few, lukewarm, weak, answered, pending, reply, hidden]
    found = outline(everything, RULES)
    assert found.pros == (contested, few, lukewarm)
    assert found.cons == (objection,)
    assert found.agreements == (agreed,)
    assert found.open_questions == (pending,)
    assert (found.figures.received, found.figures.moderated) == (10, 1)
    assert outline([*everything[:2], replace(objection, state=ArgumentState.WITHDRAWN)], RULES).agreements == (
        contested, agreed,
    )  # fmt: skip


@given(debates())
def test_an_outline_holds_nothing_that_is_hidden(arguments):
    found = outline(arguments, RULES)
    shown = [*found.pros, *found.cons, *found.agreements, *found.open_questions]
    assert all(item.state is ArgumentState.PUBLISHED for item in shown)
    assert len(found.pros) <= 3
