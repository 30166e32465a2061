"""The methods once more, as their authors define them and as slowly as that is: what the engine is compared with.

Nothing here is shared with `bot.domain.tally`. Ballots are counted one at a time, in lists and fractions; chains of
duels are found by walking them all, orders by trying them all. Where a tie would have to be decided the answer is None,
or every answer that some decision gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, groupby, pairwise, permutations, product

Ranking = Sequence[Sequence[int]]
"""Groups of equal options, best first; what isn't named is last, and equal."""
Scores = Sequence[int]
Weighted = Sequence[tuple[Ranking, int]]


def place(ballot: Ranking, option: int) -> int:
    return next((rank for rank, group in enumerate(ballot) if option in group), len(ballot))


def duels(ballots: Weighted, options: int) -> dict[tuple[int, int], int]:
    return {
        (a, b): sum(number for ballot, number in ballots if place(ballot, a) < place(ballot, b))
        for a, b in permutations(range(options), 2)
    }


def borda(ballots: Weighted, options: int) -> list[Fraction]:
    """Every ballot hands out options - 1, …, 1, 0; equal options share what their places are worth together."""
    points = [Fraction(0)] * options
    for ballot, number in ballots:
        named = [option for group in ballot for option in group]
        worth = list(range(options - 1, -1, -1))
        for group in (*ballot, [option for option in range(options) if option not in named]):
            taken, worth = worth[: len(group)], worth[len(group) :]
            for option in group:
                points[option] += Fraction(sum(taken), len(group)) * number
    return points


def schulze(ballots: Weighted, options: int) -> set[int]:
    """Who has no weaker chain to anyone than there is back, over all chains without repetition."""
    won = duels(ballots, options)

    def strongest(a: int, b: int) -> int:
        between = [option for option in range(options) if option not in {a, b}]
        best = 0
        for length in range(len(between) + 1):
            for middle in permutations(between, length):
                chain = [a, *middle, b]
                links = list(pairwise(chain))
                if all(won[x, y] > won[y, x] for x, y in links):
                    best = max(best, min(won[link] for link in links))
        return best

    strength = {(a, b): strongest(a, b) for a, b in permutations(range(options), 2)}
    return {a for a in range(options) if all(strength[a, b] >= strength[b, a] for b in range(options) if b != a)}


def ranked_pairs(ballots: Weighted, options: int) -> set[int]:
    """Whoever stands above all others for some order of the duels that are equally strong."""
    won = duels(ballots, options)
    wins = [(a, b) for a, b in won if won[a, b] > won[b, a]]

    def strength(duel: tuple[int, int]) -> tuple[int, int]:
        return -won[duel], won[duel[1], duel[0]]

    groups = [list(same) for _, same in groupby(sorted(wins, key=strength), strength)]
    winners: set[int] = set()
    for orders in product(*(permutations(group) for group in groups)):
        locked: set[tuple[int, int]] = set()
        for winner, loser in (duel for order in orders for duel in order):
            if not leads(loser, winner, locked):
                locked.add((winner, loser))
        winners |= {option for option in range(options) if all(loser != option for _, loser in locked)}
    return winners


def leads(a: int, b: int, locked: set[tuple[int, int]]) -> bool:
    return any(x == a and (y == b or leads(y, b, locked)) for x, y in locked)


def paper(ballot: Ranking) -> list[int]:
    """The options in order, up to the first rank that several share."""
    order: list[int] = []
    for group in ballot:
        if len(group) > 1:
            break
        order += group
    return order


def irv(ballots: Weighted, options: int) -> int | None:
    papers = [(paper(ballot), number) for ballot, number in ballots]
    staying = set(range(options))
    while True:
        votes = dict.fromkeys(staying, 0)
        for order, number in papers:
            first = next((option for option in order if option in staying), None)
            if first is not None:
                votes[first] += number
        best = max(staying, key=lambda option: votes[option])
        if 2 * votes[best] > sum(votes.values()) or len(staying) == 1:
            return best
        fewest = [option for option in staying if votes[option] == min(votes.values())]
        if len(fewest) > 1:
            return None
        staying.remove(fewest[0])


Paper = tuple[list[int], Fraction]
"""The order of a paper's options, and its value."""


class Gregory:
    """Weighted inclusive Gregory, each paper by itself."""

    def __init__(self, ballots: Weighted, options: int, seats: int) -> None:
        papers = [(paper(ballot), Fraction(1)) for ballot, number in ballots for _ in range(number) if paper(ballot)]
        self.seats, self.quota = seats, len(papers) // (seats + 1) + 1
        self.continuing = set(range(options))
        self.elected: set[int] = set()
        self.waiting: set[int] = set()
        self.kept = [Fraction(0)] * options
        self.piles: list[list[Paper]] = [[] for _ in range(options)]
        self.give(papers)

    def give(self, papers: Sequence[Paper]) -> None:
        for order, value in papers:
            following = next((option for option in order if option in self.continuing), None)
            if following is not None:
                self.piles[following].append((order, value))

    def total(self, option: int) -> Fraction:
        return self.kept[option] + sum((value for _, value in self.piles[option]), Fraction(0))

    def elect(self) -> bool:
        """Elect whoever can be; whether all seats are filled."""
        reached = {option for option in self.continuing if self.total(option) >= self.quota}
        self.waiting |= {option for option in reached if self.total(option) > self.quota}
        self.elected |= reached
        self.continuing -= reached
        if len(self.continuing) <= self.seats - len(self.elected):
            self.elected |= self.continuing
            self.continuing = set()
        return len(self.elected) >= self.seats or not self.continuing

    def surplus(self, option: int) -> None:
        self.waiting.remove(option)
        share = (self.total(option) - self.quota) / self.total(option)
        papers, self.piles[option] = self.piles[option], []
        self.kept[option] = Fraction(self.quota)
        self.give([(order, Fraction(int(value * share * 100_000), 100_000)) for order, value in papers])

    def exclude(self, option: int) -> None:
        self.continuing.remove(option)
        papers, self.piles[option] = self.piles[option], []
        self.give(papers)


def stv(ballots: Weighted, options: int, seats: int) -> tuple[set[int], dict[int, Fraction]] | None:
    """Who is elected by the Scottish rules, and what everybody has at the end."""
    count = Gregory(ballots, options, seats)
    while not count.elect():
        most = max(map(count.total, count.waiting), default=0)
        least = min(map(count.total, count.continuing))
        next_ones = [option for option in count.waiting if count.total(option) == most] or [
            option for option in count.continuing if count.total(option) == least
        ]
        if len(next_ones) > 1:
            return None
        if count.waiting:
            count.surplus(next_ones[0])
        else:
            count.exclude(next_ones[0])
    return count.elected, {option: count.total(option) for option in range(options)}


def star(ballots: Sequence[tuple[Scores, int]], options: int) -> int | None:
    totals = [sum(scores[option] * number for scores, number in ballots) for option in range(options)]
    order = sorted(range(options), key=lambda option: -totals[option])
    if options > 2 and totals[order[1]] == totals[order[2]]:
        return None
    a, b = order[:2]
    better = sum(number * ((scores[a] > scores[b]) - (scores[a] < scores[b])) for scores, number in ballots)
    return None if better == 0 else a if better > 0 else b


def majority_values(ballots: Sequence[tuple[Scores, int]], options: int) -> list[list[int]]:
    """Each option's grades in the order in which they are taken away: always the lower of the middle ones."""
    values: list[list[int]] = []
    for option in range(options):
        grades = sorted(scores[option] for scores, number in ballots for _ in range(number))
        values.append([grades.pop((len(grades) - 1) // 2) for _ in range(len(grades))])
    return values


def equal_shares(
    votes: Sequence[Mapping[int, Fraction]], costs: Sequence[Fraction], budget: Fraction
) -> set[int] | None:
    """The rule as defined: of all projects that some price pays for the one with the lowest price, until there is none.
    Each vote says what the projects it supports are worth to that voter."""
    money = [budget / len(votes)] * len(votes)
    funded: set[int] = set()
    while True:
        prices = {
            project: price
            for project in range(len(costs))
            if project not in funded and (price := _price(project, votes, costs[project], money)) is not None
        }
        if not prices:
            return funded
        cheapest = [project for project in prices if prices[project] == min(prices.values())]
        if len(cheapest) > 1:
            return None
        (project,) = cheapest
        for voter, vote in enumerate(votes):
            money[voter] -= min(money[voter], prices[project] * vote.get(project, Fraction(0)))
        funded.add(project)


def _price(
    project: int, votes: Sequence[Mapping[int, Fraction]], cost: Fraction, money: Sequence[Fraction]
) -> Fraction | None:
    """The price at which the supporters' payments, each at most what is left to them, add up to the cost: found by
    guessing who pays all that is left."""
    worth = {voter: vote[project] for voter, vote in enumerate(votes) if vote.get(project)}
    for broke in _subsets(list(worth)):
        others = [voter for voter in worth if voter not in broke]
        if not others:
            if sum(money[voter] for voter in broke) == cost:
                return max(money[voter] / worth[voter] for voter in broke)
            continue
        price = (cost - sum(money[voter] for voter in broke)) / sum(worth[voter] for voter in others)
        if all(money[voter] < price * worth[voter] for voter in broke) and all(
            money[voter] >= price * worth[voter] for voter in others
        ):
            return price
    return None


def _subsets(voters: Sequence[int]) -> Iterator[Sequence[int]]:
    for size in range(len(voters) + 1):
        yield from combinations(voters, size)


def greedy(support: Sequence[int], costs: Sequence[int], budget: int) -> set[int] | None:
    if len(set(support)) < len(support):
        return None
    funded: set[int] = set()
    for project in sorted(range(len(costs)), key=lambda each: -support[each]):
        if costs[project] <= budget - sum(costs[each] for each in funded):
            funded.add(project)
    return funded
