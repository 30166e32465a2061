"""The answer to a press: a toast or a door to the private chat, given at once and never paced.

The vote is committed before; an answer that can't be given is logged and costs nothing
but the sight of it.
"""

from __future__ import annotations

import logging

from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError

from adapters.telegram.markup import start_link
from adapters.telegram.utf16 import clean, shorten
from bot.ports import Pressed, Reply

logger = logging.getLogger(__name__)

TOAST_LIMIT = 200


class Answers:
    """Answers presses through `answerCallbackQuery`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def give(self, press: Pressed, reply: Reply) -> None:
        """Answer the press, trying twice if the network fails; raises nothing."""
        try:
            try:
                await self._give(press, reply)
            except NetworkError as error:
                if isinstance(error, BadRequest):
                    raise
                await self._give(press, reply)
        except BadRequest as error:
            logger.info("a press is not answered: %s", error.message)
        except TelegramError as error:
            logger.warning("a press is not answered: %s", type(error).__name__)

    async def _give(self, press: Pressed, reply: Reply) -> None:
        await self._bot.answer_callback_query(
            press.key.rpartition(":")[2],
            text=shorten(clean(reply.toast), TOAST_LIMIT) or None,
            show_alert=reply.alert or None,
            url=start_link(self._bot.username, reply.start) if reply.start else None,
        )
