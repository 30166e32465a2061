"""What the calendar says of oversight: how long a result can be contested, and which acts take two people."""

from __future__ import annotations

from bot.domain.charter_values import Case, Say, say
from bot.domain.contests import EACH
from bot.domain.key_shares import is_shared, needs_two_words


def oversight(case: Case) -> tuple[Say, ...]:
    """Whether the result is provisional for a time, what its key waits for, and whether some acts take two people."""
    definition = case.definition
    window = () if definition.contest is None else (say("when.contest", window=definition.contest),)
    held = (say("when.shares"),) if is_shared(definition) else ()
    two = (say("when.approval-unlinked"),) if needs_two_words(definition) else ()
    return (*window, *held, *((say("when.approval"), *two) if definition.approval else ()))


def while_open() -> Say:
    """That anyone concerned can contest it while it is open."""
    return say("when.contest-open", n=EACH)
