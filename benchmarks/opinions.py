"""OPINIONS: from everybody's answers to the groups of an opinion map, next to planted groups."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from random import Random
from statistics import median

from benchmarks.bars import Bar, Options
from bot.domain.opinions.groups import opinion_map
from bot.domain.opinions.model import Answers, Opinion, Statement, StatementState

PEOPLE, STATEMENTS, GROUPS = 10_000, 200, 3
BOLD = 0.9
"""The share of answers that are one's group's; the others are passes."""


async def opinions(options: Options) -> AsyncIterator[Bar]:
    """OPINIONS: seconds for the map of 10,000 people who all answered 200 statements; groups must be those planted."""
    answers = planted()
    asked = datetime(2026, 1, 1, tzinfo=UTC)
    statements = [Statement(n, 0, "", asked, StatementState.PUBLISHED) for n in range(1, STATEMENTS + 1)]
    opinion_map(statements, answers, 5)  # numpy is loaded once
    taken = [worked_out(statements, answers) for _ in range(options.rounds)]
    yield Bar(
        "OPINIONS", median(taken), 1, 0.5, lower_is_better=True, details={"people": PEOPLE, "slowest": max(taken)}
    )


def worked_out(statements: list[Statement], answers: Answers) -> float:
    """The seconds one map takes."""
    begun = time.perf_counter()
    found = opinion_map(statements, answers, 5)
    taken = time.perf_counter() - begun
    kept = {(alias % GROUPS, letter) for alias, letter in found.membership.items()}
    if len(kept) != GROUPS or len(found.membership) != PEOPLE:
        raise RuntimeError("the planted groups were not found: a figure about others is none")
    return taken


def planted() -> Answers:
    """Answers to every statement by people whose group is their alias modulo three."""
    chance = Random(1)
    minds = [[chance.choice((Opinion.AGREE, Opinion.DISAGREE)) for _ in range(STATEMENTS)] for _ in range(GROUPS)]
    return {
        alias: {
            number: mind if chance.random() < BOLD else Opinion.PASS
            for number, mind in enumerate(minds[alias % GROUPS], start=1)
        }
        for alias in range(1, PEOPLE + 1)
    }
