"""What is remembered of the floor between two looks at the database: it spares questions and decides nothing."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass

from bot.domain.ids import AccountRef, RoomRef


@dataclass(frozen=True, slots=True)
class Turn:
    """The turn under way in a debate: whose words count, and where."""

    speech: int
    accounts: frozenset[AccountRef]
    rooms: frozenset[RoomRef]


class FloorMemory:
    """The turns under way by debate, and the rooms whose floor was given in them. Empty after a start."""

    def __init__(self) -> None:
        self._turns: dict[int, Turn] = {}
        self._rooms: dict[tuple[int, int], int] = {}
        self._changing: defaultdict[RoomRef, asyncio.Lock] = defaultdict(asyncio.Lock)

    def keep(self, number: int, turn: Turn | None) -> None:
        """Remember the debate's turn under way, None for none."""
        if turn is None:
            self._turns.pop(number, None)
        else:
            self._turns[number] = turn

    def debate_of(self, account: AccountRef, room: RoomRef) -> int | None:
        """The debate in which the account has the floor in this room."""
        for number, turn in self._turns.items():
            if room in turn.rooms and account in turn.accounts:
                return number
        return None

    def is_settled(self, number: int, room: int, speech: int) -> bool:
        """Whether the room was already given to this turn, or found to be one that can't be."""
        return self._rooms.get((number, room)) == speech

    def settle(self, number: int, room: int, speech: int | None) -> None:
        """Remember for which turn the room is settled; None when it is to be looked at again."""
        if speech is None:
            self._rooms.pop((number, room), None)
        else:
            self._rooms[number, room] = speech

    def changing(self, place: RoomRef) -> asyncio.Lock:
        """Held by whoever changes who may write in this place."""
        return self._changing[place]
