"""Members of organisations, their codes and their roles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, delete, func, select

from bot.domain.ids import AccountRef
from bot.domain.members import Grant, Invitation, Member, Role, RoleCode
from bot.domain.refusals import Missing
from bot.domain.words import fold
from bot.store import Account
from storage import mapping
from storage.database import Database
from storage.linking import Linking
from storage.member_tables import INVITATION, MEMBER, ROLE_CODE, ROLE_GRANT, WRONG_CODE
from storage.tables import ACCOUNT, ORGANISATION, PERSON

EVERYWHERE = 0
"""The `consultation` of a role in the whole organisation."""


class SqlMembers(Linking):
    """`bot.members.Members` over one connection inside a transaction (which says what each does)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # -- the roll of an organisation -------------------------------------------------------------------------------
    def keepers(self, name: str) -> Sequence[int]:
        """See Members."""
        every = map(mapping.organisation, self._db.all(select(ORGANISATION).order_by(ORGANISATION.c.id)))
        return [each.id for each in every if each.name and fold(each.name) == fold(name)]

    def add(self, organisation: int, label: str, group: str = "") -> Member:
        """See Members."""
        return self._add(organisation, self._db.add(PERSON), label, group)

    def enrol(self, organisation: int, account: int, label: str) -> Member:
        """See Members."""
        person = self._person_of(account)
        return self.member_of(organisation, person) or self._add(organisation, person, label, "")

    def _add(self, organisation: int, person: int, label: str, group: str) -> Member:
        label, group = mapping.storable(label), mapping.storable(group)
        row = {"organisation": organisation, "person": person, "label": label, "grp": group, "suspended": ""}
        return Member(self._db.add(MEMBER, **row), organisation, person, label, group)

    def member(self, member: int) -> Member:
        """See Members."""
        row = self._db.first(select(MEMBER).where(MEMBER.c.id == member))
        if row is None:
            raise Missing("no-such-member", number=str(member))
        return _member(row)

    def member_of(self, organisation: int, person: int) -> Member | None:
        """See Members."""
        mine = (MEMBER.c.organisation == organisation, MEMBER.c.person == person)
        row = self._db.first(select(MEMBER).where(*mine))
        return row and _member(row)

    def memberships(self, person: int) -> Sequence[Member]:
        """See Members. Oldest first."""
        rows = self._db.all(select(MEMBER).where(MEMBER.c.person == person).order_by(MEMBER.c.id))
        return [_member(row) for row in rows]

    def roll(self, organisation: int) -> Sequence[Member]:
        """See Members. Sorted here: databases sort text each in their own way."""
        rows = self._db.all(select(MEMBER).where(MEMBER.c.organisation == organisation))
        return sorted(map(_member, rows), key=lambda member: (member.label.casefold(), member.id))

    def save(self, member: Member) -> None:
        """See Members."""
        says = {"label": member.label, "grp": member.group, "suspended": member.suspended}
        values = {name: mapping.storable(text) for name, text in says.items()}
        self._db.run(MEMBER.update().where(MEMBER.c.id == member.id).values(values))

    def remove(self, member: int) -> None:
        """See Members."""
        self._db.run(delete(INVITATION).where(INVITATION.c.member == member))
        self._db.run(delete(MEMBER).where(MEMBER.c.id == member))

    def accounts_of(self, person: int) -> Sequence[Account]:
        """See Members."""
        rows = self._db.all(select(ACCOUNT).where(ACCOUNT.c.person == person).order_by(ACCOUNT.c.id))
        return [mapping.account(row) for row in rows]

    def accounts_on(self, organisation: int) -> Mapping[int, Sequence[AccountRef]]:
        """See Members."""
        rows = self._db.all(
            select(MEMBER.c.person, ACCOUNT.c.ref)
            .join(ACCOUNT, ACCOUNT.c.person == MEMBER.c.person)
            .where(MEMBER.c.organisation == organisation)
            .order_by(ACCOUNT.c.id)
        )
        accounts: dict[int, list[AccountRef]] = {}
        for row in rows:
            accounts.setdefault(row.person, []).append(mapping.account_ref(row.ref))
        return accounts

    # -- codes -----------------------------------------------------------------------------------------------------
    def invite(self, member: int, code_hash: str, at: datetime) -> bool:
        """See Members."""
        current = (INVITATION.c.member == member, INVITATION.c.current.is_(True))
        unused = self._db.first(select(INVITATION.c.hash).where(*current, INVITATION.c.used_at.is_(None)))
        self._db.run(INVITATION.update().where(*current).values(current=None))
        self._db.run(INVITATION.insert().values(hash=code_hash, member=member, created_at=at, current=True))
        return unused is not None

    def invitation(self, code_hash: str) -> Invitation | None:
        """See Members."""
        row = self._db.first(select(INVITATION).where(INVITATION.c.hash == code_hash))
        return row and _invitation(row)

    def invitations(self, organisation: int) -> Sequence[Invitation]:
        """See Members. In the order of members."""
        rows = self._db.all(
            select(INVITATION)
            .join(MEMBER, MEMBER.c.id == INVITATION.c.member)
            .where(MEMBER.c.organisation == organisation, INVITATION.c.current.is_(True))
            .order_by(INVITATION.c.member)
        )
        return [_invitation(row) for row in rows]

    def redeem(self, code_hash: str, at: datetime) -> Member | None:
        """See Members. One statement, so that two who type it together can't both use it."""
        unused = (INVITATION.c.hash == code_hash, INVITATION.c.current.is_(True), INVITATION.c.used_at.is_(None))
        row = self._db.first(INVITATION.update().where(*unused).values(used_at=at).returning(INVITATION.c.member))
        return None if row is None else self.member(row.member)

    def void(self, code_hash: str) -> Member | None:
        """See Members."""
        unused = (INVITATION.c.hash == code_hash, INVITATION.c.current.is_(True), INVITATION.c.used_at.is_(None))
        row = self._db.first(INVITATION.update().where(*unused).values(current=None).returning(INVITATION.c.member))
        return None if row is None else self.member(row.member)

    def note_wrong_code(self, account: int, on: date) -> int:
        """See Members."""
        first = self._db.dialect.insert(WRONG_CODE).values(account=account, noted_on=on, count=1)
        more = first.on_conflict_do_update(
            index_elements=["account", "noted_on"], set_={"count": WRONG_CODE.c.count + 1}
        )
        self._db.run(more)
        return self.wrong_codes(account, on)

    def wrong_codes(self, account: int, on: date) -> int:
        """See Members."""
        mine = (WRONG_CODE.c.account == account, WRONG_CODE.c.noted_on == on)
        row = self._db.first(select(WRONG_CODE.c.count.label("wrong")).where(*mine))
        return 0 if row is None else int(row.wrong)

    def wrong_codes_of_all(self, since: date) -> int:
        """See Members."""
        total = select(func.coalesce(func.sum(WRONG_CODE.c.count), 0)).where(WRONG_CODE.c.noted_on >= since)
        return int(self._db.all(total)[0][0])

    # -- roles -----------------------------------------------------------------------------------------------------
    def grant(self, grant: Grant) -> bool:
        """See Members."""
        return self._db.add_missing(
            ROLE_GRANT,
            organisation=grant.organisation,
            consultation=grant.number or EVERYWHERE,
            person=grant.person,
            role=grant.role.value,
            given_by=grant.by,
            given_at=grant.at,
        )

    def revoke(self, organisation: int, number: int | None, person: int, role: Role) -> bool:
        """See Members."""
        row = self._db.first(
            delete(ROLE_GRANT)
            .where(ROLE_GRANT.c.organisation == organisation, ROLE_GRANT.c.consultation == (number or EVERYWHERE))
            .where(ROLE_GRANT.c.person == person, ROLE_GRANT.c.role == role.value)
            .returning(ROLE_GRANT.c.person)
        )
        return row is not None

    def grants(self, organisation: int, number: int | None = None) -> Sequence[Grant]:
        """See Members."""
        where = (ROLE_GRANT.c.organisation == organisation, ROLE_GRANT.c.consultation.in_([EVERYWHERE, number or 0]))
        rows = self._db.all(select(ROLE_GRANT).where(*where).order_by(ROLE_GRANT.c.given_at, ROLE_GRANT.c.person))
        return [_grant(row) for row in rows]

    def roles_of(self, organisation: int, account: int, number: int | None = None) -> frozenset[Role]:
        """See Members."""
        rows = self._db.all(
            select(ROLE_GRANT.c.role)
            .join(ACCOUNT, ACCOUNT.c.person == ROLE_GRANT.c.person)
            .where(ACCOUNT.c.id == account, ROLE_GRANT.c.organisation == organisation)
            .where(ROLE_GRANT.c.consultation.in_([EVERYWHERE, number or EVERYWHERE]))
        )
        return frozenset(Role(row.role) for row in rows)

    def roles_held(self, account: int) -> Sequence[Grant]:
        """See Members."""
        rows = self._db.all(
            select(ROLE_GRANT)
            .join(ACCOUNT, ACCOUNT.c.person == ROLE_GRANT.c.person)
            .where(ACCOUNT.c.id == account)
            .order_by(ROLE_GRANT.c.given_at, ROLE_GRANT.c.organisation, ROLE_GRANT.c.consultation)
        )
        return [_grant(row) for row in rows]

    def add_role_code(self, code: RoleCode, code_hash: str, at: datetime) -> None:
        """See Members."""
        self._db.run(
            ROLE_CODE.insert().values(
                hash=code_hash,
                organisation=code.organisation,
                consultation=code.number or EVERYWHERE,
                role=code.role.value,
                given_by=code.by,
                created_at=at,
            )
        )

    def redeem_role_code(self, code_hash: str, at: datetime, since: datetime) -> RoleCode | None:
        """See Members. One statement, so that two who type it together can't both use it."""
        usable = (ROLE_CODE.c.hash == code_hash, ROLE_CODE.c.used_at.is_(None), ROLE_CODE.c.created_at >= since)
        row = self._db.first(ROLE_CODE.update().where(*usable).values(used_at=at).returning(*ROLE_CODE.c))
        if row is None:
            return None
        return RoleCode(row.organisation, row.consultation or None, Role(row.role), row.given_by)

    def drop_role_codes(self, organisation: int, by: int | None = None) -> int:
        """See Members."""
        unused = delete(ROLE_CODE).where(ROLE_CODE.c.organisation == organisation, ROLE_CODE.c.used_at.is_(None))
        mine = unused if by is None else unused.where(ROLE_CODE.c.given_by == by)
        return len(self._db.all(mine.returning(ROLE_CODE.c.hash)))


def _member(row: Row[Any]) -> Member:
    return Member(row.id, row.organisation, row.person, row.label, row.grp, row.suspended)


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(row.member, row.created_at, row.used_at, void=row.current is None)


def _grant(row: Row[Any]) -> Grant:
    number = row.consultation or None
    return Grant(row.organisation, number, row.person, Role(row.role), row.given_by, row.given_at)
