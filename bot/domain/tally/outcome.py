"""What a count found: who is elected, round by round, and which ties were decided how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Title(StrEnum):
    """What a round's figures are."""

    VOTES = "votes"
    APPROVALS = "approvals"
    POINTS = "points"
    SCORES = "scores"
    FIRST_CHOICES = "first-choices"
    QUOTA = "quota"
    TRANSFER = "transfer"
    SURPLUS = "surplus"
    EXCLUSION = "exclusion"
    RUNOFF = "runoff"
    DUELS = "duels"
    CHAINS = "chains"
    BEATEN = "beaten"
    LOCKED = "locked"
    GRADE = "grade"
    MEDIANS = "medians"
    SUPPORT = "support"
    SHARE = "share"
    PRICE = "price"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Round:
    """One round: a figure for each option that is still in it. `about` are the options its title names; `amount` is
    the figure its title names."""

    title: Title
    tallies: Mapping[int, Fraction]
    elected: tuple[int, ...] = ()
    eliminated: tuple[int, ...] = ()
    about: tuple[int, ...] = ()
    amount: Fraction = Fraction(0)


class Purpose(StrEnum):
    """What a tie stood in the way of."""

    ELECTION = "election"
    ORDER = "order"
    ELIMINATION = "elimination"
    SURPLUS = "surplus"
    RUNOFF = "runoff"
    LOCKING = "locking"
    FUNDING = "funding"


class Rule(StrEnum):
    """What decided a tie: the options' figures in an earlier round, their duels, their best scores, their scores, the
    declared draw, or the order of the options."""

    EARLIER_ROUNDS = "earlier-rounds"
    HEAD_TO_HEAD = "head-to-head"
    TOP_SCORES = "top-scores"
    SCORES = "scores"
    DRAW = "draw"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class TieBreak:
    """A tie that was decided: `chosen` among `tied` for this purpose, by this rule."""

    tied: tuple[int, ...]
    chosen: tuple[int, ...]
    purpose: Purpose
    rule: Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result: `winners` in the order of election, `tied` those among whom nothing decided. `invalid` counts the
    ballots that this method can't read, besides the profile's own. `places` is the number of decimals the rule
    itself counts in (None: figures are exact fractions)."""

    winners: tuple[int, ...]
    tied: tuple[int, ...] = ()
    rounds: tuple[Round, ...] = ()
    tie_breaks: tuple[TieBreak, ...] = ()
    invalid: int = 0
    places: int | None = None
