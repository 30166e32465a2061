"""The interface to what is kept of unlinked ballots: a part of `bot.store.Transaction`.

While the consultation is open there is who voted, and apart from it the sealed ballots,
each under a name that only its voter's code and the consultation's key give. Once it is
closed there are the tally sheet and the receipts, and neither key nor sealed ballot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.key_shares import KeyShares


class SealedBallots(Protocol):
    """Unlinked ballots. `name` is what `bot.ports.BallotKey.name` gives."""

    @property
    def shares(self) -> KeyShares:
        """Who holds the shares of the key, where the server doesn't hold it."""

    def use(self, right: int, used: bool) -> None:
        """Note that the right was used, or that its ballot was withdrawn."""

    def used(self, right: int) -> bool:
        """Whether the right was used."""

    def put(self, number: int, name: str, ballot: bytes) -> None:
        """Keep a sealed ballot, in place of the one under the same name."""

    def has(self, number: int, name: str) -> bool:
        """Whether there is a ballot under this name."""

    def drop(self, number: int, name: str) -> None:
        """Forget the ballot under this name."""

    def all(self, number: int) -> Sequence[bytes]:
        """Every sealed ballot of the consultation, in no order that says anything."""

    def publish(self, number: int, sheet: Mapping[str, int]) -> None:
        """Replace the sealed ballots by the tally sheet."""

    def forget(self, number: int) -> None:
        """Forget every sealed ballot of a consultation that will have no result."""
