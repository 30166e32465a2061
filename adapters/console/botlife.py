"""The bot's life in a scenario: made when first needed, killed without warning, made again on the same database.

While it lives, time passes for it instant by instant: the clock stops wherever
the bot has something to do.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from adapters.console.application import Application, Factory
from adapters.console.messenger import ConsoleMessenger
from adapters.console.world import ScenarioClock

ROUNDS: Final = 1000
"""More rounds than any instant can need: beyond, the program asks for the same thing for ever."""


class BotLife:
    """The one bot of a scenario, alive or not."""

    def __init__(self, factory: Factory, messenger: ConsoleMessenger, clock: ScenarioClock, language: str) -> None:
        self._factory = factory
        self._messenger = messenger
        self._clock = clock
        self._language = language
        self._app: Application | None = None

    async def running(self) -> Application:
        """The bot, started if it was not there; everything due by then is done."""
        if self._app is None:
            self._app = await self._factory(self._messenger, self._clock, self._language)
            await self._app.start()
            await self._app.settle()
        return self._app

    def kill(self) -> None:
        """Let it go without a goodbye."""
        if self._app is not None:
            self._app.abandon()
            self._app = None

    async def live_until(self, target: datetime) -> None:
        """Move the clock to `target`; a living bot does on the way what is due, when it is due.

        Raises RuntimeError when something stays due for ever.
        """
        app = self._app
        if app is not None:
            await self._pass_what_is_due(app, target)
        self._clock.move(target)
        if app is not None:
            await app.settle()

    async def _pass_what_is_due(self, app: Application, target: datetime) -> None:
        rounds = 0
        while (due := await app.next_due()) is not None and due <= target:
            now = self._clock.now()
            rounds = rounds + 1 if due <= now else 0
            if rounds > ROUNDS:
                raise RuntimeError(f"something stays due at {due.isoformat()} for ever")
            self._clock.move(max(due, now))
            await app.settle()
