"""Codes that people type: how many wrong ones an account may try in a day, counted for those who watch over votes."""

from __future__ import annotations

from bot.domain.refusals import Refusal
from bot.store import Transaction
from bot.usecases.house import Visit

WRONG_A_DAY = 10
"""Wrong codes an account may type in a day (UTC)."""


def guesses_left(tx: Transaction, visit: Visit) -> Refusal | None:
    """None while the person may try a code; else the Refusal `too-many-codes`, until tomorrow.

    Returned, not raised, since what a work noted before it must stay.
    """
    if tx.members.wrong_codes(visit.account.id, visit.at.date()) < WRONG_A_DAY:
        return None
    return Refusal("too-many-codes", n=WRONG_A_DAY)


def note_wrong(tx: Transaction, visit: Visit) -> None:
    """Count a code that gave nothing, once for each message."""
    if tx.first_time(f"{visit.key}/wrong"):
        tx.members.note_wrong_code(visit.account.id, visit.at.date())
