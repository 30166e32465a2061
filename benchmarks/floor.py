"""The floor under ballots by button: python-telegram-bot reading the same bytes for a handler that does nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackQueryHandler

from benchmarks.botapi import canned_bot


async def _nothing(update: Update, context: Any) -> None:
    del update, context


@asynccontextmanager
async def library() -> AsyncIterator[Callable[[bytes], asyncio.Task[None]]]:
    """Begins handling an update as the library does, to no effect."""
    bot, _ = canned_bot()
    app = Application.builder().bot(bot).updater(None).concurrent_updates(True).build()
    app.add_handler(CallbackQueryHandler(_nothing))
    await app.initialize()

    def begin(update: bytes) -> asyncio.Task[None]:
        return asyncio.create_task(app.process_update(Update.de_json(json.loads(update), bot)))

    try:
        yield begin
    finally:
        await app.shutdown()
