"""How a transferable paper is read where its voter left a rank empty or marked several options at one.

Election offices differ; the three rules for overvotes and the limit of skipped ranks are those of RCTab, the tabulator
of many American cities. Without a word the paper ends at an overvote, and empty ranks are passed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

PAPER_METHODS = ("irv", "stv")
"""The methods whose papers are transferred, which these rules concern."""


class Overvotes(StrEnum):
    """What a rank with several options does: the paper ends there; the rank is passed over; or it counts once a single
    one of them is still in the count, and ends the paper if there are several when it is reached."""

    END = "end"
    SKIP = "skip"
    CONTINUING = "continuing"


@dataclass(frozen=True, slots=True)
class PaperRules:
    """The rules of a count. More than `skips` empty ranks in a row end the paper; None: they never do."""

    overvotes: Overvotes = Overvotes.END
    skips: int | None = None

    def said(self, ranks: Sequence[Sequence[int]]) -> list[Sequence[int]]:
        """What a paper says, rank by rank, of what is written at each; nothing is empty any more."""
        kept: list[Sequence[int]] = []
        empty = 0
        for rank in ranks:
            empty = 0 if rank else empty + 1
            if self.skips is not None and empty > self.skips:
                break
            if rank and not (len(rank) > 1 and self.overvotes is Overvotes.SKIP):
                kept.append(rank)
        return kept


AS_WRITTEN = PaperRules()
"""What holds without a word."""
