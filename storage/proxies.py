"""Votes given to others, and the ballots cast by proxy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, delete, func, or_, select, update

from bot.domain.casting import Cast, NoRight, Recorded, Ruling
from bot.domain.ids import AccountRef
from bot.domain.proxies import DayProxy, Proxy, Side
from bot.domain.refusals import Refusal
from storage import mapping
from storage.casting import cast_for
from storage.database import Database
from storage.proxy_sealing import of_right
from storage.proxy_tables import PROXY, PROXY_COUNT, PROXY_DAY
from storage.sealing import complete
from storage.tables import ACCOUNT, BALLOT, CONSULTATION, RIGHT_ACCOUNT, VOTING_RIGHT


class SqlProxies:
    """`bot.proxies.Proxies` over one connection inside a transaction (which says what each does)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # -- in one consultation ---------------------------------------------------------------------------------------
    def offer(self, number: int, giver: int, code_hash: str) -> None:
        """See Proxies."""
        values = {"holder": None, "hash": code_hash, "used": False, "day": None}
        self._db.put(PROXY, consultation=number, giver=giver, **values)

    def give(self, proxy: Proxy) -> None:
        """See Proxies. The code stays known, so that whoever brings it again hears what became of it."""
        values = {"holder": proxy.holder, "used": proxy.used, "day": proxy.day}
        self._db.put(PROXY, consultation=proxy.number, giver=proxy.giver, **values)

    def drop(self, number: int, giver: int) -> None:
        """See Proxies."""
        self._db.run(delete(PROXY).where(PROXY.c.consultation == number, PROXY.c.giver == giver))

    def of_giver(self, number: int, giver: int) -> Proxy | None:
        """See Proxies."""
        mine = (PROXY.c.consultation == number, PROXY.c.giver == giver)
        row = self._db.first(select(PROXY).where(*mine))
        return row and _proxy(row)

    def held(self, number: int, holder: int) -> Sequence[Proxy]:
        """See Proxies."""
        mine = (PROXY.c.consultation == number, PROXY.c.holder == holder)
        return [_proxy(row) for row in self._db.all(select(PROXY).where(*mine).order_by(PROXY.c.giver))]

    def side(self, number: int, person: int) -> Side:
        """See Proxies."""
        gave = self.of_giver(number, person)
        ballot = select(BALLOT.c.voting_right).join(VOTING_RIGHT, VOTING_RIGHT.c.id == BALLOT.c.voting_right)
        own = self._db.first(ballot.where(VOTING_RIGHT.c.consultation == number, VOTING_RIGHT.c.person == person))
        voted = own is not None and not (gave is not None and gave.used)
        return Side(person, gave, len(self.held(number, person)), voted)

    def concerning(self, person: int) -> Sequence[Proxy]:
        """See Proxies."""
        order = (PROXY.c.consultation.desc(), PROXY.c.giver)
        mine = or_(PROXY.c.giver == person, PROXY.c.holder == person)
        return [_proxy(row) for row in self._db.all(select(PROXY).where(mine).order_by(*order))]

    def every(self, number: int) -> Sequence[Proxy]:
        """See Proxies."""
        taken = (PROXY.c.consultation == number, PROXY.c.holder.is_not(None))
        return [_proxy(row) for row in self._db.all(select(PROXY).where(*taken).order_by(PROXY.c.giver))]

    # -- for a day -------------------------------------------------------------------------------------------------
    def offer_day(self, organisation: int, day: date, giver: int, code_hash: str) -> None:
        """See Proxies."""
        self._db.put(PROXY_DAY, organisation=organisation, day=day, giver=giver, holder=None, hash=code_hash)

    def give_day(self, proxy: DayProxy) -> None:
        """See Proxies."""
        key = {"organisation": proxy.organisation, "day": proxy.day, "giver": proxy.giver}
        self._db.put(PROXY_DAY, **key, holder=proxy.holder)

    def drop_day(self, organisation: int, day: date, giver: int) -> None:
        """See Proxies."""
        mine = (PROXY_DAY.c.organisation == organisation, PROXY_DAY.c.day == day, PROXY_DAY.c.giver == giver)
        self._db.run(delete(PROXY_DAY).where(*mine))

    def day_of(self, organisation: int, day: date, giver: int) -> DayProxy | None:
        """See Proxies."""
        mine = (PROXY_DAY.c.organisation == organisation, PROXY_DAY.c.day == day, PROXY_DAY.c.giver == giver)
        row = self._db.first(select(PROXY_DAY).where(*mine))
        return row and _day(row)

    def days(self, organisation: int) -> Sequence[DayProxy]:
        """See Proxies."""
        taken = (PROXY_DAY.c.organisation == organisation, PROXY_DAY.c.holder.is_not(None))
        rows = self._db.all(select(PROXY_DAY).where(*taken).order_by(PROXY_DAY.c.day, PROXY_DAY.c.giver))
        return [_day(row) for row in rows]

    def days_of(self, person: int) -> Sequence[DayProxy]:
        """See Proxies."""
        mine = or_(PROXY_DAY.c.giver == person, PROXY_DAY.c.holder == person)
        rows = self._db.all(select(PROXY_DAY).where(mine).order_by(PROXY_DAY.c.day, PROXY_DAY.c.giver))
        return [_day(row) for row in rows]

    # -- codes -----------------------------------------------------------------------------------------------------
    def by_code(self, code_hash: str) -> Proxy | DayProxy | None:
        """See Proxies."""
        row = self._db.first(select(PROXY).where(PROXY.c.hash == code_hash))
        if row is not None:
            return _proxy(row)
        row = self._db.first(select(PROXY_DAY).where(PROXY_DAY.c.hash == code_hash))
        return row and _day(row)

    # -- voting ----------------------------------------------------------------------------------------------------
    def cast(self, cast: Cast, giver: int, charter_version: str) -> Ruling:
        """See Proxies. The proxy is locked before the ballot, as it is when the giver votes: neither waits for the
        other in a circle."""
        # Before the proxy, as whoever gives or closes does; shared, as other ballots take it.
        vote = select(CONSULTATION.c.number).where(CONSULTATION.c.number == cast.number)
        self._db.run(vote.with_for_update(read=True))
        mine = (PROXY.c.consultation == cast.number, PROXY.c.giver == giver)
        holder = select(ACCOUNT.c.person).where(ACCOUNT.c.ref == str(cast.account)).scalar_subquery()
        if self._db.first(select(PROXY.c.giver).where(*mine, PROXY.c.holder == holder).with_for_update()) is None:
            return Refusal("proxy-not-held", number=str(cast.number))
        rights = (VOTING_RIGHT.c.consultation == cast.number, VOTING_RIGHT.c.person == giver)
        row = self._db.first(select(VOTING_RIGHT.c.id).where(*rights))
        if row is None:
            return NoRight()
        ruling = cast_for(self._db, cast, row.id, charter_version)
        if isinstance(ruling, Recorded):
            self._db.run(update(PROXY).where(*mine).values(used=ruling.choice is not None))
        return ruling

    def counted(self, number: int) -> int:
        """See Proxies."""
        sealed = self._db.first(select(PROXY_COUNT.c.ballots).where(PROXY_COUNT.c.consultation == number))
        if sealed is not None:
            return int(sealed.ballots)
        cast = of_right().where(PROXY.c.consultation == number, PROXY.c.used, complete(self._db, number))
        return int(self._db.all(select(func.count()).select_from(cast.subquery()))[0][0])

    def represented(self, number: int) -> Sequence[AccountRef]:
        """See Proxies. Of several accounts, the one seen first, as in `votes_by_name`."""
        first = (
            select(func.min(RIGHT_ACCOUNT.c.account).label("account"))
            .join(VOTING_RIGHT, VOTING_RIGHT.c.id == RIGHT_ACCOUNT.c.voting_right)
            .join(PROXY, and_(PROXY.c.consultation == number, PROXY.c.giver == VOTING_RIGHT.c.person))
            .join(BALLOT, BALLOT.c.voting_right == VOTING_RIGHT.c.id)
            .where(VOTING_RIGHT.c.consultation == number, PROXY.c.used, complete(self._db, number))
            .group_by(RIGHT_ACCOUNT.c.voting_right)
            .subquery()
        )
        rows = self._db.all(select(ACCOUNT.c.ref).join(first, first.c.account == ACCOUNT.c.id).order_by(ACCOUNT.c.id))
        return [mapping.account_ref(row.ref) for row in rows]


def _proxy(row: Row[Any]) -> Proxy:
    return Proxy(row.consultation, row.giver, row.holder, row.used, row.day)


def _day(row: Row[Any]) -> DayProxy:
    return DayProxy(row.organisation, row.day, row.giver, row.holder)
