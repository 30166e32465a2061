"""Where a debate stands: what may be done when, how phases follow one another, by date and by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.debate.model import DebateRules, Deed, Phase, Stage
from bot.domain.debate.phases import (
    ALLOWED,
    allowed,
    due,
    first_course,
    moved_to,
    next_course,
    next_courses,
    paused,
    phase_of,
    resumed,
    timetable,
)
from bot.domain.refusals import Refusal
from tests.domain.debate.contributions import DAY, NOON, RULES

CLOSING = NOON + 8 * DAY
BY_HAND = DebateRules(tuple(Stage(phase) for phase in Phase))
OPENED = first_course(9, RULES, NOON, CLOSING)


def refused(act, *given, **named) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        act(*given, **named)
    return refusal.value


def test_a_debate_goes_through_its_phases_by_date():
    course, seen = OPENED, []
    while (end := due(RULES, course)) is not None:
        seen.append((phase_of(RULES, course), (end - NOON) // DAY))
        following = next_course(RULES, course, end, CLOSING)
        assert following is not None
        course = following
    assert seen == [(Phase.INFORMATION, 1), (Phase.ARGUMENTS, 5), (Phase.DISCUSSION, 7)]
    assert (phase_of(RULES, course), course.until, course.moves) == (Phase.CONCLUSION, None, 3)
    assert next_course(RULES, course, CLOSING, CLOSING) is None  # the closing ends it


def test_by_hand_nothing_is_due():
    course = first_course(9, BY_HAND, NOON, CLOSING)
    assert due(BY_HAND, course) is None
    assert next_courses(BY_HAND, course, CLOSING, CLOSING) is course
    later = next_course(BY_HAND, course, NOON + DAY, CLOSING)
    assert later is not None
    assert (phase_of(BY_HAND, later), later.since, later.until) == (Phase.ARGUMENTS, NOON + DAY, None)


def test_a_late_step_does_not_shorten_what_follows():
    late = next_course(RULES, OPENED, NOON + DAY + timedelta(minutes=7), CLOSING)
    assert late is not None
    assert (late.since, late.until) == (NOON + DAY, NOON + 5 * DAY)


def test_after_an_outage_only_the_phase_arrived_at_is_announced():
    course = next_courses(RULES, OPENED, NOON + 6 * DAY, CLOSING)
    assert (phase_of(RULES, course), course.since, course.until) == (Phase.DISCUSSION, NOON + 5 * DAY, NOON + 7 * DAY)
    assert course.moves == 1
    assert next_courses(RULES, course, NOON + 6 * DAY, CLOSING) is course


def test_a_debate_that_opens_late_shares_the_time_that_is_left():
    late = first_course(9, RULES, NOON + 4 * DAY, CLOSING)
    assert late.until == NOON + 4.5 * DAY
    arguments = next_course(RULES, late, NOON + 4.5 * DAY, CLOSING)
    assert arguments is not None
    assert arguments.until == NOON + 6.5 * DAY


@given(st.integers(1, 10_000), st.lists(st.integers(1, 5000), min_size=4, max_size=4))
def test_every_phase_comes_before_the_closing(left, minutes):
    rules = DebateRules(
        tuple(Stage(phase, timedelta(minutes=n)) for phase, n in zip(Phase, minutes, strict=True))
    )  # fmt: skip
    closes_at = NOON + timedelta(minutes=left)
    course = first_course(1, rules, NOON, closes_at)
    starts = timetable(rules, course, closes_at)
    reached = next_courses(rules, course, closes_at, closes_at)
    assert phase_of(rules, reached) is Phase.CONCLUSION
    assert starts[3] == reached.since < closes_at
    assert list(starts.values()) == sorted(starts.values())


def test_a_moderator_only_goes_forwards():
    course = moved_to(RULES, OPENED, Phase.DISCUSSION, NOON + timedelta(hours=1), CLOSING)
    assert (phase_of(RULES, course), course.since) == (Phase.DISCUSSION, NOON + timedelta(hours=1))
    assert (course.until, course.moves) == (NOON + timedelta(days=2, hours=1), 1)
    back = refused(moved_to, RULES, course, Phase.ARGUMENTS, NOON + DAY, CLOSING)
    assert (back.code, back.facts["phase"]) == ("phase-not-ahead", "discussion")
    assert refused(moved_to, RULES, course, Phase.DISCUSSION, NOON + DAY, CLOSING).code == "phase-not-ahead"
    short = replace(RULES, stages=RULES.stages[1:])
    unknown = refused(moved_to, short, OPENED, Phase.INFORMATION, NOON, CLOSING)
    assert (unknown.code, unknown.facts["phases"]) == ("phase-not-planned", ("arguments", "discussion", "conclusion"))


def test_a_pause_stops_time():
    halted = paused(OPENED, NOON + timedelta(hours=2))
    assert due(RULES, halted) is None
    assert next_courses(RULES, halted, CLOSING, CLOSING) is halted
    assert refused(paused, halted, NOON).code == "already-paused"
    assert refused(next_course, RULES, halted, NOON, CLOSING).code == "debate-paused"
    assert refused(allowed, RULES, halted, Deed.ASK).code == "debate-paused"
    going, stood = resumed(halted, NOON + timedelta(hours=5))
    assert stood == timedelta(hours=3)
    assert (going.until, going.moves) == (NOON + DAY + stood, 2)
    assert refused(resumed, going, NOON).code == "not-paused"


def test_what_is_not_yet_in_order_says_when_it_will_be():
    refusal = refused(allowed, RULES, OPENED, Deed.ARGUE)
    assert (refusal.code, refusal.facts["phase"], refusal.facts["opens"]) == (
        "phase-closed-until", "information", "arguments",
    )  # fmt: skip
    assert refusal.facts["when"] == NOON + DAY
    assert refused(allowed, RULES, OPENED, Deed.COMMENT).code == "phase-closed"
    assert refused(allowed, RULES, OPENED, Deed.COMMENT, CLOSING).facts["when"] == NOON + 7 * DAY
    by_hand = first_course(9, BY_HAND, NOON, CLOSING)
    assert refused(allowed, BY_HAND, by_hand, Deed.ARGUE, CLOSING).code == "phase-closed"


def test_what_is_over_or_never_comes_is_said_so():
    course = next_courses(RULES, OPENED, NOON + 6 * DAY, CLOSING)
    refusal = refused(allowed, RULES, course, Deed.ARGUE)
    assert (refusal.code, refusal.facts["opens"]) == ("phase-over", "arguments")
    short = replace(RULES, stages=RULES.stages[:2])
    assert refused(allowed, short, OPENED, Deed.COMMENT).code == "phase-never"
    silent = replace(RULES, opinion=False)
    assert refused(allowed, silent, OPENED, Deed.OPINION_BEFORE).code == "opinion-not-asked"


@given(st.integers(0, 3), st.sampled_from(Deed))
def test_a_deed_is_taken_exactly_when_the_table_says(stage, deed):
    course = replace(OPENED, stage=stage)
    if deed in ALLOWED[RULES.stages[stage].phase]:
        allowed(RULES, course, deed)
    else:
        refused(allowed, RULES, course, deed)
