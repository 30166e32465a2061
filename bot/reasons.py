"""The interface to what is kept of the reasons that go with consent ballots: a part of `bot.store.Transaction`.

They are recorded with the ballot itself (`bot.store.Store.cast`), and nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.reasons import GivenReason


class Reasons(Protocol):
    """Why people don't agree. Until the ballots are sealed a reason is its voter's alone."""

    def of(self, number: int, account: int) -> str:
        """The reason on record with the account's ballot, '' without one, or once the links are erased."""

    def published(self, number: int) -> Sequence[GivenReason]:
        """The reasons with the choices they were given for, of a consultation whose ballots are sealed; none before."""

    def forget(self, number: int) -> None:
        """Erase every reason of a consultation that will have no result."""
