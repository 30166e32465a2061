"""The interface to what is kept of proxies: a part of `bot.store.Transaction`.

Both sides are persons. While a vote is open who votes for whom is known; once it is
closed there is how many ballots were cast by proxy, and, where names are public anyway,
for whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from bot.domain.casting import Cast, Ruling
from bot.domain.ids import AccountRef
from bot.domain.proxies import DayProxy, Proxy, Side


class Proxies(Protocol):
    """Votes given to others. Codes are kept as hashes."""

    # -- in one consultation ---------------------------------------------------------------------------------------
    def offer(self, number: int, giver: int, code_hash: str) -> None:
        """The giver's vote waits for whoever brings this code, in place of any earlier one nobody took."""

    def give(self, proxy: Proxy) -> None:
        """Keep the proxy as it is now, with the code it came by, if any."""

    def drop(self, number: int, giver: int) -> None:
        """The giver's vote is nobody else's any more."""

    def of_giver(self, number: int, giver: int) -> Proxy | None:
        """The giver's proxy in the consultation, taken or not."""

    def held(self, number: int, holder: int) -> Sequence[Proxy]:
        """The proxies that the holder took in the consultation, by giver."""

    def side(self, number: int, person: int) -> Side:
        """Where the person stands in the consultation."""

    def concerning(self, person: int) -> Sequence[Proxy]:
        """The proxies that the person gave or holds, newest consultations first."""

    def every(self, number: int) -> Sequence[Proxy]:
        """Every proxy of the consultation that was taken, by giver."""

    # -- for a day -------------------------------------------------------------------------------------------------
    def offer_day(self, organisation: int, day: date, giver: int, code_hash: str) -> None:
        """The giver's votes of the day wait for whoever brings this code, in place of any earlier one."""

    def give_day(self, proxy: DayProxy) -> None:
        """Keep the proxy for a day as it is now."""

    def drop_day(self, organisation: int, day: date, giver: int) -> None:
        """The giver's votes of the day are nobody else's any more, but for those that were used."""

    def day_of(self, organisation: int, day: date, giver: int) -> DayProxy | None:
        """The giver's proxy for the day, taken or not."""

    def days(self, organisation: int) -> Sequence[DayProxy]:
        """Every proxy for a day in the organisation that was taken, by day and giver."""

    def days_of(self, person: int) -> Sequence[DayProxy]:
        """The proxies for a day that the person gave or holds, by day."""

    # -- codes -----------------------------------------------------------------------------------------------------
    def by_code(self, code_hash: str) -> Proxy | DayProxy | None:
        """The proxy of the code, whether or not somebody took it already."""

    # -- voting ----------------------------------------------------------------------------------------------------
    def cast(self, cast: Cast, giver: int, charter_version: str) -> Ruling:
        """Decide and record a cast of a holder on the giver's right, as `Store.cast` does on their own.

        NoRight when the giver has none (yet); Refusal `proxy-not-held` when the account's person holds no proxy.
        """

    def counted(self, number: int) -> int:
        """How many of the ballots that count were cast by proxy."""

    def represented(self, number: int) -> Sequence[AccountRef]:
        """An account of each giver whose ballot that counts was cast by proxy, where that is still known."""


class GivesProxies(Protocol):
    """What a transaction has of them."""

    @property
    def proxies(self) -> Proxies:
        """What is kept of votes given to others."""
