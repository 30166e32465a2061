"""What is still to be done for an open debate, besides what every consultation has to do.

A phase ends, new arguments wait to be told to the rooms, a vote follows: each is a
step that changes the debate once, after which the plan is made anew. Notices are
roles: only the last phase change and the last digest are owed, so that an absence is
not followed by a backlog. The turns on the floor are settled apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.debate.model import Course, DebateRules, Phase
from bot.domain.debate.phases import due, phase_of

DIGEST_EVERY = timedelta(hours=1)
"""The least time between two digests, and between the start of the arguments and the first."""

PHASE = "phase-"
"""How the roles of notices of a phase change, a pause or a resumption begin."""
DIGEST = "digest-"
"""How the roles of digests begin."""


@dataclass(frozen=True, slots=True)
class MoveOn:
    """The phase has come to its end."""


@dataclass(frozen=True, slots=True)
class Digest:
    """New arguments are to be told to the rooms."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The debate is over and the vote it announced is to be made."""


DebateStep = MoveOn | Digest | FollowUp


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a debate stands, as the planner needs it: `untold` is how many published contributions no digest has told
    yet, which matters only once a digest is due."""

    rules: DebateRules
    course: Course
    untold: int = 0

    @property
    def paused(self) -> bool:
        """Whether its time stands still."""
        return self.course.paused_at is not None


def phase_role(moves: int) -> str:
    """The role of the notice of the n-th phase change."""
    return f"{PHASE}{moves}"


def digest_role(count: int) -> str:
    """The role of the n-th digest."""
    return f"{DIGEST}{count}"


def digest_due(rules: DebateRules, course: Course) -> datetime | None:
    """From when on new arguments may be told; None while the debate gathers information or is paused."""
    if course.paused_at is not None or phase_of(rules, course) is Phase.INFORMATION:
        return None
    return (course.digested_at or course.since) + DIGEST_EVERY


def step_due(progress: Progress, now: datetime) -> DebateStep | None:
    """The change of an open debate that is due now, None for none."""
    ends = due(progress.rules, progress.course)
    if ends is not None and now >= ends:
        return MoveOn()
    told = digest_due(progress.rules, progress.course)
    if progress.untold and told is not None and now >= told:
        return Digest()
    return None


def roles_owed(course: Course) -> tuple[str, ...]:
    """The notices the rooms are owed: the last phase change's and the last digest's."""
    moved = (phase_role(course.moves),) if course.moves else ()
    told = (digest_role(course.digests),) if course.digests else ()
    return (*moved, *told)


def instants_ahead(progress: Progress, now: datetime) -> list[datetime]:
    """When to look again: the end of the phase, and when the next digest may be."""
    instants = (due(progress.rules, progress.course), digest_due(progress.rules, progress.course))
    return [instant for instant in instants if instant is not None and instant > now]
