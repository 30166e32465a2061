"""Closing a vote early once it is decided, where that was announced: not before its least time, and only for good."""

from __future__ import annotations

from datetime import datetime

from bot.domain.consultation import Consultation, State
from bot.domain.decided import is_decided
from bot.domain.results import conclude
from bot.store import Transaction


def closes_decided(tx: Transaction, consultation: Consultation, now: datetime) -> bool:
    """Whether this open vote may be closed at `now` because the ballots still possible can't change its outcome."""
    earliest = consultation.definition.early
    if earliest is None or consultation.state is not State.OPEN or consultation.opened_at is None:
        return False
    if now < consultation.opened_at + earliest:
        return False
    return is_decided(consultation, conclude(consultation, tx.tally(consultation.number)))
