"""The interface to what is kept for scrutineers: contestations, words for acts that need two, signs of trouble: a part
of `bot.store.Transaction`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.approvals import Word
from bot.domain.attendance import Attending
from bot.domain.contests import Contest
from bot.domain.integrity import Noted


class Scrutiny(Protocol):
    """What scrutineers look after."""

    # -- contestations ---------------------------------------------------------------------------------------------
    def contest(self, number: int, account: int, text: str, at: datetime) -> Contest:
        """A new contestation of the consultation, with the next number in it."""

    def contests(self, number: int) -> Sequence[Contest]:
        """Every contestation of the consultation, in order."""

    def contests_of(self, number: int, person: int) -> Sequence[Contest]:
        """Those that accounts of this person made."""

    def save_contest(self, contest: Contest, at: datetime) -> None:
        """Replace what is kept of the contestation: whether it is signed, and what was decided of it."""

    def forget_people(self, number: int) -> None:
        """Erase whose the contestations of an ended consultation were, and whose words for acts; what was published
        stays."""

    # -- attendance ------------------------------------------------------------------------------------------------
    def attendance(self, number: int) -> Sequence[Attending]:
        """Every right of an ended consultation that was not merged into another, in no order; none once the voters are
        erased."""

    # -- acts that need two ----------------------------------------------------------------------------------------
    def give_word(self, number: int, word: Word) -> None:
        """Keep the word of a person for an act, in place of their earlier one for it."""

    def words(self, number: int) -> Sequence[Word]:
        """The words given for acts on the consultation, oldest first."""

    # -- signs of trouble ------------------------------------------------------------------------------------------
    def note(self, noted: Mapping[int, Noted]) -> None:
        """Add what was noted of ballots, by consultation."""

    def noted(self, number: int) -> Noted:
        """What was noted of the consultation's ballots."""

    def joined(self, number: int, since: datetime, until: datetime) -> int:
        """How many accounts arrived in the consultation's rooms in that time."""

    def largest_new_server(self, number: int, since: datetime) -> int:
        """The most accounts tied to rights that share a homeserver, of those from which everyone in the consultation's
        rooms was seen to arrive since then."""

    def merged(self, number: int) -> int:
        """How many rights of the consultation were merged into others."""
