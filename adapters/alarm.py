"""The alarm: APScheduler wakes the reconciler up at the next instant something is due.

It keeps one request in memory and nothing on disk. Deadlines are rows of the
database; a lost alarm costs lateness, never a ballot or an opening, because the
reconciler also looks by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logger = logging.getLogger(__name__)
_JOB = "wake"
_RINGS_AT_ONCE = 100
"""APScheduler drops a run while an earlier one of the same job is not yet signed off, which happens a turn of the loop
after it ended: a ring that asks for the next one at once must not be lost to that."""


class SchedulerAlarm:
    """Calls `ring` on the event loop at the earliest instant asked for (`bot.ports.Alarm`).

    `ring` returns at once (it sets an event, it starts a task). Start it inside the
    running loop; what was asked before is kept until then.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._next: datetime | None = None
        self._started = False
        # One second, the default grace, would drop every alarm that a pause of the machine made late.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": _RINGS_AT_ONCE}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)

    def start(self) -> None:
        """Begin to ring. Needs a running event loop."""
        self._started = True
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more; safe to call twice, or before `start`."""
        if self._started:
            self._started = False
            self._scheduler.shutdown(wait=False)

    def wake(self, at: datetime) -> None:
        """Ask to be woken at this instant (aware UTC; one in the past: now), unless an earlier request stands."""
        if self._next is not None and self._next <= at:
            return
        self._next = at
        self._scheduler.add_job(self._due, "date", run_date=at, id=_JOB, replace_existing=True)

    async def _due(self) -> None:
        self._next = None
        try:
            self._ring()
        except Exception:
            logger.exception("the alarm rang and nobody could answer")
