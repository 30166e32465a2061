"""Published Polis conversations as statements and answers, and planted ones; and how alike two groupings are."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import comb
from pathlib import Path
from random import Random
from typing import Any

from bot.domain.opinions.model import Answers, Opinion, Statement, StatementState

NOW = datetime(2026, 12, 1, 18, tzinfo=UTC)
OPINIONS = {"1": Opinion.AGREE, "-1": Opinion.DISAGREE, "0": Opinion.PASS}


@dataclass(frozen=True)
class Conversation:
    """What Polis published: the last answer of each participant, the group of those who have one, and what the
    collection recomputed from them. Statements that moderators took out are moderated."""

    statements: Sequence[Statement]
    answers: Answers
    groups: Mapping[int, str]
    expected: Mapping[str, Any]

    @property
    def published(self) -> list[int]:
        return [statement.number for statement in self.statements if statement.state is StatementState.PUBLISHED]


def conversation(folder: Path) -> Conversation:
    answers: dict[int, dict[int, Opinion]] = {}
    for row in rows(folder / "votes.csv"):  # in the order of time: the last one counts
        answers.setdefault(int(row["voter-id"]), {})[int(row["comment-id"])] = OPINIONS[row["vote"]]
    participants = rows(folder / "participants-votes.csv")
    counts = Counter((number, opinion) for given in answers.values() for number, opinion in given.items())
    return Conversation(
        [_statement(row, counts) for row in rows(folder / "comments.csv")],
        answers,
        {int(row["participant"]): row["group-id"] for row in participants if row["group-id"]},
        json.loads((folder / "expected.json").read_text(encoding="utf-8")),
    )


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        found = list(csv.DictReader(lines))
    return sorted(found, key=lambda row: int(row["timestamp"])) if "vote" in found[0] else found


def _statement(row: Mapping[str, str], counts: Counter[tuple[int, Opinion]]) -> Statement:
    number = int(row["comment-id"])
    state = StatementState.MODERATED if row["moderated"] == "-1" else StatementState.PUBLISHED
    agrees, disagrees, passes = (counts[number, opinion] for opinion in Opinion)
    return Statement(number, 0, row["comment-body"], NOW, state, agrees=agrees, disagrees=disagrees, passes=passes)


def statements(many: int) -> list[Statement]:
    return [Statement(number, 0, f"Statement {number}", NOW, StatementState.PUBLISHED) for number in range(1, many + 1)]


def planted(
    sizes: Sequence[int], many: int, share: float = 1, seed: int = 1
) -> tuple[dict[int, dict[int, Opinion]], dict[int, int]]:
    """Answers of people in groups of these sizes, each group mostly of one mind about each statement, and who is in
    which group. Each answers about this share of the statements."""
    chance = Random(seed)
    minds = [[chance.choice((Opinion.AGREE, Opinion.DISAGREE)) for _ in range(many)] for _ in sizes]
    belongs = {}
    answers: dict[int, dict[int, Opinion]] = {}
    for group, size in enumerate(sizes):
        for _ in range(size):
            alias = len(belongs) + 1
            belongs[alias] = group
            answers[alias] = {
                number: minds[group][number - 1] if chance.random() < 0.9 else chance.choice(list(Opinion))
                for number in range(1, many + 1)
                if chance.random() < share
            }
    return answers, belongs


def likeness(first: Mapping[int, object], second: Mapping[int, object]) -> float:
    """The adjusted Rand index (L. Hubert and P. Arabie, "Comparing partitions", Journal of Classification 2, 1985) of
    two groupings, over the people who are in both: 1 for the same, 0 for what chance gives."""
    people = first.keys() & second.keys()
    together = _pairs(Counter((first[person], second[person]) for person in people))
    one, other = (_pairs(Counter(grouping[person] for person in people)) for grouping in (first, second))
    by_chance = one * other / comb(len(people), 2)
    return (together - by_chance) / ((one + other) / 2 - by_chance)


def _pairs(sizes: Counter[Any]) -> int:
    return sum(comb(size, 2) for size in sizes.values())
