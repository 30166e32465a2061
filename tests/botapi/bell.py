# ruff: noqa: ASYNC109 (a test says how long it is ready to wait)
"""Waiting for something to change, without sleeping and looking again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Bell:
    """Rings whenever something changed, so that nobody has to sleep and look again."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits."""
        event, self._event = self._event, asyncio.Event()
        event.set()

    async def until(self, probe: Callable[[], Found | None], timeout: float | None) -> Found:
        """The first truthy result of `probe`; TimeoutError after so many seconds (None: never)."""
        async with asyncio.timeout(timeout):
            while not (found := probe()):
                await self._event.wait()
            return found
