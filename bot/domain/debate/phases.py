"""Where a debate stands: what each phase switches on, when it ends, and how one goes on to the next.

A course is never changed here: each function gives the one that follows. It knows no
clock: whoever asks says what time it is. Dated stages begin where the one before was
due to end, so that a delay of the program never eats into a phase that is announced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.debate.model import Course, DebateRules, Deed, Phase, Stage
from bot.domain.refusals import Refusal

ALLOWED: Mapping[Phase, frozenset[Deed]] = {
    Phase.INFORMATION: frozenset({Deed.ASK, Deed.REPLY, Deed.OPINION_BEFORE}),
    Phase.ARGUMENTS: frozenset({Deed.ASK, Deed.ARGUE, Deed.REPLY, Deed.WEIGH, Deed.SPEAK, Deed.OPINION_BEFORE}),
    Phase.DISCUSSION: frozenset({Deed.ASK, Deed.REPLY, Deed.WEIGH, Deed.SPEAK}),
    Phase.CONCLUSION: frozenset({Deed.COMMENT, Deed.OPINION_AFTER}),
}
"""What each phase switches on. Points of order are always in order: they are no deed of a phase."""

_OPINIONS = frozenset({Deed.OPINION_BEFORE, Deed.OPINION_AFTER})


def phase_of(rules: DebateRules, course: Course) -> Phase:
    """The phase the debate is in."""
    return rules.stages[course.stage].phase


def allowed(rules: DebateRules, course: Course, deed: Deed, closes_at: datetime | None = None) -> None:
    """Return if the deed is in order now.

    Raises Refusal `debate-paused`, `opinion-not-asked`, `phase-closed` (a later phase allows it), `phase-closed-until`
    (… and it is known `when` that one begins), `phase-over` (an earlier one did), `phase-never` (none of this debate).
    Without `closes_at`, only the start of the very next stage is known.
    """
    if deed in _OPINIONS and not rules.opinion:
        raise Refusal("opinion-not-asked")
    if course.paused_at is not None:
        raise Refusal("debate-paused")
    now = phase_of(rules, course)
    if deed not in ALLOWED[now]:
        raise _closed(rules, course, deed, closes_at)


def _closed(rules: DebateRules, course: Course, deed: Deed, closes_at: datetime | None) -> Refusal:
    facts = {"asked": deed.value, "phase": phase_of(rules, course).value}
    allowing = [index for index, stage in enumerate(rules.stages) if deed in ALLOWED[stage.phase]]
    if not allowing:
        return Refusal("phase-never", **facts)
    ahead = next((index for index in allowing if index > course.stage), None)
    if ahead is None:
        return Refusal("phase-over", **facts, opens=rules.stages[allowing[-1]].phase.value)
    facts["opens"] = rules.stages[ahead].phase.value
    known = timetable(rules, course, closes_at) if closes_at else {course.stage + 1: course.until}
    when = known.get(ahead)
    return Refusal("phase-closed-until", **facts, when=when) if when else Refusal("phase-closed", **facts)


def timetable(rules: DebateRules, course: Course, closes_at: datetime) -> dict[int, datetime | None]:
    """When the current stage began and when each later one begins, by index; None where a moderator decides it, or
    while the debate is paused."""
    begins: dict[int, datetime | None] = {course.stage: course.since}
    until = None if course.paused_at else course.until
    for index in range(course.stage + 1, len(rules.stages)):
        begins[index] = until
        until = until and _until(rules.stages[index:], until, closes_at)
    return begins


def first_course(number: int, rules: DebateRules, opened_at: datetime, closes_at: datetime) -> Course:
    """The course of a debate that opens now, in its first stage."""
    return Course(number, 0, opened_at, _until(rules.stages, opened_at, closes_at))


def next_course(rules: DebateRules, course: Course, now: datetime, closes_at: datetime) -> Course | None:
    """The course one stage on; None in the last stage, which the closing ends. Raises Refusal `debate-paused`."""
    if course.stage + 1 == len(rules.stages):
        return None
    return _at_stage(rules, course, course.stage + 1, now, closes_at)


def next_courses(rules: DebateRules, course: Course, now: datetime, closes_at: datetime) -> Course:
    """The course where the dates say it stands at `now`, however many stages that is on; the same one if none is due.

    It counts as one move, since only the phase arrived at is announced.
    """
    reached = course
    while (end := due(rules, reached)) is not None and end <= now:
        reached = _at_stage(rules, reached, reached.stage + 1, now, closes_at)
    return reached if reached is course else replace(reached, moves=course.moves + 1)


def due(rules: DebateRules, course: Course) -> datetime | None:
    """When the stage ends by itself; None by hand, while paused, and in the last stage, which the closing ends."""
    if course.paused_at is not None or course.stage + 1 == len(rules.stages):
        return None
    return course.until


def moved_to(rules: DebateRules, course: Course, phase: Phase, now: datetime, closes_at: datetime) -> Course:
    """The course in the phase a moderator names, which must be ahead.

    Raises Refusal `phase-not-planned`, `phase-not-ahead`, `debate-paused`.
    """
    planned = [stage.phase for stage in rules.stages]
    if phase not in planned:
        raise Refusal("phase-not-planned", asked=phase.value, phases=tuple(other.value for other in planned))
    if planned.index(phase) <= course.stage:
        raise Refusal("phase-not-ahead", asked=phase.value, phase=phase_of(rules, course).value)
    return _at_stage(rules, course, planned.index(phase), now, closes_at)


def paused(course: Course, now: datetime) -> Course:
    """The course with its time stopped. Raises Refusal `already-paused`."""
    if course.paused_at is not None:
        raise Refusal("already-paused")
    return replace(course, paused_at=now, moves=course.moves + 1)


def resumed(course: Course, now: datetime) -> tuple[Course, timedelta]:
    """The course with its time running again, and how long it stood still: the closing moves by as much.

    Raises Refusal `not-paused`.
    """
    if course.paused_at is None:
        raise Refusal("not-paused")
    stood = max(now - course.paused_at, timedelta(0))
    until = course.until and course.until + stood
    return replace(course, until=until, paused_at=None, moves=course.moves + 1), stood


def _at_stage(rules: DebateRules, course: Course, stage: int, now: datetime, closes_at: datetime) -> Course:
    if course.paused_at is not None:
        raise Refusal("debate-paused")
    since = min(course.until, now) if course.until else now
    until = _until(rules.stages[stage:], since, closes_at)
    return replace(course, stage=stage, since=since, until=until, moves=course.moves + 1)


def _until(stages: Sequence[Stage], since: datetime, closes_at: datetime) -> datetime | None:
    """When the first of these stages ends, if it began at `since` and the last one ends with the debate.

    A debate that opened late may have less time left than its stages ask for: they share it in proportion.
    """
    lasting = [stage.lasts for stage in stages if stage.lasts is not None]
    if len(stages) == 1 or len(lasting) < len(stages):
        return None
    planned, left = sum(lasting, timedelta()), max(closes_at - since, timedelta(0))
    if planned <= left:
        return since + lasting[0]
    return since + timedelta(seconds=int(lasting[0] * (left / planned) / timedelta(seconds=1)))
