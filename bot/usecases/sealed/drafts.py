"""Ballots being filled in that must not touch the database: they are in this process's memory and nowhere else.

A restart loses them, and whoever was filling one in is told so. One for each account, as
there is one dialogue with each.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.papers import Paper

MOST = 5_000
"""Drafts kept at once: beyond, the oldest is forgotten, as a restart would."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A ballot not sealed yet, and the code it will have. `replaces`: the code is that of a ballot cast before.
    `touched` is the act that changed it last, which delivered again changes nothing."""

    number: int
    paper: Paper
    code: str
    replaces: bool = False
    touched: str = ""


class Drafts:
    """The drafts, by the number of the account."""

    def __init__(self) -> None:
        self._drafts: dict[int, Draft] = {}

    def of(self, account: int, number: int | None = None) -> Draft | None:
        """The account's draft, if it is about this consultation (None: about any)."""
        found = self._drafts.get(account)
        return found if found is not None and number in {None, found.number} else None

    def keep(self, account: int, draft: Draft) -> None:
        """Keep the account's draft in place of any other."""
        self._drafts.pop(account, None)
        if len(self._drafts) >= MOST:
            self._drafts.pop(next(iter(self._drafts)))
        self._drafts[account] = draft

    def drop(self, account: int) -> None:
        """Forget the account's draft."""
        self._drafts.pop(account, None)
