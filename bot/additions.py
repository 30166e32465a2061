"""The interface to what is kept of the options that voters add: a part of `bot.store.Transaction`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.added_options import AddedOption, AddedState
from bot.domain.date_options import Slot


class AddedOptions(Protocol):
    """What voters proposed to add to consultations. Proposals are numbered from 1 in theirs."""

    def propose(self, number: int, account: int, text: str, slot: Slot | None = None) -> AddedOption:
        """Keep a proposal, which waits; `slot` is when it is, among dates."""

    def proposals(self, number: int) -> Sequence[AddedOption]:
        """Every proposal, in order."""

    def proposal(self, number: int, entry: int) -> AddedOption:
        """The proposal with this number. Raises Missing("no-such-proposal")."""

    def accept(self, number: int, entry: int, option: int, at: datetime) -> AddedOption:
        """The proposal is an option from this instant on, under its permanent number."""

    def dismiss(self, number: int, entry: int, state: AddedState, why: str) -> AddedOption:
        """The proposal is refused or hidden, for this reason."""

    def is_chosen(self, number: int, option: int) -> bool:
        """Whether any ballot on record names the option, whatever it says of it."""
