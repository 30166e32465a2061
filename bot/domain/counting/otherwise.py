"""The same ballots counted by the other methods that can read them: for learning, never a result.

Scores and grades are read as rankings too: what has a higher score is preferred. A tie
is left a tie: no declared rule decides it here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from bot.domain.ballots import Choice, Marks, complete
from bot.domain.consultation import BallotType, Definition, Method, Tie
from bot.domain.counting.budget import fund
from bot.domain.counting.engine import profile
from bot.domain.methods import BUDGET_METHODS
from bot.domain.tally import METHODS
from bot.domain.tally.profile import Ballots, Form, Profile
from bot.domain.tally.ties import Ties

_RANKINGS = (
    Method.SCHULZE, Method.RANKED_PAIRS, Method.IRV, Method.STV, Method.BORDA, Method.TWO_ROUND, Method.PLURALITY,
)  # fmt: skip
_SCORES = (Method.SCORE, Method.MAJORITY_JUDGMENT, Method.STAR, Method.SCHULZE, Method.BORDA)
READ_BY: Mapping[BallotType, tuple[Method, ...]] = {
    BallotType.RANKING: _RANKINGS,
    BallotType.SCORE: _SCORES,
    BallotType.JUDGMENT: _SCORES,
}
"""The methods that can count a ballot's kind, its own among them; ballots that only one method reads are left out."""


@dataclass(frozen=True, slots=True)
class Other:
    """What another method finds in the same ballots: options' numbers, in order of election, and those left tied."""

    method: Method
    winners: tuple[int, ...]
    tied: tuple[int, ...]


def otherwise(definition: Definition, tally: Mapping[Choice, int]) -> list[Other]:
    """The outcomes by the other methods that fill as many seats; [] where no other method reads these ballots."""
    asides = definition.asides
    chosen = {
        choice: times
        for choice, times in tally.items()
        if complete(definition, choice) and not asides.issuperset(choice)
    }
    methods = [method for method in read_by(definition) if method is not definition.method]
    if not chosen or not methods:
        return []
    return list((_funded if definition.budget is not None else _counted)(definition, chosen, methods))


def read_by(definition: Definition) -> tuple[Method, ...]:
    """The methods that can count its ballots; () where only its own can."""
    return BUDGET_METHODS if definition.budget is not None else READ_BY.get(definition.ballot, ())


def _funded(definition: Definition, chosen: Mapping[Choice, int], methods: list[Method]) -> Iterator[Other]:
    """What other methods fund. Of projects of the same price or support, the first on the list comes first."""
    numbers = [option.number for option in definition.options if not option.aside]
    for method in methods:
        found = fund(definition, chosen, Ties(Tie.FIRST), method)
        yield Other(method, tuple(numbers[place] for place in found.winners), ())


def _counted(definition: Definition, chosen: Mapping[Choice, int], methods: list[Method]) -> Iterator[Other]:
    numbers = [option.number for option in definition.options if not option.aside]
    own = profile(definition, chosen)
    for method in methods:
        how = METHODS[method]
        if definition.seats > 1 and not how.many_seats:
            continue
        read = own if how.accepts is own.form else _as_rankings(definition, chosen, own)
        found = how.count(read, definition.seats, Ties())
        winners, tied = ([numbers[place] for place in group] for group in (found.winners, found.tied))
        yield Other(method, tuple(winners), tuple(tied))


def _as_rankings(definition: Definition, chosen: Mapping[Choice, int], own: Profile) -> Profile:
    """Scores read as preferences: what is left without a score is preferred to nothing."""
    places = {option.number: place for place, option in enumerate(o for o in definition.options if not o.aside)}
    merged = Ballots(Form.RANKING)
    for choice, times in chosen.items():
        if isinstance(choice, Marks):
            given = dict(choice.given)
            merged.score({place: Fraction(given.get(number, 0)) for number, place in places.items()}, times)
    return merged.profile(own.options)
