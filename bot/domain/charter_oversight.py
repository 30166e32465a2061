"""What the calendar says of oversight: how long a result can be contested, and which acts take two people."""

from __future__ import annotations

from bot.domain.charter_values import Case, Say, say
from bot.domain.contests import EACH


def oversight(case: Case) -> tuple[Say, ...]:
    """Whether the result is provisional for a time, and whether some acts take two people."""
    definition = case.definition
    window = () if definition.contest is None else (say("when.contest", window=definition.contest),)
    return (*window, *((say("when.approval"),) if definition.approval else ()))


def while_open() -> Say:
    """That anyone concerned can contest it while it is open."""
    return say("when.contest-open", n=EACH)
