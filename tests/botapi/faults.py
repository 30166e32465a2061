# ruff: noqa: ASYNC109 (a caller says how long it is ready to wait)
"""Trouble on demand: refusals, outages, lost replies and slowness, for the calls a test names.

It knows which call meets which trouble. It refuses to know HTTP (the server plays
the trouble) and what the call would have done.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from tests.botapi import errors
from tests.botapi.calls import Call
from tests.botapi.errors import ApiError, too_many

Trouble = Literal["429", "500", "502", "403", "401", "drop-before", "drop-after", "slow", "hold"]
"""`drop-before`: the connection breaks and nothing was done. `drop-after`: it breaks after the work, so the reply is
lost. `slow`: the work is done, the answer is `delay` seconds late. `hold`: it waits for `release()`."""

_REFUSALS = {
    "500": ApiError(500, "Internal Server Error"),
    "502": ApiError(502, "Bad Gateway"),
    "403": ApiError(403, errors.BLOCKED),
    "401": ApiError(401, "Unauthorized"),
}


@dataclass(slots=True, eq=False)
class Fault:
    """One trouble for the next `times` calls of `method` (`*`: any but getUpdates), in `chat_id` only if given."""

    method: str
    kind: Trouble
    times: int = 1
    retry_after: int = 1
    delay: float = 0.2
    chat_id: int | None = None
    hits: list[Call] = field(default_factory=list)
    _released: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _struck: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def concerns(self, call: Call) -> bool:
        """Whether the call meets this trouble."""
        named = self.method == call.method or (self.method == "*" and call.method != "getUpdates")
        here = self.chat_id is None or call.params.get("chat_id") == self.chat_id
        return named and here and len(self.hits) < self.times

    def strike(self, call: Call) -> None:
        """The call meets the trouble."""
        call.fault = self.kind
        self.hits.append(call)
        self._struck.set()

    @property
    def refusal(self) -> ApiError | None:
        """What the server answers instead of doing the work, if it is that kind of trouble."""
        return too_many(self.retry_after) if self.kind == "429" else _REFUSALS.get(self.kind)

    async def linger(self) -> None:
        """Let the time pass that the answer is late."""
        if self.kind == "slow":
            await asyncio.sleep(self.delay)
        elif self.kind == "hold":
            await self._released.wait()

    async def struck(self, timeout: float = 5.0) -> Call:
        """The last call that met this trouble, once there is one; TimeoutError after so many seconds."""
        async with asyncio.timeout(timeout):
            await self._struck.wait()
        return self.hits[-1]

    def release(self) -> None:
        """Let the held answers go, and hold no more."""
        self._released.set()

    def lift(self) -> None:
        """The trouble is over."""
        self.times = len(self.hits)
        self.release()
