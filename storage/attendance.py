"""Who holds the rights of a consultation and whether each was used, as far as the server still knows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from bot.domain.attendance import Attending
from bot.domain.ids import AccountRef
from storage import mapping
from storage.database import Database
from storage.member_tables import RIGHT_MERGE
from storage.scrutiny_tables import RIGHT_ORGANISATION
from storage.tables import ACCOUNT, RIGHT_ACCOUNT, VOTING_RIGHT


def attendance(db: Database, number: int) -> Sequence[Attending]:
    """See `bot.scrutiny.Scrutiny`. A right that was merged into another is that one's."""
    merged = select(RIGHT_MERGE.c.voting_right)
    mine = (VOTING_RIGHT.c.consultation == number, VOTING_RIGHT.c.id.not_in(merged))
    rights = db.all(select(VOTING_RIGHT.c.id, VOTING_RIGHT.c.person, VOTING_RIGHT.c.used).where(*mine))
    accounts, rolls = _accounts(db, number), rolls_of(db, number)
    return [Attending(row.person, tuple(accounts[row.id]), bool(row.used), frozenset(rolls[row.id])) for row in rights]


def _accounts(db: Database, number: int) -> dict[int, list[tuple[AccountRef, str]]]:
    """The accounts tied to each right, oldest first, with their names."""
    tied = (
        select(RIGHT_ACCOUNT.c.voting_right, ACCOUNT.c.ref, ACCOUNT.c.name)
        .join(ACCOUNT, ACCOUNT.c.id == RIGHT_ACCOUNT.c.account)
        .where(RIGHT_ACCOUNT.c.consultation == number)
        .order_by(ACCOUNT.c.id)
    )
    found: dict[int, list[tuple[AccountRef, str]]] = defaultdict(list)
    for row in db.all(tied):
        found[row.voting_right].append((mapping.account_ref(row.ref), row.name))
    return found


def rolls_of(db: Database, number: int) -> dict[int, set[int]]:
    """The organisations on whose rolls each right stands, with those of the rights that were merged into it."""
    held = func.coalesce(RIGHT_MERGE.c.merged_into, RIGHT_ORGANISATION.c.voting_right).label("held")
    standing = (
        select(held, RIGHT_ORGANISATION.c.organisation)
        .join(VOTING_RIGHT, VOTING_RIGHT.c.id == RIGHT_ORGANISATION.c.voting_right)
        .outerjoin(RIGHT_MERGE, RIGHT_MERGE.c.voting_right == RIGHT_ORGANISATION.c.voting_right)
        .where(VOTING_RIGHT.c.consultation == number)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for row in db.all(standing):
        found[row.held].add(row.organisation)
    return found
