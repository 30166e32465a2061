"""The world driven from outside: a JSON endpoint beside the Bot API, for tests whose world lives in another process.

`POST /control/<act>` takes the act's arguments as JSON, with numbers in place of
people, chats, messages and topics (a message or topic is looked for in `chat`).
`GET /control/state` and `GET /control/messages?chat=…` show what is there. It is
for the loopback interface only: whoever can reach it can do everything.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.botapi.api import BotApi
from tests.botapi.errors import ApiError
from tests.botapi.faults import Fault
from tests.botapi.talk import Answer
from tests.botapi.world import Chat, Message, Topic, User

ACTS = frozenset(
    [
        "user",
        "group",
        "supergroup",
        "forum",
        "channel",
        "say",
        "reply",
        "start",
        "edit_message",
        "delete_message",
        "press",
        "block_bot",
        "send_poll",
        "vote_in_poll",
        "create_topic",
        "close_topic",
        "pin",
        "unpin",
        "post_in_channel",
        "join",
        "leave",
        "kick",
        "restrict",
        "promote",
        "demote",
        "hide_name",
        "add_bot",
        "remove_bot",
        "migrate",
        "rename_chat",
        "message_in",
        "drained",
        "fault",
        "redeliver",
        "duplicate",
    ]
)
_PEOPLE = frozenset({"user", "by", "creator"})
_CHATS = frozenset({"chat", "where", "group", "channel", "linked", "as_chat"})
_MESSAGES = frozenset({"message", "reply_to", "after"})


def enter_control(api: BotApi) -> None:
    """Add the endpoint to the server, before it starts."""
    control = _Control(api)
    api.server.app.router.add_post("/control/{act}", control.act)
    api.server.app.router.add_get("/control/state", control.state)
    api.server.app.router.add_get("/control/messages", control.messages)


class _Control:
    def __init__(self, api: BotApi) -> None:
        self._api = api

    async def act(self, request: web.Request) -> web.Response:
        name = request.match_info["act"]
        if name not in ACTS:
            return web.json_response({"error": f"no act called {name}"}, status=404)
        try:
            given = await request.json() if request.can_read_body else {}
            result = await self._perform(getattr(self._api, name), given)
        except (ApiError, LookupError, TypeError, ValueError, TimeoutError) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
        return web.json_response(_written(result))

    async def _perform(self, act: Callable[..., Any], body: dict[str, Any]) -> Any:
        if "where" in inspect.signature(act).parameters and "chat" in body:
            body = body | {"where": body["chat"]}
        wanted = inspect.signature(act).parameters
        free = any(parameter.kind is parameter.VAR_KEYWORD for parameter in wanted.values())
        given = {name: self._read(name, value, body) for name, value in body.items() if free or name in wanted}
        result = act(**given)
        return await result if inspect.isawaitable(result) else result

    def _read(self, name: str, value: Any, body: dict[str, Any]) -> Any:
        world = self._api.world
        if value is None:
            return None
        if name in _PEOPLE:
            return world.users[value]
        if name in {"members", "admins"}:
            return [world.users[number] for number in value]
        if name in _CHATS:
            return world.find_chat(value)
        if name in _MESSAGES:
            return world.find_chat(body["chat"]).messages[value]
        return world.find_chat(body["chat"]).topics[value] if name == "topic" else value

    async def state(self, request: web.Request) -> web.Response:
        api = self._api
        seen = {"violations": api.violations, "pending": api.pending, "webhook": api.queue.webhook is not None}
        return web.json_response(seen | {"calls": [[call.method, call.status] for call in api.calls]})

    async def messages(self, request: web.Request) -> web.Response:
        try:
            chat = self._api.world.find_chat(int(request.query["chat"]))
        except (ApiError, LookupError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response([_written(message) for message in chat.live])


def _written(result: Any) -> Any:
    """A result as JSON: numbers in place of people, chats and topics."""
    match result:
        case Message():
            about = {"id": result.id, "chat": result.chat.id, "text": result.text, "labels": result.labels}
            return about | {"buttons": result.buttons, "sender": result.sender.id if result.sender else None}
        case Answer():
            return asdict(result)
        case User() | Chat() | Topic():
            return {"id": result.id}
        case Fault():
            return {"kind": result.kind, "hits": len(result.hits)}
        case _:
            return {}
