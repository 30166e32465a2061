"""The result of a consultation, with its working: who won, by how much, whether it stands.

Everything is whole numbers and exact fractions, worked out anew from the ballots
each time, so that anyone with the tally sheet finds the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from bot.domain.ballots import Choice, complete
from bot.domain.consultation import Base, Consultation, Definition, Majority, Option, OptionRole, Tie
from bot.domain.counting import METHODS
from bot.domain.words import fold


class Verdict(StrEnum):
    """How the consultation ended."""

    NO_VOTES = "no-votes"
    WON = "won"
    TIED = "tied"
    PASSED = "passed"
    REJECTED = "rejected"
    SHORT_OF_MAJORITY = "short-of-majority"
    NO_QUORUM = "no-quorum"


@dataclass(frozen=True, slots=True)
class Row:
    """One option and its votes."""

    option: Option
    votes: int


@dataclass(frozen=True, slots=True)
class Result:
    """What the ballots say.

    `rows` in the order of the options. `ballots` counts complete ballots; `expressed` those that choose
    something (neither blank nor abstention). `leaders` are the substantive options with most votes; `winner` is the
    one that wins after the tie rule. `base` is what the majority is measured against. `tie_broken` says by which rule
    a tie was decided. `quorum` is how many voters were needed (None: no quorum).
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
    them says yes: the vote is a motion. None for any other choice."""
    substantive = [option for option in definition.options if option.role is OptionRole.SUBSTANTIVE]
    if len(substantive) != 2 or fold(substantive[0].text).strip(" .!") not in AYE:
        return None
    return substantive[0], substantive[1]


def is_motion(definition: Definition) -> bool:
    """Whether it is a question of yes or no, which passes or is rejected."""
    return sides(definition) is not None


def conclude(consultation: Consultation, tally: Mapping[Choice, int]) -> Result:
    """Count the merged ballots. Ballots with fewer options than asked are incomplete and not counted."""
    definition = consultation.definition
    counted = {choice: count for choice, count in tally.items() if complete(definition, choice)}
    votes = METHODS[definition.method]([option.number for option in definition.options], counted)
    rows = tuple(Row(option, votes[option.number]) for option in definition.options)
    substantive = [row for row in rows if row.option.role is OptionRole.SUBSTANTIVE]
    most = max((row.votes for row in substantive), default=0)
    leaders = tuple(row.option.number for row in substantive if row.votes == most and most > 0)
    ballots = sum(counted.values())
    expressed = _expressed(definition, counted)
    roll = consultation.roll_size or 0
    winner, broken = _winner(consultation, leaders)
    quorum = definition.quorum.needed(roll) if definition.quorum else None
    base = {Base.CAST: expressed, Base.VOTERS: ballots, Base.ROLL: roll}[definition.base]
    found = Result(rows, ballots, expressed, roll, leaders, winner, Verdict.WON, base, quorum, broken)
    return _with_verdict(definition, found)


def _expressed(definition: Definition, counted: Mapping[Choice, int]) -> int:
    substantive = {option.number for option in definition.options if option.role is OptionRole.SUBSTANTIVE}
    return sum(count for choice, count in counted.items() if substantive.intersection(choice))


def _winner(consultation: Consultation, leaders: tuple[int, ...]) -> tuple[int | None, Tie | None]:
    if len(leaders) < 2:
        return (leaders[0] if leaders else None), None
    match consultation.definition.tie:
        case Tie.FIRST:
            return leaders[0], Tie.FIRST
        case Tie.DRAW if consultation.seed:
            return min(leaders, key=lambda number: lot(consultation.seed, number)), Tie.DRAW
        case Tie.ORGANISER if consultation.tie_choice in leaders:
            return consultation.tie_choice, Tie.ORGANISER
        case _:
            return None, None


def lot(seed: str, number: int) -> str:
    """The lot an option draws: SHA-256 of `seed:number`, in hexadecimal; the smallest wins."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def commitment(seed: str) -> str:
    """What is published of a seed before the opening: its SHA-256, in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def _with_verdict(definition: Definition, result: Result) -> Result:
    """The result with its verdict; only an option that stands is a winner, and only its tie was broken."""
    verdict, motion = _verdict(definition, result), sides(definition)
    match verdict:
        case Verdict.WON:
            return replace(result, verdict=verdict)
        case Verdict.PASSED if motion:
            return replace(result, verdict=verdict, winner=motion[0].number, tie_broken=None)
        case _:
            return replace(result, verdict=verdict, winner=None, tie_broken=None)


def _verdict(definition: Definition, result: Result) -> Verdict:
    majority, motion = definition.majority, sides(definition)
    if result.quorum is not None and result.ballots < result.quorum:
        return Verdict.NO_QUORUM
    if majority is not None and motion is not None:
        return Verdict.PASSED if _reaches(majority, result, motion[0].number) else Verdict.REJECTED
    if not result.leaders:
        return Verdict.NO_VOTES
    # Leaders have the same votes: when one falls short they all do, and there is nothing to decide between them.
    if majority is not None and not _reaches(majority, result, result.leaders[0]):
        return Verdict.SHORT_OF_MAJORITY
    return Verdict.WON if result.winner is not None else Verdict.TIED


def _reaches(majority: Majority, result: Result, number: int) -> bool:
    votes = result.votes(number)
    if majority.fraction is None:
        others = [row.votes for row in result.rows if _rival(row, number)]
        return votes > max(others, default=0)
    needed = majority.fraction * result.base
    return votes > needed if majority.strict else votes >= needed and votes > 0


def _rival(row: Row, number: int) -> bool:
    return row.option.role is OptionRole.SUBSTANTIVE and row.option.number != number
