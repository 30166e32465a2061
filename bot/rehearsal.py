"""`palabre try`: the whole bot on the console platform and a throw-away database, moved by a clock of its own."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from adapters.chart import MatplotlibDraughtsman
from adapters.console.messenger import ConsoleMessenger
from adapters.console.play import play_script
from adapters.console.prompt import rehearse
from adapters.paper import TypstPrinter
from bot.domain.ids import RoomRef
from bot.main import Outfit, assemble, rehearsal_instance
from bot.ports import Clock, Draughtsman, Incoming, Reply
from bot.text.catalogue import Speech
from bot.text.disclosure import complete_declaration
from bot.usecases.application import Application
from bot.usecases.house import Defaults
from storage.key_files import KeyFiles
from storage.store import open_store

if TYPE_CHECKING:
    from adapters.console.application import Factory
    from storage.store import SqlStore

ZONE = "Europe/Paris"


class Rehearsed:
    """The application as the console plays with it: it can be killed, and everybody on it is always reachable."""

    def __init__(self, app: Application, store: SqlStore, clock: Clock, speech: Speech) -> None:
        self._app = app
        self._store = store
        self._clock = clock
        self._speech = speech

    async def start(self) -> None:
        """Apply the outage rule and resume what a kill interrupted."""
        await self._app.start()

    async def __call__(self, incoming: Incoming) -> Reply:
        """The door."""
        return await self._app(incoming)

    async def settle(self) -> None:
        """Do everything due at this instant."""
        await self._app.settle()

    async def next_due(self) -> datetime | None:
        """When something is due next."""
        return await self._app.next_due()

    async def found_organisation(self, name: str, rooms: Sequence[RoomRef]) -> None:
        """Give these rooms an association whose declaration is complete."""
        declaration = complete_declaration(name, self._clock.now(), self._speech)
        await self._app.found_organisation(declaration, rooms)

    async def set_room_language(self, room: RoomRef, language: str) -> None:
        """Make the bot speak this language in the room."""
        await self._app.set_room_language(room, language)

    def abandon(self) -> None:
        """Let everything go, as a kill does."""
        self._store.abandon()


def factory_on(database: Path, draughtsman: Draughtsman) -> Factory:
    """Makes the bot anew on the same database each time it is asked to, as after a kill."""

    async def make(messenger: ConsoleMessenger, clock: Clock, language: str) -> Rehearsed:
        store = open_store(f"sqlite:///{database}")
        app = assemble(
            Outfit(
                store=store,
                messengers={messenger.platform: messenger},
                clock=clock,
                instance=rehearsal_instance(language),
                defaults=Defaults(language, ZONE),
                draughtsman=draughtsman,
                printer=TypstPrinter(),
                keys=KeyFiles(database.with_name("keys")),
                last_contact=lambda platform: clock.now(),
            )
        )
        return Rehearsed(app, store, clock, Speech(language, ZoneInfo(ZONE)))

    return make


async def try_(script: str | None, language: str) -> int:
    """Play a scenario's text, or the demonstration and then what is typed; the exit code."""
    speech = Speech(language, ZoneInfo(ZONE))
    with tempfile.TemporaryDirectory(prefix="palabre-") as folder:
        factory = factory_on(Path(folder) / "rehearsal.db", MatplotlibDraughtsman())
        if script is None:
            return await rehearse(factory, sys.stdin, sys.stdout, language, speech.say)
        return await play_script(script, factory, sys.stdout, language, speech.say, sys.stderr)
