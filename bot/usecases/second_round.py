"""The second round of a vote: made and published in the transaction that closes the first, if that decides nothing."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.consultation import Consultation, Definition, State, Tie
from bot.domain.dates import later
from bot.domain.results import conclude
from bot.domain.sequels import second_round
from bot.store import Transaction
from bot.usecases.publish import frozen

TIME_TO_REGISTER = timedelta(days=1)
"""How long after the first round the second opens, where members have to register because the roll must be known."""


def follow_first_round(tx: Transaction, closed: Consultation, now: datetime) -> int | None:
    """Make the second round of a vote that was just closed undecided, with its own disclosure to come; its number.

    It belongs to the closing's transaction, so that a vote is never closed without it, nor followed by two.
    """
    if closed.definition.second_round is None:
        return None
    finalists = conclude(closed, tx.tally(closed.number)).finalists
    if not finalists:
        return None
    definition = second_round(closed.definition, closed.number, finalists)
    opens_at = now + TIME_TO_REGISTER if definition.needs_known_roll else now
    made = tx.add_consultation(_scheduled(tx, closed, definition, opens_at, now))
    tx.set_follow_up(closed.number, made.number)
    tx.record(now, "followed-up", {"vote": made.number}, closed.number)
    facts = {"kind": definition.kind.value, "opens_at": opens_at.isoformat(), "after": closed.number}
    tx.record(now, "scheduled", facts, made.number)
    return made.number


def _scheduled(
    tx: Transaction, closed: Consultation, definition: Definition, opens_at: datetime, now: datetime
) -> Consultation:
    organisation, lasts = tx.organisation(closed.organisation), closed.definition.second_round
    assert lasts is not None
    closes_at = later(opens_at, lasts, ZoneInfo(organisation.time_zone))
    seed = secrets.token_hex(16) if definition.tie is Tie.DRAW else ""
    return Consultation(
        number=0,
        organisation=closed.organisation,
        author=closed.author,
        state=State.SCHEDULED,
        definition=frozen(definition, organisation, closes_at, seed),
        # A room that had to be excused from the first round would hold up the second in the same way.
        rooms=tuple(room for room in closed.rooms if room not in closed.excused),
        created_at=now,
        opens_at=opens_at,
        lasts=lasts,
        seed=seed,
    )
