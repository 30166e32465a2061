"""The table of the presets that organisations keep, in the manner of `storage.tables`."""

from __future__ import annotations

from sqlalchemy import Text
from sqlmodel import Field

from storage.tables import CLUSTERED, Row, table_of


class TemplateRow(Row, table=True):
    """A preset of an organisation. `slug` is its name as names are compared, `keys` its keys as JSON."""

    __tablename__ = "template"
    __table_args__ = (CLUSTERED,)

    organisation: int = Field(foreign_key="organisation.id", primary_key=True)
    slug: str = Field(primary_key=True)
    name: str
    kind: str
    keys: str = Field(sa_type=Text)


TEMPLATE = table_of(TemplateRow)
