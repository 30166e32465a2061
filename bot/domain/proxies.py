"""Proxies: a member whose vote is cast by another one, where the rules of the vote admit it.

Whoever gives their vote away has one person for it, and holds nobody else's: a vote is
never passed on. A proxy can be taken back until it was used; voting oneself cancels it
at any time. The ballot is the giver's, on the giver's own right: one right, one ballot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.consultation import BallotType, Consultation, Definition, Secrecy, State
from bot.domain.dates import After, later, moment
from bot.domain.proxy_rules import ProxyRule
from bot.domain.refusals import Refusal
from bot.domain.wishes import Wishes
from bot.domain.words import fold, shown

MOST = 99
"""The highest limit that can be asked for."""

LIVE = (State.SCHEDULED, State.DISCLOSED, State.OPEN)
"""The states of a consultation in which somebody can vote in another's place, or will."""

REVOKE = frozenset({"revoke", "revoquer"})
"""Words (folded) that take a proxy back."""

_WITHOUT_LIMIT = frozenset({"yes", "oui"})
_LIMIT = re.compile("[0-9]{1,2}")
_CODE = re.compile("[0-9A-Fa-f]{4}(?:[- ]?[0-9A-Fa-f]{4}){3}")
_FOR = re.compile(r"(?:for|pour)\s+([^:：]+?)\s*(?:[:：]\s*(.*))?", re.IGNORECASE | re.DOTALL)
_DAY_END = time(23, 59)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A vote given away in one consultation. `giver` and `holder` are persons; `holder` is None until somebody takes
    it. `used`: the ballot on record is the one the holder cast. `day` is that of the proxy for a day it follows from.
    """

    number: int
    giver: int
    holder: int | None = None
    used: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True)
class DayProxy:
    """A person's votes of one day in an organisation, given away."""

    organisation: int
    day: date
    giver: int
    holder: int | None = None


class Word(StrEnum):
    """What somebody is told about a proxy: who took it, that it is no more, that nobody took it, that the vote opens,
    that it doesn't count in a vote that opened on its day."""

    TAKEN = "taken"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    OPENS = "opens"
    LEFT_OUT = "left-out"


NOTICE = "proxy"
"""The kind of the notices about proxies."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that is owed to somebody about a proxy in a consultation; `about` is the person they are told about."""

    number: int
    about: int
    word: Word

    @property
    def facts(self) -> dict[str, Any]:
        """What is kept of it until it is told."""
        return {"about": self.about, "number": self.number, "word": self.word.value}

    def key(self, act: str, account: int) -> str:
        """What names it for ever, as `act` brought it about for this account."""
        return f"{notices_of(self.number)}{self.word.value}/{self.about}/{act}/{account}"


def notice_in(facts: Mapping[str, Any]) -> Notice:
    """The notice as it was kept."""
    return Notice(int(facts["number"]), int(facts["about"]), Word(facts["word"]))


def notices_of(number: int) -> str:
    """How the keys of all notices about proxies in this consultation begin."""
    return f"{NOTICE}/{number}/"


@dataclass(frozen=True, slots=True)
class Side:
    """Where one person stands in a consultation: whether they gave their vote to someone, how many votes of others
    they hold, whether they have a ballot of their own on record."""

    person: int
    gave: Proxy | None = None
    holds: int = 0
    voted: bool = False


def with_proxies(definition: Definition, wishes: Wishes) -> Definition:
    """The definition with what it says of proxies. Raises Refusal `impossible-proxies`, `proxies-unlinked`,
    `proxies-signature`."""
    if not wishes.asks("proxies"):
        return definition
    if definition.secrecy is Secrecy.UNLINKED:
        raise Refusal("proxies-unlinked", said=wishes.said("proxies"))
    if definition.ballot is BallotType.SIGNATURE:
        raise Refusal("proxies-signature", said=wishes.said("proxies"))
    typed = fold(wishes.keys["proxies"])
    if typed in _WITHOUT_LIMIT:
        return replace(definition, proxies=ProxyRule())
    if not (_LIMIT.fullmatch(typed) and 0 < int(typed) <= MOST):
        raise Refusal("impossible-proxies", said=wishes.said("proxies"), n=MOST)
    return replace(definition, proxies=ProxyRule(int(typed)))


def must_admit(consultation: Consultation, at: datetime) -> ProxyRule:
    """What the vote says of proxies, while one can be given in it: announced, or open.

    Raises Refusal `proxies-refused`, `cancelled`, `already-closed`.
    """
    number, rule, closes_at = str(consultation.number), consultation.definition.proxies, consultation.closes_at
    if rule is None:
        raise Refusal("proxies-refused", number=number)
    if consultation.state is State.CANCELLED:
        raise Refusal("cancelled", number=number, reason=consultation.cancelled_because)
    over = consultation.state is State.OPEN and closes_at is not None and at >= closes_at
    if consultation.state not in LIVE or over:
        raise Refusal("already-closed", number=number, closed_at=consultation.closed_at or closes_at or at)
    return rule


def must_be_free_to_give(number: int, giver: Side) -> None:
    """Return if the person may give their vote to someone, or to someone else than nobody took it yet.

    Raises Refusal `proxy-used`, `proxy-voted-already`, `proxy-giver-holds`.
    """
    facts = {"number": str(number)}
    if giver.gave is not None and giver.gave.used:
        raise Refusal("proxy-used", **facts)
    if giver.voted:
        raise Refusal("proxy-voted-already", **facts)
    if giver.holds:
        raise Refusal("proxy-giver-holds", n=giver.holds, **facts)


def must_be_able_to_hold(number: int, rule: ProxyRule, giver: Side, holder: Side) -> None:
    """Return if this person may take that one's vote.

    Raises Refusal `proxy-own`, `proxy-code-used`, `proxy-holder-gave`, `proxy-full`, and those of
    `must_be_free_to_give`.
    """
    facts = {"number": str(number)}
    if giver.person == holder.person:
        raise Refusal("proxy-own")
    if giver.gave is not None and giver.gave.holder is not None:
        raise Refusal("proxy-code-used")
    must_be_free_to_give(number, giver)
    if holder.gave is not None and holder.gave.holder is not None:
        raise Refusal("proxy-holder-gave", **facts)
    if rule.most is not None and holder.holds >= rule.most:
        raise Refusal("proxy-full", n=rule.most, **facts)


def must_be_revocable(number: int, given: Proxy | None) -> Proxy:
    """The proxy, if it can be taken back. Raises Refusal `proxy-none-given`, `proxy-used`."""
    if given is None:
        raise Refusal("proxy-none-given", number=str(number))
    if given.used:
        raise Refusal("proxy-used", number=str(number))
    return given


def concerns(consultation: Consultation, day: date, zone: ZoneInfo) -> bool:
    """Whether people can vote in it on this day, as far as its times are known."""
    opens = consultation.opened_at or consultation.opens_at
    closes = consultation.closes_at or later(opens, consultation.lasts or timedelta(), zone)
    begins, ends = (
        datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1))
    )  # fmt: skip
    return opens < ends and closes > begins


def day_in(text: str, *, now: datetime, zone: ZoneInfo, language: str) -> date:
    """The day these words mean, today or later. Raises Refusal `proxy-day-unknown`, and those of `dates.moment`."""
    try:
        found = moment(text, now=now, zone=zone, language=language, hour=_DAY_END)
    except Refusal as refusal:
        if refusal.code != "date-unknown":
            raise
        raise Refusal("proxy-day-unknown", said=shown(text)) from refusal
    if isinstance(found, After):
        raise Refusal("proxy-day-unknown", said=shown(text))
    return found.at.astimezone(zone).date()


def is_code(text: str) -> bool:
    """Whether the words look like a code of four groups of four signs."""
    return _CODE.fullmatch(text.strip()) is not None


def meant_for(text: str) -> tuple[str, str | None] | None:
    """Whom a typed ballot is cast for, by name or number, and the ballot (None for none); None if it is nobody else's:
    `for Ana: 2`."""
    found = _FOR.fullmatch(text.strip())
    return (found[1].strip(), found[2]) if found else None


def called(name: str, names: Sequence[str]) -> list[int]:
    """The places, from 0, of those called so; of the one with this number in the list, counted from 1, if nobody is."""
    wanted = fold(name)
    found = [place for place, each in enumerate(names) if fold(each) == wanted]
    begins = [place for place, each in enumerate(names) if wanted and fold(each).split(" ")[0] == wanted]
    if found or begins:
        return found or begins
    numbered = name.isascii() and name.isdigit() and len(name) <= 2 and 0 < int(name) <= len(names)
    return [int(name) - 1] if numbered else []
