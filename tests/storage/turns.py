"""Making a batch on purpose: everything queued while the writer is busy shares its next commit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from threading import Event
from typing import Any

from bot.store import Store

Call = Callable[[], Awaitable[Any]]


async def together(store: Store, calls: Sequence[Call]) -> list[Any]:
    """Make the calls in one batch of the writer, in this order; errors are returned in their places."""
    running, loop, go = asyncio.Event(), asyncio.get_running_loop(), Event()

    def hold(_tx: object) -> None:
        loop.call_soon_threadsafe(running.set)
        assert go.wait(timeout=30)

    holding = asyncio.ensure_future(store.write(hold))
    await running.wait()
    # Tasks start in the order they are made, and each queues its call in its first step.
    waiting = [asyncio.ensure_future(_made(call)) for call in calls]
    queued = loop.create_future()
    loop.call_soon(queued.set_result, None)
    await queued
    go.set()
    await holding
    return await asyncio.gather(*waiting, return_exceptions=True)


async def _made(call: Call) -> Any:
    return await call()
