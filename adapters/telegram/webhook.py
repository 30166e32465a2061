"""The webhook: Telegram posts updates here, and is told "200" only once they have been handled.

Anything but 200 makes Telegram post again. Whoever doesn't know the secret is turned
away before a byte is read. TLS is the business of the proxy in front.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Callable

from aiohttp import web

logger = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name, not a secret)


class Webhook:
    """Listens on `listen` ("host:port"); `receive` begins to handle an update."""

    def __init__(self, listen: str, secret: str, receive: Callable[[object], asyncio.Task[None]]) -> None:
        self._host, _, port = listen.rpartition(":")
        self._port = int(port)
        self._secret = secret.encode()
        self._receive = receive

    async def run(self) -> None:
        """Listen until cancelled; OSError when the address can't be had."""
        app = web.Application()
        app.router.add_post("/{path:.*}", self._take)
        # Stopping waits for nothing: what is unfinished is posted again by Telegram.
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._host.strip("[]") or None, self._port).start()
            await asyncio.get_running_loop().create_future()
        finally:
            await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode(errors="replace")
        if not hmac.compare_digest(given, self._secret):
            logger.warning("a request without the webhook's secret is turned away")
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400)
        await self._receive(update)
        return web.Response()
