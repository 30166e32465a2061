"""Owing people a word about a proxy, in the transaction that changes it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.proxies import NOTICE, Notice
from bot.store import Transaction


def owe(tx: Transaction, person: int, notice: Notice, act: str, at: datetime) -> None:
    """Owe it to the person, on every account; `act` names for ever what brought it about."""
    for account in tx.members.accounts_of(person):
        tx.owe(account.id, NOTICE, notice.facts, notice.key(act, account.id), at)
