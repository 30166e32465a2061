# ruff: noqa: ASYNC109 (a caller says how long it is ready to wait)
"""The bot's queue of updates: what it has been told and has not confirmed, by polling or by webhook.

It knows numbers, order, filters and confirmation. It refuses to know why something
is an update; an update is checked against the schema before it is queued.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.botapi import errors
from tests.botapi.bell import Bell
from tests.botapi.errors import ApiError
from tests.botapi.schema import Schema

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
RETRY_AFTER = 0.05


@dataclass(slots=True, eq=False)
class Waiting:
    """An update that the bot has not confirmed. `again` when it is an old one, told once more under its old number."""

    update: dict[str, Any]
    again: bool = False
    offered: int = 0

    @property
    def id(self) -> int:
        """The update's number."""
        return int(self.update["update_id"])


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are posted."""

    url: str
    secret: str = ""
    connections: int = 40


class UpdateQueue:
    """Updates on their way to the bot. `log` holds every update ever made, `waiting` the unconfirmed ones."""

    def __init__(self, schema: Schema, violations: list[str], bell: Bell, first_id: int) -> None:
        self._schema, self._violations, self._bell = schema, violations, bell
        self.next_id = first_id
        self.allowed: frozenset[str] | None = None
        self.log: list[dict[str, Any]] = []
        self.waiting: deque[Waiting] = deque()
        self.twice = False
        self.webhook: Webhook | None = None
        self.webhook_error = ""
        self.closed = False
        self._poll = 0

    def allows(self, kind: str) -> bool:
        """Whether the bot asked for updates of this kind."""
        return kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember the kinds asked for: None leaves them as they were, an empty list means the default."""
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    def put(self, kind: str, body: dict[str, Any]) -> dict[str, Any] | None:
        """Queue an update and return it; None if the bot did not ask for this kind."""
        if not self.allows(kind):
            return None
        made = [self._add({kind: body}) for _ in range(2 if self.twice else 1)]
        return made[0]

    def repeat(self, update: dict[str, Any], fresh_id: bool) -> None:
        """Tell the bot an old update again, under its old number or a new one."""
        if fresh_id:
            self._add({name: value for name, value in update.items() if name != "update_id"})
        else:
            self.waiting.append(Waiting(update, again=True))
            self._bell.ring()

    def _add(self, body: dict[str, Any]) -> dict[str, Any]:
        update = {"update_id": self.next_id} | body
        self.next_id += 1
        self._violations.extend(f"emulator: {p}" for p in self._schema.problems("Update", update, "update"))
        self.log.append(update)
        self.waiting.append(Waiting(update))
        self._bell.ring()
        return update

    def clear(self) -> None:
        """Forget what has not been confirmed."""
        self.waiting.clear()
        self._bell.ring()

    async def poll(self, offset: int, limit: int, timeout: float) -> list[dict[str, Any]]:
        """What getUpdates answers: confirms what is below `offset`, then waits for something to tell."""
        if self.webhook:
            raise ApiError(409, errors.WEBHOOK_ACTIVE)
        self._poll += 1
        mine = self._poll
        self._confirm(offset)
        try:
            await self._bell.until(lambda: self.waiting or self._poll != mine or self.closed, timeout)
        except TimeoutError:
            return []
        if self._poll != mine:
            raise ApiError(409, errors.OTHER_POLL)
        return self._offer(limit)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            kept = list(self.waiting)[offset:]
        else:
            kept = [w for w in self.waiting if w.id >= offset or (w.again and not w.offered)]
        self.waiting = deque(kept)
        self._bell.ring()

    def _offer(self, limit: int) -> list[dict[str, Any]]:
        offered = list(self.waiting)[:limit]
        for waiting in offered:
            waiting.offered += 1
        return [waiting.update for waiting in offered]

    async def post_for_ever(self) -> None:
        """Post updates to the webhook whenever there is one, in order, several at once, each until it is accepted."""
        busy: set[asyncio.Task[None]] = set()
        under_way: set[int] = set()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            try:
                while True:
                    hook, waiting = await self._bell.until(lambda: self._next(under_way), None)
                    under_way.add(id(waiting))
                    task = asyncio.create_task(self._post(session, hook, waiting, under_way))
                    busy.add(task)
                    task.add_done_callback(busy.discard)
            finally:
                for task in busy:
                    task.cancel()
                await asyncio.gather(*busy, return_exceptions=True)

    def _next(self, under_way: set[int]) -> tuple[Webhook, Waiting] | None:
        if self.webhook is None or len(under_way) >= self.webhook.connections:
            return None
        ready = (w for w in self.waiting if id(w) not in under_way)
        return next(((self.webhook, w) for w in ready), None)

    async def _post(self, session: aiohttp.ClientSession, hook: Webhook, waiting: Waiting, under_way: set[int]) -> None:
        waiting.offered += 1
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=waiting.update, headers=headers) as answer:
                accepted, self.webhook_error = answer.ok, "" if answer.ok else f"Wrong response: {answer.status}"
        except (aiohttp.ClientError, TimeoutError) as error:
            accepted, self.webhook_error = False, f"Connection failed: {type(error).__name__}"
        if accepted and waiting in self.waiting:
            self.waiting.remove(waiting)
        elif not accepted:
            await asyncio.sleep(RETRY_AFTER)
        under_way.discard(id(waiting))
        self._bell.ring()
