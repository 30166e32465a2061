"""Contesting a result: who may, until when, what can be decided, and from when on the result is final.

While the time to contest runs the result is provisional. A contestation is read by
those who decide it, without its author's name unless they sign it; its words are
published with what was decided of it, never before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.consultation import Consultation, Definition, State
from bot.domain.refusals import Refusal
from bot.domain.wishes import Wishes
from bot.domain.words import fold

EACH = 3
"""Contestations of one person in one consultation."""

TEXT_LIMIT = 1_000
"""Characters of a contestation."""

SHORTEST_WINDOW = timedelta(minutes=1)
LONGEST_WINDOW = timedelta(days=30)


class Verdict(StrEnum):
    """What becomes of a contestation. `NOTED`: it is right, and the result stands with that note."""

    OPEN = "open"
    REJECTED = "rejected"
    NOTED = "noted"
    ANNULLED = "annulled"


WORDS: Mapping[str, Verdict] = {
    "reject": Verdict.REJECTED, "rejeter": Verdict.REJECTED, "note": Verdict.NOTED, "noter": Verdict.NOTED,
    "annul": Verdict.ANNULLED, "annuler": Verdict.ANNULLED,
}  # fmt: skip
"""The words that decide one, folded, in English and in French."""


@dataclass(frozen=True, slots=True)
class Contest:
    """A contestation, by its number in the consultation. `account` is None once the voters are erased."""

    number: int
    entry: int
    account: int | None
    text: str
    made_at: datetime
    signed: bool = False
    verdict: Verdict = Verdict.OPEN
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Contested:
    """The contestations of a consultation as the planner sees them: how many wait for a decision, and which had one."""

    waiting: int = 0
    decided: tuple[int, ...] = ()
    annulled: bool = False


UNCONTESTED = Contested()
"""Nothing was contested."""


def contested(contests: Iterable[Contest]) -> Contested:
    """What the planner needs to know of these contestations."""
    every = tuple(contests)
    decided = tuple(one.entry for one in every if one.verdict is not Verdict.OPEN)
    annulled = any(one.verdict is Verdict.ANNULLED for one in every)
    return Contested(len(every) - len(decided), decided, annulled)


def with_contest(definition: Definition, wishes: Wishes) -> Definition:
    """The definition with the time in which its result can be contested. Raises Refusal `contest-too-long`, besides
    those of `dates.duration`."""
    window = wishes.duration("contest")
    if window is None:
        return definition
    if not SHORTEST_WINDOW <= window <= LONGEST_WINDOW:
        raise Refusal("contest-too-long", said=wishes.said("contest"), n=LONGEST_WINDOW.days)
    return replace(definition, contest=window)


def final_at(consultation: Consultation) -> datetime | None:
    """When the time to contest is over, with what the bot was away given back; None before the closing, or if there is
    no such time."""
    window, closed_at = consultation.definition.contest, consultation.closed_at
    if window is None or closed_at is None or consultation.state is State.CANCELLED:
        return None
    return closed_at + window + sum(consultation.contest_moves, timedelta())


def provisional(consultation: Consultation) -> bool:
    """Whether there is a result that isn't final yet."""
    return consultation.state is State.CLOSED


def may_certify(consultation: Consultation, waiting: int, now: datetime) -> bool:
    """Whether the result becomes final now: the time has passed and no contestation waits for its decision."""
    until = final_at(consultation)
    return provisional(consultation) and not waiting and (until is None or now >= until)


def must_be_contestable(consultation: Consultation, now: datetime) -> None:
    """Return while it can be contested: when it is open, and then for as long as was announced.

    Raises Refusal `contest-not-yet`, `contest-too-late`, `cancelled`.
    """
    number, until = str(consultation.number), final_at(consultation)
    match consultation.state:
        case State.OPEN:
            return
        case State.CLOSED if until is not None and now < until:
            return
        case State.DRAFT | State.SCHEDULED | State.DISCLOSED:
            raise Refusal("contest-not-yet", number=number)
        case State.CANCELLED:
            raise Refusal("cancelled", number=number, reason=consultation.cancelled_because)
        case _:
            raise Refusal("contest-too-late", number=number)


def must_be_possible(consultation: Consultation, contest: Contest, verdict: Verdict) -> None:
    """Return if this can be decided of the contestation.

    Raises Refusal `contest-decided`, `annul-when-closed` (what is still open is cancelled instead; a final result
    stands).
    """
    if contest.verdict is not Verdict.OPEN:
        raise Refusal("contest-decided", number=str(consultation.number), entry=str(contest.entry))
    if verdict is Verdict.ANNULLED and not provisional(consultation):
        raise Refusal("annul-when-closed", number=str(consultation.number))


@dataclass(frozen=True, slots=True)
class Ruling:
    """What someone typed to decide a contestation."""

    verdict: Verdict
    entry: int
    reason: str


def ruling_in(text: str) -> Ruling | None:
    """The decision these words take (`reject 1 for this reason`), None if they are none."""
    word, _, rest = text.strip().partition(" ")
    entry, _, reason = rest.strip().partition(" ")
    verdict = WORDS.get(fold(word))
    if verdict is None or not (entry.isascii() and entry.isdigit() and len(entry) <= 4):
        return None
    return Ruling(verdict, int(entry), reason.strip())
