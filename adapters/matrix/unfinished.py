"""Work that a sync brought and that can't be done yet: messages whose key has not come, invitations not yet accepted.

It is on the disk before the sync's cursor is saved, so a crash loses none of it. Messages
are kept as they came, encrypted, for a week at most and in limited number; it decrypts
nothing and joins nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from adapters.matrix import keeping
from adapters.matrix.wire import Json

FILE = "unfinished.json"
KEPT_FOR = timedelta(days=7)
KEPT = 2000
"""How many unread messages are kept: the oldest go first."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted event as it came, and when it reached us: that is when its ballot was cast."""

    room: str
    at: datetime
    session: str
    event: Json


class Unfinished:
    """What is still to be done, kept in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        held = keeping.read(self._file)
        self._sealed = [
            Sealed(each["room"], datetime.fromisoformat(each["at"]), each["session"], each["event"])
            for each in held.get("sealed", [])
        ]
        self._invitations: dict[str, str] = dict(held.get("invitations", {}))
        self._changed = False

    @property
    def invitations(self) -> dict[str, str]:
        """The rooms we are invited to, and by whom."""
        return dict(self._invitations)

    def keep(self, sealed: Sealed) -> None:
        """Remember a message until its key comes; one that is already kept stays as it is."""
        identity = (sealed.room, sealed.event.get("event_id"))
        if all((each.room, each.event.get("event_id")) != identity for each in self._sealed):
            self._sealed = [*self._sealed, sealed][-KEPT:]
            self._changed = True

    def sealed(self, sessions: set[str] | None = None) -> list[Sealed]:
        """The messages kept, in the order they came; those of these sessions only, if some are named."""
        return [each for each in self._sealed if sessions is None or each.session in sessions]

    def drop(self, done: list[Sealed], now: datetime) -> None:
        """Forget messages that are dealt with, and those whose key has not come in a week."""
        gone = {id(each) for each in done}
        left = [each for each in self._sealed if id(each) not in gone and now - each.at < KEPT_FOR]
        self._changed |= len(left) != len(self._sealed)
        self._sealed = left

    def invite(self, room: str, by: str) -> None:
        """Remember an invitation."""
        if room not in self._invitations:
            self._invitations[room] = by
            self._changed = True

    def settle(self, room: str) -> None:
        """Forget an invitation that was accepted, or can't be."""
        if self._invitations.pop(room, None) is not None:
            self._changed = True

    def save(self) -> None:
        """Put what has changed on the disk."""
        if not self._changed:
            return
        sealed = [
            {"room": each.room, "at": each.at.isoformat(), "session": each.session, "event": each.event}
            for each in self._sealed
        ]
        keeping.write(self._file, {"sealed": sealed, "invitations": self._invitations})
        self._changed = False
