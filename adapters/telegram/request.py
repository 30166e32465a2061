"""HTTP to the Bot API on aiohttp: python-telegram-bot's own client carries a fifteenth as many calls a second.

One session for everything. It knows bytes, timeouts and connection failures; what an
answer means is python-telegram-bot's business. The token is part of every address, so
no address and no error of the HTTP library is ever passed on or logged.
"""

from __future__ import annotations

import json
import os
from http import HTTPStatus
from typing import Any

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from adapters.telegram.errors import NeverSent

# Durations as timedelta: without it every 429 raises a deprecation warning (python-telegram-bot 22.2 and later).
os.environ.setdefault("PTB_TIMEDELTA", "1")

READ_TIMEOUT = 20.0
CONNECT_TIMEOUT = 10.0
CONNECTIONS = 256
"""Connections at once: answers to presses must not queue behind one another in a burst."""


class AiohttpRequest(BaseRequest):
    """The transport that `telegram.Bot` is given. Timeouts are in seconds."""

    __slots__ = ("_session",)

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take when the caller does not say."""
        return READ_TIMEOUT

    async def initialize(self) -> None:
        """Open the session; a second call changes nothing."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS), cookie_jar=aiohttp.DummyCookieJar()
            )

    async def shutdown(self) -> None:
        """Close the session; a second call changes nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0913, PLR0917 (python-telegram-bot's signature)
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request; NeverSent when no connection was made, TimedOut or NetworkError when the end is unknown."""
        if self._session is None:
            raise NeverSent("the session is closed")
        wait = float(read_timeout) if isinstance(read_timeout, int | float) else READ_TIMEOUT
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT, sock_read=wait)
        try:
            async with self._session.request(method, url, data=_body(request_data), timeout=timeout) as answer:
                return answer.status, await answer.read()
        except aiohttp.ClientConnectorError as error:
            raise NeverSent(type(error).__name__) from None
        except aiohttp.ConnectionTimeoutError as error:
            raise NeverSent(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None

    async def download(self, url: str, most: int) -> bytes:
        """The first `most` bytes of what is kept there; NetworkError when it can't be had."""
        if self._session is None:
            raise NeverSent("the session is closed")
        timeout = aiohttp.ClientTimeout(total=4 * READ_TIMEOUT, sock_connect=CONNECT_TIMEOUT, sock_read=READ_TIMEOUT)
        found = bytearray()
        try:
            async with self._session.get(url, timeout=timeout, allow_redirects=False) as answer:
                if answer.status != HTTPStatus.OK:
                    raise NetworkError(f"HTTP {answer.status}")
                async for part in answer.content.iter_any():
                    found += part
                    if len(found) >= most:
                        break
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        return bytes(found[:most])

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer's JSON object; TelegramError when it is none. Unlike the library's own, it logs no content."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("the server's answer is no JSON object")
        return answer


def _body(request_data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if request_data is None:
        return None
    fields = request_data.json_parameters
    if not request_data.contains_files:
        return fields
    form = aiohttp.FormData()
    for name, value in fields.items():
        form.add_field(name, value)
    for name, (file_name, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=mime)
    return form
