"""Who is being written to: one message at a time to each account, a few accounts at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

AT_ONCE = 8
"""Accounts that are sent what is owed to them at the same time: a slow chat takes one of these places, not all."""


class Letterboxes:
    """Takes turns at each account's private chat."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._awaited: set[int] = set()
        self._places = asyncio.Semaphore(AT_ONCE)

    def of(self, account: int) -> asyncio.Lock:
        """What whoever writes to the account holds meanwhile."""
        return self._locks.setdefault(account, asyncio.Lock())

    @asynccontextmanager
    async def turn(self, account: int) -> AsyncIterator[bool]:
        """Wait for the account's turn and a place. False, at once, if another already waits for it: that one has yet to
        read what is owed."""
        if account in self._awaited:
            yield False
            return
        self._awaited.add(account)
        try:
            lock = self.of(account)
            await lock.acquire()
        finally:
            self._awaited.discard(account)
        try:
            async with self._places:
                yield True
        finally:
            lock.release()
