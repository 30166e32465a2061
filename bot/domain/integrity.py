"""Signs that something went wrong with a vote, as counts: no person, no choice, no hour.

The counts are noted where ballots are refused or recorded, in memory, and written
down from time to time: what a killed program had not written yet is lost, so a count
says "at least".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

LEAST_BURST = 5
"""Ballots in one minute from which on a burst is told: with fewer it would say when someone voted."""

NEW_SERVER_LEAST = 3
"""Accounts of one new homeserver from which on they are told."""

UNWATCHED = frozenset({"no-such-consultation", "takes-no-ballots"})
"""Refusals that are no sign: anyone can send any number."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What was noted of a consultation since it was last written down: ballots refused, by reason, and the most ballots
    recorded within one minute."""

    refused: Mapping[str, int]
    burst: int


@dataclass(slots=True)
class Watch:
    """What is noted in memory while ballots come in. It decides nothing."""

    _refused: dict[int, Counter[str]] = field(default_factory=dict)
    _minute: dict[int, tuple[int, int]] = field(default_factory=dict)
    _burst: dict[int, int] = field(default_factory=dict)

    def refused(self, number: int, code: str) -> None:
        """A ballot was refused for this reason; what is no consultation is nobody's to watch."""
        if code in UNWATCHED:
            return
        self._refused.setdefault(number, Counter())[code] += 1

    def recorded(self, number: int, at: datetime) -> None:
        """A ballot was recorded at this instant."""
        minute = int(at.timestamp()) // 60
        last, count = self._minute.get(number, (minute, 0))
        count = count + 1 if last == minute else 1
        self._minute[number] = (minute, count)
        if count >= LEAST_BURST:
            self._burst[number] = max(count, self._burst.get(number, 0))

    def take(self) -> dict[int, Noted]:
        """What there is to write down, forgotten here."""
        numbers = sorted(self._refused.keys() | self._burst.keys())
        noted = {
            number: Noted(dict(self._refused.get(number, {})), self._burst.get(number, 0)) for number in numbers
        }  # fmt: skip
        self._refused.clear()
        self._burst.clear()
        return noted

    def give_back(self, noted: Mapping[int, Noted]) -> None:
        """What could not be written down is kept for the next time."""
        for number, one in noted.items():
            self._refused.setdefault(number, Counter()).update(one.refused)
            if one.burst:
                self._burst[number] = max(one.burst, self._burst.get(number, 0))


@dataclass(frozen=True, slots=True)
class Signs:
    """Everything the panel shows of a consultation. All of it is counts."""

    joined: int
    """Accounts that arrived in its rooms while it was open."""
    refused: Mapping[str, int]
    """Ballots refused, by reason."""
    burst: int
    """The most ballots recorded within one minute; 0 for fewer than `LEAST_BURST`."""
    new_server: int
    """The most accounts on the roll that share a homeserver from which nobody was in the rooms before the consultation
    was made; 0 for a few."""
    merged: int
    """Rights merged because accounts were linked."""
    wrong_codes: int
    """Codes typed wrongly in the whole instance since it was disclosed."""
    outages: int
    """Closings put off because the bot was away."""
    excused: int
    """Rooms it opened without."""
    waiting: int
    """Contestations that wait for a decision."""
