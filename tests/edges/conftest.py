"""The Bot API emulator, driven by python-telegram-bot over loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, Update

from tests.botapi import BotApi, User


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as running:
        yield running
    assert running.violations == []


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with Bot(api.token, base_url=api.base_url, base_file_url=api.file_url) as running:
        yield running


@pytest.fixture
def ana(api: BotApi) -> User:
    return api.user("Ana", username="ana_l", language_code="fr")


async def told(bot: Bot) -> list[Update]:
    """What the bot has been told and not confirmed; confirms it."""
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return list(updates)
