"""The real clock: the machine's own time, and the only place that reads it or sleeps.

It knows nothing of consultations. Whoever needs another time (a rehearsal, a
test) passes another `bot.ports.Clock`.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

LONGEST_NAP = 30.0
"""Seconds slept at most in one go: within that time a suspended machine, or a clock that was set, is noticed."""


class SystemClock:
    """Tells the machine's time and sleeps by it (`bot.ports.Clock`)."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)

    async def sleep_until(self, at: datetime) -> None:
        """Return once `now() >= at`."""
        while (left := (at - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 (time is no event)
            await asyncio.sleep(min(left, LONGEST_NAP))
