"""What is still to be done for a debate: each phase and digest told once, no closing while time stands still."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.agenda import Advance, Agenda, Owe, Render, Standing, plan
from bot.domain.consultation import Consultation, Kind, State
from bot.domain.debate.agenda import (
    DIGEST_EVERY,
    Digest,
    FollowUp,
    MoveOn,
    Progress,
    digest_due,
    digest_role,
    phase_role,
)
from bot.domain.debate.model import Course, DebateRules, Phase, Stage
from bot.domain.debate.phases import first_course, next_course, next_courses, paused, resumed
from bot.domain.lifecycle import Event, after
from tests.domain.votes import NOW, consultation, definition

DAY = timedelta(days=1)
RULES = DebateRules(tuple(Stage(phase, DAY) for phase in Phase))
CLOSES = NOW + 4 * DAY
SENT = Standing(True, False, 3)
HOURS = st.integers(-5, 150).map(lambda hours: NOW + timedelta(hours=hours))


def debate(rules: DebateRules = RULES, **changes) -> Consultation:
    made = replace(definition(kind=Kind.DEBATE, reminders=()), debate=rules)
    return consultation(
        made, **{"state": State.OPEN, "opened_at": NOW, "closes_at": CLOSES, "rooms": (1, 2), **changes}
    )


def course(rules: DebateRules = RULES) -> Course:
    return first_course(12, rules, NOW, CLOSES)


def steps(now: datetime, progress: Progress, posts=None, **changes) -> tuple:
    return plan(
        debate(progress.rules, **changes), {(1, "card"): SENT, (2, "card"): SENT, **(posts or {})}, 3, now, progress
    ).steps


@st.composite
def progresses(draw: st.DrawFn) -> Progress:
    """A debate anywhere in its course."""
    rules = draw(
        st.sampled_from([RULES, DebateRules(tuple(Stage(phase) for phase in Phase)), replace(RULES, vote=True)])
    )
    at = course(rules)
    for _ in range(draw(st.integers(0, 3))):
        at = next_course(rules, at, at.until or at.since + DAY, CLOSES) or at
    at = replace(at, digests=draw(st.integers(0, 3)), digested_at=draw(st.none() | HOURS))
    if draw(st.booleans()):
        at = paused(at, draw(HOURS))
    return Progress(rules, at, draw(st.integers(0, 3)))


@given(progresses(), HOURS)
def test_a_paused_debate_neither_moves_nor_closes(progress: Progress, now: datetime) -> None:
    if progress.paused:
        agenda = plan(debate(progress.rules), {}, 3, now, progress)
        assert all(isinstance(step, Owe | Render) for step in agenda.steps)
        assert agenda.again is None


@given(progresses(), HOURS)
def test_what_changes_a_debate_stands_alone_in_the_plan(progress: Progress, now: datetime) -> None:
    found = steps(now, progress)
    if any(isinstance(step, MoveOn | Digest | FollowUp | Advance) for step in found):
        assert len(found) == 1


@given(progresses(), HOURS)
def test_only_the_last_phase_and_the_last_digest_are_owed(progress: Progress, now: datetime) -> None:
    roles = {step.role for step in steps(now, progress) if isinstance(step, Owe)}
    assert roles <= {phase_role(progress.course.moves), digest_role(progress.course.digests)}
    assert phase_role(0) not in roles
    assert digest_role(0) not in roles


@given(progresses(), HOURS)
def test_what_is_planned_for_later_is_later(progress: Progress, now: datetime) -> None:
    again = plan(debate(progress.rules), {}, 3, now, progress).again
    assert again is None or again > now


@given(progresses(), HOURS)
def test_digests_are_an_hour_apart(progress: Progress, now: datetime) -> None:
    if Digest() in steps(now, progress):
        assert progress.untold
        last = progress.course.digested_at or progress.course.since
        assert now >= last + DIGEST_EVERY


@given(progresses(), HOURS)
def test_carrying_out_the_steps_comes_to_an_end(progress: Progress, now: datetime) -> None:
    one, posts = debate(progress.rules), {}
    for _ in range(20):
        found = plan(one, posts, 3, now, progress).steps
        if not found:
            return
        match found[0]:
            case Owe(room, role):
                posts[room, role] = SENT
            case MoveOn():
                progress = replace(progress, course=next_courses(progress.rules, progress.course, now, CLOSES))
            case Digest():
                at = progress.course
                told = replace(at, digests=at.digests + 1, digested_at=now)
                progress = replace(progress, course=told, untold=0)
            case FollowUp():
                progress = replace(progress, course=replace(progress.course, follow_up=99))
            case Advance(event):
                closed = after(after(one.state, event, 12), Event.CERTIFY, 12)
                one = replace(one, state=closed, closed_at=now)
    pytest.fail("there was always something left to do")


# -- by example --------------------------------------------------------------------------------------------------------
def test_a_phase_ends_at_its_date_and_not_before() -> None:
    assert steps(NOW + DAY - timedelta(seconds=1), Progress(RULES, course())) == ()
    assert steps(NOW + DAY, Progress(RULES, course())) == (MoveOn(),)


def test_the_closing_comes_before_any_phase_that_is_due() -> None:
    assert steps(CLOSES, Progress(RULES, course())) == (Advance(Event.CLOSE),)


def test_a_debate_that_was_resumed_closes_later() -> None:
    at, stood = resumed(paused(course(), NOW + timedelta(hours=1)), NOW + timedelta(hours=6))
    assert stood == timedelta(hours=5)
    assert (
        plan(debate(closes_at=CLOSES + stood), {}, 3, NOW + timedelta(hours=6), Progress(RULES, at)).again == at.until
    )


def test_nothing_is_told_while_the_debate_gathers_information() -> None:
    assert digest_due(RULES, course()) is None
    argued = next_course(RULES, course(), NOW + DAY, CLOSES)
    assert argued is not None
    assert digest_due(RULES, argued) == NOW + DAY + DIGEST_EVERY


@pytest.mark.parametrize("state", [State.CERTIFIED, State.ANSWERED])
def test_the_vote_comes_before_the_result_that_names_it(state: State) -> None:
    rules = replace(RULES, vote=True)
    done = debate(rules, state=state, closed_at=CLOSES)
    assert plan(done, {}, 3, CLOSES, Progress(rules, course(rules))) == Agenda((FollowUp(),), None)
    made = Progress(rules, replace(course(rules), follow_up=13))
    assert Owe(1, "result") in plan(done, {}, 3, CLOSES, made).steps


def test_a_cancelled_debate_has_no_vote() -> None:
    rules = replace(RULES, vote=True)
    done = debate(rules, state=State.CANCELLED, closed_at=CLOSES)
    assert FollowUp() not in plan(done, {}, 3, CLOSES, Progress(rules, course(rules))).steps


def test_the_answer_is_promised_on_the_vote_and_not_on_the_debate_before_it() -> None:
    late = CLOSES + 30 * DAY
    for rules, owed in ((RULES, True), (replace(RULES, vote=True), False)):
        done = debate(rules, state=State.CERTIFIED, closed_at=CLOSES)
        done = replace(done, definition=replace(done.definition, answer_by=CLOSES + DAY))
        found = plan(done, {}, 3, late, Progress(rules, replace(course(rules), follow_up=13))).steps
        assert (Owe(1, "overdue") in found) is owed
