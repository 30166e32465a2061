"""Acts that need two people: whose word was given for what, and whether two agree.

The rule is the consultation's own (`Definition.approval`), frozen and disclosed. A
person is counted, not an account: the second account of someone who linked theirs
is the same person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

VALID = timedelta(hours=24)
"""How long a word given for an act stands."""

TERMS_SHOWN = 10
"""Characters of the fingerprint of an act's terms that a button carries."""


class Paired(StrEnum):
    """The acts that two people take together where the rule asks for it."""

    OPEN = "open"
    CLOSE = "close"
    CANCEL = "cancel"
    REVEAL = "reveal"


@dataclass(frozen=True, slots=True)
class Word:
    """One person's word for an act. `terms` is the act in full: two agree if they agree to the very same."""

    act: Paired
    person: int
    account: int
    terms: str
    at: datetime

    @property
    def fingerprint(self) -> str:
        """What a button carries of the terms, so that it can't agree to others than those that were shown."""
        return fingerprint(self.terms)


def fingerprint(terms: str) -> str:
    """A short digest of the terms of an act."""
    return hashlib.sha256(terms.encode("utf-8")).hexdigest()[:TERMS_SHOWN]


def standing(words: Iterable[Word], act: Paired, now: datetime) -> list[Word]:
    """The words given for the act that still stand."""
    return [word for word in words if word.act is act and word.at <= now < word.at + VALID]


def seconded(words: Iterable[Word], act: Paired, terms: str, person: int, now: datetime) -> bool:
    """Whether somebody else agreed to the very same terms, not too long ago."""
    return any(word.person != person and word.terms == terms for word in standing(words, act, now))


def proposed(words: Iterable[Word], act: Paired, person: int, now: datetime, shown: str = "") -> Word | None:
    """The word of somebody else for the act that waits for a second one; with the terms of that fingerprint if one is
    `shown`."""
    waiting = [word for word in standing(words, act, now) if word.person != person]
    fitting = [word for word in waiting if shown in {"", word.fingerprint}]
    return max(fitting, key=lambda word: word.at, default=None)
