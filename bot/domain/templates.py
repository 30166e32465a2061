"""Presets of a creation: a kind and some keys under a name, filled in under what somebody types.

The program brings a few, the configuration and each organisation add their own. The
keys of a preset are kept as they were typed and judged by `proposal`, like any others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain import vocabulary
from bot.domain.consultation import BallotType, Kind
from bot.domain.options import MOST_OPTIONS
from bot.domain.proposal import propose
from bot.domain.refusals import Refusal
from bot.domain.vocabulary import command_in, slug
from bot.domain.wishes import Wishes
from bot.domain.words import clean_text, fold, shown

NAME_LIMIT = 40
MOST_TEMPLATES = 30
"""The presets one organisation may keep."""

SAVE = frozenset({"save", "enregistrer"})
DROP = frozenset({"drop", "supprimer"})
"""Folded words after /template that do something to a preset: none can be called so."""

_NEVER = frozenset({"template", "yes", "open"})
"""Keys that belong to one creation and not to all those of a kind."""

_GIVES_WAY: Mapping[str, frozenset[str]] = {
    "ballot": frozenset({"method", "choices", "second_round", *vocabulary.BALLOT_KEYS}),
    "method": frozenset({"second_round"}),
    "phases": frozenset({"close"}),
    "close": frozenset({"phases"}),
}
"""What a preset said and no longer holds, once this key is typed."""

_PRESETS: Mapping[str, tuple[Kind, Mapping[str, str]]] = {
    "resolution": (
        Kind.VOTE,
        {"binding": "decision", "ballot": "single", "majority": "simple", "base": "cast", "close": "48h"},
    ),
    "board": (
        Kind.VOTE,
        {"binding": "decision", "ballot": "ranking", "method": "schulze", "tie": "draw", "close": "72h"},
    ),
    "budget": (Kind.BUDGET, {"ballot": "approval", "method": "equal-shares", "results": "closing", "close": "7d"}),
    "date": (Kind.DATES, {"close": "72h"}),
    "consent": (Kind.POLL, {"ballot": "consent", "secrecy": "public", "close": "72h"}),
}
"""What the program brings, by the canonical names of `vocabulary.TEMPLATES`."""


@dataclass(frozen=True, slots=True)
class Template:
    """A preset: its name as it is shown, what it creates, and values by canonical key, as typed."""

    name: str
    kind: Kind
    keys: Mapping[str, str]


def brought(language: str) -> tuple[Template, ...]:
    """The presets of the program, named in this language: those whose ballot can be asked for today."""
    return tuple(
        Template(vocabulary.TEMPLATES[name] if language == "fr" else name, kind, keys)
        for name, (kind, keys) in _PRESETS.items()
        if keys.get("ballot", BallotType.SINGLE) in vocabulary.BUILT_BALLOTS
    )


def named(name: str) -> str:
    """The name of a new preset, cleaned.

    Raises Refusal `template-name` for a word of the command or what could be taken for a key, besides those of
    `words.clean_text`.
    """
    name = clean_text(name, NAME_LIMIT)
    if fold(name) in SAVE | DROP | vocabulary.NONE or ":" in name or name.startswith("-"):
        raise Refusal("template-name", said=shown(name))
    return name


def find(name: str, offered: Sequence[Template]) -> Template:
    """The preset of this name, or the one that the program calls so in another language; accents, case and hyphens
    don't matter. Raises Refusal `no-such-template`."""
    others = (template for language in vocabulary.VALUES["lang"] for template in brought(language))
    for template in (*offered, *others):
        if slug(template.name) == slug(name):
            return template
    raise Refusal("no-such-template", said=shown(name), names=tuple(template.name for template in offered))


def filled(kind: Kind, keys: Mapping[str, str], offered: Sequence[Template], language: str) -> Mapping[str, str]:
    """The keys typed, with those of the preset they name under them: what was typed wins.

    Raises Refusal `no-such-template`, `template-other-kind`.
    """
    wishes = Wishes(keys, language)
    typed = {key: value for key, value in keys.items() if key != "template"}
    if not wishes.asks("template"):
        return typed
    template = find(keys["template"], offered)
    if template.kind is not kind:
        command = slug(command_in(language, template.kind))
        raise Refusal("template-other-kind", name=template.name, kind=command)
    gone = {other for key in typed for other in _GIVES_WAY.get(key, ())}
    return {**{key: value for key, value in template.keys.items() if key not in gone}, **typed}


def check(template: Template, *, now: datetime, zone: ZoneInfo, language: str) -> None:
    """Judge a preset's keys as if someone used it now, giving all that it leaves open.

    Raises Refusal `key-not-for-template`, besides those of `proposal.propose`.
    """
    wishes = Wishes(template.keys, language)
    for key in template.keys:
        if key in _NEVER:
            raise Refusal("key-not-for-template", said=wishes.said(key))
    keys = {**_left_open(template.kind), **template.keys}
    if "phases" in template.keys and "close" not in template.keys:
        keys.pop("close", None)
    options = _two_days(now) if template.kind is Kind.DATES else _options(template.kind, wishes)
    propose(template.kind, template.name, options, keys, now=now, zone=zone, language=language)


def faults(template: Template, *, now: datetime, zone: ZoneInfo, language: str) -> tuple[Refusal, ...]:
    """Everything that is wrong with a preset: once a key is refused, the others are judged without it."""

    def fault(keys: Mapping[str, str]) -> Refusal | None:
        try:
            check(Template(template.name, template.kind, keys), now=now, zone=zone, language=language)
        except Refusal as refusal:
            return refusal
        return None

    def clears(key: str, refusal: Refusal) -> bool:
        left = fault({name: value for name, value in keys.items() if name != key})
        return left is None or (left.code, left.facts) != (refusal.code, refusal.facts)

    found: list[Refusal] = []
    keys = dict(template.keys)
    while (refusal := fault(keys)) is not None:
        found.append(refusal)
        culprit = next((key for key in keys if clears(key, refusal)), None)
        if culprit is None:
            break
        # What only makes sense beside the key that was refused isn't a mistake of its own.
        keys = {key: value for key, value in keys.items() if key not in {culprit, *_GIVES_WAY.get(culprit, ())}}
    return tuple(found)


def _left_open(kind: Kind) -> Mapping[str, str]:
    """What a vote or a poll must be given besides, so that nothing but the preset can be wrong."""
    if kind is Kind.VOTE:
        return {"purpose": "1", "binding": "advice", "statutes": "1", "close": "2d"}
    return {"statutes": "1", **({"amount": "1"} if kind is Kind.BUDGET else {})}


def _two_days(now: datetime) -> tuple[str, ...]:
    """Dates that are no preset's, after any closing that one can hold."""
    return tuple(f"{now + timedelta(days=days):%Y-%m-%d} 12:00" for days in (1500, 1501))


def _options(kind: Kind, wishes: Wishes) -> tuple[str, ...]:
    """As many options as there may be: how many are chosen or elected depends on what is typed one day."""
    try:
        own = wishes.listed("ballot") in vocabulary.OWN_OPTIONS
    except Refusal:
        own = False
    if own or kind not in {Kind.POLL, Kind.VOTE, Kind.BUDGET}:
        return ()
    return tuple(f"{n}: 1" if kind is Kind.BUDGET else str(n) for n in range(1, MOST_OPTIONS + 1))
