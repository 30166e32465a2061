"""Organisations: their declaration, their administrators, the codes to join them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, true

from bot.domain.organisation import Declaration, Organisation
from bot.domain.refusals import Missing
from storage import mapping
from storage.database import Database
from storage.tables import JOIN_CODE, ORGANISATION


class Organisations:
    """The part of a transaction about organisations (`bot.store.Transaction` says what each does)."""

    _db: Database

    def organisation(self, organisation: int) -> Organisation:
        """See Transaction."""
        row = self._db.first(select(ORGANISATION).where(ORGANISATION.c.id == organisation))
        if row is None:
            raise Missing("no-such-organisation", number=str(organisation))
        return mapping.organisation(row)

    def add_organisation(self, language: str, time_zone: str, declaration: Declaration, bound: bool) -> int:
        """See Transaction."""
        return self._db.add(
            ORGANISATION,
            language=language,
            time_zone=time_zone,
            declaration=mapping.declaration_text(declaration),
            bound=bound,
        )

    def set_declaration(self, organisation: int, declaration: Declaration) -> None:
        """See Transaction."""
        self._change_organisation(organisation, declaration=mapping.declaration_text(declaration))

    def set_organisation_bound(self, organisation: int) -> None:
        """See Transaction."""
        self._change_organisation(organisation, bound=True)

    def _change_organisation(self, organisation: int, **values: object) -> None:
        self._db.run(ORGANISATION.update().where(ORGANISATION.c.id == organisation).values(values))

    def main_organisation(self) -> int | None:
        """See Transaction."""
        row = self._db.first(select(ORGANISATION.c.id).where(ORGANISATION.c.main == true()))
        return row and row.id

    def set_main_organisation(self, organisation: int) -> None:
        """See Transaction."""
        self._db.run(ORGANISATION.update().where(ORGANISATION.c.main == true()).values(main=None))
        self._change_organisation(organisation, main=True)

    def add_join_code(self, organisation: int, code_hash: str, at: datetime) -> None:
        """See Transaction."""
        self._db.run(JOIN_CODE.insert().values(hash=code_hash, organisation=organisation, created_at=at))

    def redeem_join_code(self, code_hash: str, at: datetime) -> int | None:
        """See Transaction. One statement, so that two who type it together can't both use it."""
        row = self._db.first(
            JOIN_CODE.update()
            .where(JOIN_CODE.c.hash == code_hash, JOIN_CODE.c.used_at.is_(None))
            .values(used_at=at)
            .returning(JOIN_CODE.c.organisation)
        )
        return row and row.organisation
