"""When the homeserver asks us to slow down, everything waits as long as it said, and no longer.

A homeserver's limits are its operator's choice and count per account, so none is guessed
here: only a refusal (429) is obeyed. What people wait for is held back and sent; what
would soon be replaced anyway is given back to be tried later.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from adapters.matrix.wire import Answer
from bot.ports import Clock

PATIENCE = 20.0
"""Seconds for which one message is held back before it is given back."""


class Pace:
    """The pauses that one homeserver imposed on one account."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._closed_until: datetime | None = None

    def closed_for(self) -> float:
        """Seconds for which nothing should be sent."""
        if self._closed_until is None:
            return 0.0
        return max((self._closed_until - self._clock.now()).total_seconds(), 0.0)

    async def send(self, attempt: Callable[[], Awaitable[Answer]], patience: float = PATIENCE) -> Answer:
        """Try until the homeserver no longer asks for a pause, or asks for too long a one: its answer then is that."""
        started = self._clock.now()
        while True:
            if (pause := self.closed_for()) > 0:
                if (self._clock.now() - started).total_seconds() + pause > patience:
                    return Answer(429, retry_after=pause)
                assert self._closed_until is not None
                await self._clock.sleep_until(self._closed_until)
            answer = await attempt()
            if answer.status != 429:
                return answer
            self._closed_until = self._clock.now() + timedelta(seconds=answer.retry_after)
