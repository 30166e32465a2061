"""What the planner needs to know of a debate, read without asking more of the database than the hour calls for."""

from __future__ import annotations

from datetime import datetime

from bot.domain.consultation import Consultation, State
from bot.domain.debate.agenda import Progress, digest_due
from bot.store import Transaction
from bot.usecases.debate.cards import untold


def progress_of(tx: Transaction, consultation: Consultation, now: datetime) -> Progress | None:
    """Where the debate stands; None for any other consultation, and before the opening."""
    number, rules = consultation.number, consultation.definition.debate
    course = tx.debates.course(number) if rules is not None else None
    if rules is None or course is None:
        return None
    if consultation.state is not State.OPEN:
        return Progress(rules, course)
    due = digest_due(rules, course)
    waiting = len(untold(tx, number)) if due is not None and now >= due else 0
    return Progress(rules, course, waiting)
