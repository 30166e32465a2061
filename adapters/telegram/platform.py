"""Telegram as a platform: connected, served, closed. The only module that knows all the others of this package."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from adapters.telegram import menu as menus
from adapters.telegram.answers import Answers
from adapters.telegram.files import Files
from adapters.telegram.floor import Floor
from adapters.telegram.inbound import ALLOWED_UPDATES, Identity
from adapters.telegram.menu import Menu
from adapters.telegram.outbound import TelegramMessenger
from adapters.telegram.pacing import Pacer
from adapters.telegram.polling import BATCH, LONG_POLL, Polling
from adapters.telegram.reception import Reception
from adapters.telegram.request import READ_TIMEOUT, AiohttpRequest
from adapters.telegram.rooms import Rooms
from adapters.telegram.settings import TelegramSettings
from adapters.telegram.webhook import Webhook
from bot.domain.ids import RoomRef
from bot.ports import Clock, Door

logger = logging.getLogger(__name__)

# At DEBUG python-telegram-bot logs every text it sends, toasts and private ballots included.
logging.getLogger("telegram").setLevel(logging.INFO)


class TelegramPlatform:
    """One bot on Telegram: `connect`, then `serve` until cancelled, then `close`."""

    def __init__(self, settings: TelegramSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._request = AiohttpRequest()
        self._base_url = f"{settings.base_url.rstrip('/')}/bot"
        self._bot = Bot(
            settings.token,
            base_url=self._base_url,
            base_file_url=f"{settings.base_url.rstrip('/')}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._secret = settings.webhook_secret or secrets.token_urlsafe(32)
        self._pacer = Pacer(clock)
        self._rooms = Rooms(self._bot, self._ask, clock, settings.edit_interval)
        self._reception: Reception | None = None
        self._contacted: datetime | None = None
        floor = Floor(self._bot, self._ask)
        self.messenger = TelegramMessenger(
            self._bot, self._rooms, floor, Files(self._bot, self._request.download), self._pacer, self._moved
        )

    @property
    def name(self) -> str:
        """The bot's @name without its sign; known once connected."""
        return self._bot.username

    @property
    def last_contact(self) -> datetime | None:
        """When Telegram last answered our question for updates; with a webhook it asks us, and counts as there."""
        return self._clock.now() if self._contacted and self._settings.mode == "webhook" else self._contacted

    async def connect(self) -> None:
        """Check the token and choose how updates come; ConnectionError, which never holds the token, if that fails."""
        try:
            await self._bot.initialize()
            if self._settings.mode == "webhook":
                await self._bot.set_webhook(
                    self._settings.webhook_url, allowed_updates=ALLOWED_UPDATES, secret_token=self._secret
                )
        except InvalidToken:
            raise ConnectionError("Telegram refuses the token") from None
        except TelegramError as error:
            raise ConnectionError(f"Telegram can't be reached: {type(error).__name__}") from None
        if self._settings.mode == "polling":
            await self._take_back_webhook()
        self._contacted = self._clock.now()

    async def _take_back_webhook(self) -> None:
        """Have updates come to us when we ask: a webhook set earlier would keep them."""
        try:
            await self._bot.delete_webhook()
        except TelegramError as error:
            # If one is really set, asking for updates says so, again and again, in this same log.
            logger.warning("a webhook that may be set can't be taken back: %s", type(error).__name__)

    async def set_menu(self, menu: Menu) -> None:
        """Set the menus of commands; what Telegram refuses is logged."""
        await menus.publish(self._bot, menu)

    async def serve(self, door: Door) -> None:
        """Take what happens on Telegram to the door, until cancelled."""
        us = Identity(self._bot.id, self._bot.username)
        reception = Reception(us, self._clock, door, Answers(self._bot).give, self._rooms.forget)
        self._reception = reception
        try:
            if self._settings.mode == "webhook":
                await Webhook(self._settings.webhook_listen, self._secret, reception.receive).run()
            else:
                await Polling(self._fetch, reception.receive, self._clock).run()
        finally:
            self._reception = None
            await reception.close()

    async def close(self) -> None:
        """Stop sending and close the connections."""
        await self._pacer.close()
        await self._bot.shutdown()

    def _moved(self, old: RoomRef, new: RoomRef) -> None:
        if self._reception is None:
            logger.info("%s has become %s; nobody is served to hear it", old, new)
        else:
            self._reception.moved(old, new)

    async def _ask(self, method: str, **parameters: object) -> Any:
        return await self._call(method, parameters, READ_TIMEOUT)

    async def _call(self, method: str, parameters: Mapping[str, object], patience: float) -> Any:
        """An answer of the Bot API as Telegram wrote it, without the library's types."""
        said = {name: str(value).lower() if isinstance(value, bool) else value for name, value in parameters.items()}
        address = f"{self._base_url}{self._settings.token}/{method}?{urlencode(said)}"
        return await self._request.post(address, read_timeout=patience)

    async def _fetch(self, offset: int | None, wait: int) -> list[object]:
        # As raw JSON: the library's own call fails as a whole, for ever, on one update that it can't read.
        question: dict[str, object] = {
            "timeout": wait,
            "limit": BATCH,
            "allowed_updates": "[" + ",".join(f'"{kind}"' for kind in ALLOWED_UPDATES) + "]",
        }
        if offset is not None:
            question["offset"] = offset
        answer = await self._call("getUpdates", question, LONG_POLL + READ_TIMEOUT)
        self._contacted = self._clock.now()
        return list(answer) if isinstance(answer, list) else []
