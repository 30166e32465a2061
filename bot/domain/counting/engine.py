"""From the ballots of a consultation to a profile, through the counting engine, and back to the options' numbers.

Blank ballots and abstentions are not in the profile; an option that a judgment leaves
without a grade has the lowest one, as the rules say beforehand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from bot.domain.ballots import Choice, Marks, Ranking
from bot.domain.consultation import BallotType, Definition, Method, OptionRole, Tie
from bot.domain.counting.budget import fund
from bot.domain.counting.figures import marks, votes
from bot.domain.methods import BY_VOTES
from bot.domain.tally import METHODS
from bot.domain.tally.consent import consent
from bot.domain.tally.lots import lot
from bot.domain.tally.marks import elected_by_marks
from bot.domain.tally.outcome import Outcome, Purpose, Round, TieBreak, Title
from bot.domain.tally.profile import Ballots, Form, Profile
from bot.domain.tally.ties import Ties


class NumberedTies(Ties):
    """Ties between places in a profile, whose lots are drawn by the options' own numbers.

    `preferred` are the places that an organiser decided for, in that order: each decides one tie, for one place.
    """

    def __init__(self, rule: Tie, seed: str, numbers: Sequence[int], preferred: Iterable[int] = ()) -> None:
        super().__init__(rule, seed)
        self._lots = [lot(seed, number) for number in numbers] if rule is Tie.DRAW and seed else []
        self._preferred = list(preferred)

    def picked(self, tied: Sequence[int], room: int, purpose: Purpose) -> list[int]:
        """See Ties. What an organiser decided is told as such, and not among the ties that the count decided."""
        chosen: list[int] = []
        while len(chosen) < room and self._preferred and self._preferred[0] in tied:
            chosen.append(self._preferred.pop(0))
        return chosen or super().picked(tied, room, purpose)

    def ordered(self, tied: Iterable[int]) -> list[int]:
        """See Ties."""
        if self._lots:
            return sorted(tied, key=self._lots.__getitem__)
        return sorted(tied)


def count(definition: Definition, ballots: Mapping[Choice, int], seed: str, preferred: Sequence[int] = ()) -> Outcome:
    """Count ballots that each choose something; the outcome names options by their numbers.

    `preferred` are the options that an organiser decided for, each where a tie stood in the way.
    """
    numbers = [option.number for option in definition.options if not option.aside]
    ties = NumberedTies(definition.tie, seed, numbers, [numbers.index(number) for number in preferred])
    if not ballots:
        return Outcome(())
    if definition.method is Method.SIGNATURE:
        return Outcome(())  # signatures are added up: nothing is elected
    if definition.method is Method.CONSENT:
        return _consent(definition, ballots)
    if definition.method in BY_VOTES:
        found = _most_votes(definition, ballots, numbers, ties)
    elif definition.budget is not None:
        found = _funded(definition, frozenset(ballots.items()), seed)
    elif definition.method is Method.AVAILABILITY:
        found = _availability(definition, ballots, numbers, ties)
    else:
        found = METHODS[definition.method].count(profile(definition, ballots), definition.seats, ties)
    return _numbered(found, numbers)


@lru_cache(maxsize=16)
def _funded(definition: Definition, ballots: frozenset[tuple[Choice, int]], seed: str) -> Outcome:
    """The projects funded. Remembered: the method of equal shares counts hundreds of times over, and a result that is
    looked at is worked out anew each time."""
    numbers = [option.number for option in definition.options if not option.aside]
    return fund(definition, dict(ballots), NumberedTies(definition.tie, seed, numbers))


def profile(definition: Definition, ballots: Mapping[Choice, int]) -> Profile:
    """The ballots as a profile over the options that choose something, in their order."""
    listed = [option for option in definition.options if not option.aside]
    place = {option.number: index for index, option in enumerate(listed)}
    merged = Ballots(Form.RANKING if definition.ballot is BallotType.RANKING else Form.SCORES)
    floor = dict.fromkeys(place.values(), 1) if definition.ballot is BallotType.JUDGMENT else {}
    for choice, times in ballots.items():
        match choice:
            case Ranking(levels):
                merged.rank([[place[number] for number in level] for level in levels], times)
            case Marks(given):
                merged.add(floor | {place[number]: mark + 1 for number, mark in given}, times)
            case _:
                raise ValueError("only rankings and marks have a profile")
    names = [option.text for option in listed]
    if merged.form is Form.RANKING:
        return merged.profile(names)
    values = tuple(Fraction(mark) for mark in range(definition.best_mark + 1))
    return merged.profile(names, values=values, top=values[-1])


def _most_votes(definition: Definition, ballots: Mapping[Choice, int], numbers: Sequence[int], ties: Ties) -> Outcome:
    found = votes(definition, ballots)
    title = Title.APPROVALS if definition.method is Method.APPROVAL else Title.VOTES
    figures = {place: Fraction(found[number]) for place, number in enumerate(numbers)}
    return elected_by_marks(figures, title, 0, definition.seats, ties)


def _consent(definition: Definition, ballots: Mapping[Choice, int]) -> Outcome:
    """The proposal, found by what each option says to it."""
    by_role = {option.role: option.number for option in definition.options}
    answers = {number: Fraction(found) for number, found in votes(definition, ballots).items()}
    return consent(answers, by_role[OptionRole.AGREEMENT], by_role[OptionRole.BLOCK])


def _availability(definition: Definition, ballots: Mapping[Choice, int], numbers: Sequence[int], ties: Ties) -> Outcome:
    """The date most people can come to, if need be; among those, the one that suits most of them.

    Rounds: how many can come at all, then for how many it is a plain yes. A date that nobody can come to never wins.
    """
    given = marks(definition, ballots)
    can = {place: Fraction(sum(given[number][1:])) for place, number in enumerate(numbers)}
    suits = {place: Fraction(given[number][-1]) for place, number in enumerate(numbers)}
    best = sorted({(can[place], suits[place]) for place in can if can[place]}, reverse=True)
    groups = [[place for place in can if (can[place], suits[place]) == level] for level in best]
    winners, tied = ties.seated(groups, 1) if groups else ((), ())
    rounds = (Round(Title.APPROVALS, can), Round(Title.VOTES, suits, elected=winners))
    return Outcome(winners, tied, rounds, tuple(ties.broken))


def _numbered(found: Outcome, numbers: Sequence[int]) -> Outcome:
    def of(places: Iterable[int]) -> tuple[int, ...]:
        return tuple(numbers[place] for place in places)

    def round_of(one: Round) -> Round:
        tallies = {numbers[place]: figure for place, figure in one.tallies.items()}
        elected, eliminated, about = of(one.elected), of(one.eliminated), of(one.about)
        return replace(one, tallies=tallies, elected=elected, eliminated=eliminated, about=about)

    def tie_of(one: TieBreak) -> TieBreak:
        return replace(one, tied=of(one.tied), chosen=of(one.chosen))

    return replace(
        found,
        winners=of(found.winners),
        tied=of(found.tied),
        rounds=tuple(round_of(one) for one in found.rounds),
        tie_breaks=tuple(tie_of(one) for one in found.tie_breaks),
    )
