"""The result of a consultation, with its working: who won, by how much, whether it stands.

Everything is whole numbers and exact fractions, worked out anew from the ballots
each time, so that anyone with the tally sheet finds the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from bot.domain.ballots import Choice, complete
from bot.domain.consultation import (
    BallotType,
    Base,
    Consultation,
    Definition,
    Majority,
    Method,
    Option,
    OptionRole,
    Tie,
)
from bot.domain.counting.engine import count
from bot.domain.counting.figures import marks, summed, votes
from bot.domain.methods import BY_VOTES
from bot.domain.none_of_these import nones, parted, without_majority
from bot.domain.tally.outcome import Outcome, Purpose, Round, Rule, TieBreak
from bot.domain.words import fold


class Verdict(StrEnum):
    """How the consultation ended. `NONE`: voters want none of the options, so that nothing is."""

    NO_VOTES = "no-votes"
    WON = "won"
    NONE = "none"
    TIED = "tied"
    PASSED = "passed"
    REJECTED = "rejected"
    SHORT_OF_MAJORITY = "short-of-majority"
    NO_QUORUM = "no-quorum"


@dataclass(frozen=True, slots=True)
class Row:
    """One option and its votes: the ballots that name it; that rank it first, alone or not; that grade it above the
    lowest grade or can come to it, if need be; the sum of its scores or points.

    `marks` says how many ballots gave it each mark, from 0 on (the ballots that choose something and leave it without
    a mark count as 0); empty where ballots give no marks.
    """

    option: Option
    votes: int
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What the ballots say.

    `rows` in the order of the options. `ballots` counts complete ballots; `expressed` those that choose
    something (neither blank nor abstention). `leaders` are the options that were level for a seat, if any were,
    else those whom the count puts in the seats. `winner` is the one that wins after the tie rule,
    `winners` all who are elected, in the order of election. `base` is what the majority is measured against.
    `empty` are the options that want none of the others and took a seat, which then stays empty.
    `tie_broken` says by which rule a tie for a seat was decided. `quorum` is how many were needed (None: no
    quorum). `finalists` go to the second round of a two-round vote that its first doesn't decide. `rounds` and
    `tie_breaks` are the working, by options' numbers. `by_proxy` is how many of the ballots others cast.
    """

    rows: tuple[Row, ...]
    ballots: int
    expressed: int
    roll: int
    leaders: tuple[int, ...]
    winner: int | None
    verdict: Verdict
    base: int
    quorum: int | None
    tie_broken: Tie | None = None
    winners: tuple[int, ...] = ()
    empty: tuple[int, ...] = ()
    finalists: tuple[int, ...] = ()
    rounds: tuple[Round, ...] = ()
    tie_breaks: tuple[TieBreak, ...] = ()
    by_proxy: int = 0

    def votes(self, number: int) -> int:
        """The votes for one option."""
        return next(row.votes for row in self.rows if row.option.number == number)

    def share(self, number: int) -> Fraction:
        """The option's votes among the ballots that choose something."""
        return Fraction(self.votes(number), self.expressed) if self.expressed else Fraction(0)


AYE = frozenset({"pour", "oui", "for", "yes", "approve", "approuver", "j'approuve", "adopter", "adopt", "aye"})
"""First options (folded) that make a vote between two options a motion, which passes or is rejected."""


def sides(definition: Definition) -> tuple[Option, Option] | None:
    """The option that says yes and the one that rejects, when there are just two substantive options and the first of
    them says yes: the vote is a motion. None for any other choice, and where one may want none of the two."""
    substantive = [option for option in definition.options if option.role is OptionRole.SUBSTANTIVE]
    if len(substantive) != 2 or nones(definition) or fold(substantive[0].text).strip(" .!") not in AYE:
        return None
    return substantive[0], substantive[1]


def is_motion(definition: Definition) -> bool:
    """Whether it is a question of yes or no, which passes or is rejected."""
    return sides(definition) is not None


def conclude(consultation: Consultation, tally: Mapping[Choice, int], by_proxy: int = 0) -> Result:
    """Count the merged ballots. Ballots with fewer options than asked are incomplete and not counted. `by_proxy` is how
    many of them were cast in another's place: they count like any other, and are told besides."""
    definition = consultation.definition
    counted = {choice: times for choice, times in tally.items() if complete(definition, choice)}
    asides = definition.asides
    chosen = {choice: times for choice, times in counted.items() if not asides.issuperset(choice)}
    ballots, expressed, roll = sum(counted.values()), sum(chosen.values()), consultation.roll_size or 0
    # Of a budget that is open only the support is ever shown: its count, which takes longer than others, can wait.
    waits = definition.budget is not None and consultation.takes_ballots
    outcome, decided = _counted(consultation, chosen if expressed and not waits else {})
    tied, broken = outcome.tied, Tie.ORGANISER if decided else definition.tie if _by_declared_rule(outcome) else None
    result = Result(
        rows=tuple(_rows(definition, counted)),
        ballots=ballots,
        expressed=expressed,
        roll=roll,
        leaders=outcome.tied or decided or _elected_or_drawn(outcome),
        winner=None,
        verdict=Verdict.TIED if tied else Verdict.WON,
        base={Base.CAST: expressed, Base.VOTERS: ballots, Base.ROLL: roll}[definition.base],
        quorum=_needed(definition, ballots, roll),
        tie_broken=broken,
        winners=outcome.winners,
        rounds=outcome.rounds,
        tie_breaks=outcome.tie_breaks,
        by_proxy=by_proxy,
    )
    return _with_verdict(definition, result)


def _needed(definition: Definition, present: int, roll: int) -> int | None:
    """How many the quorum takes, if there is one."""
    if definition.quorum is None:
        return None
    return definition.quorum.needed(present if definition.quorum_of_present else roll)


def counted_for_quorum(definition: Definition, result: Result) -> int:
    """How many there are towards the quorum: all who vote; those who choose something where it is of those present."""
    return result.expressed if definition.quorum_of_present else result.ballots


def _rows(definition: Definition, counted: Mapping[Choice, int]) -> Iterator[Row]:
    named, given = votes(definition, counted), marks(definition, counted)
    for option in definition.options:
        counts = given.get(option.number, ())
        yield Row(option, summed(definition, counts) if counts else named[option.number], counts)


def _supported(definition: Definition, outcome: Outcome) -> Outcome:
    """The outcome without options that nobody gave anything, where figures are sums: a seat may stay empty."""
    if definition.method not in BY_VOTES | {Method.SCORE, Method.POINTS} or not outcome.rounds:
        return outcome
    figures = outcome.rounds[0].tallies
    winners, tied = (tuple(number for number in group if figures[number]) for group in (outcome.winners, outcome.tied))
    breaks = tuple(each for each in outcome.tie_breaks if set(each.chosen) <= set(winners))
    rounds = (replace(outcome.rounds[0], elected=winners),)
    return replace(outcome, winners=winners, tied=tied, rounds=rounds, tie_breaks=breaks)


def _counted(consultation: Consultation, ballots: Mapping[Choice, int]) -> tuple[Outcome, tuple[int, ...]]:
    """The outcome once what the organisers decided is taken into account, and the options among whom they did: seat
    after seat, each decision where the count was in a tie."""
    definition = consultation.definition
    found = _supported(definition, count(definition, ballots, consultation.seed))
    if definition.tie is not Tie.ORGANISER:
        return found, ()
    decided: tuple[int, ...] = ()
    among: dict[int, None] = {}
    for choice in consultation.tie_choices:
        if choice not in found.tied:
            break
        decided, among = (*decided, choice), {**among, **dict.fromkeys(found.tied)}
        found = _supported(definition, count(definition, ballots, consultation.seed, decided))
    return found, tuple(among)


def _by_declared_rule(outcome: Outcome) -> TieBreak | None:
    """The tie for a seat that the declared draw or order decided, if there was one."""
    declared = {Rule.DRAW, Rule.ORDER}
    decided = (each for each in outcome.tie_breaks if each.purpose is Purpose.ELECTION and each.rule in declared)
    return next(decided, None)


def _elected_or_drawn(outcome: Outcome) -> tuple[int, ...]:
    """Those level for a seat that the declared rule decided, else those in the seats."""
    declared = _by_declared_rule(outcome)
    return declared.tied if declared else outcome.winners


def commitment(seed: str) -> str:
    """What is published of a seed before the opening: its SHA-256, in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def _with_verdict(definition: Definition, result: Result) -> Result:
    """The result with its verdict; only an option that stands is a winner, and only its tie was broken."""
    verdict, passed = _verdict(definition, result), _motion(definition)
    match verdict:
        case Verdict.WON:
            winners = _standing(definition, result)
            leaders, broken = result.leaders, result.tie_broken
            # A tie between options that all fall short of the majority has decided nothing.
            if broken is None or (winners != result.winners and set(leaders).isdisjoint(winners)):
                leaders, broken = winners, None
            elected, empty = parted(definition, winners)
            return replace(
                result,
                verdict=verdict if elected else Verdict.NONE,
                winner=next(iter(elected), None),
                winners=elected,
                empty=empty,
                leaders=leaders,
                tie_broken=broken,
            )
        case Verdict.TIED:
            elected, empty = parted(definition, _standing(definition, result))
            return replace(result, verdict=verdict, winners=elected, empty=empty, tie_broken=None)
        case Verdict.PASSED if passed is not None:
            return replace(result, verdict=verdict, winner=passed, winners=(passed,), tie_broken=None)
        case _:
            finalists = _finalists(result) if _to_second_round(definition, verdict) else ()
            return replace(result, verdict=verdict, winners=(), tie_broken=None, finalists=finalists)


def _motion(definition: Definition) -> int | None:
    """The option that says yes to a motion, to a proposal that asks for consent or to a text to sign."""
    if definition.ballot is BallotType.SIGNATURE:
        return definition.options[0].number
    if definition.ballot is BallotType.CONSENT:
        return next(option.number for option in definition.options if option.role is OptionRole.AGREEMENT)
    motion = sides(definition)
    return motion[0].number if motion else None


def _verdict(definition: Definition, result: Result) -> Verdict:
    majority, motion = definition.majority, sides(definition)
    if result.quorum is not None and counted_for_quorum(definition, result) < result.quorum:
        return Verdict.NO_QUORUM
    if definition.ballot is BallotType.SIGNATURE:
        return Verdict.PASSED if result.ballots else Verdict.NO_VOTES
    if definition.ballot is BallotType.CONSENT:
        return _consent(definition, result)
    if majority is not None and motion is not None:
        return Verdict.PASSED if _reaches(majority, result, motion[0].number) else Verdict.REJECTED
    if not result.leaders:
        return Verdict.NO_VOTES
    # Those left tied have the same votes: when one falls short they all do, and nothing is left to decide.
    if result.verdict is Verdict.TIED and _stand(definition, result, result.leaders):
        return Verdict.TIED
    return Verdict.WON if _standing(definition, result) else Verdict.SHORT_OF_MAJORITY


def _consent(definition: Definition, result: Result) -> Verdict:
    """The proposal passes as `tally.consent` says; with a majority rule, when it is reached as well."""
    if not result.expressed:
        return Verdict.NO_VOTES
    return Verdict.PASSED if _standing(definition, result) else Verdict.REJECTED


def _standing(definition: Definition, result: Result) -> tuple[int, ...]:
    """Those of the elected who have the majority that was asked."""
    return _stand(definition, result, result.winners)


def _stand(definition: Definition, result: Result, numbers: Sequence[int]) -> tuple[int, ...]:
    majority = definition.majority
    if majority is None and definition.method is Method.TWO_ROUND:
        majority = Majority(Fraction(1, 2), strict=True)
    free = without_majority(definition)
    return tuple(
        number for number in numbers if majority is None or number in free or _reaches(majority, result, number)
    )


def _to_second_round(definition: Definition, verdict: Verdict) -> bool:
    return definition.method is Method.TWO_ROUND and verdict is Verdict.SHORT_OF_MAJORITY


def _finalists(result: Result) -> tuple[int, ...]:
    """The two with most votes, and whoever has as many as the second: nobody is kept out by a lot."""
    named = [row for row in result.rows if not row.option.aside]
    second = sorted((row.votes for row in named), reverse=True)[:2][-1]
    return tuple(row.option.number for row in sorted(named, key=lambda row: -row.votes) if row.votes >= second)


def _reaches(majority: Majority, result: Result, number: int) -> bool:
    votes = result.votes(number)
    if majority.fraction is None:
        others = [row.votes for row in result.rows if not row.option.aside and row.option.number != number]
        return votes > max(others, default=0)
    needed = majority.fraction * result.base
    return votes > needed if majority.strict else votes >= needed and votes > 0
