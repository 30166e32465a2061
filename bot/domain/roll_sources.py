"""Where the list of those who may vote comes from."""

from __future__ import annotations

from enum import StrEnum


class RollSource(StrEnum):
    """Who may vote: the members of the rooms at opening, whoever is in the rooms when they answer, the members on the
    organisation's list, those of them who were given a code, or a mix."""

    ROOM = "room"
    OPEN = "open"
    LIST = "list"
    CODES = "codes"
    LIST_AND_ROOM = "list+room"
    CODES_AND_ROOM = "codes+room"

    @property
    def listed(self) -> bool:
        """Whether members on the organisation's list may vote."""
        return self not in {RollSource.ROOM, RollSource.OPEN}

    @property
    def observed(self) -> bool:
        """Whether people may vote because they are in a room."""
        return self not in {RollSource.LIST, RollSource.CODES}

    @property
    def by_code(self) -> bool:
        """Whether only those on the list who were given a code may vote."""
        return self in {RollSource.CODES, RollSource.CODES_AND_ROOM}
