"""The emulator as an HTTP server: every call read, checked, troubled, timed, done, checked again and remembered.

It knows the order in which these happen. What a call means is in the modules
`methods_*`, who is there in `world`.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from aiohttp import web

from tests.botapi import methods_chat, methods_edit, methods_poll, methods_self, methods_send  # noqa: F401 (they enter their methods)
from tests.botapi.calls import Call, check, read
from tests.botapi.errors import ApiError, Breach
from tests.botapi.faults import Fault
from tests.botapi.methods import TABLE, Desk
from tests.botapi.pace import Pace, kind_of
from tests.botapi.schema import Schema

LOG = logging.getLogger(__name__)
MAX_BODY = 50 * 2**20


class Server:
    """Answers HTTP for one bot. `calls` and `violations` grow with every call."""

    def __init__(self, token: str, desk: Desk, schema: Schema, pace: Pace, violations: list[str]) -> None:
        self._token, self._desk, self._schema, self._pace = token, desk, schema, pace
        self.violations = violations
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self.app = web.Application(client_max_size=MAX_BODY)
        self.app.router.add_route("*", "/bot{token}/{method}", self._handle)
        self.app.router.add_get("/file/bot{token}/files/{file}", self._fetch)

    async def _fetch(self, request: web.Request) -> web.Response:
        file = self._desk.world.files.get(request.match_info["file"])
        if request.match_info["token"] != self._token or file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def _handle(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self._token or self._desk.profile.logged_out:
            return _respond(401, ApiError(401, "Unauthorized").answer)
        try:
            call = await read(request, request.match_info["method"], self._schema, self._desk.world.clock())
        except ValueError as error:
            self.violations.append(f"unreadable request: {type(error).__name__}")
            return _respond(400, ApiError(400, "Bad Request: can't parse the request").answer)
        self.calls.append(call)
        fault = next((fault for fault in self.faults if fault.concerns(call)), None)
        if fault:
            fault.strike(call)
        if fault is None or fault.kind != "drop-before":
            await self._answer(call, fault)
            self._desk.world.bell.ring()
        if fault:
            await fault.linger()
        if call.fault.startswith("drop"):
            return _cut(request)
        return _respond(call.status, call.answer)

    async def _answer(self, call: Call, fault: Fault | None) -> None:
        try:
            result = await self._work(call, fault)
        except ApiError as refusal:
            if isinstance(refusal, Breach):
                self.violations.extend(refusal.problems)
            call.status, call.answer = refusal.code, refusal.answer
        except Exception as error:
            # A mistake of the emulator must fail the test, not look like an outage of Telegram.
            LOG.exception("the emulator failed on %s", call.method)
            self.violations.append(f"emulator: {call.method} failed: {error!r}")
            call.status, call.answer = 500, ApiError(500, "Internal Server Error").answer
        else:
            # A copy as of now: the world's own objects go on changing.
            call.status, call.answer = 200, json.loads(json.dumps({"ok": True, "result": result}))
            self.violations.extend(f"emulator: {p}" for p in self._schema.answer_problems(call.method, result))

    async def _work(self, call: Call, fault: Fault | None) -> Any:
        if call.method not in self._schema.methods:
            raise Breach([f"{call.method}: no such method"], "Not Found")
        check(call, self._schema, self._desk.world.me.username)
        if call.method not in TABLE:
            self.violations.append(f"{call.method}: not modelled by the emulator")
            raise ApiError(501, f"Not Implemented: {call.method} is not modelled by the emulator")
        if fault and fault.refusal:
            raise fault.refusal
        kind = kind_of(call.method)
        if kind and "chat_id" in call.params:
            self._pace.count(self._desk.reachable(call).id, kind)
        return await TABLE[call.method](self._desk, call)


def _respond(status: int, body: dict[str, Any]) -> web.Response:
    return web.json_response(body, status=status)


def _cut(request: web.Request) -> web.Response:
    """Break the connection; the response returned goes nowhere."""
    if request.transport:
        request.transport.abort()
    return web.Response()
