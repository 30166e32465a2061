"""What is still to be done for a consultation, as a pure difference between what is wanted and what was done.

`plan` is called at every alarm, after every act and after every restart; running
it twice, late, or after a crash gives the same steps, so nothing depends on a
timer having fired. Disclosure comes before opening here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from bot.domain.consultation import Binding, Consultation, State
from bot.domain.contests import UNCONTESTED, Contested, final_at, may_certify
from bot.domain.debate.agenda import DebateStep, FollowUp, Progress, instants_ahead, roles_owed, step_due
from bot.domain.lifecycle import Event

DISCLOSURE_LEAD = timedelta(hours=24)
"""How long before the opening the disclosure is posted, when the opening is announced that early."""

DISCLOSURE = "disclosure"
CARD = "card"
RESULT = "result"
OUTDATED = -1
"""The version that a message other than a card is said to show when its words no longer stand."""
CANCELLED = "cancelled"
ANSWER = "answer"
OVERDUE = "overdue"
TIE = "tie"
FINAL = "final"
VOTING_OVER = "voting-over"
CONTESTED = "contested-"
"""How the roles of decided contestations begin."""
CONTEST_MOVED = "contest-moved-"
"""How the roles of notices begin that the time to contest grew."""
REMINDER = "reminder-"
"""How the roles of reminders begin."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One message of ours as the planner sees it: delivered, not known to be delivered, or refused by the platform."""

    delivered: bool
    refused: bool
    rendered: int


@dataclass(frozen=True, slots=True)
class Owe:
    """A message to post in a room."""

    room: int
    role: str


@dataclass(frozen=True, slots=True)
class Render:
    """A card, or another message whose words no longer stand, to bring up to date in a room."""

    room: int
    role: str = CARD


@dataclass(frozen=True, slots=True)
class Advance:
    """A change of state that is due."""

    event: Event


@dataclass(frozen=True, slots=True)
class Erase:
    """The day has come to erase what is kept of the voters."""


Step = Owe | Render | Advance | Erase | DebateStep
Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The steps due now, and when to look again (None: not before something happens)."""

    steps: tuple[Step, ...]
    again: datetime | None


def extension_role(count: int) -> str:
    """The role of the notice for the n-th change of the closing time."""
    return f"extended-{count}"


def reminder_role(lead: timedelta, put_off: bool = False) -> str:
    """The role of the reminder sent so long before the closing, or before the one it was put off to."""
    return f"{REMINDER}{int(lead.total_seconds())}{'-again' if put_off else ''}"


def tie_role(count: int) -> str:
    """The role of the notice for the n-th tie that organisers decided."""
    return TIE if count == 1 else f"{TIE}-{count}"


def answer_due(consultation: Consultation) -> datetime | None:
    """When the promised answer is due: as disclosed, and later if the closing was put off for want of voters."""
    answer_by, asked = consultation.definition.answer_by, consultation.definition.if_no_quorum
    if answer_by is None or asked is None or not consultation.put_off:
        return answer_by
    return answer_by + asked.lasts


def plan(  # noqa: PLR0913 - what is wanted, what was done, and what was found out about it
    consultation: Consultation,
    posts: Mapping[Key, Standing],
    tally_version: int,
    now: datetime,
    progress: Progress | None = None,
    *,
    followed: bool = False,
    decided: bool = False,
    contested: Contested = UNCONTESTED,
    sealed: bool = False,
) -> Agenda:
    """The steps due at `now`, given the posts of this disclosure version by (room, role), and where a debate stands.

    `followed` when another consultation follows by itself, which is then the one to answer; `decided` when it may
    be closed before its time; `contested` what was contested and decided; `sealed` that the voting is over, and people
    have to let the ballots be opened.
    """
    rooms = [room for room in consultation.rooms if room not in consultation.excused]
    match consultation.state:
        case State.SCHEDULED:
            return _scheduled(consultation, rooms, posts, now)
        case State.DISCLOSED:
            return _disclosed(consultation, now)
        case State.OPEN if decided:
            return Agenda((Advance(Event.CLOSE),), None)
        case State.OPEN if sealed:
            waiting = Agenda((*_owed(rooms, VOTING_OVER, posts), *_stale(rooms, posts, tally_version)), None)
            return _with_rulings(waiting, rooms, posts, contested)
        case State.OPEN:
            debating = _debating(consultation, progress, now) if progress is not None else None
            planned = debating or _open(consultation, rooms, posts, tally_version, now, progress)
            return _with_rulings(planned, rooms, posts, contested)
        case State.CLOSED | State.CERTIFIED | State.ANSWERED:
            due = _due_first(consultation, progress, contested, now)
            ended = due or _closed(consultation, rooms, posts, tally_version, now, followed)
            return _with_rulings(ended, rooms, posts, contested)
        case State.CANCELLED:
            told = [room for room in rooms if _has(posts, room, DISCLOSURE)]
            owed = _owed(told, CANCELLED, posts) if not contested.annulled else []
            due = _with_erasure(consultation, (*owed, *_stale(rooms, posts, tally_version)), None, now)
            return _with_rulings(due, told, posts, contested)
        case _:
            return Agenda((), None)


def _scheduled(
    consultation: Consultation, rooms: Sequence[int], posts: Mapping[Key, Standing], now: datetime
) -> Agenda:
    from_when = consultation.opens_at - DISCLOSURE_LEAD
    if now < from_when:
        return Agenda((), from_when)
    owed = tuple(_owed(rooms, DISCLOSURE, posts))
    if owed or not rooms:
        return Agenda(owed, None)
    return Agenda((Advance(Event.DISCLOSE),), None)


def _disclosed(consultation: Consultation, now: datetime) -> Agenda:
    if now < consultation.opens_at:
        return Agenda((), consultation.opens_at)
    return Agenda((Advance(Event.OPEN),), None)


def _debating(consultation: Consultation, progress: Progress, now: datetime) -> Agenda | None:
    """The change of a debate that is due, alone: what is owed after it is planned anew."""
    closes_at = consultation.closes_at
    assert closes_at is not None
    if now >= closes_at and not progress.paused:
        return None
    step = step_due(progress, now)
    return Agenda((step,), None) if step is not None else None


def _open(
    consultation: Consultation,
    rooms: Sequence[int],
    posts: Mapping[Key, Standing],
    tally_version: int,
    now: datetime,
    progress: Progress | None,
) -> Agenda:
    closes_at = consultation.closes_at
    assert closes_at is not None
    paused = progress is not None and progress.paused
    if now >= closes_at and not paused:
        return Agenda((Advance(Event.CLOSE),), None)
    # While a debate is paused its time stands still, and nothing reminds of a closing that will move.
    due, later = _reminders(consultation, closes_at, now) if not paused else ([], [])
    changes = [extension_role(count) for count in range(1, consultation.extensions + 1)]
    debated = roles_owed(progress.course) if progress is not None else ()
    steps = [step for role in (CARD, *changes, *due, *debated) for step in _owed(rooms, role, posts)]
    steps += _stale(rooms, posts, tally_version)
    ahead = instants_ahead(progress, now) if progress is not None else _early(consultation, now)
    return Agenda(tuple(steps), min([closes_at, *later, *ahead]) if not paused else None)


def _early(consultation: Consultation, now: datetime) -> list[datetime]:
    """From when on it may be closed early, if that is still ahead."""
    least, opened_at = consultation.definition.early, consultation.opened_at
    if least is None or opened_at is None or opened_at + least <= now:
        return []
    return [opened_at + least]


def _reminders(consultation: Consultation, closes_at: datetime, now: datetime) -> tuple[list[str], list[datetime]]:
    opened_at = consultation.opened_at
    assert opened_at is not None
    due: list[str] = []
    later: list[datetime] = []
    asked = consultation.definition.if_no_quorum
    # Once the closing was put off, only what falls within the time added is said again.
    most = asked.lasts if asked is not None and consultation.put_off else timedelta.max
    for lead in sorted(consultation.definition.reminders, reverse=True):
        when = closes_at - lead
        if when <= opened_at or lead >= most:
            continue
        if when > now:
            later.append(when)
        else:
            due.append(reminder_role(lead, consultation.put_off))
    # Only the last one due is worth saying: after an outage, two reminders in a row would be noise.
    return due[-1:], later


def _due_first(
    consultation: Consultation, progress: Progress | None, contested: Contested, now: datetime
) -> Agenda | None:
    """The change after a closing that is due, alone: the vote of a debate, a result that becomes final."""
    if progress is not None and progress.rules.vote and progress.course.follow_up is None:
        return Agenda((FollowUp(),), None)
    if may_certify(consultation, contested.waiting, now):
        return Agenda((Advance(Event.CERTIFY),), None)
    return None


def _closed(
    consultation: Consultation,
    rooms: Sequence[int],
    posts: Mapping[Key, Standing],
    tally_version: int,
    now: datetime,
    followed: bool,
) -> Agenda:
    steps: list[Step] = [*_owed(rooms, RESULT, posts), *_stale(rooms, posts, tally_version)]
    ties = (tie_role(count) for count in range(1, len(consultation.tie_choices) + 1))
    moves = (f"{CONTEST_MOVED}{count}" for count in range(1, len(consultation.contest_moves) + 1))
    for role in (*ties, *moves):
        steps += _owed(rooms, role, posts)
    again = None
    answer_by = answer_due(consultation)
    if consultation.state is State.ANSWERED:
        steps += _owed(rooms, ANSWER, posts)
    elif answer_by is not None and not followed and _owes_answer(consultation):
        if now < answer_by:
            again = answer_by
        elif consultation.state is not State.CLOSED:  # nobody can answer a result that isn't final yet
            steps += _owed(rooms, OVERDUE, posts)
    final = final_at(consultation)
    if final is not None and consultation.state is not State.CLOSED:
        steps += _owed(rooms, FINAL, posts)
    elif final is not None and now < final:
        again = min(again, final) if again else final
    return _with_erasure(consultation, tuple(steps), again, now)


def _with_rulings(agenda: Agenda, rooms: Sequence[int], posts: Mapping[Key, Standing], contested: Contested) -> Agenda:
    """The agenda with the notices of contestations that were decided; a change of state comes alone."""
    if not all(isinstance(step, Owe | Render | Erase) for step in agenda.steps):
        return agenda
    owed = [step for entry in contested.decided for step in _owed(rooms, f"{CONTESTED}{entry}", posts)]
    return Agenda((*agenda.steps, *owed), agenda.again)


def _owes_answer(consultation: Consultation) -> bool:
    """Whether an answer is promised on this consultation itself: not on a decision, nor on a debate before its vote."""
    definition = consultation.definition
    voted_on = definition.debate is not None and definition.debate.vote
    return definition.binding is not Binding.DECISION and not voted_on


def _with_erasure(consultation: Consultation, steps: tuple[Step, ...], again: datetime | None, now: datetime) -> Agenda:
    """The retention clock: what the disclosure promised to erase is erased on its day, in every state that is over."""
    erase_at = consultation.erase_at
    if erase_at is None:
        return Agenda(steps, again)
    if now >= erase_at:
        return Agenda((*steps, Erase()), again)
    return Agenda(steps, min(again, erase_at) if again else erase_at)


def _owed(rooms: Iterable[int], role: str, posts: Mapping[Key, Standing]) -> list[Step]:
    return [Owe(room, role) for room in rooms if not _has(posts, room, role)]


def _has(posts: Mapping[Key, Standing], room: int, role: str) -> bool:
    post = posts.get((room, role))
    return post is not None and post.delivered


def _stale(rooms: Iterable[int], posts: Mapping[Key, Standing], tally_version: int) -> list[Step]:
    shown = set(rooms)
    return [
        Render(room, role)
        for (room, role), post in sorted(posts.items(), key=itemgetter(0))
        if room in shown and post.delivered and post.rendered < (tally_version if role == CARD else 0)
    ]
