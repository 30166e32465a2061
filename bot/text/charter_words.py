"""From the sentences a disclosure is made of, keys and facts, to words in one language.

It knows how each kind of fact is read: a share, a day, a language's name, an
option's label. Whatever people typed stays a fact, on one line, and is cut where
the short card has no room for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from fractions import Fraction

from babel import Locale

from bot.domain.charter import Say
from bot.domain.words import shown
from bot.text.card import Span
from bot.text.catalogue import Fact, Speech
from bot.text.opinions.moderation import GROUNDS

LONGEST = 600
"""Characters of one fact where there is room for all of it: more than anything that can be declared."""

_NAME = 60
_GROUNDS = 4
"""The grounds together may take so many times the room of one fact."""
_ENDS = (".", "!", "?")
_UNPOINTED = frozenset({"purpose", "words", "statutes", "funding", "hosting"})
"""Facts that end their sentence: a full stop typed by their author would double ours."""


def tell(says: Sequence[Say], speech: Speech, longest: int = LONGEST) -> tuple[Span, ...]:
    """The sentences one after the other, facts cut to `longest` characters; the address of the source is a link."""
    spans: list[Span] = []
    for each in says:
        facts = {name: _fact(name, value, speech, longest) for name, value in each.facts.items()}
        if spans:
            # An address has no full stop after it, lest it become part of it.
            spans.append(Span(" " if spans[-1].text.endswith(_ENDS) else " · "))
        spans += [_linked(span, each) for span in speech.spans(f"charter.say.{each.key}", **facts)]
    return tuple(spans)


def _linked(span: Span, said: Say) -> Span:
    source = said.facts.get("source")
    linked = isinstance(source, str) and source.startswith(("https://", "http://"))
    return Span(span.text, span.style, str(source)) if linked else span


def _fact(name: str, value: Fact, speech: Speech, longest: int) -> Fact:
    match value:
        case Fraction():
            return _share(value, speech)
        case datetime() if name == "day":
            return speech.day(value)
        case tuple() if name == "codes":
            return tuple(_language(code, speech) for code in value)
        case tuple() if name == "stages":
            return tuple(_stage(stage, speech) for stage in value)
        case tuple() if name == "grounds":
            return _grounds(value, speech, longest)
        case tuple():
            return tuple(_quoted(each, speech, longest) for each in value)
        case str():
            return _word(name, value, speech, longest)
        case _:
            return value


def _word(name: str, value: str, speech: Speech, longest: int) -> str:
    match name:
        case "source":
            return shown(value, max(longest, _NAME))
        case "code":
            return _language(value, speech)
        case "option" | "against" | "room":
            return _quoted(value, speech, longest)
        case _:
            words = shown(value, longest)
            words = words.removesuffix(".") if name in _UNPOINTED else words
            return words[:1].upper() + words[1:] if name == "purpose" else words


def _quoted(text: str, speech: Speech, longest: int) -> str:
    return speech.say("charter.quoted", text=shown(text, min(longest, _NAME)))


def _stage(told: str, speech: Speech) -> str:
    """A phase of a debate, and how long it lasts when that is said: `arguments 172800`."""
    name, _, seconds = told.partition(" ")
    phase = speech.say(f"debate.phase.{name}")
    return speech.say("charter.stage", phase=phase, lasts=timedelta(seconds=int(seconds))) if seconds else phase


def _grounds(declared: tuple[str, ...], speech: Speech, longest: int) -> tuple[str, ...]:
    """The grounds for moderation, those declared or the usual ones, as many as there is room for."""
    grounds = [_quoted(each, speech, longest) for each in declared] or [speech.say(key) for key in GROUNDS]
    kept = 1
    while kept < len(grounds) and sum(map(len, grounds[: kept + 1])) <= longest * _GROUNDS:
        kept += 1
    rest = len(grounds) - kept
    return (*grounds[:kept], *((speech.say("charter.more-grounds", n=rest),) if rest else ()))


def _share(share: Fraction, speech: Speech) -> str:
    if share == Fraction(1, 2):
        return speech.say("charter.half")
    return speech.percent(share) if 100 % share.denominator == 0 else f"{share.numerator}/{share.denominator}"


def _language(code: str, speech: Speech) -> str:
    return Locale.parse(code).get_display_name(speech.language) or code
