"""Reading everything that is tied to one person, from whatever table it stands in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Table, and_, exists, func, or_, select
from sqlalchemy.sql import ColumnElement

from bot.domain.consultation import State
from bot.domain.members import Role
from bot.domain.personal import (
    Kept,
    KeptAccount,
    KeptMembership,
    KeptRight,
    KeptRole,
    KeptRoom,
    Record,
)
from storage import mapping
from storage.database import Database
from storage.deliberation_tables import ARGUMENT, PARTICIPANT, WORDING
from storage.forgetting import references
from storage.member_tables import MEMBER, ROLE_GRANT
from storage.members import EVERYWHERE
from storage.personal_tables import FORGETTING
from storage.proxy_sealing import cast_by_proxy
from storage.reason_tables import REASON
from storage.tables import ACCOUNT, BALLOT, CONSULTATION, PERSON, PRESENCE, ROOM, VOTING_RIGHT, metadata

SECRET = frozenset({"hash"})
"""Columns that are no use to the person, and would be of some to whoever finds the file."""


def about(db: Database, person: int) -> Kept:
    """Everything tied to the person, see `bot.domain.personal.Kept`."""
    rows = db.all(select(ACCOUNT).where(ACCOUNT.c.person == person).order_by(ACCOUNT.c.id))
    numbers = [row.id for row in rows]
    waits = db.first(select(func.min(FORGETTING.c.asked_at).label("at")).where(FORGETTING.c.account.in_(numbers)))
    return Kept(
        accounts=tuple(
            KeptAccount(mapping.account_ref(row.ref), row.name, row.language, row.first_seen) for row in rows
        ),
        rooms=tuple(_rooms(db, numbers)),
        rights=tuple(_rights(db, person)),
        memberships=tuple(_memberships(db, person)),
        roles=tuple(_roles(db, person)),
        forget_asked_at=waits.at if waits else None,
        records=_records(db, person, numbers),
    )


def _records(db: Database, person: int, accounts: Sequence[int]) -> dict[str, Sequence[Record]]:
    """Every row that refers to the person, to their accounts or to their rights, or stands under their aliases."""
    rights = select(VOTING_RIGHT.c.id).where(VOTING_RIGHT.c.person == person)
    theirs: dict[Table, list[ColumnElement[bool]]] = defaultdict(list)
    for to, rows in ((PERSON, [person]), (ACCOUNT, accounts), (VOTING_RIGHT, rights)):
        for column in references(to):
            assert isinstance(column.table, Table)
            theirs[column.table].append(column.in_(rows))
    for table in metadata.sorted_tables:
        if {"consultation", "alias"} <= set(table.c.keys()) and table is not PARTICIPANT:
            under = (PARTICIPANT.c.consultation == table.c.consultation, PARTICIPANT.c.alias == table.c.alias)
            theirs[table].append(exists().where(*under, PARTICIPANT.c.voting_right.in_(rights)))
    mine = exists().where(
        ARGUMENT.c.consultation == WORDING.c.consultation, ARGUMENT.c.number == WORDING.c.argument, *theirs[ARGUMENT]
    )
    theirs[WORDING].append(mine)
    for table in (BALLOT, REASON):
        # How somebody else voted in their place is not theirs to know.
        theirs[table] = [and_(or_(*theirs[table]), table.c.voting_right.not_in(cast_by_proxy()))]
    found = {table.name: db.all(select(table).where(or_(*rows))) for table, rows in theirs.items()}
    return {name: [_record(row) for row in rows] for name, rows in sorted(found.items()) if rows}


def _record(row: Row[Any]) -> Record:
    """The row in plain values."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row._mapping.items()
        if name not in SECRET
    }


def _rooms(db: Database, accounts: Sequence[int]) -> list[KeptRoom]:
    seen = (
        select(ACCOUNT.c.platform, ROOM.c.title, PRESENCE.c.arrived_at, PRESENCE.c.left_at)
        .join(ACCOUNT, ACCOUNT.c.id == PRESENCE.c.account)
        .join(ROOM, ROOM.c.id == PRESENCE.c.room)
        .where(PRESENCE.c.account.in_(accounts))
        .order_by(PRESENCE.c.room, PRESENCE.c.account)
    )
    return [KeptRoom(row.platform, row.title, row.arrived_at, row.left_at) for row in db.all(seen)]


def _rights(db: Database, person: int) -> list[KeptRight]:
    has_ballot = exists().where(
        BALLOT.c.consultation == VOTING_RIGHT.c.consultation, BALLOT.c.voting_right == VOTING_RIGHT.c.id
    )
    alias = and_(PARTICIPANT.c.consultation == CONSULTATION.c.number, PARTICIPANT.c.voting_right == VOTING_RIGHT.c.id)
    rights = (
        select(CONSULTATION, or_(VOTING_RIGHT.c.used, has_ballot).label("voted"), PARTICIPANT.c.alias)
        .join(VOTING_RIGHT, VOTING_RIGHT.c.consultation == CONSULTATION.c.number)
        .outerjoin(PARTICIPANT, alias)
        .where(VOTING_RIGHT.c.person == person)
        .order_by(CONSULTATION.c.number.desc())
    )
    return [_right(row) for row in db.all(rights)]


def _right(row: Row[Any]) -> KeptRight:
    return KeptRight(row.number, State(row.state), bool(row.voted), row.alias, row.closes_at, row.erase_at)


def _memberships(db: Database, person: int) -> list[KeptMembership]:
    lines = select(MEMBER).where(MEMBER.c.person == person).order_by(MEMBER.c.id)
    return [KeptMembership(row.organisation, row.label, row.grp, row.suspended) for row in db.all(lines)]


def _roles(db: Database, person: int) -> list[KeptRole]:
    order = (ROLE_GRANT.c.given_at, ROLE_GRANT.c.role)
    grants = select(ROLE_GRANT).where(ROLE_GRANT.c.person == person).order_by(*order)
    return [
        KeptRole(
            row.organisation, None if row.consultation == EVERYWHERE else row.consultation, Role(row.role), row.given_at
        )
        for row in db.all(grants)
    ]
