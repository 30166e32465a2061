"""STAR: the two options with the highest totals go to a run-off, which the one that more ballots score higher wins.

Accepts scores; an option without one has 0. Blank ballots are counted apart. Several
seats: the whole count again without those already elected (bloc STAR).

Ties for the run-off: most preferences in the duels among those tied, then most best
scores (of the scale: five stars); in the run-off: the higher total, then most best
scores. What is still tied then is left to the declared rule. Source: Equal Vote
Coalition, "STAR Voting: the official tie-breaking protocol".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.domain.tally.outcome import Outcome, Purpose, Round, Rule, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.score import totals
from bot.domain.tally.sums import by_level, counts, preferred, table
from bot.domain.tally.ties import Ties, ranked

FIVE_STARS = Fraction(5)


@dataclass(frozen=True, slots=True)
class Stars:
    """What the ballots say: totals, who is scored higher by how many, and how many best scores each has."""

    totals: Mapping[int, Fraction]
    duels: Sequence[Sequence[int]]
    best: Mapping[int, Fraction]


def star(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who is elected. Two rounds for each seat: totals, and the run-off's preferences."""
    stars = _stars(profile)
    staying, winners = set(stars.totals), list[int]()
    rounds: list[Round] = []
    while len(winners) < seats and staying:
        winner, tied = _seat(stars, staying, ties, rounds)
        if winner is None:
            return Outcome(tuple(winners), tied, tuple(rounds), tuple(ties.broken))
        winners.append(winner)
        staying.discard(winner)
    return Outcome(tuple(winners), (), tuple(rounds), tuple(ties.broken))


def _stars(profile: Profile) -> Stars:
    """Scores as places: the best score has the lowest number, so that duels are those of rankings."""
    import numpy as np

    worth = [Fraction(0), *profile.values]
    order = {value: place for place, value in enumerate(sorted(set(worth), reverse=True))}
    places = np.array([order[value] for value in worth], np.uint16)
    top = max([profile.top or FIVE_STARS, *profile.values])
    levels = by_level(profile)
    best = {
        option: Fraction(sum(number for value, number in zip(worth, given, strict=False) if value == top))
        for option, given in enumerate(levels)
    }
    return Stars(totals(profile), preferred(places[table(profile)], counts(profile)), best)


def _seat(
    stars: Stars, staying: Collection[int], ties: Ties, rounds: list[Round]
) -> tuple[int | None, tuple[int, ...]]:
    scores = {option: stars.totals[option] for option in sorted(staying)}
    if len(scores) == 1:
        rounds.append(Round(Title.SCORES, scores, elected=tuple(scores)))
        return next(iter(scores)), ()
    finalists, tied = _finalists(stars, scores, ties)
    out = tuple(option for option in scores if option not in finalists)
    if tied:
        rounds.append(Round(Title.SCORES, scores))
        return None, tied
    rounds.append(Round(Title.SCORES, scores, eliminated=out))
    a, b = finalists
    votes = {a: Fraction(stars.duels[a][b]), b: Fraction(stars.duels[b][a])}
    winner = _run_off(stars, votes, ties)
    won = () if winner is None else (winner,)
    rounds.append(Round(Title.RUNOFF, votes, elected=won, about=(a, b)))
    return winner, () if won else (a, b)


def _finalists(stars: Stars, scores: Mapping[int, Fraction], ties: Ties) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The two that go to the run-off, or those tied for it."""
    sure: list[int] = []
    for group in ranked(scores):
        if len(sure) + len(group) <= 2:
            sure += group
            continue
        if len(sure) == 2:
            break
        left: Sequence[int] = group
        among = {a: Fraction(sum(stars.duels[a][b] for b in group)) for a in group}
        for rule, figures in ((Rule.HEAD_TO_HEAD, among), (Rule.TOP_SCORES, stars.best)):
            taken, left = _settled({option: figures[option] for option in left}, 2 - len(sure))
            if taken:
                ties.note((*taken, *left), taken, Purpose.RUNOFF, rule)
            sure += taken
        if len(sure) < 2:
            chosen = ties.picked(left, 2 - len(sure), Purpose.RUNOFF)
            sure += chosen
            if len(sure) < 2:
                return tuple(sure), tuple(sorted(set(left).difference(chosen)))
    return tuple(sure), ()


def _settled(figures: Mapping[int, Fraction], room: int) -> tuple[list[int], list[int]]:
    """Those whom these figures clearly put in, and the group that is still tied for the rest."""
    taken: list[int] = []
    for group in ranked(figures):
        if len(taken) + len(group) > room:
            return taken, group
        taken += group
    return taken, []


def _run_off(stars: Stars, votes: Mapping[int, Fraction], ties: Ties) -> int | None:
    a, b = votes
    if votes[a] != votes[b]:
        return a if votes[a] > votes[b] else b
    for rule, figures in ((Rule.SCORES, stars.totals), (Rule.TOP_SCORES, stars.best)):
        if figures[a] != figures[b]:
            chosen = a if figures[a] > figures[b] else b
            ties.note((a, b), (chosen,), Purpose.ELECTION, rule)
            return chosen
    return next(iter(ties.picked((a, b), 1, Purpose.ELECTION)), None)
