"""The options that voters add to an open poll: which polls may grow, which texts are taken, what a ballot then lists.

What was frozen at the opening stays as it was, its digest too. Accepted options stand
beside it under the next numbers, which are never given twice, and the definition that
ballots are cast and counted by is both together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.ballots import ONE_CHOICE
from bot.domain.consultation import BallotType, Definition, Kind, Method, Option, OptionRole
from bot.domain.date_options import Slot, option_date
from bot.domain.debate.model import Review
from bot.domain.options import MOST_OPTIONS, role_of
from bot.domain.refusals import Refusal
from bot.domain.wishes import Wishes
from bot.domain.words import clean_option, fold, same, shown

MOST_EACH = 3
"""How many options of one person may be on the card: enough to help, too few to flood it."""

_KINDS = frozenset({Kind.POLL, Kind.DATES})
_BALLOTS = frozenset(
    {
        BallotType.SINGLE, BallotType.APPROVAL, BallotType.RANKING, BallotType.SCORE, BallotType.JUDGMENT,
        BallotType.POINTS, BallotType.AVAILABILITY,
    }
)  # fmt: skip
_ENTRY = re.compile(r"\s*(\w+)\s+#?([0-9]{1,6})(?![^\s:,.])[\s:,.]*(.*)", re.DOTALL)


class AddedState(StrEnum):
    """What became of a proposed option. Only an accepted one is on the card."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    HIDDEN = "hidden"


class Ruling(StrEnum):
    """What an organiser does with a proposal (`accept`, `refuse`) or with an added option (`hide`)."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    HIDE = "hide"


_RULINGS = {
    "accept": Ruling.ACCEPT, "accepter": Ruling.ACCEPT, "refuse": Ruling.REFUSE, "refuser": Ruling.REFUSE,
    "hide": Ruling.HIDE, "masquer": Ruling.HIDE,
}  # fmt: skip
"""Folded words for each ruling."""


@dataclass(frozen=True, slots=True)
class AddedOption:
    """An option that someone proposed. `entry` numbers the proposals of its consultation from 1.

    `account` and `person` are who proposed it, None once it is closed. `number` is the option's permanent number, given
    when it is first accepted; `at` that instant. `why` is the reason it was refused or hidden for. `slot` is when the
    option is, among dates.
    """

    entry: int
    account: int | None
    person: int | None
    text: str
    state: AddedState
    number: int | None = None
    at: datetime | None = None
    why: str = ""
    slot: Slot | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What an organiser typed: the ruling, the number it is about (a proposal's; an option's, to hide), the reason."""

    ruling: Ruling
    about: int
    reason: str


def with_additions_allowed(definition: Definition, wishes: Wishes) -> Definition:
    """The definition that voters may add options to, if that was asked for.

    Raises Refusal `moderation-needs-added-options`, `added-options-frozen`, `added-options-not-for-ballot`,
    `added-options-not-with` for what an option added later would change under those who have voted.
    """
    if wishes.listed("add_options") != "yes":
        if definition.kind in _KINDS and "moderation" in wishes.keys:
            raise Refusal("moderation-needs-added-options", said=wishes.said("moderation"))
        return definition
    if definition.kind not in _KINDS:
        raise Refusal("added-options-frozen", said=wishes.said("add_options"))
    if definition.ballot not in _BALLOTS:
        raise Refusal("added-options-not-for-ballot", said=wishes.said("add_options"))
    for key in ("early", "majority", "if_no_quorum"):
        if wishes.asks(key):
            raise Refusal("added-options-not-with", said=wishes.said(key))
    if definition.method is Method.TWO_ROUND:
        raise Refusal("added-options-not-with", said=wishes.said("method"))
    review = Review(wishes.listed("moderation") or Review.BEFORE)
    return replace(definition, add_options=review, at_most=_most(definition))


def _most(definition: Definition) -> int:
    """The most options on one ballot: whoever may choose all of them may also choose those to come."""
    every = sum(not option.aside for option in definition.options)
    limited = definition.at_most < every or 1 < definition.at_least == definition.at_most
    if definition.ballot in ONE_CHOICE or limited:
        return definition.at_most
    return MOST_OPTIONS


def proposed(text: str, definition: Definition) -> str | None:
    """The text of `+ text` where voters may add options; None where they may not, for `+` alone and for `+1`."""
    sign, words = text.lstrip()[:1], text.lstrip()[1:].strip()
    if definition.add_options is None or sign not in {"+", "\uff0b"}:
        return None
    return None if re.fullmatch(r"[0-9\s]*", words) else words


def decision_in(text: str) -> Decision | None:
    """The decision that `accept 3`, `refuse 3 reason` or `hide 5 reason` says; None for any other text."""
    found = _ENTRY.fullmatch(text)
    ruling = _RULINGS.get(fold(found[1])) if found else None
    return Decision(ruling, int(found[2]), found[3].strip()) if found and ruling else None


def read_added(text: str, definition: Definition, existing: Sequence[AddedOption], number: int) -> str:
    """The option as it will stand on the card of consultation `number`, if there is none like it.

    Raises Refusal `added-option-chooses-nothing`, `option-there-already`, `option-proposed-already`,
    `option-refused-already`, besides those of `words.clean_option`.
    """
    option = clean_option(text)
    if role_of(option) is not OptionRole.SUBSTANTIVE:
        raise Refusal("added-option-chooses-nothing", said=shown(option))
    for one in definition.options:
        if _alike(option, one.text):
            raise Refusal("option-there-already", option=f"{one.number}. {shown(one.text)}", number=str(number))
    for other in existing:
        if _alike(option, other.text):
            if other.state is AddedState.WAITING:
                raise Refusal("option-proposed-already", text=shown(other.text))
            raise Refusal("option-refused-already", text=shown(other.text), reason=other.why)
    return option


def read_date(text: str, definition: Definition, *, zone: ZoneInfo, now: datetime, closes_at: datetime) -> Slot:
    """The date that the words mean, as long as those of its sort that are there already.

    Raises Refusal `added-date-too-early`, and those of `date_options.option_date`.
    """
    language = definition.language
    found = option_date(text, zone, now, language=language)
    like = next((slot for slot in definition.dates if bool(slot.day) == bool(found.day)), None)
    if like is not None:
        found = option_date(text, zone, now, language=language, lasting=like.ends - like.starts)
    if found.starts < closes_at:
        raise Refusal("added-date-too-early", said=shown(text), closes_at=closes_at)
    return found


def _alike(first: str, second: str) -> bool:
    return fold(first) == fold(second) or same(first, second)


def must_have_room(definition: Definition, existing: Sequence[AddedOption]) -> None:
    """Return if one more option fits, those that wait counted; raise Refusal `too-many-options`."""
    waiting = sum(one.state is AddedState.WAITING for one in existing)
    if len(definition.options) + waiting >= MOST_OPTIONS:
        raise Refusal("too-many-options", n=MOST_OPTIONS)


def must_be_within_limits(existing: Sequence[AddedOption], person: int) -> None:
    """Return if this person may propose one more; raise Refusal `one-proposal-at-a-time`, `added-options-limit`."""
    own = [one.state for one in existing if one.person == person]
    if AddedState.WAITING in own:
        raise Refusal("one-proposal-at-a-time")
    if own.count(AddedState.ACCEPTED) >= MOST_EACH:
        raise Refusal("added-options-limit", n=MOST_EACH)


def next_number(definition: Definition, existing: Iterable[AddedOption]) -> int:
    """The number of the next option: after every number ever given here, hidden options' too."""
    given = {option.number for option in definition.options} | {one.number or 0 for one in existing}
    return max(given, default=0) + 1


def with_added(definition: Definition, added: Iterable[AddedOption]) -> Definition:
    """The definition that ballots are cast and counted by: that of the opening, and the accepted options after it, in
    the order of their numbers."""
    accepted = sorted(
        (one for one in added if one.state is AddedState.ACCEPTED and one.number is not None),
        key=lambda one: one.number or 0,
    )
    options = tuple(Option(one.number or 0, one.text, added_at=one.at) for one in accepted)
    dates = tuple(replace(one.slot, option=one.number or 0) for one in accepted if one.slot is not None)
    return replace(definition, options=(*definition.options, *options), dates=(*definition.dates, *dates))
