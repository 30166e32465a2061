"""The interface to the private messages that are owed to people: a part of `bot.store.Transaction`.

An act owes a notice in the transaction that makes it true, so that a crash before the
message is sent delays it and never loses it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Notice:
    """A private message owed to an account: what it is about, in numbers, never its words. `key` names it for ever."""

    id: int
    account: int
    kind: str
    facts: Mapping[str, Any]
    key: str


class Owing(Protocol):
    """What is owed, until it is sent."""

    def owe(self, account: int, kind: str, facts: Mapping[str, Any], key: str, at: datetime) -> None:
        """Owe the account a notice, once for each `key` as long as it is not sent."""

    def owed(self, account: int | None = None) -> Sequence[Notice]:
        """Every notice that was not sent, oldest first; those to one account only if it is given."""

    def paid(self, key: str) -> None:
        """The notice of that key was sent, or can't ever be."""
