"""Long polling: updates are fetched here and confirmed to Telegram only once they have been handled.

Asking for updates from a number on confirms all those before it, so the number asked
for is never beyond one still being handled: whatever the process does not finish comes
again. It knows nothing of what updates say beyond their number.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from adapters.telegram import errors
from bot.ports import Clock

logger = logging.getLogger(__name__)

LONG_POLL = 30
"""Seconds a question may wait at Telegram for something to happen."""
BATCH = 100
PATIENCE = 0.2
"""Seconds after which newer updates are fetched although some are still being handled."""
BACKOFF = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between attempts while Telegram can't be reached."""

Fetch = Callable[[int | None, int], Awaitable[list[object]]]
"""Asks for updates from a number on (None: the oldest unconfirmed), waiting so many seconds for one."""


class Polling:
    """The update loop: `fetch` asks Telegram, `receive` begins to handle an update."""

    def __init__(self, fetch: Fetch, receive: Callable[[object], asyncio.Task[None]], clock: Clock) -> None:
        self._fetch = fetch
        self._receive = receive
        self._clock = clock
        self._handling: dict[int, asyncio.Task[None]] = {}
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Fetch and handle until cancelled."""
        while True:
            try:
                batch = await self._fetch(self._offset, 0 if self._handling else LONG_POLL)
            except TelegramError as error:
                await self._back_off(error)
                continue
            self._failures = 0
            self._begin(batch)
            await self._settle()

    def _begin(self, batch: list[object]) -> None:
        if not batch and not self._handling:
            # All is confirmed. Asking for the oldest again, not for a number: after a quiet week numbers start anew.
            self._offset = None
        for raw in batch:
            number = raw.get("update_id") if isinstance(raw, dict) else None
            if isinstance(number, int) and number not in self._handling:
                self._handling[number] = self._receive(raw)

    async def _settle(self) -> None:
        """Wait until everything is handled, though not for long, and move on past what is."""
        unfinished = [work for work in self._handling.values() if not work.done()]
        if unfinished:
            await self._wait(unfinished)
        for number in sorted(self._handling):
            if not self._handling[number].done():
                self._offset = number
                return
            del self._handling[number]
            self._offset = number + 1

    async def _wait(self, works: list[asyncio.Task[None]]) -> None:
        everything = asyncio.ensure_future(asyncio.wait(works))
        until = self._clock.now() + timedelta(seconds=PATIENCE)
        patience = asyncio.ensure_future(self._clock.sleep_until(until))
        try:
            await asyncio.wait({everything, patience}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            everything.cancel()
            patience.cancel()

    async def _back_off(self, error: TelegramError) -> None:
        wait = BACKOFF[min(self._failures, len(BACKOFF) - 1)]
        self._failures += 1
        match error:
            case RetryAfter():
                wait = max(wait, errors.seconds(error))
                logger.warning("Telegram asks to fetch updates less often: next in %.0f s", wait)
            case Conflict():
                logger.error("another program fetches this bot's updates: stop it. Next attempt in %.0f s", wait)
            case InvalidToken():
                wait = errors.REFUSED
                logger.error("Telegram refuses the bot's token. Next attempt in %.0f s", wait)
            case _:
                logger.warning("updates can't be fetched (%s): next attempt in %.0f s", type(error).__name__, wait)
        await self._clock.sleep_until(self._clock.now() + timedelta(seconds=wait))
