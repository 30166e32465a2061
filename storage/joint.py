"""Consultations that several organisations hold together: invitations, whose roll a right stands on, their sheets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, literal, or_, select

from bot.domain.ballots import Choice, from_text, to_text
from bot.domain.joint import Cells, Partner, PartnerState
from storage import mapping
from storage.attendance import rolls_of
from storage.database import Database
from storage.scrutiny_tables import ORGANISATION_SHEET, PARTNER, PARTNER_CODE, RIGHT_ORGANISATION
from storage.sealing import complete
from storage.tables import BALLOT, PRESENCE, RIGHT_ACCOUNT, VOTING_RIGHT


class SqlJoint:
    """`bot.joint.Joint` over one connection inside a transaction (which says what each does)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # -- invitations -----------------------------------------------------------------------------------------------
    def set_code(self, organisation: int, code_hash: str, account: int, at: datetime) -> None:
        """See Joint."""
        self._db.put(PARTNER_CODE, organisation=organisation, hash=code_hash, account=account, given_at=at)

    def redeem_code(self, code_hash: str, since: datetime) -> tuple[int, int] | None:
        """See Joint. Whoever deletes the row has used the code."""
        current = (PARTNER_CODE.c.hash == code_hash, PARTNER_CODE.c.given_at >= since)
        used = delete(PARTNER_CODE).where(*current).returning(PARTNER_CODE.c.organisation, PARTNER_CODE.c.account)
        row = self._db.first(used)
        return None if row is None else (int(row.organisation), int(row.account))

    def partners(self, number: int) -> Sequence[Partner]:
        """See Joint."""
        rows = self._db.all(select(PARTNER).where(PARTNER.c.consultation == number).order_by(PARTNER.c.organisation))
        return [
            Partner(row.organisation, PartnerState(row.state), row.answer_by, mapping.declaration(row.declaration))
            for row in rows
        ]

    def save(self, number: int, partner: Partner, at: datetime | None = None) -> None:
        """See Joint."""
        self._db.put(
            PARTNER,
            consultation=number,
            organisation=partner.organisation,
            state=partner.state.value,
            answer_by=partner.answer_by,
            declaration=mapping.declaration_text(partner.declaration),
            answered_at=at,
        )

    def drop(self, number: int, organisation: int) -> None:
        """See Joint."""
        mine = (PARTNER.c.consultation == number, PARTNER.c.organisation == organisation)
        self._db.run(delete(PARTNER).where(*mine))

    def carry(self, number: int, follower: int) -> None:
        """See Joint."""
        for partner in self.partners(number):
            if partner.state is PartnerState.ACCEPTED:
                self.save(follower, partner)

    # -- on whose roll a right stands ------------------------------------------------------------------------------
    def stand(self, number: int, people: Iterable[int], organisation: int) -> None:
        """See Joint."""
        theirs = select(VOTING_RIGHT.c.id, literal(organisation)).where(
            VOTING_RIGHT.c.consultation == number, self._db.among(VOTING_RIGHT.c.person, people)
        )
        into = self._db.dialect.insert(RIGHT_ORGANISATION).from_select(["voting_right", "organisation"], theirs)
        self._db.run(into.on_conflict_do_nothing())

    def stand_where_seen(
        self, number: int, rooms: Iterable[int], organisation: int, opened_at: datetime, but: Iterable[int] = ()
    ) -> None:
        """See Joint. Who came later, or had left before, doesn't count there."""
        there = (
            PRESENCE.c.room.in_(list(rooms)),  # few; a statement can list numbers of any length once
            or_(PRESENCE.c.arrived_at.is_(None), PRESENCE.c.arrived_at <= opened_at),
            or_(PRESENCE.c.left_at.is_(None), PRESENCE.c.left_at > opened_at),
        )
        seen = (
            select(RIGHT_ACCOUNT.c.voting_right, literal(organisation))
            .join(PRESENCE, PRESENCE.c.account == RIGHT_ACCOUNT.c.account)
            .join(VOTING_RIGHT, VOTING_RIGHT.c.id == RIGHT_ACCOUNT.c.voting_right)
            .where(RIGHT_ACCOUNT.c.consultation == number, *there)
            .where(~self._db.among(VOTING_RIGHT.c.person, but))
            .distinct()
        )
        into = self._db.dialect.insert(RIGHT_ORGANISATION).from_select(["voting_right", "organisation"], seen)
        self._db.run(into.on_conflict_do_nothing())

    def accounts_of_several(self, number: int) -> Sequence[int]:
        """See Joint."""
        here = RIGHT_ACCOUNT.c.consultation == number
        several = select(RIGHT_ACCOUNT.c.voting_right).where(here).group_by(RIGHT_ACCOUNT.c.voting_right)
        several = several.having(func.count() > 1)
        rows = self._db.all(select(RIGHT_ACCOUNT.c.account).where(here, RIGHT_ACCOUNT.c.voting_right.in_(several)))
        return sorted(row.account for row in rows)

    # -- results ---------------------------------------------------------------------------------------------------
    def cells(self, number: int) -> Cells:
        """See Joint. A right that was merged stands on the rolls of both."""
        rolls = rolls_of(self._db, number)
        cast = select(BALLOT.c.voting_right, BALLOT.c.choice).where(
            BALLOT.c.consultation == number, complete(self._db, number)
        )
        found: dict[frozenset[int], Counter[Choice]] = defaultdict(Counter)
        for row in self._db.all(cast):
            found[frozenset(rolls[row.voting_right])][from_text(row.choice)] += 1
        return found

    def seal(self, number: int, sheets: Mapping[int, Mapping[Choice, int]]) -> None:
        """See Joint."""
        for organisation, sheet in sorted(sheets.items()):
            for choice, count in sorted((to_text(choice), count) for choice, count in sheet.items()):
                self._db.put(
                    ORGANISATION_SHEET, consultation=number, organisation=organisation, choice=choice, count=count
                )

    def sheets(self, number: int) -> Mapping[int, Mapping[Choice, int]]:
        """See Joint."""
        sheet = ORGANISATION_SHEET
        rows = select(sheet.c.organisation, sheet.c.choice, sheet.c.count.label("votes"))
        found: dict[int, dict[Choice, int]] = defaultdict(dict)
        for row in self._db.all(rows.where(sheet.c.consultation == number).order_by(sheet.c.organisation)):
            found[row.organisation][from_text(row.choice)] = row.votes
        return found
