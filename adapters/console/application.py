"""What the console asks of the program it plays with: a door, a way to let everything due happen, and a kill.

The wiring implements it; the console never learns what stands behind. Sentences
come from outside too: the console knows keys and facts only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from adapters.console.messenger import ConsoleMessenger
from bot.domain.ids import RoomRef
from bot.ports import Clock, Incoming, Reply

Fact = str | int | datetime | timedelta | tuple[str, ...]


class Application(Protocol):
    """The whole bot, run by a clock that only the scenario moves."""

    async def start(self) -> None:
        """Apply the outage rule and resume what a kill interrupted."""

    async def __call__(self, incoming: Incoming) -> Reply:
        """The door: returns once what the act changed is durable."""

    async def settle(self) -> None:
        """Do everything that is due at the clock's present instant, card edits included."""

    async def next_due(self) -> datetime | None:
        """The next instant at which something is to be done, if there is one."""

    async def found_organisation(self, name: str, rooms: Sequence[RoomRef]) -> None:
        """Bind these rooms to the organisation, which is given a complete standing declaration."""

    async def set_room_language(self, room: RoomRef, language: str) -> None:
        """Make the bot speak this language in the room."""

    def abandon(self) -> None:
        """Stop as a kill does: nothing is finished, threads and files are let go."""


Factory = Callable[[ConsoleMessenger, Clock, str], Awaitable[Application]]
"""Makes the bot, not yet started, in a language; always on the same database."""


class Say(Protocol):
    """The sentence for a key of the catalogue (`console.…`), its facts filled in."""

    def __call__(self, key: str, /, **facts: Fact) -> str:
        """The sentence. Raises KeyError for a key without one."""
