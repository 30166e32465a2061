"""Consultations and tallies that the tests of the rules count, made in one line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.ballots import Choice, Marks, Ranking
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
from bot.domain.vocabulary import CONSENT_OPTIONS, GRADES

NOW = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
ROLES = {"Abstention": OptionRole.ABSTENTION, "Blanc": OptionRole.BLANK, "None of these": OptionRole.NONE}


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


def ballot(kind: BallotType, method: Method, *labels: str, **changes: Any) -> Definition:
    """A vote with this ballot; any number of options may be ranked or marked."""
    options = len(labels) or 3
    return definition(*labels, ballot=kind, method=method, **{"at_most": options, **changes})


def ranking(*labels: str, method: Method = Method.SCHULZE, **changes: Any) -> Definition:
    """A vote by rankings."""
    return ballot(BallotType.RANKING, method, *labels, **changes)


def scored(*labels: str, method: Method = Method.SCORE, scale: int = 5, **changes: Any) -> Definition:
    """A vote by scores."""
    return ballot(BallotType.SCORE, method, *labels, scale=scale, **changes)


def judged(*labels: str, grades: tuple[str, ...] = GRADES["fr"], **changes: Any) -> Definition:
    """A majority judgment."""
    return ballot(BallotType.JUDGMENT, Method.MAJORITY_JUDGMENT, *labels, grades=grades, **changes)


def pointed(*labels: str, points: int = 10, quadratic: bool = False, **changes: Any) -> Definition:
    """A vote by points."""
    return ballot(BallotType.POINTS, Method.POINTS, *labels, points=points, quadratic=quadratic, **changes)


def available(*labels: str, **changes: Any) -> Definition:
    """Availabilities for dates."""
    return ballot(BallotType.AVAILABILITY, Method.AVAILABILITY, *labels, **changes)


def consented(**changes: Any) -> Definition:
    """A proposal that asks for consent."""
    roles = (OptionRole.AGREEMENT, OptionRole.ABSTENTION, OptionRole.DISAGREEMENT, OptionRole.BLOCK)
    labelled = zip(CONSENT_OPTIONS["en"], roles, strict=True)
    options = tuple(Option(number, text, role) for number, (text, role) in enumerate(labelled, 1))
    return definition(**{"options": options, "ballot": BallotType.CONSENT, "method": Method.CONSENT, **changes})


def ranked(text: str) -> Ranking:
    """The ranking of a canonical text without its first sign: `2>1=3`."""
    return Ranking(tuple(tuple(int(number) for number in level.split("=")) for level in text.split(">")))


def marked(**marks: int) -> Marks:
    """Marks by option: `marked(o1=5, o3=0)`."""
    return Marks(tuple(sorted((int(option[1:]), mark) for option, mark in marks.items())))
