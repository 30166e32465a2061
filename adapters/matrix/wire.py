"""Requests to the homeserver and what came back: no exception for what a network or a server may do.

It knows HTTP and the frame of the Client-Server API (paths, `errcode`, waiting times);
it knows nothing of rooms, and it never logs an address, which may hold what people wrote.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp

Json = dict[str, Any]

CLIENT = "/_matrix/client"
MEDIA = "/_matrix/media/v3"
PATIENCE = 30.0
"""Seconds until a request counts as lost."""
WAIT = 5.0
"""Seconds to wait when a server asks us to slow down without saying for how long."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: an object in `body`, or a list in `items`.

    `status` is 0 when nothing did; `sent` is then whether the request may have arrived.
    """

    status: int
    body: Json = field(default_factory=dict, repr=False)
    retry_after: float = WAIT
    sent: bool = True
    items: list[Any] = field(default_factory=list, repr=False)

    @property
    def ok(self) -> bool:
        """Whether the server did what was asked."""
        return 200 <= self.status < 300

    @property
    def passing(self) -> bool:
        """Whether the failure may be gone the next time: no network, server trouble, too many requests."""
        return self.status in {0, 408, 429} or self.status >= 500

    @property
    def code(self) -> str:
        """The server's error code, such as `M_FORBIDDEN`, or nothing."""
        return str(self.body.get("errcode", ""))

    def __str__(self) -> str:
        return f"{self.status or 'no answer'} {self.code}".strip()


class Unanswered(Exception):
    """Something we needed first could not be had: the answer says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer))
        self.answer = answer


def path(*parts: str) -> str:
    """The parts as one path below the client API; each is data, whatever characters it holds."""
    return "".join("/" + quote(part, safe="") for part in parts)


class Wire:
    """One connection pool to one homeserver. `token` is sent with every request once it is known."""

    def __init__(self, homeserver: str) -> None:
        self._homeserver = homeserver.rstrip("/")
        self._pool: aiohttp.ClientSession | None = None
        self.token = ""

    async def call(
        self,
        method: str,
        where: str,
        body: Json | None = None,
        query: Json | None = None,
        patience: float = PATIENCE,
        version: str = "v3",
    ) -> Answer:
        """Ask the client API in that version; whatever happens comes back as an answer."""
        address = f"{CLIENT}/{version}{where}" + ("?" + urlencode(query, doseq=True) if query else "")
        data = None if body is None and method == "GET" else json.dumps(body or {}).encode()
        return await self._request(method, address, data, "application/json", patience)

    async def upload(self, data: bytes, content_type: str) -> Answer:
        """Give the homeserver a file to keep; `content_uri` of the answer names it."""
        return await self._request("POST", f"{MEDIA}/upload", data, content_type, 4 * PATIENCE)

    async def download(self, server: str, media: str, most: int) -> bytes | None:
        """The first `most` bytes of a file that homeservers keep; None when this one doesn't give it. Older ones know
        the second address only."""
        for address in (f"{CLIENT}/v1/media/download", f"{MEDIA}/download"):
            found = await self._file(address + path(server, media), most)
            if found is not None:
                return found
        return None

    async def close(self) -> None:
        """Close the connections; the next request would open them again."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def _file(self, address: str, most: int) -> bytes | None:
        limit = aiohttp.ClientTimeout(total=4 * PATIENCE, sock_connect=10)
        found = bytearray()
        try:
            async with self._opened().get(
                self._homeserver + address, headers=self._authority(), timeout=limit
            ) as answer:
                if answer.status != HTTPStatus.OK:
                    return None
                async for part in answer.content.iter_any():
                    found += part
                    if len(found) >= most:
                        break
        except (aiohttp.ClientError, TimeoutError, OSError):
            return None
        return bytes(found[:most])

    def _opened(self) -> aiohttp.ClientSession:
        if self._pool is None:
            self._pool = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        return self._pool

    def _authority(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def _request(self, method: str, address: str, data: bytes | None, kind: str, patience: float) -> Answer:
        headers = self._authority()
        if data is not None:
            headers["Content-Type"] = kind
        limit = aiohttp.ClientTimeout(total=patience, sock_connect=min(patience, 10))
        try:
            async with self._opened().request(
                method, self._homeserver + address, data=data, headers=headers, timeout=limit
            ) as response:
                return _answer(response.status, await response.read(), response.headers.get("Retry-After", ""))
        except aiohttp.ClientConnectorError:
            return Answer(0, sent=False)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Answer(0)


def _answer(status: int, raw: bytes, retry_after: str) -> Answer:
    try:
        body = json.loads(raw)
    except ValueError:
        # A proxy's own page: the status says enough, unless it pretends that all is well.
        body, status = {}, status if status >= 400 else 502
    items = body if isinstance(body, list) else []
    if not isinstance(body, dict):
        body = {}
    return Answer(status, body, _wait(retry_after, body.get("retry_after_ms")), items=items)


def _wait(header: str, milliseconds: object) -> float:
    """How many seconds we are asked to wait: the header, else the older field of the body."""
    if header.isascii() and header.isdigit():
        return float(header)
    if isinstance(milliseconds, int | float) and milliseconds > 0:
        return milliseconds / 1000
    return WAIT
