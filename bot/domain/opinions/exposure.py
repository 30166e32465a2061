"""Which statement a person is shown next, so that all of them are seen about equally often."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from random import Random

from bot.domain.opinions.model import Statement, StatementState


def next_statement(
    statements: Iterable[Statement], answered: Collection[int], alias: int, seed: str
) -> Statement | None:
    """One of the published statements that the fewest people have answered, drawn from `seed`; None when none is left.

    Left out are those in `answered` and the person's own: an author is not asked, and nothing is presumed of them (in
    Polis authors agree by writing; here only what a person answered counts, and they may answer by its number).
    """
    waiting = [
        statement
        for statement in statements
        if statement.state is StatementState.PUBLISHED and statement.number not in answered and statement.alias != alias
    ]
    least = min((statement.seen for statement in waiting), default=0)
    rarest = [statement for statement in waiting if statement.seen == least]
    return Random(seed).choice(rarest) if rarest else None  # noqa: S311 - fairness, not secrecy
