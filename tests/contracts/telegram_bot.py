"""A Telegram bot of ours against the emulator: the platform for real, and a door that writes down what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar

from adapters.clock import SystemClock
from adapters.telegram.platform import TelegramPlatform
from adapters.telegram.settings import TelegramSettings
from bot.domain.ids import Action, RoomRef
from bot.ports import Incoming, Reply
from bot.text.card import Button, Card, Line, Span
from tests.botapi import BotApi, Chat, User

Event = TypeVar("Event", bound=Incoming)


class Book:
    """A door that remembers what came, and answers with `reply` (or what `on` returns)."""

    def __init__(self, on: Callable[[Incoming], Awaitable[Reply | None]] | None = None) -> None:
        self.events: list[Incoming] = []
        self.reply = Reply("noted")
        self._on = on
        self._news = asyncio.Condition()

    async def __call__(self, incoming: Incoming) -> Reply:
        async with self._news:
            self.events.append(incoming)
            self._news.notify_all()
        return (self._on and await self._on(incoming)) or self.reply

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    async def first(self, kind: type[Event], number: int = 1) -> list[Event]:
        """The first so many events of a kind, waited for."""
        async with self._news, asyncio.timeout(5):
            await self._news.wait_for(lambda: len(self.of(kind)) >= number)
        return self.of(kind)


def settings(api: BotApi, **changes: Any) -> TelegramSettings:
    return TelegramSettings(token=api.token, base_url=api.base_url.removesuffix("/bot"), **changes)


@asynccontextmanager
async def connected(api: BotApi, **changes: Any) -> AsyncIterator[TelegramPlatform]:
    platform = TelegramPlatform(settings(api, **changes), SystemClock())
    try:
        await platform.connect()
        yield platform
    finally:
        await platform.close()


@asynccontextmanager
async def served(api: BotApi, door: Book, **changes: Any) -> AsyncIterator[TelegramPlatform]:
    async with connected(api, **changes) as platform:
        serving = asyncio.create_task(platform.serve(door))
        try:
            yield platform
        finally:
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving


def room(where: Chat | User, thread: str = "") -> RoomRef:
    return RoomRef("telegram", str(where.id), thread)


def card(*lines: str, label: str = "", **hints: Any) -> Card:
    buttons = ((Button(label, Action("cast", 12, "2")),),) if label else ()
    return Card(tuple(Line((Span(text),)) for text in lines), buttons, **hints)
