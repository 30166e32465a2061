"""What is kept about one person, forgetting them, and the retention clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Row, Select, Table, and_, delete, exists, or_, select, update
from sqlalchemy.sql import ColumnElement

from bot.domain.consultation import State
from bot.domain.debate.signing import SIGNATURE_LIMIT
from bot.domain.members import Role
from bot.domain.personal import NEEDED_IN, REQUESTS_KEPT, TRACES_KEPT, Forgotten, Kept, Need
from bot.domain.refusals import Missing
from bot.domain.words import shown
from storage import kept, mapping
from storage.database import Database
from storage.deliberation_tables import ARGUMENT, FLOOR_REQUEST, PARTICIPANT, SPEECH
from storage.forgetting import UNTIED, let_go, let_go_of_everyone, references, remove
from storage.key_share_tables import KEY_SHARE
from storage.member_tables import GIVEN_UP, INVITATION, LINK_REQUEST, MEMBER, ROLE_CODE, ROLE_GRANT, WRONG_CODE
from storage.members import EVERYWHERE
from storage.notice_tables import NOTICE
from storage.participants import forget as forget_aliases
from storage.personal_tables import FORGETTING
from storage.poll_answers import forget_poll_answers
from storage.proxy_sealing import void_all_of
from storage.proxy_tables import PROXY_DAY
from storage.receipt_tables import CODE_SECRET, RECEIPT
from storage.scrutiny_tables import SEALED_BALLOT
from storage.tables import ACCOUNT, CONSULTATION, ORGANISATION, PERSON, VOTING_RIGHT


class SqlPersonal:
    """`bot.personal.Personal` over one connection inside a transaction (which says what each does)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def kept(self, account: int) -> Kept:
        """See Personal."""
        return kept.about(self._db, self._person_of(account))

    def needs(self, account: int) -> Sequence[Need]:
        """See Personal."""
        needed = _needed(self._person_of(account))
        rows = self._db.all(select(CONSULTATION).where(CONSULTATION.c.number.in_(needed)))
        made = [_need(row) for row in rows]
        return sorted(made, key=lambda need: (need.closes_at is None, need.closes_at or 0, need.number))

    def only_admin_of(self, account: int) -> Sequence[int]:
        """See Personal. A person without an account administers nothing."""
        person = self._person_of(account)
        admins = (ROLE_GRANT.c.role == Role.ADMIN.value, ROLE_GRANT.c.consultation == EVERYWHERE)
        mine = select(ROLE_GRANT.c.organisation).where(*admins, ROLE_GRANT.c.person == person)
        others = (
            select(ROLE_GRANT.c.organisation)
            .join(ACCOUNT, ACCOUNT.c.person == ROLE_GRANT.c.person)
            .where(*admins, ROLE_GRANT.c.person != person)
        )
        alone = (ORGANISATION.c.id.in_(mine), ORGANISATION.c.id.not_in(others), ORGANISATION.c.bound)
        return [row.id for row in self._db.all(select(ORGANISATION.c.id).where(*alone).order_by(ORGANISATION.c.id))]

    def due(self) -> Sequence[int]:
        """See Personal."""
        waits = (
            select(FORGETTING.c.account, ACCOUNT.c.person)
            .join(ACCOUNT, ACCOUNT.c.id == FORGETTING.c.account)
            .order_by(FORGETTING.c.asked_at, FORGETTING.c.account)
        )
        return [row.account for row in self._db.all(waits) if self._may_forget_more(row.person)]

    def _may_forget_more(self, person: int) -> bool:
        needed = _needed(person)
        over = (VOTING_RIGHT.c.person == person, VOTING_RIGHT.c.consultation.not_in(needed))
        if self._db.count(VOTING_RIGHT, *over):
            return True
        return not self._db.count(CONSULTATION, CONSULTATION.c.number.in_(needed))

    # -- forgetting --------------------------------------------------------------------------------------------------
    def forget(self, account: int, at: datetime) -> Forgotten:
        """See Personal. What needs them is locked first, so that none of it ends meanwhile."""
        person = self._person_of(account)
        mine = CONSULTATION.c.number.in_(_needed(person))
        needed = [row.number for row in self._db.all(select(CONSULTATION.c.number).where(mine).with_for_update())]
        accounts = [row.id for row in self._db.all(select(ACCOUNT.c.id).where(ACCOUNT.c.person == person))]
        untied = self._unsign(person)
        void_all_of(self._db, person, at)
        self._drop_drafts(accounts)
        for column in references(ACCOUNT):
            if column.table is not FORGETTING:
                let_go(self._db, column, column.in_(accounts), *_except(column, needed))
        for column in references(PERSON):
            # The line of a roll stays tied while an open vote may know it, else whoever claims it anew votes twice.
            if column.table is not ACCOUNT and not (needed and column.table is MEMBER):
                gone = let_go(self._db, column, column == person, *_except(column, needed))
                untied += gone if (column.table.name, column.name) in UNTIED else 0
        if needed:
            self._db.run(update(ACCOUNT).where(ACCOUNT.c.person == person).values(name=""))
            self._db.add_missing(FORGETTING, account=account, asked_at=at)
        else:
            self._db.run(delete(FORGETTING).where(FORGETTING.c.account.in_(accounts)))
            self._db.run(delete(ACCOUNT).where(ACCOUNT.c.id.in_(accounts)))
            self._db.run(delete(PERSON).where(PERSON.c.id == person))
        return Forgotten(not needed, untied)

    def _drop_drafts(self, accounts: Sequence[int]) -> None:
        """Nobody is left to answer for a draft that nobody published."""
        drafts = (CONSULTATION.c.author.in_(accounts), CONSULTATION.c.state == State.DRAFT.value)
        self._db.run(update(CONSULTATION).where(*drafts).values(state=State.CANCELLED.value))

    def _unsign(self, person: int) -> int:
        """Take the person's name off what they signed, wherever they had a right: by their alias while it is tied to
        them, by the name itself once it is not. How many contributions."""
        rows = self._db.all(select(ACCOUNT.c.name).where(ACCOUNT.c.person == person))
        names = {cut for row in rows for cut in (row.name, shown(row.name, SIGNATURE_LIMIT)) if cut}
        rights = select(VOTING_RIGHT.c.id).where(VOTING_RIGHT.c.person == person)
        took_part = select(VOTING_RIGHT.c.consultation).where(VOTING_RIGHT.c.person == person)
        count = 0
        for column in (ARGUMENT.c.signature, SPEECH.c.name, FLOOR_REQUEST.c.name):
            table = column.table
            tied = exists().where(
                PARTICIPANT.c.consultation == table.c.consultation,
                PARTICIPANT.c.alias == table.c.alias,
                PARTICIPANT.c.voting_right.in_(rights),
            )
            by_name = and_(column.in_(sorted(names)), table.c.consultation.in_(took_part))
            theirs = (column != "", or_(tied, by_name))
            count += self._db.count(table, *theirs)
            self._db.run(update(table).where(*theirs).values({column.name: ""}))
        return count

    # -- the retention clock -----------------------------------------------------------------------------------------
    def erase(self, number: int) -> Mapping[str, int]:
        """See Personal. Aliases, if there are any, lose their links first: they outlive the rights."""
        forget_aliases(self._db, number)
        forget_poll_answers(self._db, number)
        rights, records = let_go_of_everyone(self._db, number)
        for table in (SEALED_BALLOT, RECEIPT, CODE_SECRET):
            mine = table.c.consultation == number
            records += self._db.count(table, mine)
            self._db.run(delete(table).where(mine))
        return {"rights": rights, **({"records": records} if records else {})}

    def sweep(self, now: datetime) -> Mapping[str, int]:
        """See Personal. A member's current code stays, used or not: it tells that the line was claimed."""
        old = now - TRACES_KEPT
        unpublished = (
            CONSULTATION.c.state == State.DRAFT.value, CONSULTATION.c.created_at < old, CONSULTATION.c.opens_at < old,
        )  # fmt: skip
        swept = {
            "link-requests": self._drop(LINK_REQUEST, LINK_REQUEST.c.asked_at < now - REQUESTS_KEPT),
            "proxies": self._drop(PROXY_DAY, PROXY_DAY.c.day < (now - timedelta(days=1)).date()),
            "notices": self._drop(NOTICE, NOTICE.c.owed_at < old),
            "wrong-codes": self._drop(WRONG_CODE, WRONG_CODE.c.noted_on < old.date()),
            "codes": self._drop(INVITATION, INVITATION.c.current.is_(None), INVITATION.c.created_at < old)
            + self._drop(ROLE_CODE, ROLE_CODE.c.created_at < old),
            "drafts": self._db.count(CONSULTATION, *unpublished),
        }
        if swept["drafts"]:
            let_go(self._db, CONSULTATION.c.author, *unpublished)
            self._db.run(update(CONSULTATION).where(*unpublished).values(state=State.CANCELLED.value))
        return {what: count for what, count in swept.items() if count}

    def _drop(self, table: Table, *rows: ColumnElement[bool]) -> int:
        count = self._db.count(table, *rows)
        if count:
            remove(self._db, table, *rows)
        return count

    def _person_of(self, account: int) -> int:
        row = self._db.first(select(ACCOUNT.c.person).where(ACCOUNT.c.id == account))
        if row is None:
            raise Missing("no-such-account", number=str(account))
        return int(row.person)


def _need(row: Row[Any]) -> Need:
    """What needs them, and until when; nobody knows how long a closed one waits for its result to be final."""
    closes_at = None if row.state == State.CLOSED.value else row.closes_at
    return Need(row.number, mapping.definition(row.definition).title, closes_at)


def _needed(person: int) -> Select[tuple[int]]:
    """The consultations that aren't certified and need the person."""
    votes = exists().where(VOTING_RIGHT.c.consultation == CONSULTATION.c.number, VOTING_RIGHT.c.person == person)
    made = exists().where(ACCOUNT.c.id == CONSULTATION.c.author, ACCOUNT.c.person == person)
    # An account that was taken away from its person while a vote was open must not come back there as somebody new.
    left = exists().where(
        GIVEN_UP.c.consultation == CONSULTATION.c.number, GIVEN_UP.c.account == ACCOUNT.c.id, ACCOUNT.c.person == person
    )
    # Whoever holds a share of the key is needed to open the ballots.
    held = (KEY_SHARE.c.account == ACCOUNT.c.id, ACCOUNT.c.person == person)
    holds = exists().where(KEY_SHARE.c.consultation == CONSULTATION.c.number, *held)
    alive = CONSULTATION.c.state.in_([state.value for state in NEEDED_IN])
    return select(CONSULTATION.c.number).where(alive, or_(votes, made, left, holds))


def _except(column: Column[int], numbers: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    """Only the rows that don't belong to one of these consultations."""
    table = column.table
    of = table.c.number if table is CONSULTATION else table.c.get("consultation")
    return () if of is None else (of.not_in(numbers),)
