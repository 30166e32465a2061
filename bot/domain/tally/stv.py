"""Single transferable vote by the Scottish rules: weighted inclusive Gregory, five decimals.

The quota is the whole part of valid papers / (seats + 1), plus one. Who reaches it is
elected. One surplus a stage, the largest first: every paper of the pile goes on to its
next continuing option at value x surplus / pile, truncated at five decimals. Without a
surplus, whoever has least is excluded and the papers go on at the value they have. When
as many are left as there are seats to fill, they are elected. What truncation drops is
lost, as the rules say.

Accepts rankings, partial allowed; a rank that holds several options ends the paper
there, and makes it invalid if it is the first. Blank ballots are counted apart and don't
raise the quota. Ties, of surpluses, exclusions and the order of election: who had more
in the latest earlier stage that tells them apart; the Order then draws lots, here the
declared rule, else the order of the options (the outcome says so); options that only
the seats' number separates, level in every stage, are tied. Source: Scottish Local
Government Elections Order 2011, schedule 1, rules 46-52.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from bot.domain.tally.outcome import Outcome, Purpose, Round, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.ties import Ties, ranked

if TYPE_CHECKING:
    from bot.domain.tally.papers import Papers

PLACES = 5
_UNIT = 10**PLACES


@dataclass(slots=True)
class Count:
    """A count under way: who is elected and who still continues, and every stage's figures."""

    papers: Papers
    seats: int
    quota: int
    ties: Ties
    continuing: list[int]
    elected: list[int] = field(default_factory=list)
    surpluses: list[int] = field(default_factory=list)
    tied: tuple[int, ...] = ()
    rounds: list[Round] = field(default_factory=list)
    history: list[dict[int, Fraction]] = field(default_factory=list)

    def stage(self, title: Title, about: tuple[int, ...] = (), eliminated: tuple[int, ...] = ()) -> None:
        """Take down the stage's figures, and elect whoever has the quota or can't miss a seat any more."""
        totals = self.papers.totals()
        figures = {option: Fraction(total, _UNIT) for option, total in totals.items()}
        past, before = list(self.history), len(self.elected)
        self.history.append(figures)
        reached = {o: figures[o] for o in self.continuing if totals[o] >= self.quota * _UNIT}
        self._elect(_in_order(reached, past, self.ties))
        self.surpluses += [option for option in reached if totals[option] > self.quota * _UNIT]
        if len(self.continuing) <= self.seats - len(self.elected):
            self._elect(_in_order({o: figures[o] for o in self.continuing}, past, self.ties))
        found = tuple(self.elected[before:])
        amount = Fraction(self.quota) if title is Title.QUOTA else Fraction(0)
        self.rounds.append(Round(title, figures, found, eliminated, about, amount))

    def _elect(self, options: Iterable[int]) -> None:
        for option in options:
            self.continuing.remove(option)
            self.elected.append(option)

    @property
    def done(self) -> bool:
        """Whether every seat is filled, or nothing can tell who gets the rest."""
        return len(self.elected) >= self.seats or not self.continuing or bool(self.tied)

    def advance(self) -> None:
        """The next stage: the largest surplus, or else an exclusion."""
        now, past = self.history[-1], self.history[:-1]
        if self.surpluses:
            most = max(now[option] for option in self.surpluses)
            largest = [option for option in self.surpluses if now[option] == most]
            self._transfer(self.ties.highest(largest, past, Purpose.SURPLUS))
            return
        least = min(now[option] for option in self.continuing)
        lowest = [option for option in self.continuing if now[option] == least]
        if len(lowest) == len(self.continuing) and not self.ties.decides and _level(lowest, past):
            self._elect(self.ties.picked(lowest, self.seats - len(self.elected), Purpose.ELECTION))
            self.tied = tuple(self.continuing) if len(self.elected) < self.seats else ()
            return
        self._exclude(self.ties.lowest(lowest, past, Purpose.ELIMINATION))

    def _transfer(self, option: int) -> None:
        self.surpluses.remove(option)
        total = int(self.history[-1][option] * _UNIT)
        quota = self.quota * _UNIT
        self.papers.revalue(option, total - quota, total)
        self.papers.pass_on(option, self.continuing)
        self.papers.keep(option, quota)
        self.stage(Title.SURPLUS, about=(option,))

    def _exclude(self, option: int) -> None:
        self.continuing.remove(option)
        self.papers.pass_on(option, self.continuing)
        self.stage(Title.EXCLUSION, about=(option,), eliminated=(option,))


def stv(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who is elected, with every stage's figures to five decimals."""
    from bot.domain.tally.papers import Papers

    papers = Papers(profile)
    quota = papers.valid // (seats + 1) + 1
    count = Count(papers, seats, quota, ties, list(range(len(profile.options))))
    count.stage(Title.QUOTA)
    while not count.done:
        count.advance()
    return Outcome(
        tuple(count.elected), count.tied, tuple(count.rounds), tuple(ties.broken), papers.invalid, places=PLACES
    )


def _in_order(reached: dict[int, Fraction], past: list[dict[int, Fraction]], ties: Ties) -> list[int]:
    """Those elected in one stage: most votes first, and where these are equal, most votes before."""
    ordered: list[int] = []
    for group in ranked(reached):
        left = list(group)
        while left:
            first = ties.highest(left, past, Purpose.ORDER)
            ordered.append(first)
            left.remove(first)
    return ordered


def _level(options: list[int], past: list[dict[int, Fraction]]) -> bool:
    return all(len({figures[option] for option in options}) == 1 for figures in past)
