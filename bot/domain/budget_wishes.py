"""What is typed of a budget, read into projects with their costs, the amount to share out, and one count of them.

A project's cost is written at the end of its line, after a colon or an equals sign or in
brackets. On cards it stands in brackets after the project's name, as part of the option's
text, so that nobody is ever shown a project without what it costs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain import vocabulary
from bot.domain.ballot_wishes import MOST_POINTS, POINTS, BallotRules, read_choices
from bot.domain.budgets import MOST_MONEY, BudgetRules, Money, amount_words, priced, read_money, unit_of
from bot.domain.consultation import BallotType, Method, Option, OptionRole, Tie
from bot.domain.methods import BUDGET_METHODS
from bot.domain.options import read_listed
from bot.domain.refusals import Refusal
from bot.domain.wishes import Wishes
from bot.domain.words import OPTION_LIMIT, shown, tidy

BALLOTS = (BallotType.APPROVAL, BallotType.POINTS)
"""The ballots of a budget, the usual one first."""

FOREIGN = frozenset(
    {"seats", "majority", "base", "scale", "grades", "quadratic", "second_round", "add_options"}
)  # fmt: skip
"""The keys of other ballots that mean nothing in a budget."""

_BRACKETED = re.compile(r"(.*\S)\s*\(([^()]*)\)")
_SIGNED = re.compile(r"(.*\S)\s*[:=：]\s*(.*)")


@dataclass(frozen=True, slots=True)
class _Project:
    """A project as typed: its name, and its cost where one was found after it."""

    name: str
    cost: Money | None


def read_projects(texts: Sequence[str], wishes: Wishes) -> tuple[tuple[Option, ...], BudgetRules]:
    """The options of a budget, each with its cost in brackets, and the rules they go with.

    Raises Refusal `budget-needs-amount`, `impossible-amount`, `project-without-cost`, `project-cost-not-whole`,
    `project-cost-nothing`, `project-other-currency`, `project-too-dear`, besides those of `options.read_listed`.
    """
    projects = [_project(text) for text in texts]
    options = read_listed([project.name for project in projects])
    costs = {option.number: project.cost for option, project in zip(options, projects, strict=True)}
    amount, units = _amount(wishes)
    money = next((each for each in (amount, *costs.values()) if each is not None and each.currency), amount)
    rules = BudgetRules(units, (), money.currency, money.before)
    found = [(option.number, _cost(option, costs[option.number], rules, wishes)) for option in options]
    rules = replace(rules, costs=tuple((number, cost) for number, cost in found if cost))
    return tuple(_priced(option, rules, wishes) for option in options), rules


def _project(text: str) -> _Project:
    """The name and the cost of a project: what stands in brackets at its end, or after its last sign."""
    text = tidy(text)
    for pattern in (_BRACKETED, _SIGNED):
        if found := pattern.fullmatch(text):
            cost = read_money(found[2])
            if cost is not None:
                return _Project(found[1].rstrip(" :=："), cost)
    return _Project(text, None)


def _amount(wishes: Wishes) -> tuple[Money, int]:
    """What there is to share out, and how many units that is."""
    if not wishes.asks("amount"):
        raise Refusal("budget-needs-amount")
    amount = read_money(tidy(wishes.keys["amount"]))
    if amount is None or amount.units is None or not 0 < amount.units <= MOST_MONEY:
        raise Refusal("impossible-amount", said=wishes.said("amount"))
    return amount, amount.units


def _cost(option: Option, cost: Money | None, rules: BudgetRules, wishes: Wishes) -> int:
    """What a project costs; 0 for a blank ballot or an abstention, which costs nothing."""
    name = shown(option.text)
    if cost is None:
        if option.role is not OptionRole.SUBSTANTIVE:
            return 0
        raise Refusal("project-without-cost", option=name)
    if cost.units is None:
        raise Refusal("project-cost-not-whole", option=name)
    if cost.units <= 0:
        raise Refusal("project-cost-nothing", option=name)
    if cost.currency and unit_of(cost.currency) != unit_of(rules.currency):
        raise Refusal("project-other-currency", option=name, said=cost.currency, currency=rules.currency)
    if cost.units > rules.amount:
        said, whole = (amount_words(rules, units, wishes.language) for units in (cost.units, rules.amount))
        raise Refusal("project-too-dear", option=name, cost=said, amount=whole)
    return cost.units


def _priced(option: Option, rules: BudgetRules, wishes: Wishes) -> Option:
    """The option with its cost. Whatever it is called, what has a cost is a project, and what has none is blank or an
    abstention."""
    if not rules.cost(option.number):
        return replace(option, role=OptionRole.BLANK) if option.role is OptionRole.NONE else option
    text = priced(option.text, rules, option.number, wishes.listed("lang") or wishes.language)
    if len(text) > OPTION_LIMIT:
        room = OPTION_LIMIT - (len(text) - len(option.text))
        raise Refusal("option-too-long", said=shown(option.text), n=room)
    return replace(option, text=text, role=OptionRole.SUBSTANTIVE)


def read_budget_ballot(wishes: Wishes, options: Sequence[Option]) -> BallotRules:
    """The ballot and the count asked for: approval and the method of equal shares unless said.

    Raises Refusal `budget-ballot`, `budget-method`, `key-needs-ballot`, besides those of `Wishes`.
    """
    ballot = BallotType(wishes.listed("ballot") or BallotType.APPROVAL)
    if ballot not in BALLOTS:
        words = tuple(vocabulary.value_in(wishes.language, "ballot", each) for each in BALLOTS)
        raise Refusal("budget-ballot", said=wishes.said("ballot"), ballots=words)
    method = Method(wishes.listed("method") or Method.EQUAL_SHARES)
    if method not in BUDGET_METHODS:
        raise Refusal("budget-method", said=wishes.said("method"), methods=BUDGET_METHODS)
    if ballot is not BallotType.POINTS and "points" in wishes.keys:
        word = vocabulary.value_in(wishes.language, "ballot", BallotType.POINTS)
        raise Refusal("key-needs-ballot", said=wishes.said("points"), ballot=word)
    least, most = read_choices(wishes, ballot, options)
    rules = BallotRules(ballot, method, least, most, 1, None)
    return (
        rules
        if ballot is not BallotType.POINTS
        else replace(rules, points=wishes.number("points", 1, MOST_POINTS) or POINTS)
    )


def read_budget_tie(wishes: Wishes) -> Tie:
    """Who decides between projects left level for the money: lots unless said.

    Raises Refusal `budget-tie`: the count goes on after each such tie, and can't wait for an organiser.
    """
    tie = Tie(wishes.listed("tie") or Tie.DRAW)
    if tie is Tie.ORGANISER:
        words = tuple(vocabulary.value_in(wishes.language, "tie", each) for each in (Tie.DRAW, Tie.FIRST))
        raise Refusal("budget-tie", said=wishes.said("tie"), ties=words)
    return tie
