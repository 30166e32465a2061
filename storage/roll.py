"""The roll: who holds a voting right, and through which accounts it can be used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, literal, select, true

from bot.domain.ids import AccountRef
from bot.store import Turnout
from storage import mapping
from storage.database import Database
from storage.member_tables import RIGHT_MERGE
from storage.scrutiny_tables import SEALED_BALLOT
from storage.sealing import complete, counts_of
from storage.tables import ACCOUNT, BALLOT, PERSON, RIGHT_ACCOUNT, VOTING_RIGHT


class Roll:
    """The part of a transaction about voting rights (`bot.store.Transaction` says what each does)."""

    _db: Database

    def freeze_roll(self, number: int, accounts: Iterable[int]) -> int:
        """See Transaction."""
        self._give_rights(number, accounts)
        return self._db.count(VOTING_RIGHT, VOTING_RIGHT.c.consultation == number)

    def freeze_people(self, number: int, people: Iterable[int]) -> int:
        """See Transaction."""
        chosen = self._db.among(PERSON.c.id, people)
        rights = select(literal(number), PERSON.c.id, literal(value=False)).where(chosen).order_by(PERSON.c.id)
        insert = self._db.dialect.insert(VOTING_RIGHT).from_select(["consultation", "person", "used"], rights)
        self._db.run(insert.on_conflict_do_nothing())
        self._tie(number, true())
        return self._db.count(VOTING_RIGHT, VOTING_RIGHT.c.consultation == number)

    def roll_people(self, number: int) -> Sequence[int]:
        """See Transaction."""
        mine = select(VOTING_RIGHT.c.person).where(VOTING_RIGHT.c.consultation == number)
        return [row.person for row in self._db.all(mine.order_by(VOTING_RIGHT.c.person))]

    def unclaimed(self, number: int) -> int:
        """See Transaction. A right that was merged into another is that one's."""
        tied = select(RIGHT_ACCOUNT.c.voting_right).where(RIGHT_ACCOUNT.c.consultation == number)
        merged = select(RIGHT_MERGE.c.voting_right)
        left = (VOTING_RIGHT.c.id.not_in(tied), VOTING_RIGHT.c.id.not_in(merged))
        return self._db.count(VOTING_RIGHT, VOTING_RIGHT.c.consultation == number, *left)

    def admit(self, number: int, account: int) -> int:
        """See Transaction."""
        self._give_rights(number, [account])
        right = self.right_of(number, account)
        assert right is not None
        return right

    def _give_rights(self, number: int, accounts: Iterable[int]) -> None:
        accounts = list(accounts)
        chosen = self._db.among(ACCOUNT.c.id, accounts)
        people = select(literal(number), ACCOUNT.c.person, literal(value=False)).where(chosen).distinct()
        insert = self._db.dialect.insert(VOTING_RIGHT).from_select(
            ["consultation", "person", "used"], people.order_by(ACCOUNT.c.person)
        )
        self._db.run(insert.on_conflict_do_nothing())
        # All the accounts of these people, those that are in none of the rooms too.
        named = ACCOUNT.alias()
        theirs = select(named.c.person).where(self._db.among(named.c.id, accounts))
        self._tie(number, ACCOUNT.c.person.in_(theirs))

    def _tie(self, number: int, chosen: ColumnElement[bool]) -> None:
        """Let these accounts, as far as their person holds a right, use it."""
        ties = (
            select(literal(number), ACCOUNT.c.id, VOTING_RIGHT.c.id)
            .join(VOTING_RIGHT, VOTING_RIGHT.c.person == ACCOUNT.c.person)
            .where(VOTING_RIGHT.c.consultation == number, chosen)
        )
        tie = self._db.dialect.insert(RIGHT_ACCOUNT).from_select(["consultation", "account", "voting_right"], ties)
        self._db.run(tie.on_conflict_do_nothing())

    def right_of(self, number: int, account: int) -> int | None:
        """The number of the right the account can use, if any."""
        mine = (RIGHT_ACCOUNT.c.consultation == number, RIGHT_ACCOUNT.c.account == account)
        row = self._db.first(select(RIGHT_ACCOUNT.c.voting_right).where(*mine))
        return row and row.voting_right

    def rights_of(self, account: int) -> Sequence[int]:
        """See Transaction."""
        mine = select(RIGHT_ACCOUNT.c.consultation).where(RIGHT_ACCOUNT.c.account == account)
        return [row.consultation for row in self._db.all(mine.order_by(RIGHT_ACCOUNT.c.consultation.desc()))]

    def roll_accounts(self, number: int) -> Sequence[AccountRef]:
        """See Transaction. Sorted here: databases sort text each in their own way."""
        rows = self._db.all(
            select(ACCOUNT.c.ref)
            .join(RIGHT_ACCOUNT, RIGHT_ACCOUNT.c.account == ACCOUNT.c.id)
            .where(RIGHT_ACCOUNT.c.consultation == number)
        )
        return sorted(mapping.account_ref(row.ref) for row in rows)

    def has_voted(self, number: int, account: int) -> bool:
        """See Transaction."""
        right = self.right_of(number, account)
        counts = VOTING_RIGHT.c.used | complete(self._db, number)
        statement = select(VOTING_RIGHT.c.id).join(BALLOT, BALLOT.c.voting_right == VOTING_RIGHT.c.id, isouter=True)
        return right is not None and self._db.first(statement.where(VOTING_RIGHT.c.id == right, counts)) is not None

    def turnout(self, number: int) -> Turnout:
        """See Transaction."""
        roll = self._db.count(VOTING_RIGHT, VOTING_RIGHT.c.consultation == number)
        sealed = self._db.count(SEALED_BALLOT, SEALED_BALLOT.c.consultation == number)
        return Turnout(roll, voters=sealed + sum(counts_of(self._db, number).values()))

    def non_voters(self, number: int) -> Sequence[AccountRef]:
        """See Transaction. Of several accounts, the one seen first."""
        voted = select(BALLOT.c.voting_right).where(BALLOT.c.consultation == number, complete(self._db, number))
        first = (
            select(func.min(RIGHT_ACCOUNT.c.account).label("account"))
            .join(VOTING_RIGHT, VOTING_RIGHT.c.id == RIGHT_ACCOUNT.c.voting_right)
            .where(VOTING_RIGHT.c.consultation == number, VOTING_RIGHT.c.used != true())
            .where(VOTING_RIGHT.c.id.not_in(voted))
            .group_by(VOTING_RIGHT.c.id)
            .subquery()
        )
        rows = self._db.all(select(ACCOUNT.c.ref).join(first, first.c.account == ACCOUNT.c.id).order_by(ACCOUNT.c.id))
        return [mapping.account_ref(row.ref) for row in rows]
