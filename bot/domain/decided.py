"""Whether a vote is decided before its closing: no ballot of those who have not voted could change who wins.

Only where ballots name options and everyone who may vote is known. What is on record
counts as it stands: that voters may still change their minds is left out on purpose,
and the disclosure says so. It never errs on the side of closing: where a tie rule
might decide the same all the same, the vote stays open.
"""

from __future__ import annotations

from bot.domain.consultation import BallotType, Base, Consultation, Definition, Majority, Method
from bot.domain.none_of_these import without_majority
from bot.domain.results import Result, counted_for_quorum, sides
from bot.domain.roll_sources import RollSource

COUNTED = frozenset({Method.PLURALITY, Method.TWO_ROUND, Method.APPROVAL})
"""The methods in which one more ballot gives an option one vote at most."""

NAMING = frozenset({BallotType.SINGLE, BallotType.APPROVAL})
"""The ballots that name options."""


def is_decided(consultation: Consultation, result: Result) -> bool:
    """Whether the verdict and the winner are the same whatever those say who have not voted (nothing included).

    `result` is that of the ballots on record. Exact: whole numbers and fractions only.
    """
    definition = consultation.definition
    known = consultation.roll_known and definition.roll is not RollSource.OPEN and consultation.roll_size is not None
    if not known or definition.method not in COUNTED or definition.seats > 1:
        return False
    left, quorate = result.roll - result.ballots, _has_quorum(definition, result)
    if not quorate and definition.if_no_quorum is not None:
        return False  # something follows at the closing time
    if left <= 0:
        return left == 0
    if not quorate:
        return result.quorum is not None and result.roll < result.quorum
    motion = sides(definition)
    if definition.majority is not None and motion is not None:
        return _carried(consultation, result, motion[0].number, left) or not _may_reach(
            consultation, result, motion[0].number, left
        )
    return _won(consultation, result, left) or _hopeless(consultation, result, left)


def _has_quorum(definition: Definition, result: Result) -> bool:
    """Whether the quorum is met for good: a share of those present, even if everyone else votes blank."""
    if definition.quorum is None or result.quorum is None:
        return True
    needed = definition.quorum.needed(result.roll) if definition.quorum_of_present else result.quorum
    return counted_for_quorum(definition, result) >= needed


def closed_decided(consultation: Consultation, result: Result) -> bool:
    """Whether it was closed before its time though that was only announced for a vote that is decided, as it was."""
    early, closed_at, closes_at = consultation.definition.early, consultation.closed_at, consultation.closes_at
    if early is None or closed_at is None or closes_at is None or closed_at >= closes_at:
        return False
    return is_decided(consultation, result)


def _carried(consultation: Consultation, result: Result, number: int, left: int) -> bool:
    """Whether this option has its majority even if all the others' ballots are against it."""
    majority = consultation.definition.majority
    rival = _rival(result, number) + left
    return majority is None or _reaches(majority, result.votes(number), rival, _base(consultation, result, left))


def _may_reach(consultation: Consultation, result: Result, number: int, left: int) -> bool:
    """Whether this option has its majority if all the others' ballots are for it: its largest share."""
    majority = consultation.definition.majority
    assert majority is not None
    votes = result.votes(number) + left
    return _reaches(majority, votes, _rival(result, number), _base(consultation, result, left))


def _won(consultation: Consultation, result: Result, left: int) -> bool:
    if len(result.leaders) != 1:
        return False
    (leader,) = result.leaders
    ahead = result.votes(leader) > _rival(result, leader) + left
    free = leader in without_majority(consultation.definition)
    return ahead and (free or _carried(consultation, result, leader, left))


def _hopeless(consultation: Consultation, result: Result, left: int) -> bool:
    """Whether no option can have the majority any more. Not in the first of two rounds: who goes on is still open; nor
    where an option needs none."""
    definition = consultation.definition
    if definition.majority is None or definition.method is Method.TWO_ROUND or not result.expressed:
        return False
    if without_majority(definition):
        return False
    options = (option.number for option in definition.options if not option.aside)
    return not any(_may_reach(consultation, result, number, left) for number in options)


def _rival(result: Result, number: int) -> int:
    """The votes of the strongest other option."""
    return max((row.votes for row in result.rows if not row.option.aside and row.option.number != number), default=0)


def _base(consultation: Consultation, result: Result, left: int) -> int:
    """What the majority is measured against once everyone has voted for something."""
    return result.base if consultation.definition.base is Base.ROLL else result.base + left


def _reaches(majority: Majority, votes: int, rival: int, base: int) -> bool:
    if majority.fraction is None:
        return votes > rival
    needed = majority.fraction * base
    return votes > needed if majority.strict else votes >= needed and votes > 0
