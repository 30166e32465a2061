"""What the bot's methods work with, and the table they are entered in.

It knows names of methods and the desk they work at; the methods themselves are
in the modules `methods_*`.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.botapi import errors, wire
from tests.botapi.calls import Call
from tests.botapi.errors import bad_request
from tests.botapi.stage import Stage
from tests.botapi.talk import Press
from tests.botapi.updates import UpdateQueue
from tests.botapi.world import Chat, Message, World

Method = Callable[["Desk", Call], Awaitable[Any]]
TABLE: dict[str, Method] = {}


@dataclass(slots=True)
class Profile:
    """What the bot says of itself: menus by scope and language, names and descriptions by language."""

    commands: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    logged_out: bool = False


@dataclass(slots=True)
class Desk:
    """Everything a method may touch."""

    world: World
    queue: UpdateQueue
    stage: Stage
    presses: dict[str, Press]
    profile: Profile = field(default_factory=Profile)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def number(self) -> int:
        """A number never given before."""
        return next(self._numbers)

    def reachable(self, call: Call) -> Chat:
        """The chat the call concerns, if the bot can act there."""
        return self.world.reachable(call.params["chat_id"])

    def standing(self, call: Call, missing: str) -> Message:
        """The message the call concerns; a refusal with the words `missing` when it isn't there."""
        if "chat_id" not in call.params or "message_id" not in call.params:
            raise bad_request("Bad Request: message identifier is not specified")
        chat = self.reachable(call)
        message = chat.messages.get(call.params["message_id"])
        if message is None or message.deleted:
            raise bad_request(missing)
        return message

    def own(self, call: Call) -> Message:
        """The bot's own message that the call edits."""
        message = self.standing(call, errors.EDIT_NOT_FOUND)
        if message.sender is None or message.sender.id != self.world.me.id or message.service:
            raise bad_request(errors.CANNOT_EDIT)
        return message


def method(name: str) -> Callable[[Method], Method]:
    """Enter the function in the table as the Bot API's method of this name."""

    def enter(function: Method) -> Method:
        TABLE[name] = function
        return function

    return enter


def shown(message: Message) -> dict[str, Any]:
    """The message as a method's result."""
    return wire.message(message)
