"""Consultations and tallies that the tests of the rules count, made in one line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.ballots import Choice
from bot.domain.consultation import (
    BallotType,
    Binding,
    Consultation,
    Definition,
    Kind,
    Method,
    Option,
    OptionRole,
    State,
)
from bot.domain.results import Result, conclude

NOW = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
ROLES = {"Abstention": OptionRole.ABSTENTION, "Blanc": OptionRole.BLANK}


def definition(*labels: str, **changes: Any) -> Definition:
    """A single-choice vote between these options; `Abstention` and `Blanc` are what they say."""
    texts = labels or ("Café", "Library", "Park")
    options = tuple(
        Option(number, text, ROLES.get(text, OptionRole.SUBSTANTIVE)) for number, text in enumerate(texts, 1)
    )
    return replace(Definition(Kind.VOTE, "Where?", options, "the place", Binding.ADVICE, "en"), **changes)


def approval(*labels: str, at_least: int = 1, at_most: int = 40, **changes: Any) -> Definition:
    """An approval vote between these options."""
    return definition(
        *labels, ballot=BallotType.APPROVAL, method=Method.APPROVAL, at_least=at_least, at_most=at_most, **changes
    )


def consultation(made: Definition | None = None, **changes: Any) -> Consultation:
    """Number 12, open since NOW for two days."""
    standing: dict[str, Any] = {
        "number": 12, "organisation": 1, "author": 1, "state": State.OPEN, "definition": made or definition(),
        "rooms": (1,), "created_at": NOW, "opens_at": NOW, "opened_at": NOW, "closes_at": NOW + timedelta(days=2),
    }  # fmt: skip
    return Consultation(**{**standing, **changes})


def concluded(made: Definition, tally: Mapping[Choice, int], roll: int | None = 100, **changes: Any) -> Result:
    """The result of these merged ballots."""
    return conclude(consultation(made, state=State.CERTIFIED, roll_size=roll, **changes), tally)
