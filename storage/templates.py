"""The presets that organisations keep."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select

from bot.domain.consultation import Kind
from bot.domain.templates import Template
from bot.domain.vocabulary import slug
from storage.database import Database, plain_json
from storage.template_tables import TEMPLATE


class Templates:
    """The part of a transaction about presets (`bot.store.Transaction` says what each does)."""

    _db: Database

    def templates(self, organisation: int) -> Sequence[Template]:
        """See Transaction."""
        mine = select(TEMPLATE).where(TEMPLATE.c.organisation == organisation).order_by(TEMPLATE.c.slug)
        return [Template(row.name, Kind(row.kind), json.loads(row.keys)) for row in self._db.all(mine)]

    def keep_template(self, organisation: int, template: Template) -> None:
        """See Transaction."""
        self._db.put(
            TEMPLATE,
            organisation=organisation,
            slug=slug(template.name),
            name=template.name,
            kind=template.kind.value,
            keys=plain_json(template.keys),
        )

    def drop_template(self, organisation: int, name: str) -> bool:
        """See Transaction."""
        named = (TEMPLATE.c.organisation == organisation, TEMPLATE.c.slug == slug(name))
        return self._db.first(TEMPLATE.delete().where(*named).returning(TEMPLATE.c.slug)) is not None
