"""Who holds the key that opens the ballots of an unlinked vote while it is open."""

from __future__ import annotations

from enum import StrEnum


class KeyHolder(StrEnum):
    """The server, or two scrutineers with a share each, without both of which nobody opens a ballot."""

    SERVER = "server"
    SCRUTINEERS = "scrutineers"
