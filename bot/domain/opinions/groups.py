"""From answers to an opinion map: who is on it, which groups are large enough to be shown, what is said of them.

`docs/opinions.md` says every step in words and figures. It loads numpy when a map is
made, not before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.domain.opinions.model import Answers, Opinion, Statement, StatementState
from bot.domain.opinions.shown import GroupView, OpinionMap
from bot.domain.opinions.standing import Counts, bridging, common, dividing, holds

if TYPE_CHECKING:
    from bot.domain.opinions.table import Table

ENOUGH = 7
"""Answers that put a person on the map, as in Polis; all of them where there are fewer statements."""
_LETTERS = "ABCDE"


def opinion_map(statements: Sequence[Statement], answers: Answers, minimum: int) -> OpinionMap:
    """The map of the published statements, with nothing about fewer than `minimum` people; the same for the same
    answers, in whatever order they come."""
    from bot.domain.opinions.table import given, table

    numbers = sorted(statement.number for statement in statements if statement.state is StatementState.PUBLISHED)
    everyone = sorted(answers)
    enough = min(ENOUGH, len(numbers))
    if not numbers or not everyone:
        return OpinionMap(0, 0, enough)
    votes = table(answers, everyone, numbers)
    amounts = given(votes)
    people = [alias for alias, amount in zip(everyone, amounts, strict=True) if amount]
    hidden = sum(statement.state is StatementState.MODERATED and statement.seen > 0 for statement in statements)
    return _mapped(votes[amounts > 0], people, numbers, hidden, minimum)


def _mapped(votes: Table, people: Sequence[int], numbers: Sequence[int], hidden: int, minimum: int) -> OpinionMap:
    """The map of a table in which everybody answered something."""
    from bot.domain.opinions.clusters import OTHERS, groups, large_groups
    from bot.domain.opinions.plane import cloud, places
    from bot.domain.opinions.table import counts, given

    enough = min(ENOUGH, len(numbers))
    placed = given(votes) >= enough
    points, rows = places(votes, hidden)[placed], votes[placed]
    labels = large_groups(points, groups(points), minimum)
    letters = _LETTERS[: int(labels.max(initial=OTHERS)) + 1]
    tallies = {letter: counts(rows[labels == group], numbers) for group, letter in enumerate(letters)}
    marks = {letter: cloud(points[labels == group]) for group, letter in enumerate(letters)}
    on_map = counts(rows, numbers)
    others = points[labels == OTHERS]
    seen = Counts(tallies, counts(votes, numbers), minimum)
    aliases = [alias for alias, standing in zip(people, placed, strict=True) if standing]
    return OpinionMap(
        participants=len(people),
        placed=len(points),
        enough=enough,
        groups=tuple(
            GroupView(letter, len(marks[letter]), holds(answered, on_map, minimum), marks[letter])
            for letter, answered in tallies.items()
        ),
        others=len(others),
        others_points=cloud(others) if len(others) >= minimum else (),
        bridging=bridging(seen),
        dividing=dividing(seen),
        agreed=common(seen, Opinion.AGREE),
        rejected=common(seen, Opinion.DISAGREE),
        membership={alias: letters[group] for alias, group in zip(aliases, labels, strict=True) if group != OTHERS},
    )
