"""Who speaks next, and what is left of a turn: the rule as it is told to voters, on lists of every kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.debate.floor import (
    FloorWish,
    ends_at,
    fair_order,
    left,
    nearly_over,
    next_due,
    over,
    read_wish,
    spent,
    under_way,
)
from bot.domain.debate.model import Budget, Course, DebateRules, Measure, Phase, Request, Side, Speech, Stage
from bot.domain.refusals import Refusal

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
STAGES = (Stage(Phase.ARGUMENTS),)
RULES = DebateRules(STAGES)
ALTERNATE = DebateRules(STAGES, alternate=True)
LISTS = DebateRules(STAGES, lists=("Students", "Staff"))
COURSE = Course(1, 0, NOON, None)


def asks(alias: int, minute: int = 0, side: Side = Side.NEITHER, **more: object) -> Request:
    return Request(alias, f"P{alias}", NOON + timedelta(minutes=minute), side, **more)


def spoken(*turns: Request) -> list[Speech]:
    """These turns, all ended."""
    return [
        Speech(number, one.alias, one.name, NOON, NOON + timedelta(minutes=1), one.side, one.list, one.order)
        for number, one in enumerate(turns, 1)
    ]


def order(*requests: Request, after: tuple[Request, ...] = (), rules: DebateRules = RULES) -> list[int]:
    return [one.alias for one in fair_order(requests, spoken(*after), rules)]


def test_who_asked_first_speaks_first() -> None:
    assert order(asks(2, 5), asks(1, 7), asks(3, 1)) == [3, 2, 1]


def test_of_those_who_asked_at_the_same_instant_the_first_speaks_first() -> None:
    assert order(asks(2), asks(1), asks(3)) == [2, 1, 3]
    assert order(*(asks(number, order=True) for number in (2, 1, 3))) == [2, 1, 3]


def test_who_spoke_least_speaks_before_who_asked_first() -> None:
    assert order(asks(1, 0), asks(2, 5), asks(3, 9), after=(asks(1), asks(1), asks(2))) == [3, 2, 1]


def test_points_of_order_come_first_and_are_no_intervention() -> None:
    assert order(asks(1, 0), asks(2, 9, order=True), asks(3, 4, order=True)) == [3, 2, 1]
    assert order(asks(1, 0), asks(2, 1), after=(asks(1, order=True), asks(1, order=True))) == [1, 2]


def test_for_and_against_alternate_where_the_debate_says_so() -> None:
    waiting = (asks(1, 1, Side.FOR), asks(2, 2, Side.FOR), asks(3, 3, Side.FOR), asks(4, 4, Side.AGAINST))
    assert order(*waiting) == [1, 2, 3, 4]
    assert order(*waiting, rules=ALTERNATE) == [1, 4, 2, 3]


def test_whoever_takes_no_side_keeps_their_place_between_the_sides() -> None:
    waiting = (asks(1, 1, Side.FOR), asks(2, 2), asks(3, 3, Side.FOR), asks(4, 4, Side.AGAINST))
    assert order(*waiting, rules=ALTERNATE) == [1, 2, 4, 3]


def test_the_side_heard_less_catches_up() -> None:
    waiting = (asks(1, 1, Side.FOR), asks(2, 2, Side.AGAINST), asks(3, 3, Side.AGAINST))
    heard = (asks(7, side=Side.FOR), asks(8, side=Side.FOR))
    assert order(*waiting, after=heard, rules=ALTERNATE) == [2, 3, 1]


def test_quota_lists_take_turns_the_one_least_heard_first() -> None:
    students = [asks(number, number, list="Students") for number in (1, 2, 3)]
    staff = [asks(number, number, list="Staff") for number in (4, 5)]
    assert order(*students, *staff, rules=LISTS) == [1, 4, 2, 5, 3]
    assert order(*students, *staff, after=(asks(9, list="Students"),), rules=LISTS) == [4, 1, 5, 2, 3]


REQUESTS = st.lists(
    st.builds(
        asks,
        st.integers(1, 9),
        st.integers(0, 60),
        st.sampled_from(Side),
        list=st.sampled_from(["", "Students", "Staff"]),
        order=st.booleans(),
    ),
    max_size=9,
    unique_by=lambda one: one.alias,
)
ANY_RULES = st.builds(
    lambda alternate, lists: DebateRules(STAGES, alternate=alternate, lists=lists),
    st.booleans(),
    st.sampled_from([(), ("Students", "Staff")]),
)


@given(REQUESTS, REQUESTS, ANY_RULES)
def test_everyone_gets_one_place_and_points_of_order_the_first(
    requests: list[Request], before: list[Request], rules: DebateRules
) -> None:
    placed = fair_order(requests, spoken(*before), rules)
    assert sorted(one.alias for one in placed) == sorted(one.alias for one in requests)
    orders = sum(one.order for one in requests)
    assert all(one.order for one in placed[:orders])


@given(REQUESTS, REQUESTS, ANY_RULES)
def test_giving_the_floor_to_the_first_leaves_the_others_in_their_order(
    requests: list[Request], before: list[Request], rules: DebateRules
) -> None:
    """What the list shows is what happens, if nobody joins or leaves."""
    placed = fair_order(requests, spoken(*before), rules)
    if placed:
        first, *others = placed
        assert fair_order(others, spoken(*before, first), rules) == others


@given(REQUESTS, REQUESTS)
def test_without_lists_or_sides_nobody_goes_before_who_spoke_less(
    requests: list[Request], before: list[Request]
) -> None:
    said = [one.alias for one in before if not one.order]
    counts = [said.count(one.alias) for one in fair_order(requests, spoken(*before), RULES) if not one.order]
    assert counts == sorted(counts)


def turn(**changes: object) -> Speech:
    given = {"messages": 0, "characters": 0, "ended_at": None, **changes}
    return Speech(1, 1, "P1", NOON, side=Side.NEITHER, list="", order=False, **given)


@pytest.mark.parametrize(
    ("budget", "used", "expected"),
    [
        (Budget(5, Measure.MESSAGES), {"messages": 3}, (3, 2, False)),
        (Budget(5, Measure.MESSAGES), {"messages": 5}, (5, 0, True)),
        (Budget(600, Measure.CHARACTERS), {"characters": 900}, (900, 0, True)),
        (Budget(180, Measure.SECONDS), {}, (60, 120, False)),
        (Budget(60, Measure.SECONDS), {}, (60, 0, True)),
        (Budget(180, Measure.SECONDS), {"ended_at": NOON + timedelta(seconds=20)}, (20, 160, False)),
    ],
)
def test_what_a_turn_used_and_what_is_left(budget: Budget, used: dict[str, object], expected: object) -> None:
    now = NOON + timedelta(minutes=1)
    speech = turn(**used)
    assert (spent(speech, budget, now), left(speech, budget, now), over(speech, budget, now)) == expected


def test_without_a_budget_a_turn_ends_by_hand() -> None:
    later = NOON + timedelta(days=1)
    assert not over(turn(messages=1000), None, later)
    assert not nearly_over(turn(messages=1000), None, later)
    assert ends_at(turn(), None) is None
    assert next_due(COURSE, [turn()], RULES, NOON) is None


def test_a_turn_is_nearly_over_when_a_fifth_is_left_and_until_nothing_is() -> None:
    five = Budget(5, Measure.MESSAGES)
    assert [nearly_over(turn(messages=used), five, NOON) for used in (3, 4, 5)] == [False, True, False]
    minute = Budget(60, Measure.SECONDS)
    seconds = (47, 48, 59, 60)
    told = [nearly_over(turn(), minute, NOON + timedelta(seconds=second)) for second in seconds]
    assert told == [False, True, True, False]


def test_time_next_changes_something_at_the_warning_then_at_the_end() -> None:
    rules = DebateRules(STAGES, turn=Budget(60, Measure.SECONDS))
    seconds = {0: 48, 47: 48, 48: 60, 59: 60}
    for second, due in seconds.items():
        found = next_due(COURSE, [turn()], rules, NOON + timedelta(seconds=second))
        assert found == NOON + timedelta(seconds=due)
    assert next_due(COURSE, [turn()], rules, NOON + timedelta(seconds=60)) is None
    assert next_due(COURSE, [turn(ended_at=NOON)], rules, NOON) is None
    assert next_due(Course(1, 0, NOON, None, paused_at=NOON), [turn()], rules, NOON) is None


@given(st.integers(1, 10_000), st.floats(0, 10_000))
def test_whoever_looks_when_told_to_finds_something_to_do(amount: int, after: float) -> None:
    rules = DebateRules(STAGES, turn=Budget(amount, Measure.SECONDS))
    due = next_due(COURSE, [turn()], rules, NOON + timedelta(seconds=after))
    if due is not None:
        assert nearly_over(turn(), rules.turn, due) or over(turn(), rules.turn, due)


def test_the_turn_under_way_is_the_last_one_unless_it_ended() -> None:
    ended = turn(ended_at=NOON)
    assert under_way([]) is None
    assert under_way([ended]) is None
    assert under_way([ended, turn()]) == turn()


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("", FloorWish()),
        ("  Pour ", FloorWish(Side.FOR)),
        ("AGAINST", FloorWish(Side.AGAINST)),
        ("students", FloorWish(list="Students")),
        ("contre Staff", FloorWish(Side.AGAINST, "Staff")),
        ("ordre", FloorWish(order=True)),
        ("point d’ordre", FloorWish(order=True)),
        ("liste", FloorWish(reads=True)),
    ],
)
def test_what_is_asked_after_the_command(said: str, wish: FloorWish) -> None:
    assert read_wish(said, LISTS) == wish


@pytest.mark.parametrize(
    ("said", "rules", "code"),
    [
        ("teachers", LISTS, "floor-unknown-list"),
        ("for teachers", LISTS, "floor-unknown-list"),
        ("students", RULES, "floor-not-understood"),
        ("for me please", RULES, "floor-not-understood"),
    ],
)
def test_what_is_not_understood_says_what_can_be_said(said: str, rules: DebateRules, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_wish(said, rules)
    assert refused.value.code == code
