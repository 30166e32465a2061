"""The menu of commands that Telegram shows beside the text field: per kind of chat and per language."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from adapters.telegram.utf16 import shorten

logger = logging.getLogger(__name__)

Menu = Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]
"""language → "private", "group" or "admins" → (command, description) in order. The first language, or "" if there is
that, is shown to people who use Telegram in any other."""

COMMANDS = 100
DESCRIPTION = 256
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_SCOPES: dict[str, BotCommandScope] = {
    "private": BotCommandScopeAllPrivateChats(),
    "group": BotCommandScopeAllGroupChats(),
    "admins": BotCommandScopeAllChatAdministrators(),
}


async def publish(bot: Bot, menu: Menu) -> None:
    """Set the menus; one that Telegram refuses is logged and changes nothing else."""
    for position, (language, scopes) in enumerate(menu.items()):
        codes = {language} | ({""} if position == 0 and "" not in menu else set())
        for scope, entries in scopes.items():
            for code in sorted(codes):
                await _publish(bot, _SCOPES[scope], code, entries)


async def _publish(bot: Bot, scope: BotCommandScope, language: str, entries: Sequence[tuple[str, str]]) -> None:
    # Telegram takes no accents in a menu, though it lets people type them.
    fitting = [(name, text) for name, text in entries if _NAME.fullmatch(name) and text][:COMMANDS]
    commands = [BotCommand(name, shorten(text, DESCRIPTION)) for name, text in fitting]
    try:
        await bot.set_my_commands(commands, scope=scope, language_code=language or None)
    except TelegramError as error:
        logger.warning("the menu %s/%s is not set: %s", scope.type, language, error.message)
