"""The least that can stand for Telegram: canned answers, given in this process or over loopback by another one.

It checks nothing (the emulator of the tests does); it is here to cost as little as
possible. Run as a program it serves HTTP, says on which port, and ends with its input.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from telegram import Bot
from telegram.request import BaseRequest, RequestData

TOKEN = "4242:bench"
US = {"id": 4242, "is_bot": True, "first_name": "Palabre", "username": "palabre_bot"}
GROUP = -1001
ROOT = Path(__file__).parents[1]
_ME = {**US, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
_CHAT = {"id": GROUP, "type": "supergroup", "title": "Le salon", "accent_color_id": 0, "max_reaction_count": 11}
_MEMBER = {"status": "member", "user": US}


class Canned(BaseRequest):
    """The transport of a bot that talks to nobody; `calls` are the methods asked for, `sent` the messages by number."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, float]] = []
        self.sent: dict[int, dict[str, Any]] = {}
        self._numbers = count(10)

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, url: str, method: str, request_data: RequestData | None = None, **_: Any) -> Any:
        del method
        name = url.rpartition("/")[2].partition("?")[0]
        self.calls.append((name, asyncio.get_running_loop().time()))
        given = request_data.json_parameters if request_data else {}
        return 200, json.dumps({"ok": True, "result": self._answer(name, given)}).encode()

    def _answer(self, name: str, given: Mapping[str, Any]) -> Any:
        match name:
            case "getMe":
                return _ME
            case "getChat":
                return _CHAT
            case "getChatMember":
                return _MEMBER
            case "sendMessage" | "editMessageText":
                number = int(given.get("message_id") or next(self._numbers))
                message = {"message_id": number, "date": 1_800_000_000, "chat": _short(_CHAT), "text": given["text"]}
                for part in ("entities", "reply_markup"):
                    if given.get(part):
                        message[part] = json.loads(given[part])
                self.sent[number] = message
                return message
        return True


def _short(chat: Mapping[str, Any]) -> dict[str, Any]:
    return {name: chat[name] for name in ("id", "type", "title")}


def canned_bot() -> tuple[Bot, Canned]:
    """A bot that talks to nobody, and its transport."""
    transport = Canned()
    return Bot(TOKEN, request=transport, get_updates_request=transport), transport


# ── over loopback, in a process of its own: it must not share the measured process's time ────────────────────────────


@asynccontextmanager
async def over_loopback() -> AsyncIterator[str]:
    """The address of a server that answers every call as well done."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __name__,
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}"
    finally:
        process.stdin.close()
        await process.wait()


class _Line(asyncio.Protocol):
    """One connection: as many requests as come, each answered as soon as it is whole."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._pending = b""

    def data_received(self, data: bytes) -> None:
        self._pending += data
        while (end := self._pending.find(b"\r\n\r\n")) >= 0:
            head = self._pending[:end].lower()
            length = int(head.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
            if len(self._pending) < end + 4 + length:
                return
            self._answer(head, self._pending[end + 4 : end + 4 + length])
            self._pending = self._pending[end + 4 + length :]

    def _answer(self, head: bytes, body: bytes) -> None:
        result: Any = True
        if b"/getupdates" in head:
            # A long poll at which nothing happens.
            asyncio.get_running_loop().call_later(10, self._write, [])
            return
        if b"/getme " in head:
            result = _ME
        elif b"/getchat " in head:
            result = _CHAT
        elif b"/getchatmember " in head:
            result = _MEMBER
        elif b"/editmessagetext " in head or b"/sendmessage " in head:
            text = parse_qs(body.decode()).get("text", [""])[0]
            result = {"message_id": 10, "date": 1_800_000_000, "chat": _short(_CHAT), "text": text}
        self._write(result)

    def _write(self, result: Any) -> None:
        answer = json.dumps({"ok": True, "result": result}).encode()
        self._transport.write(  # type: ignore[attr-defined]
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer)
        )


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Line, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
