"""What an opinion map is made of: its rules, statements, and what participants answered to them.

Words stored in the database are the values of the enumerations here: they never
change once released. People are known by their alias, a number drawn at random for
each participant; the link to their voting right is erased at the closing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.debate.model import Review


@dataclass(frozen=True, slots=True)
class OpinionRules:
    """Everything about an opinion map that is frozen at opening.

    `length` is the most characters of a statement, `each` the most statements a member may
    submit (None: no limit), `grounds` the reasons for which one may be hidden, `minimum` the
    smallest group about which a figure is shown.
    """

    review: Review = Review.AFTER
    grounds: tuple[str, ...] = ()
    reports: int = 3
    length: int = 140
    each: int | None = None
    minimum: int = 5


class StatementState(StrEnum):
    """What became of a statement."""

    PENDING = "pending"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    MODERATED = "moderated"
    REFUSED = "refused"


class Opinion(StrEnum):
    """An answer to a statement."""

    AGREE = "agree"
    DISAGREE = "disagree"
    PASS = "pass"  # noqa: S105 - no password: the participant passes


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it stands. `number` counts from 1 in its consultation; `alias` is its author's, 0 for one given at
    the creation. The counts are of the last answer of each participant."""

    number: int
    alias: int
    text: str
    at: datetime
    state: StatementState
    ground: str = ""
    reason: str = ""
    agrees: int = 0
    disagrees: int = 0
    passes: int = 0
    reports: int = 0

    @property
    def seen(self) -> int:
        """How many participants answered it."""
        return self.agrees + self.disagrees + self.passes


Answers = Mapping[int, Mapping[int, Opinion]]
"""What each alias answered to each statement: alias → statement number → opinion."""
