"""The interface to what is kept about one person, and to forgetting it: a part of `bot.store.Transaction`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.personal import Forgotten, Kept, Need


class Personal(Protocol):
    """What is kept about people, whatever it is kept for."""

    def kept(self, account: int) -> Kept:
        """Everything tied to the account's person."""

    def needs(self, account: int) -> Sequence[Need]:
        """The consultations that aren't certified in which the person holds a right, or which the person made; the
        first to close first."""

    def only_admin_of(self, account: int) -> Sequence[int]:
        """The organisations other rooms may join that nobody but the account's person administers."""

    def forget(self, account: int, at: datetime) -> Forgotten:
        """Erase what is tied to the account's person and no consultation in `needs` needs.

        While some are left a request is kept, and doing it again erases more; once none is, the accounts go too, and
        the request. What stays (totals, published words, lines of rolls) belongs to nobody any more.
        """

    def due(self) -> Sequence[int]:
        """The accounts whose persons asked to be forgotten, waited, and have ended consultations to be erased from, or
        nothing left that needs them; oldest request first."""

    def erase(self, number: int) -> Mapping[str, int]:
        """Erase what is kept of the people of one ended consultation, on the day it promised: how many voting
        `rights`, and how many other `records`. The tally sheet stays."""

    def sweep(self, now: datetime) -> Mapping[str, int]:
        """Erase codes used, replaced or typed wrong, requests to link and drafts that were kept long enough (see
        `bot.domain.personal`): how many of each that had any."""
