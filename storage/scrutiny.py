"""What is kept for scrutineers: contestations, words for acts that need two, signs of trouble."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update

from bot.domain.approvals import Paired, Word
from bot.domain.attendance import Attending
from bot.domain.contests import Contest, Verdict
from bot.domain.integrity import Noted
from storage.attendance import attendance
from storage.database import Database
from storage.mapping import account_ref, storable
from storage.member_tables import RIGHT_MERGE
from storage.scrutiny_tables import APPROVAL, BURST, CONTEST, REFUSED_BALLOT
from storage.tables import ACCOUNT, CONSULTATION_ROOM, PRESENCE, RIGHT_ACCOUNT, ROOM, VOTING_RIGHT

MATRIX = "matrix"
"""The platform whose accounts live on servers of their own."""


class SqlScrutiny:
    """`bot.scrutiny.Scrutiny` over one connection inside a transaction (which says what each does)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # -- contestations ---------------------------------------------------------------------------------------------
    def contest(self, number: int, account: int, text: str, at: datetime) -> Contest:
        """See Scrutiny."""
        entry = self._db.count(CONTEST, CONTEST.c.consultation == number) + 1
        made = Contest(number, entry, account, storable(text), at)
        self._db.run(
            CONTEST.insert().values(
                consultation=number, entry=made.entry, account=account, text=made.text, made_at=at, signed=False,
                state=made.verdict.value, decision="", decided_at=None,
            )
        )  # fmt: skip
        return made

    def contests(self, number: int) -> Sequence[Contest]:
        """See Scrutiny."""
        rows = self._db.all(select(CONTEST).where(CONTEST.c.consultation == number).order_by(CONTEST.c.entry))
        return [_contest(row) for row in rows]

    def contests_of(self, number: int, person: int) -> Sequence[Contest]:
        """See Scrutiny."""
        mine = (CONTEST.c.consultation == number, ACCOUNT.c.person == person)
        joined = select(CONTEST).join(ACCOUNT, ACCOUNT.c.id == CONTEST.c.account)
        return [_contest(row) for row in self._db.all(joined.where(*mine).order_by(CONTEST.c.entry))]

    def save_contest(self, contest: Contest, at: datetime) -> None:
        """See Scrutiny."""
        mine = (CONTEST.c.consultation == contest.number, CONTEST.c.entry == contest.entry)
        said: dict[str, Any] = {
            "signed": contest.signed, "state": contest.verdict.value, "decision": storable(contest.decision),
        }  # fmt: skip
        if contest.verdict is not Verdict.OPEN:
            said["decided_at"] = at
        self._db.run(update(CONTEST).where(*mine).values(said))

    def forget_people(self, number: int) -> None:
        """See Scrutiny."""
        self._db.run(update(CONTEST).where(CONTEST.c.consultation == number).values(account=None))
        self._db.run(delete(APPROVAL).where(APPROVAL.c.consultation == number))

    # -- attendance ------------------------------------------------------------------------------------------------
    def attendance(self, number: int) -> Sequence[Attending]:
        """See Scrutiny."""
        return attendance(self._db, number)

    # -- acts that need two ----------------------------------------------------------------------------------------
    def give_word(self, number: int, word: Word) -> None:
        """See Scrutiny."""
        self._db.put(
            APPROVAL,
            consultation=number,
            act=word.act.value,
            account=word.account,
            terms=storable(word.terms),
            given_at=word.at,
        )

    def words(self, number: int) -> Sequence[Word]:
        """See Scrutiny. Whose person an account is now counts: two that were linked since are one."""
        rows = self._db.all(
            select(APPROVAL.c.act, ACCOUNT.c.person, APPROVAL.c.account, APPROVAL.c.terms, APPROVAL.c.given_at)
            .join(ACCOUNT, ACCOUNT.c.id == APPROVAL.c.account)
            .where(APPROVAL.c.consultation == number)
            .order_by(APPROVAL.c.given_at, APPROVAL.c.account)
        )
        return [Word(Paired(row.act), row.person, row.account, row.terms, row.given_at) for row in rows]

    # -- signs of trouble ------------------------------------------------------------------------------------------
    def note(self, noted: Mapping[int, Noted]) -> None:
        """See Scrutiny. In one order, so that two processes never wait for each other's rows."""
        for number, one in sorted(noted.items()):
            for code, count in sorted(one.refused.items()):
                first = self._db.dialect.insert(REFUSED_BALLOT).values(consultation=number, code=code, count=count)
                more = {"count": REFUSED_BALLOT.c.count + count}
                self._db.run(first.on_conflict_do_update(index_elements=["consultation", "code"], set_=more))
            if one.burst > self._burst(number):
                self._db.put(BURST, consultation=number, most=one.burst)

    def noted(self, number: int) -> Noted:
        """See Scrutiny."""
        rows = self._db.all(
            select(REFUSED_BALLOT.c.code, REFUSED_BALLOT.c.count.label("times"))
            .where(REFUSED_BALLOT.c.consultation == number)
            .order_by(REFUSED_BALLOT.c.code)
        )
        return Noted({row.code: row.times for row in rows}, self._burst(number))

    def _burst(self, number: int) -> int:
        row = self._db.first(select(BURST.c.most).where(BURST.c.consultation == number))
        return 0 if row is None else int(row.most)

    def joined(self, number: int, since: datetime, until: datetime) -> int:
        """See Scrutiny. People arrive in places, never in topics."""
        arrived = select(func.count(PRESENCE.c.account.distinct())).where(
            PRESENCE.c.room.in_(_places(number)), PRESENCE.c.arrived_at >= since, PRESENCE.c.arrived_at <= until
        )
        return int(self._db.all(arrived)[0][0])

    def largest_new_server(self, number: int, since: datetime) -> int:
        """See Scrutiny. An account that was not seen to arrive was there before the bot could see."""
        there = (
            select(ACCOUNT.c.ref, PRESENCE.c.arrived_at)
            .join(PRESENCE, PRESENCE.c.account == ACCOUNT.c.id)
            .where(PRESENCE.c.room.in_(_places(number)), ACCOUNT.c.platform == MATRIX)
        )
        fresh: set[str] = set()
        known: set[str] = set()
        for row in self._db.all(there):
            is_new = row.arrived_at is not None and row.arrived_at >= since
            (fresh if is_new else known).add(server_of(row.ref))
        tied = (
            select(ACCOUNT.c.ref)
            .join(RIGHT_ACCOUNT, RIGHT_ACCOUNT.c.account == ACCOUNT.c.id)
            .where(RIGHT_ACCOUNT.c.consultation == number, ACCOUNT.c.platform == MATRIX)
        )
        counts = Counter(server_of(row.ref) for row in self._db.all(tied))
        return max((counts[server] for server in fresh - known), default=0)

    def merged(self, number: int) -> int:
        """See Scrutiny."""
        rights = select(VOTING_RIGHT.c.id).where(VOTING_RIGHT.c.consultation == number)
        return self._db.count(RIGHT_MERGE, RIGHT_MERGE.c.voting_right.in_(rights))


def _places(number: int) -> Select[tuple[int]]:
    """The places of the consultation's rooms."""
    return (
        select(func.coalesce(ROOM.c.place, ROOM.c.id))
        .join(CONSULTATION_ROOM, CONSULTATION_ROOM.c.room == ROOM.c.id)
        .where(CONSULTATION_ROOM.c.consultation == number)
    )


def server_of(ref: str) -> str:
    """The homeserver of a Matrix account's whole address."""
    return account_ref(ref).id.partition(":")[2]


def _contest(row: Row[Any]) -> Contest:
    return Contest(
        row.consultation, row.entry, row.account, row.text, row.made_at, row.signed, Verdict(row.state), row.decision
    )
