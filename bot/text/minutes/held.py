"""What happened in one consultation, as far as everyone may know it: what minutes are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.charter import Disclosure
from bot.domain.consultation import Consultation
from bot.domain.organisation import Organisation
from bot.domain.results import Result
from bot.store import JournalEntry
from bot.text.results import Concluded


@dataclass(frozen=True, slots=True)
class Held:
    """A consultation that was held. `journal` are its own lines, `rooms` their names, `heads` the journal's at
    the opening and the closing; `concluded` is None for a debate or an opinion map, and `told` then says
    what came out of it."""

    consultation: Consultation
    organisation: Organisation
    disclosure: Disclosure | None
    journal: Sequence[JournalEntry]
    rooms: tuple[str, ...]
    heads: Mapping[str, str]
    voters: int
    concluded: Concluded | None = None
    told: tuple[str, ...] = ()

    @property
    def result(self) -> Result | None:
        """The result of its count, if it had one."""
        return self.concluded.result if self.concluded else None

    @property
    def merged(self) -> int:
        """How many rights were merged into others, because accounts were linked."""
        return sum(int(entry.facts["rights"]) for entry in self.lines("rights-merged"))

    def lines(self, kind: str) -> list[JournalEntry]:
        """What the journal says of this kind, in order."""
        return [entry for entry in self.journal if entry.kind == kind]
