"""The reasons that go with consent ballots: written with the ballot, sealed with it, and then nobody's.

While a consultation is open a reason hangs on a voting right; sealing copies its words
beside the choice they were given for, and erases whose they were.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Executable, Integer, Text, and_, bindparam, delete, func, literal, select, tuple_

from bot.domain.ballots import from_text
from bot.domain.reasons import GivenReason
from storage.database import Database
from storage.dialects import Dialect
from storage.mapping import storable
from storage.proxy_sealing import cast_by_proxy
from storage.reason_tables import REASON, REASON_SHEET
from storage.tables import BALLOT, RIGHT_ACCOUNT


class SqlReasons:
    """`bot.reasons.Reasons` over one connection inside a transaction."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def of(self, number: int, account: int) -> str:
        """See Reasons."""
        row = self.db.first(
            select(REASON.c.text)
            .join(RIGHT_ACCOUNT, RIGHT_ACCOUNT.c.voting_right == REASON.c.voting_right)
            .where(REASON.c.consultation == number)
            .where(RIGHT_ACCOUNT.c.consultation == number, RIGHT_ACCOUNT.c.account == account)
            .where(REASON.c.voting_right.not_in(cast_by_proxy(number)))
        )
        return row.text if row else ""

    def published(self, number: int) -> Sequence[GivenReason]:
        """See Reasons."""
        sheet = select(REASON_SHEET.c.choice, REASON_SHEET.c.text, REASON_SHEET.c.count.label("times"))
        rows = self.db.all(sheet.where(REASON_SHEET.c.consultation == number))
        return [GivenReason(from_text(row.choice), row.text, row.times) for row in rows]

    def forget(self, number: int) -> None:
        """See Reasons."""
        for table in (REASON, REASON_SHEET):
            self.db.run(delete(table).where(table.c.consultation == number))


def seal_reasons(db: Database, number: int, keep_links: bool) -> None:
    """Copy the reasons to their sheet, while the ballots still say what they were given for; unless `keep_links`,
    delete whose they are. Doing it twice changes nothing more."""
    together = and_(REASON.c.consultation == BALLOT.c.consultation, REASON.c.voting_right == BALLOT.c.voting_right)
    said = (
        select(literal(number), BALLOT.c.choice, REASON.c.text, func.count())
        .join(REASON, together)
        .where(BALLOT.c.consultation == number)
        .group_by(BALLOT.c.choice, REASON.c.text)
        .order_by(BALLOT.c.choice, REASON.c.text)
    )
    sheet = db.dialect.insert(REASON_SHEET).from_select(["consultation", "choice", "text", "count"], said)
    db.run(sheet.on_conflict_do_nothing())
    if not keep_links:
        db.run(delete(REASON).where(REASON.c.consultation == number))


def merge_reasons(db: Database, number: int, kept: int, gone: int, *, replaced: bool) -> None:
    """Of two rights that become one the reason goes with the ballot that stays: that of `gone` if it replaced the
    other."""
    if replaced:
        db.run(delete(REASON).where(REASON.c.consultation == number, REASON.c.voting_right == kept))
        moved = REASON.update().where(REASON.c.consultation == number, REASON.c.voting_right == gone)
        db.run(moved.values(voting_right=kept))
    db.run(delete(REASON).where(REASON.c.consultation == number, REASON.c.voting_right == gone))


@dataclass(frozen=True, slots=True)
class Statements:
    """What a batch of casts writes about reasons."""

    keep: Executable
    drop: Executable


def write_reasons(db: Database, said: Mapping[int, tuple[int, str]]) -> None:
    """Keep what each right said with its new ballot, by right: its consultation and the words, '' for none any more."""
    # In the order of rights, so that two transactions never wait for each other's rows.
    rows = [
        {"number": number, "right": right, "text": storable(words)} for right, (number, words) in sorted(said.items())
    ]
    kept, dropped = ([row for row in rows if bool(row["text"]) is with_words] for with_words in (True, False))
    statements = _statements(db.dialect)
    if kept:
        db.run(statements.keep, reasons=json.dumps(kept))
    if dropped:
        db.run(statements.drop, reasons=json.dumps(dropped))


@lru_cache(maxsize=8)
def _statements(dialect: Dialect) -> Statements:
    reasons = dialect.listed("reasons", {"number": Integer(), "right": Integer(), "text": Text()})
    # SQLite takes the ON of ON CONFLICT for a join's, unless a WHERE stands between.
    every = select(reasons.c.number, reasons.c.right, reasons.c.text).where(bindparam("one", 1, Integer) == 1)
    keep = dialect.insert(REASON).from_select(["consultation", "voting_right", "text"], every)
    listed = select(reasons.c.number, reasons.c.right)
    return Statements(
        keep=keep.on_conflict_do_update(
            index_elements=["consultation", "voting_right"], set_={"text": keep.excluded.text}
        ),
        drop=delete(REASON).where(tuple_(REASON.c.consultation, REASON.c.voting_right).in_(listed)),
    )
