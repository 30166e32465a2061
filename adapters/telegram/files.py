"""Documents that people sent to the bot, fetched from Telegram: read up to a limit, and kept nowhere."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from telegram import Bot
from telegram.error import TelegramError

logger = logging.getLogger(__name__)

Download = Callable[[str, int], Awaitable[bytes]]
"""An address and a number of bytes → that many of what is kept there; TelegramError when it can't be had."""


class Files:
    """Fetches documents by the number under which Telegram keeps them."""

    def __init__(self, bot: Bot, download: Download) -> None:
        self._bot = bot
        self._download = download

    async def fetch(self, number: str, limit: int) -> bytes | None:
        """The document, no more than `limit` bytes and one of it; None when Telegram doesn't give it."""
        try:
            file = await self._bot.get_file(number)
            address = file.file_path or ""
            # A Bot API server of one's own may name a path on its disk instead, which is no business of ours.
            if not address.startswith(f"{self._bot.base_file_url}/"):
                logger.warning("a document can't be fetched: the Bot API server gives no address for it")
                return None
            return await self._download(address, limit + 1)
        except TelegramError as error:
            logger.info("a document can't be fetched: %s", type(error).__name__)
            return None
