"""What a debate is made of: its rules, where it stands, what people contributed.

Words stored in the database are the values of the enumerations here: they never
change once released. People are known by their alias, a number drawn at random for
each participant of each consultation; the link to their voting right is erased at
the closing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Phase(StrEnum):
    """What a debate is for at the moment, in this order; a debate may leave some out, never the arguments."""

    INFORMATION = "information"
    ARGUMENTS = "arguments"
    DISCUSSION = "discussion"
    CONCLUSION = "conclusion"


class Deed(StrEnum):
    """What a phase switches on (the table is in `phases`)."""

    ASK = "ask"
    ARGUE = "argue"
    REPLY = "reply"
    WEIGH = "weigh"
    SPEAK = "speak"
    OPINION_BEFORE = "opinion-before"
    OPINION_AFTER = "opinion-after"
    COMMENT = "comment"


class Signing(StrEnum):
    """Whose name stands beside an argument: the account's, a pseudonym of this debate, or none."""

    NAME = "name"
    PSEUDONYM = "pseudonym"
    ANONYMOUS = "anonymous"


class Review(StrEnum):
    """Whether moderators look at arguments after their publication or before it."""

    AFTER = "after"
    BEFORE = "before"


class Measure(StrEnum):
    """What a turn to speak is measured in."""

    MESSAGES = "messages"
    CHARACTERS = "characters"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Stage:
    """One phase of a debate; `lasts` None when a moderator ends it by hand."""

    phase: Phase
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """What one person may use of the floor in one turn: so many messages, characters or seconds."""

    amount: int
    measure: Measure


@dataclass(frozen=True, slots=True)
class DebateRules:
    """Everything about a debate that is frozen at opening.

    `length` is the most characters of an argument; `each` the most arguments a member
    may have published, None for no limit; `reports` how many members must report an
    argument before moderators are alerted; `minimum` the smallest group about which a
    figure is shown; `turn` the budget of one turn on the floor; `alternate` makes the
    floor alternate between for and against; `lists` names quota lists between which it
    rotates; `vote` opens a vote of its own after the conclusion, lasting `vote_lasts`.
    """

    stages: tuple[Stage, ...]
    signing: Signing = Signing.NAME
    review: Review = Review.AFTER
    grounds: tuple[str, ...] = ()
    reports: int = 3
    length: int = 280
    each: int | None = None
    minimum: int = 5
    turn: Budget | None = None
    alternate: bool = False
    lists: tuple[str, ...] = ()
    opinion: bool = True
    vote: bool = False
    vote_lasts: timedelta = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Course:
    """Where an open debate stands. `stage` indexes its stages, begun at `since`, due to end at `until` (None: by hand,
    or with the debate for the last one). While paused, `paused_at` is set and time does not run: resuming moves `until`
    and the closing by the length of the pause. `moves` counts the phase changes, so that each is announced once.
    `digested_at` is when arguments were last told to the rooms."""

    number: int
    stage: int
    since: datetime
    until: datetime | None
    paused_at: datetime | None = None
    moves: int = 0
    digests: int = 0
    digested_at: datetime | None = None
    follow_up: int | None = None
    """The number of the vote that was opened after the conclusion."""


class ArgumentKind(StrEnum):
    """What a contribution is. A reply answers another one and takes no side; a comment is about the conclusion."""

    FOR = "for"
    AGAINST = "against"
    QUESTION = "question"
    PROPOSAL = "proposal"
    ORDER = "order"
    REPLY = "reply"
    COMMENT = "comment"


class ArgumentState(StrEnum):
    """What became of a contribution. Received = published + withdrawn + moderated + refused, once none is pending."""

    PENDING = "pending"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    MODERATED = "moderated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NewArgument:
    """A contribution to be stored. `signature` is the words shown beside it ('' when anonymous), `room` where it was
    typed (None in private), `parent` the argument it answers."""

    alias: int
    kind: ArgumentKind
    text: str
    signature: str
    at: datetime
    stage: int
    state: ArgumentState = ArgumentState.PUBLISHED
    source: str = ""
    parent: int | None = None
    room: int | None = None


@dataclass(frozen=True, slots=True)
class Argument:
    """A contribution as it stands, with what others made of it.

    `number` counts from 1 in its debate and is never given again. `version` counts its
    wordings. `ground` and `reason` say why it was moderated or refused. `supports` is how many
    members support it, `ratings` how many rated its weight and `weight` the sum of their
    ratings (1 to 5 each). `reports` is how many members reported it.
    """

    number: int
    alias: int
    kind: ArgumentKind
    text: str
    signature: str
    at: datetime
    stage: int
    state: ArgumentState
    source: str = ""
    parent: int | None = None
    room: int | None = None
    version: int = 1
    ground: str = ""
    reason: str = ""
    supports: int = 0
    ratings: int = 0
    weight: int = 0
    reports: int = 0


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of an argument's text."""

    version: int
    text: str
    source: str
    at: datetime


class Moment(StrEnum):
    """When the opinion is asked."""

    BEFORE = "before"
    AFTER = "after"


class Stance(StrEnum):
    """The answers to the motion, asked twice in the same words."""

    FOR = "for"
    AGAINST = "against"
    UNDECIDED = "undecided"


Shift = tuple[Stance | None, Stance | None]
"""What one participant answered before and after; None for no answer."""


class Side(StrEnum):
    """What a speaker announces: for, against, or neither."""

    FOR = "for"
    AGAINST = "against"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Request:
    """Someone waits for the floor, since `at`. `order` for a point of order, `list` the quota list or ''. `name` is how
    the list shows them."""

    alias: int
    name: str
    at: datetime
    side: Side = Side.NEITHER
    list: str = ""
    order: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """A turn on the floor: begun, perhaps ended, and what it used. A point of order is no intervention."""

    id: int
    alias: int
    name: str
    began_at: datetime
    ended_at: datetime | None
    side: Side
    list: str
    order: bool
    messages: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class HeldRoom:
    """A room whose floor the bot has closed to all but the speaker. `saved` is the messenger's own record of the state
    to restore, written down before anything was changed."""

    number: int
    room: int
    saved: str


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One version of the conclusion: `author` is an account, None for the draft assembled by rule."""

    version: int
    text: str
    at: datetime
    author: int | None
