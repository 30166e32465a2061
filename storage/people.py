"""People, known by their accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from bot.domain.ids import AccountRef
from bot.domain.refusals import Missing
from bot.store import Account
from storage import mapping
from storage.database import Database
from storage.tables import ACCEPTANCE, ACCOUNT, PERSON


class People:
    """The part of a transaction about people (`bot.store.Transaction` says what each does)."""

    _db: Database

    def account(self, ref: AccountRef, name: str, at: datetime) -> Account:
        """See Transaction. A name the platform did not give does not erase the one we had."""
        name = mapping.storable(name)
        known = self.find_account(ref)
        if known is None:
            person = self._db.add(PERSON)
            number = self._db.add(
                ACCOUNT,
                ref=str(ref),
                platform=ref.platform,
                person=person,
                name=name,
                language="",
                greeted=False,
                first_seen=at,
            )
            return Account(number, ref, person, name, language="", greeted=False)
        if not name or name == known.name:
            return known
        self._change_account(known.id, name=name)
        return self.account_by_id(known.id)

    def find_account(self, ref: AccountRef) -> Account | None:
        """See Transaction."""
        row = self._db.first(select(ACCOUNT).where(ACCOUNT.c.ref == str(ref)))
        return row and mapping.account(row)

    def account_by_id(self, account: int) -> Account:
        """See Transaction."""
        row = self._db.first(select(ACCOUNT).where(ACCOUNT.c.id == account))
        if row is None:
            raise Missing("no-such-account", number=str(account))
        return mapping.account(row)

    def set_account_language(self, account: int, language: str) -> None:
        """See Transaction."""
        self._change_account(account, language=language)

    def chosen_languages(self) -> Mapping[AccountRef, str]:
        """See Transaction."""
        rows = self._db.all(select(ACCOUNT).where(ACCOUNT.c.language != ""))
        return {account.ref: account.language for account in map(mapping.account, rows)}

    def greet(self, account: int) -> None:
        """See Transaction."""
        self._change_account(account, greeted=True)

    def _change_account(self, account: int, **values: object) -> None:
        self._db.run(ACCOUNT.update().where(ACCOUNT.c.id == account).values(values))

    def accepted(self, account: int, version: str) -> bool:
        """See Transaction."""
        return self._answered(account, version) is True

    def asked_to_accept(self, account: int, version: str) -> bool:
        """See Transaction."""
        return self._answered(account, version) is not None

    def _answered(self, account: int, version: str) -> bool | None:
        row = self._db.first(
            select(ACCEPTANCE.c.accepted)
            .join(ACCOUNT, ACCOUNT.c.person == ACCEPTANCE.c.person)
            .where(ACCOUNT.c.id == account, ACCEPTANCE.c.version == version)
        )
        return row and row.accepted

    def set_accepted(self, account: int, version: str, accepted: bool) -> None:
        """See Transaction. Raises Missing("no-such-account")."""
        answer = {"person": self.account_by_id(account).person, "version": version, "accepted": accepted}
        if accepted:
            self._db.put(ACCEPTANCE, **answer)
        else:
            self._db.add_missing(ACCEPTANCE, **answer)
