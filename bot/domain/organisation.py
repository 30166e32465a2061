"""An association, its rooms, and what its people have declared about how they consult."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Field(StrEnum):
    """A standing fact that only people can state, asked by `/setup` and used by every disclosure."""

    NAME = "name"
    CONTACT = "contact"
    RESPONDER = "responder"
    ANSWER_DAYS = "answer_days"
    PURPOSE = "purpose"
    FUNDING = "funding"
    CONTROLLER = "controller"
    LEGAL_BASIS = "legal_basis"
    RETENTION_DAYS = "retention_days"
    BACKUP_DAYS = "backup_days"
    OTHER_MEANS = "other_means"
    DOCUMENTS = "documents"
    MEETINGS = "meetings"
    DATA_LICENCE = "data_licence"
    ACCESS_HELP = "access_help"
    INCIDENTS = "incidents"


@dataclass(frozen=True, slots=True)
class Declared:
    """One declared fact: its words, who said it (a name, or empty for a visible default) and when."""

    value: str
    by: str = ""
    at: datetime | None = None

    @property
    def default(self) -> bool:
        """Whether nobody stated it: the bot's visible default stands."""
        return not self.by


Declaration = Mapping[Field, Declared]


@dataclass(frozen=True, slots=True)
class Organisation:
    """An association as the instance knows it. `bound` is false for a room that is its own small organisation."""

    id: int
    language: str
    time_zone: str
    declaration: Declaration = field(default_factory=dict)
    bound: bool = False

    def says(self, what: Field) -> str:
        """The declared words, or an empty string."""
        declared = self.declaration.get(what)
        return declared.value if declared else ""

    @property
    def name(self) -> str:
        """The association's name, or an empty string while nobody has given it."""
        return self.says(Field.NAME)


@dataclass(frozen=True, slots=True)
class Instance:
    """What the operator of this bot says about it in its configuration; every field is shown on disclosures.

    `revision` identifies the running source exactly and ends in `+modified` when it differs from what is published.
    """

    operator: str
    contact: str
    hosting: str
    source_url: str
    version: str
    revision: str
    backup_days: int = 7
    homeserver: str = ""
