"""The course of a consultation in words, from its journal, and what disturbed it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.store import JournalEntry
from bot.text.catalogue import Fact, Speech
from bot.text.minutes.held import Held

_Told = tuple[str, Mapping[str, Fact]]
"""The end of a sentence's key, and its facts."""

_DISTURBED = frozenset({"excused", "option-refused", "option-hidden", "contested", "contest-decided"})


def course(held: Held, speech: Speech) -> tuple[str, ...]:
    """What happened, in order: one sentence for each line of the journal that a reader of minutes looks for."""
    return tuple(_sentences(held, speech, lambda entry: not _disturbs(entry)))


def incidents(held: Held, speech: Speech) -> tuple[str, ...]:
    """What disturbed it, in order."""
    return tuple(_sentences(held, speech, _disturbs))


def away(held: Held) -> timedelta:
    """How long the bot was away while it was open, as far as that moved the closing."""
    gone = (int(entry.facts.get("seconds", 0)) for entry in held.lines("extended") if entry.facts["cause"] == "outage")
    return timedelta(seconds=sum(gone))


def _disturbs(entry: JournalEntry) -> bool:
    return entry.kind in _DISTURBED or (entry.kind == "extended" and entry.facts["cause"] == "outage")


def _sentences(held: Held, speech: Speech, wanted: Callable[[JournalEntry], bool]) -> Iterator[str]:
    for entry in held.journal:
        if entry.kind in _EVENTS and wanted(entry):
            key, facts = _EVENTS[entry.kind](entry.facts)
            # A closing that was noticed late still came at its time.
            at = held.consultation.closed_at if entry.kind == "closed" else None
            yield speech.say(f"minutes.event.{key}", at=at or entry.at, **facts)


def _time(facts: Mapping[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(facts[name])


def _extended(facts: Mapping[str, Any]) -> _Told:
    moved: dict[str, Fact] = {"closes_at": _time(facts, "closes_at")}
    if facts["cause"] == "outage":
        moved["lasting"] = timedelta(seconds=int(facts.get("seconds", 0)))
    return f"extended-{facts['cause']}", moved


def _closed(facts: Mapping[str, Any]) -> _Told:
    return "closed-early" if facts["early"] else "closed-decided" if facts.get("decided") else "closed", {}


def _contest(facts: Mapping[str, Any]) -> _Told:
    told = {"entry": str(facts["contestation"]), "text": str(facts["text"]), "reason": str(facts["reason"])}
    return f"contest-{facts['decision']}", told


def _option(kind: str) -> Callable[[Mapping[str, Any]], _Told]:
    return lambda facts: (kind, {name: str(facts[name]) for name in facts})


def _organisation(kind: str) -> Callable[[Mapping[str, Any]], _Told]:
    return lambda facts: (kind, {"organisation": str(facts["organisation"])})


_EVENTS: Mapping[str, Callable[[Mapping[str, Any]], _Told]] = {
    "scheduled": lambda _: ("scheduled", {}),
    "brought-forward": lambda facts: ("brought-forward", {"planned": _time(facts, "from")}),
    "invited": _organisation("invited"),
    "joined": _organisation("joined"),
    "declined": _organisation("declined"),
    "withdrew": _organisation("withdrew"),
    "unanswered": _organisation("unanswered"),
    "disclosed": lambda facts: ("disclosed", {"n": facts["rooms"]}),
    "excused": lambda facts: ("excused", {"room": str(facts["room"])}),
    "opened": lambda facts: ("opened", {"closes_at": _time(facts, "closes_at")}),
    "extended": _extended,
    "option-added": _option("option-added"),
    "option-refused": lambda facts: ("option-refused", {"reason": str(facts["reason"])}),
    "option-hidden": _option("option-hidden"),
    "rights-merged": lambda facts: ("rights-merged", {"n": facts["rights"]}),
    "key-split": lambda _: ("key-split", {}),
    "shares-void": lambda _: ("shares-void", {}),
    "voting-ended": lambda facts: (f"voting-ended-{facts['waits']}", {}),
    "share-given": _option("share-given"),
    "closed": _closed,
    "contested": lambda facts: ("contested", {"entry": str(facts["contestation"])}),
    "contest-decided": _contest,
    "contest-moved": lambda facts: ("contest-moved", {"until": _time(facts, "until")}),
    "certified": lambda _: ("certified", {}),
    "attendance": lambda facts: ("attendance", {"n": facts["people"]}),
    "approved": lambda facts: (f"approved-{facts['act']}", {}),
    "tie-decided": _option("tie-decided"),
    "followed-up": lambda facts: ("followed-up", {"vote": str(facts["vote"])}),
    "answered": lambda facts: ("answered", {"text": str(facts["text"])}),
    "erased": lambda facts: ("erased", {"n": facts.get("rights", 0)}),
}
"""The lines of the journal that minutes tell, by kind."""

TOLD = (_EVENTS.keys() - {"extended", "contest-decided", "approved", "voting-ended"}) | {
    "closed-early", "closed-decided", "extended-organiser", "extended-outage", "extended-quorum", "contest-rejected",
    "contest-noted", "contest-annulled", "approved-open", "approved-close", "approved-cancel",
    "approved-reveal", "voting-ended-shares", "voting-ended-words",
}  # fmt: skip
"""What the sentences about lines of the journal are called: `minutes.event.<one of these>`."""
