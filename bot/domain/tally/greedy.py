"""Greedy: projects are funded in the order of their support, as long as the budget lasts.

A project that no longer fits is passed over and the next one is tried; where the source
declares `greedy-no-skip`, funding stops there. Accepts marks or points on projects with
costs. Blank ballots are counted apart and change nothing. Projects with the same support
and not enough money for all of them: the declared rule, else the order of the projects,
as the outcome says. Source: the rule of most participatory budgets, as in P. Faliszewski
et al., "Participatory Budgeting: Data, Tools, and Analysis", IJCAI 2023.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from bot.domain.tally.marks import marks
from bot.domain.tally.outcome import Outcome, Purpose, Round, Title
from bot.domain.tally.profile import Form, Profile
from bot.domain.tally.score import totals
from bot.domain.tally.ties import Ties, ranked

STOPPING = "greedy-no-skip"


def greedy(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Which projects are funded, most supported first. The round's figures are votes or points; `amount` is spent.
    The number of seats plays no part."""
    backing = support(profile)
    left, funded = profile.budget, list[int]()
    for group in ranked(backing):
        order = ties.ordered(group)
        here = _affordable(profile, order, left)
        if len(here) < len(group) and here != _affordable(profile, order[::-1], left)[::-1]:
            ties.note(group, here, Purpose.FUNDING)
        funded += here
        left -= sum(profile.costs[project] for project in here)
        if len(here) < len(group) and profile.variant == STOPPING:
            break
    found = Round(Title.SUPPORT, backing, elected=tuple(funded), amount=profile.budget - left)
    return Outcome(tuple(funded), (), (found,), tuple(ties.broken))


def support(profile: Profile) -> dict[int, Fraction]:
    """The points or marks of each project."""
    return totals(profile) if profile.form is Form.SCORES else marks(profile)[0]


def _affordable(profile: Profile, projects: Sequence[int], left: Fraction) -> list[int]:
    """What of these can be paid in turn, up to the first that can't where that ends the funding."""
    here: list[int] = []
    for project in projects:
        if profile.costs[project] <= left:
            here.append(project)
            left -= profile.costs[project]
        elif profile.variant == STOPPING:
            break
    return here
