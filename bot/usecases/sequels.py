"""What follows a closing by itself, in its own transaction: a second round, the same vote without quorum, or a later
closing time, once, for want of voters."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.consultation import Consultation, Definition, State, Tie
from bot.domain.dates import later
from bot.domain.remedies import Remedy
from bot.domain.results import Result, Verdict, conclude
from bot.domain.sequels import reconvened, second_round
from bot.store import Transaction
from bot.usecases.publish import frozen

TIME_TO_REGISTER = timedelta(days=1)
"""How long after the closing what follows opens, where members have to register because the roll must be known."""


def put_off(tx: Transaction, consultation: Consultation, now: datetime) -> bool:
    """Move the closing of a vote whose time has come, if it announced so and too few have voted: once, for good."""
    asked, closes_at = consultation.definition.if_no_quorum, consultation.closes_at
    if asked is None or asked.remedy is not Remedy.EXTEND or consultation.put_off or closes_at is None:
        return False
    result = conclude(consultation, tx.tally(consultation.number))
    if result.verdict is not Verdict.NO_QUORUM:
        return False
    zone = ZoneInfo(tx.organisation(consultation.organisation).time_zone)
    moved = later(closes_at, asked.lasts, zone)
    if moved <= now:  # we noticed too late: the time that was promised is still given
        moved = later(now, asked.lasts, zone)
    erase_at = consultation.erase_at and consultation.erase_at + (moved - closes_at)
    tx.save(
        replace(
            consultation,
            closes_at=moved,
            erase_at=erase_at,
            extensions=consultation.extensions + 1,
            put_off=True,
        )
    )
    tx.touch(consultation.number)
    facts = {"cause": "quorum", "closes_at": moved.isoformat(), "voters": result.ballots, "needed": result.quorum}
    tx.record(now, "extended", facts, consultation.number)
    return True


def follow(tx: Transaction, closed: Consultation, now: datetime) -> int | None:
    """Make what follows a vote that was just closed, with its own disclosure to come; its number.

    It belongs to the closing's transaction, so that a vote is never closed without it, nor followed by two.
    """
    if closed.definition.second_round is None and closed.definition.if_no_quorum is None:
        return None
    found = _sequel(closed, conclude(closed, tx.tally(closed.number)))
    if found is None:
        return None
    definition, lasts = found
    opens_at = now + TIME_TO_REGISTER if definition.needs_known_roll else now
    made = tx.add_consultation(_scheduled(tx, closed, definition, lasts, opens_at, now))
    tx.set_follow_up(closed.number, made.number)
    tx.joint.carry(closed.number, made.number)
    tx.record(now, "followed-up", {"vote": made.number}, closed.number)
    facts = {"kind": definition.kind.value, "opens_at": opens_at.isoformat(), "after": closed.number}
    tx.record(now, "scheduled", facts, made.number)
    return made.number


def _sequel(closed: Consultation, result: Result) -> tuple[Definition, timedelta] | None:
    """What the next vote asks and how long it lasts, if there is one."""
    first = closed.definition
    if result.finalists and first.second_round is not None:
        return second_round(first, closed.number, result.finalists), first.second_round
    asked = first.if_no_quorum
    # An organiser who cuts the time to vote short doesn't thereby do away with the quorum.
    cut_short = closed.closed_at is not None and closed.closes_at is not None and closed.closed_at < closed.closes_at
    missed = asked is not None and asked.remedy is Remedy.RECONVENE and result.verdict is Verdict.NO_QUORUM
    if asked is None or not missed or cut_short:
        return None
    return reconvened(first, closed.number, asked.lasts), asked.lasts


def _scheduled(
    tx: Transaction, closed: Consultation, definition: Definition, lasts: timedelta, opens_at: datetime, now: datetime
) -> Consultation:
    organisation = tx.organisation(closed.organisation)
    closes_at = later(opens_at, lasts, ZoneInfo(organisation.time_zone))
    seed = secrets.token_hex(16) if definition.tie is Tie.DRAW else ""
    return Consultation(
        number=0,
        organisation=closed.organisation,
        author=closed.author,
        state=State.SCHEDULED,
        definition=frozen(definition, organisation, closes_at, seed),
        # A room that had to be excused from the first would hold up what follows in the same way.
        rooms=tuple(room for room in closed.rooms if room not in closed.excused),
        created_at=now,
        opens_at=opens_at,
        lasts=lasts,
        seed=seed,
    )
