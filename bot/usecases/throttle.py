"""One account that presses without end must not make the others wait: beyond a fair pace its presses are not taken."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ids import AccountRef
from bot.domain.refusals import Refusal
from bot.ports import EventKey

BURST = 15
"""Presses an account may make in a row."""
PER_SECOND = 2.0
"""Presses a second after that."""
REMEMBERED = 50_000
"""Accounts, and presses, kept in mind."""


class Throttle:
    """A token bucket for each account, in memory: it protects the machine and decides nothing about votes.

    A press that the platform delivers again has the fate it had the first time: it
    costs nothing, and one that was refused is not taken later, after the presses
    that followed it.
    """

    def __init__(self) -> None:
        self._left: dict[AccountRef, tuple[float, datetime]] = {}
        self._admitted: dict[EventKey, bool] = {}

    def admit(self, account: AccountRef, key: EventKey, at: datetime) -> None:
        """Note a press of the account; raises Refusal `too-fast` when it is one too many."""
        admitted = self._admitted.get(key)
        if admitted is None:
            admitted = self._admitted[key] = self._take(account, at)
            _forget_oldest(self._admitted)
        if not admitted:
            raise Refusal("too-fast")

    def _take(self, account: AccountRef, at: datetime) -> bool:
        left, last = self._left.pop(account, (float(BURST), at))
        left = min(left + max((at - last).total_seconds(), 0.0) * PER_SECOND, float(BURST))
        self._left[account] = (max(left - 1.0, 0.0), at)
        _forget_oldest(self._left)
        return left >= 1.0


def _forget_oldest(kept: dict) -> None:  # type: ignore[type-arg]
    if len(kept) > REMEMBERED:
        del kept[next(iter(kept))]
