"""The interface to what is kept of consultations held together: a part of `bot.store.Transaction`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ballots import Choice
from bot.domain.joint import Cells, Partner


class Joint(Protocol):
    """Organisations invited to hold a consultation together, on whose rolls its rights stand, and their results."""

    # -- invitations -----------------------------------------------------------------------------------------------
    def set_code(self, organisation: int, code_hash: str, account: int, at: datetime) -> None:
        """Keep the hash of the code by which the organisation can be invited, in place of any other; who asked for
        it."""

    def redeem_code(self, code_hash: str, since: datetime) -> tuple[int, int] | None:
        """Use the single-use code: its organisation and who asked for it; None if unknown, used, or made before
        `since`."""

    def partners(self, number: int) -> Sequence[Partner]:
        """Every organisation that was invited, in the order of their numbers."""

    def save(self, number: int, partner: Partner, at: datetime | None = None) -> None:
        """Keep the invitation as it is now; `at` is when it was answered."""

    def drop(self, number: int, organisation: int) -> None:
        """Forget the invitation."""

    def carry(self, number: int, follower: int) -> None:
        """What follows the consultation by itself is held by the same organisations."""

    # -- on whose roll a right stands ------------------------------------------------------------------------------
    def stand(self, number: int, people: Iterable[int], organisation: int) -> None:
        """Note that the rights of these persons stand on the organisation's roll."""

    def stand_where_seen(
        self, number: int, rooms: Iterable[int], organisation: int, opened_at: datetime, but: Iterable[int] = ()
    ) -> None:
        """The same of everyone with a right whose account was in one of these places at the opening, but for these
        persons."""

    def accounts_of_several(self, number: int) -> Sequence[int]:
        """The accounts of those with a right who have several."""

    # -- results ---------------------------------------------------------------------------------------------------
    def cells(self, number: int) -> Cells:
        """The complete ballots, by the organisations on whose rolls their rights stand; before they are sealed."""

    def seal(self, number: int, sheets: Mapping[int, Mapping[Choice, int]]) -> None:
        """Keep the sheets of organisations whose result is told."""

    def sheets(self, number: int) -> Mapping[int, Mapping[Choice, int]]:
        """The sheets kept, by organisation."""


class HeldTogether(Protocol):
    """What a transaction has of them."""

    @property
    def joint(self) -> Joint:
        """What is kept of consultations held together."""
