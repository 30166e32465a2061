"""One account that presses without end must not make the others wait: beyond a fair pace its presses are not taken."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ids import AccountRef
from bot.domain.refusals import Refusal

BURST = 20
"""Presses an account may make in a row."""
PER_SECOND = 5.0
"""Presses a second after that."""
REMEMBERED = 50_000


class Throttle:
    """A token bucket for each account, in memory: it protects the machine and decides nothing about votes."""

    def __init__(self) -> None:
        self._left: dict[AccountRef, tuple[float, datetime]] = {}

    def admit(self, account: AccountRef, at: datetime) -> None:
        """Note a press of the account; raises Refusal `too-fast` when it is one too many."""
        if len(self._left) > REMEMBERED:
            self._left.clear()
        left, last = self._left.get(account, (float(BURST), at))
        left = min(left + max((at - last).total_seconds(), 0.0) * PER_SECOND, float(BURST))
        self._left[account] = (max(left - 1.0, 0.0), at)
        if left < 1.0:
            raise Refusal("too-fast")
