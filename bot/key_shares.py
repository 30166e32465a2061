"""The interface to who holds the shares of a consultation's key: a part of `bot.sealed.SealedBallots`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.key_shares import KeyShare


class KeyShares(Protocol):
    """Who holds which share; the shares themselves are never in the database."""

    def of(self, number: int) -> Sequence[KeyShare]:
        """The shares of the consultation's key, by their numbers; none if it was not split yet."""

    def of_both(self, one: int, other: int) -> Sequence[int]:
        """The consultations not closed yet of whose key each of the two persons holds a share."""

    def deal(self, number: int, shares: Iterable[KeyShare]) -> None:
        """Note these shares in place of any that there were."""

    def hand(self, number: int, share: int, account: int | None) -> None:
        """Note who is to hold the share, before it is sent; None: nobody yet."""

    def sent(self, number: int, share: int) -> None:
        """Note that the share was delivered to whoever is to hold it."""

    def kept(self, number: int, share: int, at: datetime) -> None:
        """Note that its holder confirmed having it; a second time changes nothing."""
