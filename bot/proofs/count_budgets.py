"""Shares a budget out among projects, by the rules of the bundle's format (standard library alone).

Each function takes the count of `recount.py` and gives which projects are funded, in order, and nobody left level.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Figures = dict[int, Fraction]
Found = Any
"""Two lists: what is funded, and what is left level (nothing: the declared rule decides, else the order)."""
STEPS = 1_000


class Budget:
    """The amount, what each project costs, and what each ballot finds it worth."""

    def __init__(self, count: Any) -> None:
        self.count, self.amount = count, count.rules["budget"]["amount"]
        self.costs: dict[int, int] = dict(count.rules["budget"]["costs"])
        points = count.rules["ballot"] == "points"
        self.backers: dict[int, list[tuple[int, int, int]]] = {n: [] for n in count.options}
        for group, (ballot, k) in enumerate(count.ballots):
            for number in ballot:
                worth = ballot[number] if points else self.costs[number]
                if worth > 0:
                    self.backers[number].append((group, k, worth))
        self.support: Figures = {
            n: Fraction(sum(k * worth if points else k for _, k, worth in some)) for n, some in self.backers.items()
        }

    def price(self, number: int, money: list[Fraction]) -> Fraction | None:
        """The lowest price for each unit of worth at which the supporters pay the cost, each at most what is left."""
        due, some = Fraction(self.costs[number]), self.backers[number]
        if sum(money[group] * k for group, k, _ in some) < due:
            return None
        weight = sum(worth * k for _, k, worth in some)
        for group, k, worth in sorted(some, key=lambda each: money[each[0]] / each[2]):
            if due * worth <= money[group] * weight:
                return due / weight
            due -= money[group] * k
            weight -= worth * k
        return None

    def bought(self, share: Fraction) -> tuple[list[tuple[int, Fraction]], list[Fraction]]:
        """What is funded when each voter has this share, with its price; and what the ballots' voters have left."""
        money, funded = [share] * len(self.count.ballots), list[tuple[int, Fraction]]()
        # A price never falls while voters spend: the one seen last tells which projects need not be looked at again.
        seen = {n: Fraction(0) for n, some in self.backers.items() if some}
        while True:
            best: Fraction | None = None
            for number in sorted(seen, key=lambda each: seen[each]):
                if best is not None and seen[number] > best:
                    break
                price = self.price(number, money)
                if price is None:
                    del seen[number]
                else:
                    seen[number] = price
                    best = price if best is None else min(best, price)
            if best is None:
                return funded, money
            chosen = self.count.in_order([n for n, price in seen.items() if price == best])[0]
            for group, _, worth in self.backers[chosen]:
                money[group] -= min(money[group], best * worth)
            del seen[chosen]
            funded.append((chosen, best))

    def cost(self, funded: list[tuple[int, Fraction]]) -> int:
        """What these cost together."""
        return sum(self.costs[number] for number, _ in funded)


def equal_shares(count: Any) -> Found:
    """Equal shares, which grow by a thousandth at a time (one unit at least) until that would spend too much."""
    budget = Budget(count)
    share = Fraction(budget.amount, sum(k for _, k in count.ballots))
    funded, money = budget.bought(share)
    while len(funded) < sum(1 for some in budget.backers.values() if some):
        share += max(int(share) // STEPS, 1)
        more = budget.bought(share)
        if budget.cost(more[0]) > budget.amount:
            break
        funded, money = more
    numbers = [number for number, _ in funded]
    count.round("support", budget.support)
    count.round("share", {})
    for number, price in funded:
        count.round("price", {number: price})
    left = {
        n: sum((money[group] * k for group, k, _ in some), Fraction(0))
        for n, some in budget.backers.items()
        if some and n not in numbers
    }
    count.round("left", left)
    return [n for n in numbers if budget.support[n]], []


def greedy(count: Any) -> Found:
    """Most supported first, each that the money left is enough for."""
    budget, funded = Budget(count), list[int]()
    left = budget.amount
    for group in count.groups(budget.support):
        for number in count.in_order(group):
            if budget.costs[number] <= left:
                left -= budget.costs[number]
                funded.append(number)
    count.round("support", budget.support)
    return [n for n in funded if budget.support[n]], []


METHODS = {"equal-shares": equal_shares, "greedy": greedy}
