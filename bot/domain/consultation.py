"""What is asked, of whom, how it is counted, from when until when.

A `Definition` is what is frozen at opening and hashed; a `Consultation` is that
definition with its state, its place and its times. Words stored in the database
are the values of the enumerations here: they never change once released.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import isqrt
from typing import Any

from bot.domain.budgets import BudgetRules
from bot.domain.canonical import plain
from bot.domain.date_options import Slot
from bot.domain.debate.model import DebateRules, Review
from bot.domain.key_holder import KeyHolder
from bot.domain.opinions.model import OpinionRules
from bot.domain.proxy_rules import ProxyRule
from bot.domain.receipts import Receipt
from bot.domain.remedies import IfNoQuorum
from bot.domain.roll_sources import RollSource

DIGEST_SHOWN = 20
"""Characters of a digest that are printed on cards."""


class Kind(StrEnum):
    """What kind of consultation it is."""

    POLL = "poll"
    VOTE = "vote"
    DEBATE = "debate"
    OPINIONS = "opinions"
    DATES = "dates"
    BUDGET = "budget"


DELIBERATIONS = frozenset({Kind.DEBATE, Kind.OPINIONS})
"""The kinds in which people write and take part under an alias, and cast no ballot."""

POLLS = frozenset({Kind.POLL, Kind.DATES, Kind.BUDGET})
"""The kinds in which voting is accepting the rules, and a ballot typed in the room is the voter's own choice."""


class State(StrEnum):
    """Where a consultation is in its life (the transition table is in `lifecycle`)."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    DISCLOSED = "disclosed"
    OPEN = "open"
    CLOSED = "closed"
    CERTIFIED = "certified"
    ANSWERED = "answered"
    CANCELLED = "cancelled"


class BallotType(StrEnum):
    """What a voter may express."""

    SINGLE = "single"
    APPROVAL = "approval"
    RANKING = "ranking"
    SCORE = "score"
    JUDGMENT = "judgment"
    POINTS = "points"
    AVAILABILITY = "availability"
    CONSENT = "consent"
    SIGNATURE = "signature"


class Method(StrEnum):
    """How ballots are counted."""

    PLURALITY = "plurality"
    TWO_ROUND = "two-round"
    APPROVAL = "approval"
    BORDA = "borda"
    IRV = "irv"
    STV = "stv"
    SCHULZE = "schulze"
    RANKED_PAIRS = "ranked-pairs"
    SCORE = "score"
    STAR = "star"
    MAJORITY_JUDGMENT = "majority-judgment"
    POINTS = "points"
    AVAILABILITY = "availability"
    CONSENT = "consent"
    SIGNATURE = "signature"
    EQUAL_SHARES = "equal-shares"
    GREEDY = "greedy"


class Binding(StrEnum):
    """What becomes of the result: an advice, an advice that will be answered, or a decision."""

    ADVICE = "advice"
    ANSWER = "answer"
    DECISION = "decision"


class Tie(StrEnum):
    """Who or what decides between options left level."""

    ORGANISER = "organiser"
    DRAW = "draw"
    FIRST = "first"


class Base(StrEnum):
    """What a majority is a share of: votes for options, those and blanks and abstentions, or the whole roll."""

    CAST = "cast"
    VOTERS = "voters"
    ROLL = "roll"


class Secrecy(StrEnum):
    """Who can know how someone voted."""

    CONFIDENTIAL = "confidential"
    PUBLIC = "public"
    UNLINKED = "unlinked"


class Results(StrEnum):
    """When partial counts are shown."""

    LIVE = "live"
    CLOSING = "closing"


class OptionRole(StrEnum):
    """Whether choosing an option is a vote for something, for none of the others, an explicit abstention or a blank
    ballot; on a consent ballot, what it says to the proposal."""

    SUBSTANTIVE = "option"
    NONE = "none"
    ABSTENTION = "abstention"
    BLANK = "blank"
    AGREEMENT = "agreement"
    DISAGREEMENT = "disagreement"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. Its number is permanent: only its place on a card may change."""

    number: int
    text: str
    role: OptionRole = OptionRole.SUBSTANTIVE
    added_at: datetime | None = None
    """When voters added it to the open consultation; None for those of the opening, which alone are frozen."""

    @property
    def aside(self) -> bool:
        """Whether it chooses nothing: a blank ballot or an explicit abstention."""
        return self.role is OptionRole.BLANK or self.role is OptionRole.ABSTENTION


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must vote: a number of people, or a share of the roll. Exactly one is set."""

    count: int | None = None
    share: Fraction | None = None

    def needed(self, roll: int) -> int:
        """The number of voters needed with a roll of this size: the smallest whole number that reaches the share."""
        if self.count is not None:
            return self.count
        assert self.share is not None
        return -((-self.share.numerator * roll) // self.share.denominator)


@dataclass(frozen=True, slots=True)
class Majority:
    """What the leading option must reach. `fraction` None is a simple majority: more than any other option.

    With a fraction it must be passed (`strict`, absolute majority) or at least reached (two thirds, 60 %).
    """

    fraction: Fraction | None = None
    strict: bool = True


class Sequel(StrEnum):
    """What a consultation that followed another by itself is: its second round, or the same vote without quorum."""

    SECOND_ROUND = "second-round"
    RECONVENED = "reconvened"


@dataclass(frozen=True, slots=True)
class Follows:
    """The consultation that this one follows by itself, and as what."""

    number: int
    sequel: Sequel


@dataclass(frozen=True, slots=True)
class Definition:
    """Everything that is frozen at opening. `at_least` and `at_most` bound the options chosen or ranked on one ballot.

    `seats` is how many are elected. `scale` is the best score of a score ballot (the lowest is 0); `grades` are the
    words of a judgment, best first; `points` is what a points ballot may spend, where giving an option n points costs
    n, or n squared if `quadratic`. Each is None, empty or False on any other ballot.

    The options of a debate are those of the vote that may follow it, those of an opinion map its first statements.

    `answer_by` is the date promised for the answer; None until scheduled, when the declaration's delay sets it.
    """

    kind: Kind
    title: str
    options: tuple[Option, ...]
    purpose: str
    binding: Binding
    language: str
    statutes: str = ""
    ballot: BallotType = BallotType.SINGLE
    method: Method = Method.PLURALITY
    at_least: int = 1
    at_most: int = 1
    tie: Tie = Tie.ORGANISER
    quorum: Quorum | None = None
    majority: Majority | None = None
    base: Base = Base.CAST
    secrecy: Secrecy = Secrecy.CONFIDENTIAL
    results: Results = Results.LIVE
    roll: RollSource = RollSource.ROOM
    seniority: timedelta | None = None
    answer_by: datetime | None = None
    reminders: tuple[timedelta, ...] = (timedelta(hours=24),)
    seed_commitment: str = ""
    debate: DebateRules | None = None
    """The rules of a debate; None for any other kind."""
    opinions: OpinionRules | None = None
    """The rules of an opinion map; None for any other kind."""
    seats: int = 1
    scale: int | None = None
    grades: tuple[str, ...] = ()
    points: int | None = None
    quadratic: bool = False
    second_round: timedelta | None = None
    """How long the second round lasts if the first decides nothing; None for any other method, and in the second."""
    follows: Follows | None = None
    budget: BudgetRules | None = None
    """What there is to share out and what each project costs; None for any other kind."""
    early: timedelta | None = None
    """How long after the opening it may be closed as soon as it is decided; None: not before its closing time."""
    add_options: Review | None = None
    """Whether voters may add options, and when an organiser looks at one; None if they may not."""
    quorum_of_present: bool = False
    """Whether the quorum is a share of those who take part, blank ballots and abstentions included, who must choose."""
    dates: tuple[Slot, ...] = ()
    """When each option is, in the order of time; empty unless the options are dates."""
    if_no_quorum: IfNoQuorum | None = None
    """What follows, once, if too few have voted at the closing time; None for nothing."""
    receipt: Receipt = Receipt.NONE
    """What the code of an unlinked ballot shows after the closing; nothing for any other."""
    group: str = ""
    """The group of the organisation's list whose members alone may vote; "" for all of it."""
    contest: timedelta | None = None
    """How long after the closing the result can be contested, and is provisional; None: it is final at once."""
    approval: bool = False
    """Whether opening it early, closing it early, cancelling it and opening its sealed ballots take two people."""
    key: KeyHolder = KeyHolder.SERVER
    """Who holds the key of unlinked ballots while it is open; it means nothing for any other."""

    proxies: ProxyRule | None = None
    """Whether members may vote in another's place; None if nobody may."""

    @property
    def needs_known_roll(self) -> bool:
        """Whether a rule is a share of the roll, so that everyone on it must be known before the opening."""
        quorum = self.quorum is not None and self.quorum.share is not None and not self.quorum_of_present
        majority = self.majority is not None and self.majority.fraction is not None and self.base is Base.ROLL
        return (quorum or majority) and self.roll.observed

    def option(self, number: int) -> Option | None:
        """The option with this number, if there is one."""
        return next((option for option in self.options if option.number == number), None)

    @property
    def asides(self) -> frozenset[int]:
        """The options that choose nothing: a ballot with one of them has nothing else."""
        return frozenset([option.number for option in self.options if option.aside])

    @property
    def best_mark(self) -> int:
        """The highest mark an option can be given (0 where a ballot gives no marks). Higher is always better: a grade's
        mark counts from the worst word, 0, and yes, if need be, no are 2, 1, 0."""
        match self.ballot:
            case BallotType.SCORE:
                return self.scale or 0
            case BallotType.JUDGMENT:
                return max(len(self.grades) - 1, 0)
            case BallotType.POINTS:
                budget = self.points or 0
                return isqrt(budget) if self.quadratic else budget
            case BallotType.AVAILABILITY:
                return 2
            case _:
                return 0


@dataclass(frozen=True, slots=True)
class Consultation:
    """A definition in its place and time.

    `number` is what people type, unique in the instance. `organisation`, `author`
    (an account) and `rooms` are the store's numbers. `closes_at` is set when the
    closing is a date; `lasts` when it is a duration counted from the real opening,
    and then `closes_at` follows at opening. `version` counts disclosures: it grows
    when anything that is disclosed changes before opening. `seed` is the secret
    behind `seed_commitment`, revealed at closing. `erase_at` is the day, as disclosed,
    on which what the server keeps of the voters is erased; None before it is known and
    once it is done. `tie_choices` are the options an organiser preferred among those left level, in the
    order they were decided; `put_off` says that the closing was put off once because too few had voted.
    `contest_moves` are the absences of the bot by which the time to contest grew.
    """

    number: int
    organisation: int
    author: int
    state: State
    definition: Definition
    rooms: tuple[int, ...]
    created_at: datetime
    opens_at: datetime
    closes_at: datetime | None = None
    lasts: timedelta | None = None
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    version: int = 1
    disclosure_digest: str = ""
    roll_size: int | None = None
    roll_digest: str = ""
    roll_known: bool = True
    extensions: int = 0
    replaces: int | None = None
    cancelled_because: str = ""
    tie_choices: tuple[int, ...] = ()
    tie_reason: str = ""
    seed: str = ""
    erase_at: datetime | None = None
    excused: tuple[int, ...] = ()
    put_off: bool = False
    contest_moves: tuple[timedelta, ...] = ()

    @property
    def takes_ballots(self) -> bool:
        """Whether it is open, whatever the hour (the hour is checked by whoever casts)."""
        return self.state is State.OPEN


_LATER: Mapping[str, Any] = {
    "debate": None, "opinions": None, "seats": 1, "scale": None, "grades": [], "points": None, "quadratic": False,
    "second_round": None, "follows": None, "early": None, "add_options": None, "budget": None,
    "quorum_of_present": False, "if_no_quorum": None, "dates": [], "receipt": "none", "group": "",
    "contest": None, "approval": False, "key": "server", "proxies": None,
}  # fmt: skip
"""Fields that definitions have learnt since the first release, with the plain value that is not written down."""


def definition_facts(definition: Definition) -> dict[str, Any]:
    """The definition as plain JSON values, as it is hashed, stored and exported: options added since are no part."""
    frozen = tuple(option for option in definition.options if option.added_at is None)
    dates = tuple(slot for slot in definition.dates if slot.option in {option.number for option in frozen})
    facts = plain(asdict(replace(definition, options=frozen, dates=dates)))
    assert isinstance(facts, dict)
    for option in facts["options"]:
        del option["added_at"]
    # What another kind or ballot needs is left out, so that a definition keeps its digest when the program learns more.
    return {key: value for key, value in facts.items() if key not in _LATER or value != _LATER[key]}
