"""What is still to be done: never an opening before every disclosure, nothing twice, nothing forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agenda import (
    DISCLOSURE_LEAD,
    Advance,
    Agenda,
    Owe,
    Render,
    Standing,
    extension_role,
    plan,
    reminder_role,
)
from bot.domain.consultation import Binding, Consultation, State
from bot.domain.lifecycle import Event, after
from tests.domain.votes import NOW, consultation, definition

ROOMS = (1, 2, 3)
SENT, SENDING, REFUSED = Standing(True, False, 0), Standing(False, False, 0), Standing(False, True, 0)
ROLES = (
    "disclosure", "card", "result", "cancelled", "answer", "overdue", "tie",
    *(extension_role(n) for n in (1, 2)), *(reminder_role(timedelta(hours=hours)) for hours in (1, 24)),
)  # fmt: skip
POSTS = st.dictionaries(
    st.tuples(st.sampled_from(ROOMS), st.sampled_from(ROLES)),
    st.builds(Standing, st.booleans(), st.booleans(), st.integers(0, 3)),
)
HOURS = st.integers(-60, 120).map(lambda hours: NOW + timedelta(hours=hours))


@st.composite
def consultations(draw: st.DrawFn) -> Consultation:
    state = draw(st.sampled_from(State))
    opened = state not in {State.DRAFT, State.SCHEDULED, State.DISCLOSED}
    made = definition(
        binding=draw(st.sampled_from(Binding)),
        reminders=draw(st.sampled_from([(), (timedelta(hours=24),), (timedelta(hours=24), timedelta(hours=1))])),
        answer_by=draw(st.none() | HOURS),
    )
    return consultation(
        made, state=state, rooms=ROOMS, excused=tuple(draw(st.sets(st.sampled_from(ROOMS)))),
        opened_at=NOW if opened else None, closed_at=NOW if opened else None, extensions=draw(st.integers(0, 2)),
        tie_choices=draw(st.just(()) | st.just((1,))),
    )  # fmt: skip


@given(consultations(), POSTS, HOURS)
def test_nothing_moves_towards_an_opening_without_a_disclosure_in_each_room(one, posts, now: datetime) -> None:
    agenda = plan(one, posts, 3, now)
    told = {room for (room, role), post in posts.items() if role == "disclosure" and post.delivered}
    if Advance(Event.DISCLOSE) in agenda.steps:
        assert one.state is State.SCHEDULED
        assert set(ROOMS) - set(one.excused) <= told
    if Advance(Event.OPEN) in agenda.steps:
        assert one.state is State.DISCLOSED
        assert now >= one.opens_at


@given(consultations(), POSTS, HOURS)
def test_planning_twice_gives_the_same(one: Consultation, posts, now: datetime) -> None:
    assert plan(one, posts, 3, now) == plan(one, dict(reversed(posts.items())), 3, now)


@given(consultations(), POSTS, HOURS)
def test_what_stands_is_not_posted_again_and_excused_rooms_are_left_alone(one, posts, now: datetime) -> None:
    steps = plan(one, posts, 3, now).steps
    assert len(set(steps)) == len(steps)
    for step in steps:
        match step:
            case Owe(room, role):
                assert room not in one.excused
                assert not posts.get((room, role), SENDING).delivered
            case Render(room):
                assert posts[room, "card"].delivered
                assert posts[room, "card"].rendered < 3
            case Advance(event):
                after(one.state, event, one.number)  # the table allows it


@given(consultations(), POSTS, HOURS)
def test_what_is_planned_for_later_is_later(one: Consultation, posts, now: datetime) -> None:
    again = plan(one, posts, 3, now).again
    assert again is None or again > now


@given(consultations(), HOURS, st.lists(st.integers(0, 20), max_size=40))
def test_carrying_out_the_steps_in_any_order_comes_to_an_end(
    one: Consultation, now: datetime, order: list[int]
) -> None:
    posts: dict[tuple[int, str], Standing] = {}
    for turn in range(60):
        steps = plan(one, posts, 3, now).steps
        if not steps:
            return
        step = steps[(order[turn] if turn < len(order) else 0) % len(steps)]
        match step:
            case Owe(room, role):
                posts[room, role] = SENT if role == "card" else Standing(True, False, 3)
            case Render(room):
                posts[room, "card"] = Standing(True, False, 3)
            case Advance(event):
                one = replace(one, state=after(one.state, event, 12), opened_at=one.opened_at or now)
    pytest.fail("there was always something left to do")


# ── by example ───────────────────────────────────────────────────────────────────────────────────────────────────────

WAITING = consultation(
    state=State.SCHEDULED,
    rooms=ROOMS,
    opens_at=NOW + timedelta(days=3),
    opened_at=None,
    closes_at=NOW + timedelta(days=9),
)


def test_the_disclosure_is_posted_a_day_before_the_opening() -> None:
    lead = WAITING.opens_at - DISCLOSURE_LEAD
    assert plan(WAITING, {}, 0, lead - timedelta(seconds=1)) == Agenda((), lead)
    assert plan(WAITING, {}, 0, lead) == Agenda(tuple(Owe(room, "disclosure") for room in ROOMS), None)


@pytest.mark.parametrize("missing", [SENDING, REFUSED, None])
def test_one_room_without_its_disclosure_holds_everything(missing: Standing | None) -> None:
    posts = {(room, "disclosure"): SENT for room in ROOMS}
    if missing is None:
        del posts[2, "disclosure"]
    else:
        posts[2, "disclosure"] = missing
    assert plan(WAITING, posts, 0, WAITING.opens_at).steps == (Owe(2, "disclosure"),)
    excused = replace(WAITING, excused=(2,))
    assert plan(excused, posts, 0, WAITING.opens_at).steps == (Advance(Event.DISCLOSE),)


def test_it_opens_at_its_hour_and_closes_at_its_hour() -> None:
    disclosed = replace(WAITING, state=State.DISCLOSED)
    early = disclosed.opens_at - timedelta(seconds=1)
    assert plan(disclosed, {}, 0, early) == Agenda((), disclosed.opens_at)
    assert plan(disclosed, {}, 0, disclosed.opens_at).steps == (Advance(Event.OPEN),)
    opened = replace(disclosed, state=State.OPEN, opened_at=disclosed.opens_at)
    assert opened.closes_at is not None
    assert plan(opened, {}, 0, opened.closes_at).steps == (Advance(Event.CLOSE),)


OPEN = consultation(definition(reminders=(timedelta(hours=24), timedelta(hours=1))), rooms=(1,))
CARD = {(1, "card"): SENT}


@pytest.mark.parametrize(
    ("hours_left", "steps", "hours_to_next"),
    [
        (47, (), 24),
        (24, (Owe(1, "reminder-86400"),), 1),
        (2, (Owe(1, "reminder-86400"),), 1),
        (1, (Owe(1, "reminder-3600"),), 0),
        (0.5, (Owe(1, "reminder-3600"),), 0),
    ],
)
def test_only_the_last_reminder_due_is_said(hours_left: float, steps, hours_to_next: float) -> None:
    assert OPEN.closes_at is not None
    agenda = plan(OPEN, CARD, 0, OPEN.closes_at - timedelta(hours=hours_left))
    assert agenda == Agenda(steps, OPEN.closes_at - timedelta(hours=hours_to_next))


def test_a_reminder_from_before_the_opening_is_never_said() -> None:
    short = replace(OPEN, closes_at=NOW + timedelta(hours=2))
    assert short.closes_at is not None
    assert plan(short, CARD, 0, NOW) == Agenda((), short.closes_at - timedelta(hours=1))


def test_each_change_of_the_closing_has_its_own_notice() -> None:
    changed = replace(OPEN, extensions=2)
    assert plan(changed, CARD, 0, NOW).steps == (Owe(1, "extended-1"), Owe(1, "extended-2"))
    assert plan(changed, {**CARD, (1, "extended-1"): SENT}, 0, NOW).steps == (Owe(1, "extended-2"),)


def test_a_cancelled_consultation_is_told_where_its_disclosure_stands() -> None:
    cancelled = replace(WAITING, state=State.CANCELLED)
    assert plan(cancelled, {(1, "disclosure"): SENT, (2, "disclosure"): SENDING}, 0, NOW).steps == (
        Owe(1, "cancelled"),
    )


@pytest.mark.parametrize(
    ("binding", "state", "hours", "steps"),
    [
        (Binding.ANSWER, State.CERTIFIED, -1, ()),
        (Binding.ANSWER, State.CERTIFIED, 0, (Owe(1, "overdue"),)),
        (Binding.ADVICE, State.CERTIFIED, 0, (Owe(1, "overdue"),)),
        (Binding.DECISION, State.CERTIFIED, 0, ()),
        (Binding.ANSWER, State.ANSWERED, 0, (Owe(1, "answer"),)),
    ],
)
def test_an_answer_is_posted_or_its_lateness_is(binding: Binding, state: State, hours: int, steps) -> None:
    promised = NOW + timedelta(days=30)
    made = definition(binding=binding, answer_by=promised)
    closed = consultation(made, state=state, closed_at=NOW)
    assert plan(closed, {(1, "result"): SENT}, 0, promised + timedelta(hours=hours)).steps == steps


def test_while_sealed_ballots_wait_each_room_is_told_once_and_nothing_closes() -> None:
    closing = NOW + timedelta(hours=1)
    one = consultation(state=State.OPEN, rooms=ROOMS, excused=(3,), opened_at=NOW, closes_at=closing)
    posts = {(1, "card"): Standing(True, False, 2), (2, "voting-over"): SENT}
    agenda = plan(one, posts, 3, closing + timedelta(days=2), sealed=True)
    assert agenda == Agenda((Owe(1, "voting-over"), Render(1)), None)
    assert plan(one, posts, 3, closing).steps == (Advance(Event.CLOSE),)
