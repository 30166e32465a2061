"""Method of equal shares: the budget is divided equally among the voters, who pay together for what they support.

Round after round, of all projects that their supporters can still pay, the one with the
lowest price for what it is worth to them is funded: each supporter pays the same price
times the worth, or all that is left. A project is worth its cost to whoever marked it,
and its points to whoever gave it points. What the voters can't pay together stays
unspent; where the source declares `equalshares/add1`, the whole is done again with one
unit of money more for each voter, until that would spend more than the budget, and the last
result within the budget stands. The budgets of the bot's own consultations do the same in
steps of a thousandth of a share, and of one unit at least, so that a count ends soon
whatever the amounts.

Accepts marks or points on projects with costs. Blank ballots have no share. Projects of
the same price: the declared rule, else the order of the projects, as the outcome says.
Sources: D. Peters, G. Pierczyński and P. Skowron, "Proportional Participatory Budgeting
with Additive Utilities", NeurIPS 2021; the completion as on equalshares.net.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from bot.domain.tally.greedy import support
from bot.domain.tally.outcome import Outcome, Purpose, Round, Title
from bot.domain.tally.profile import Form, Profile, levels_of
from bot.domain.tally.ties import Ties

COMPLETED = "equalshares/add1"
STEPPED = "equalshares/add-thousandth"
"""The variants that go on with larger shares: by one unit of money, and by a thousandth of a share."""

_STEPS = 1000


Backer = tuple[int, int, int, int]
"""A group of voters with the same ballot: its place, how many they are, what the project is worth to each of them as a
whole number, and what makes worths comparable (the project's common multiple of all worths, divided by this one).
A bare tuple: a thousand ballots make thousands, and every price looks at each."""


@dataclass(slots=True)
class Purse:
    """What each group's voters have left, as whole numbers of a unit that shrinks when a payment needs it to: exact,
    and many times faster than fractions."""

    money: list[int]
    unit: int

    def pay(self, backers: Sequence[Backer], price: Fraction) -> None:
        """Let each of these pay the price for what the project is worth to them, or all they have."""
        finer = price.denominator // gcd(price.denominator, self.unit)
        self.money = [left * finer for left in self.money]
        self.unit *= finer
        each = price.numerator * (self.unit // price.denominator)
        for group, _, worth, _ in backers:
            self.money[group] -= min(self.money[group], each * worth)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A project that is funded, at this price for each unit of worth; `level` are those with the same price."""

    project: int
    price: Fraction
    level: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Deal:
    """What is funded with some shares, in that order, and what the voters have left of them."""

    bought: list[Purchase]
    purse: Purse


Backers = Mapping[int, Sequence[Backer]]


def equal_shares(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Which projects are funded, in that order. Rounds: support, then each purchase with its price, then what the
    supporters of each other project have left of their shares together, its amount being what is left of the budget.
    The number of seats plays no part."""
    backers, whole = _backers(profile), _multiple(profile)
    share = profile.budget / profile.valid
    found = _bought(profile, backers, share, ties)
    if profile.variant in {COMPLETED, STEPPED}:
        found, share = _completed(profile, backers, found, share, ties)
    bought = found.bought
    for purchase in bought:
        if len(purchase.level) > 1:
            ties.note(purchase.level, (purchase.project,), Purpose.FUNDING)
    funded = tuple(purchase.project for purchase in bought)
    rounds = [
        Round(Title.SUPPORT, support(profile), amount=_cost(profile, bought)),
        Round(Title.SHARE, {}, amount=share),
    ]
    rounds += [
        Round(Title.PRICE, {p.project: p.price * whole}, elected=(p.project,), about=(p.project,)) for p in bought
    ]
    rounds.append(Round(Title.LEFT, _left(backers, found), amount=profile.budget - _cost(profile, bought)))
    return Outcome(funded, (), tuple(rounds), tuple(ties.broken))


def _left(backers: Backers, deal: Deal) -> dict[int, Fraction]:
    """What the supporters of each project that isn't funded have left together."""
    funded = {purchase.project for purchase in deal.bought}
    money = deal.purse.money
    return {
        project: Fraction(sum([money[group] * voters for group, voters, _, _ in backing]), deal.purse.unit)
        for project, backing in backers.items()
        if backing and project not in funded
    }


def _backers(profile: Profile) -> Backers:
    """Who supports each project. Worths of points are multiplied up to whole numbers; all prices shrink alike."""
    whole = _multiple(profile)
    points = profile.form is Form.SCORES
    # Multiplied once: a thousand ballots say the same few points, and mark the same projects.
    values, costs = ([int(each * whole) for each in worths] for worths in (profile.values, profile.costs))
    found: dict[int, list[tuple[int, int, int]]] = {project: [] for project in range(len(profile.options))}
    for group, (ballot, voters) in enumerate(profile.ballots.items()):
        for project, level in enumerate(levels_of(ballot)):
            if level:
                found[project].append((group, voters, values[level - 1] if points else costs[project]))
    return {project: _comparable([each for each in backing if each[2] > 0]) for project, backing in found.items()}


def _multiple(profile: Profile) -> int:
    """What makes all points and costs whole numbers."""
    return lcm(*(value.denominator for value in (*profile.values, *profile.costs)))


def _comparable(backing: Sequence[tuple[int, int, int]]) -> list[Backer]:
    multiple = lcm(*{worth for _, _, worth in backing})
    return [(group, voters, worth, multiple // worth) for group, voters, worth in backing]


def _completed(profile: Profile, backers: Backers, found: Deal, share: Fraction, ties: Ties) -> tuple[Deal, Fraction]:
    """The last result within the budget, as the voters' shares grow step by step."""
    everything = sum(1 for each in backers.values() if each)
    while len(found.bought) < everything:
        larger = share + (max(int(share) // _STEPS, 1) if profile.variant == STEPPED else 1)
        more = _bought(profile, backers, larger, ties)
        if _cost(profile, more.bought) > profile.budget:
            break
        found, share = more, larger
    return found, share


def _cost(profile: Profile, bought: Sequence[Purchase]) -> Fraction:
    return sum((profile.costs[purchase.project] for purchase in bought), Fraction(0))


def _bought(profile: Profile, backers: Backers, share: Fraction, ties: Ties) -> Deal:
    """What is funded when each voter has this share."""
    purse = Purse([share.numerator] * len(profile.ballots), share.denominator)
    # A price never falls as voters spend: the one seen last says whether a project must be looked at again.
    last = {project: Fraction(0) for project, each in backers.items() if each}
    bought: list[Purchase] = []
    while level := _cheapest(profile, backers, purse, last):
        chosen, price = ties.ordered(level)[0], last[level[0]]
        purse.pay(backers[chosen], price)
        del last[chosen]
        bought.append(Purchase(chosen, price, tuple(level)))
    return Deal(bought, purse)


def _cheapest(profile: Profile, backers: Backers, purse: Purse, last: dict[int, Fraction]) -> list[int]:
    """The projects with the lowest price now, which `last` then holds; what nobody can pay any more is taken out."""
    best: list[int] = []
    for project in sorted(last, key=lambda each: (last[each], each)):
        if best and last[project] > last[best[0]]:
            break
        price = _price(profile.costs[project], backers[project], purse)
        if price is None:
            del last[project]
            continue
        last[project] = price
        if not best or price < last[best[0]]:
            best = [project]
        elif price == last[best[0]]:
            best.append(project)
    return sorted(best)


def _price(cost: Fraction, backers: Sequence[Backer], purse: Purse) -> Fraction | None:
    """The price for each unit of worth at which these voters pay the cost together; None if they can't."""
    money = purse.money
    due, per = cost.numerator * purse.unit, cost.denominator
    weight = sum([worth * voters for _, voters, worth, _ in backers])
    if sum([money[group] * voters for group, voters, _, _ in backers]) * per < due:
        return None
    for group, voters, worth, _ in sorted(backers, key=lambda each: money[each[0]] * each[3]):
        if due * worth <= money[group] * weight * per:
            return Fraction(due, weight * per * purse.unit)
        due -= money[group] * voters * per
        weight -= worth * voters
    return None
