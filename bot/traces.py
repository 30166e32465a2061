"""The interface to what was already handled, and how far: the base of `bot.store.Transaction`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.casting import AnsweredPoll
from bot.notices import Owing


class Traces(Owing, Protocol):
    """Replays, cursors, heartbeats, what is owed, and which message a ballot on record came by."""

    def first_time(self, key: str) -> bool:
        """Note that the event was handled in this transaction; False if it was before."""

    def was_seen(self, key: str) -> bool:
        """Whether the event was handled before; changes nothing."""

    def cursor(self, name: str) -> str | None:
        """The saved position called `name` (a sync token)."""

    def set_cursor(self, name: str, value: str) -> None:
        """Save a position."""

    def last_beat(self, platform: str) -> datetime | None:
        """When the bot was last known to serve the platform."""

    def beat(self, platform: str, at: datetime) -> None:
        """Note that the bot serves the platform at this instant."""

    def poll_answered(self, account: int, key: str) -> AnsweredPoll | None:
        """The platform's own poll in which the answer of that key made what is on record for the account's right, until
        the ballots are sealed; None if anything else did since."""
