"""Matrix as a platform: connected, served, closed. The only module that knows all the others of this package."""

from __future__ import annotations

from datetime import datetime

from adapters.matrix.inbound import Reader
from adapters.matrix.intake import Intake, LoadCursor, SaveCursor
from adapters.matrix.outbound import MatrixMessenger
from adapters.matrix.people import census
from adapters.matrix.polling import Polls
from adapters.matrix.session import Session
from adapters.matrix.settings import MatrixSettings
from bot.ports import Clock, Door


class MatrixPlatform:
    """One account on one homeserver: `connect`, then `serve` until cancelled, then `close`.

    The core keeps the cursor: `load_cursor` gives what `save_cursor` was given last,
    None at the very beginning.
    """

    def __init__(
        self, settings: MatrixSettings, clock: Clock, load_cursor: LoadCursor, save_cursor: SaveCursor
    ) -> None:
        who = census(settings.user_id, settings.allowed_homeservers)
        self._session = Session(settings, clock)
        polls = Polls(self._session)
        reader = Reader(who, self._session.author_of, polls.asked, self._session.marked_direct)
        self._intake = Intake(self._session, reader, clock, load_cursor, save_cursor)
        self.messenger = MatrixMessenger(self._session, who, polls, clock, settings.edit_interval)

    @property
    def name(self) -> str:
        """The bot's account."""
        return self._session.own

    @property
    def last_contact(self) -> datetime | None:
        """When the homeserver last answered our sync."""
        return self._intake.last_contact

    @property
    def cross_signed(self) -> bool:
        """Whether members' clients will accept our device; known once connected."""
        return self._session.cross_signed

    async def connect(self) -> None:
        """Open the session and learn our rooms; ConnectionError, which holds no secret, if that fails."""
        await self._session.connect()
        await self._intake.begin()

    async def serve(self, door: Door) -> None:
        """Take what happens on Matrix to the door, until cancelled."""
        await self._intake.run(door)

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()
