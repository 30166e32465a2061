"""How many of a vote's ballots were cast by proxy."""

from __future__ import annotations

from bot.domain.consultation import Consultation
from bot.store import Transaction


def by_proxy(tx: Transaction, consultation: Consultation) -> int:
    """How many of the ballots that count were cast by proxy; 0 where there can be none."""
    return tx.proxies.counted(consultation.number) if consultation.definition.proxies is not None else 0
