"""The interface to what is kept of ballots' codes: a part of `bot.store.Transaction`.

While a confidential vote is open there is the secret that its codes are made from. Once
it is closed there are the receipts of the ballots that counted, and no secret.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.ballot_codes import Published
from bot.domain.ballots import Choice


class Receipts(Protocol):
    """Codes and receipts: `receipt` is what `domain.sealed.receipt_of` gives."""

    def keep_secret(self, number: int, secret: bytes) -> None:
        """Keep what the consultation's codes are made from."""

    def secret(self, number: int) -> bytes | None:
        """What the consultation's codes are made from, None where there is nothing, or nothing any more."""

    def forget_secret(self, number: int) -> None:
        """Forget what the consultation's codes are made from."""

    def ballots(self, number: int) -> Sequence[tuple[int, Choice]]:
        """The ballots that count, each by its right; before they are sealed."""

    def publish(self, number: int, published: Published) -> None:
        """Keep the receipts of the ballots that counted."""

    def published(self, number: int) -> Published:
        """The receipts of a closed consultation, until they are erased."""

    def counted(self, receipt: str) -> tuple[int, str] | None:
        """The closed consultation in which the ballot of this receipt was counted, and its choice or ''."""


class KeepsReceipts(Protocol):
    """What a transaction has of them."""

    @property
    def receipts(self) -> Receipts:
        """What is kept of ballots' codes."""
