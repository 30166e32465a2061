"""The count of a budget: the ballots with the projects' costs, by the method of equal shares or greedily.

Of the completions of the method of equal shares, larger shares in small steps are used
(`equal_shares.STEPPED`). A project that nobody supports is never funded, were there money
left for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from bot.domain.ballots import Choice, Marks, Ranking
from bot.domain.consultation import BallotType, Definition, Method
from bot.domain.tally import METHODS
from bot.domain.tally.equal_shares import STEPPED
from bot.domain.tally.outcome import Outcome
from bot.domain.tally.profile import Ballots, Form, Profile
from bot.domain.tally.ties import Ties


def fund(definition: Definition, ballots: Mapping[Choice, int], ties: Ties, method: Method | None = None) -> Outcome:
    """Which projects are funded, by their places among those of the ballot, in the order in which they are.

    `method` is the declared one unless said. Each ballot must choose something.
    """
    method = method or definition.method
    profile = budget_profile(definition, ballots)
    variant = STEPPED if method is Method.EQUAL_SHARES else ""
    return _supported(profile, METHODS[method].count(replace(profile, variant=variant), 1, ties))


def budget_profile(definition: Definition, ballots: Mapping[Choice, int]) -> Profile:
    """The ballots as a profile over the projects, in their order, with their costs and what there is to share out."""
    budget = definition.budget
    assert budget is not None
    listed = [option for option in definition.options if not option.aside]
    place = {option.number: index for index, option in enumerate(listed)}
    merged = Ballots(Form.SCORES if definition.ballot is BallotType.POINTS else Form.MARKS)
    for choice, times in ballots.items():
        match choice:
            case Marks(given):
                merged.add({place[number]: mark + 1 for number, mark in given}, times)
            case Ranking():
                raise ValueError("a budget takes no rankings")
            case _:
                merged.add(dict.fromkeys((place[number] for number in choice), 1), times)
    return replace(
        merged.profile(
            [option.text for option in listed],
            values=tuple(Fraction(mark) for mark in range(definition.best_mark + 1)) if definition.points else (),
        ),
        costs=tuple(Fraction(budget.cost(option.number)) for option in listed),
        budget=Fraction(budget.amount),
    )


def _supported(profile: Profile, found: Outcome) -> Outcome:
    """The outcome without projects that nobody supports."""
    backing = found.rounds[0].tallies
    winners = tuple(project for project in found.winners if backing[project])
    spent = sum((profile.costs[project] for project in winners), Fraction(0))
    first = replace(found.rounds[0], amount=spent)
    if first.elected:
        first = replace(first, elected=winners)
    breaks = tuple(each for each in found.tie_breaks if any(backing[project] for project in each.tied))
    return replace(found, winners=winners, rounds=(first, *found.rounds[1:]), tie_breaks=breaks)
