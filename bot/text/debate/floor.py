"""The floor in words: who is speaking and until when, who is next, by which rule; what the speaker is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.debate.floor import ends_at, left
from bot.domain.debate.model import DebateRules, Measure, Request, Side, Speech
from bot.text.card import Card, Line, Span
from bot.text.catalogue import Speech as Voice

SHOWN_NEXT = 3
"""Names of those who wait that a card shows."""
SHOWN_LISTED = 30
"""Names that the speakers' list shows."""


@dataclass(frozen=True, slots=True)
class FloorView:
    """The floor of a debate at one instant, as one room sees it: `turn` is the turn under way, `waiting` who waits, in
    the order they get the floor. `held`: only the speaker can write in the room."""

    rules: DebateRules
    turn: Speech | None
    waiting: tuple[Request, ...]
    held: bool
    now: datetime


def floor_lines(view: FloorView, voice: Voice) -> tuple[Line, ...]:
    """What a card says of the floor: nothing while nobody has it and nobody waits."""
    lines: list[Line] = []
    if view.turn is not None:
        lines.append(turn_line(view.turn, view.rules, view.now, voice))
        lines.append(voice.line("floor.room-held" if view.held else "floor.room-free"))
    if view.waiting:
        names = tuple(one.name for one in view.waiting[:SHOWN_NEXT])
        if len(view.waiting) > SHOWN_NEXT:
            names = (*names, voice.say("floor.others", n=len(view.waiting) - SHOWN_NEXT))
        lines.append(voice.line("floor.waiting", n=len(view.waiting), names=names))
    return tuple(lines)


def turn_line(turn: Speech, rules: DebateRules, now: datetime, voice: Voice) -> Line:
    """Who has the floor, and until when or what is left of the turn."""
    return voice.line("floor.speaking", name=described(turn, voice), left=left_words(turn, rules, now, voice))


def left_words(turn: Speech, rules: DebateRules, now: datetime, voice: Voice) -> str:
    """How much of a turn is left: an hour for a time, else so many messages or characters; until it ends by hand."""
    if rules.turn is None:
        return voice.say("floor.left-open")
    end = ends_at(turn, rules.turn)
    if end is not None:
        return voice.say("floor.left-until", until=voice.until(end))
    return voice.say(f"floor.left-{rules.turn.measure.value}", n=left(turn, rules.turn, now))


def warning_words(turn: Speech, rules: DebateRules, now: datetime, voice: Voice) -> str:
    """How much is left when the turn is nearly over: for a time, in seconds or minutes."""
    if rules.turn is None or rules.turn.measure is not Measure.SECONDS:
        return left_words(turn, rules, now, voice)
    seconds = left(turn, rules.turn, now)
    if seconds < 60:
        return voice.say("floor.left-seconds", n=seconds)
    return voice.say("floor.left-lasting", lasting=timedelta(seconds=seconds))


def described(one: Request | Speech, voice: Voice) -> str:
    """The name with what it is on the list for: a point of order, a side, a quota list."""
    about = [voice.say("floor.about.order")] if one.order else []
    about += [voice.say(f"floor.about.{one.side.value}")] if one.side is not Side.NEITHER and not one.order else []
    about += [one.list] if one.list else []
    if not about:
        return one.name
    return voice.say("floor.described", name=one.name, about=", ".join(about))


def rule_lines(rules: DebateRules, voice: Voice) -> tuple[Line, ...]:
    """The order in which the floor is given, in one sentence and what the debate adds to it."""
    more = [*(["floor.rule-alternate"] if rules.alternate else []), *(["floor.rule-lists"] if rules.lists else [])]
    return (voice.line("floor.rule"), *(voice.line(key, lists=rules.lists) for key in more))


def list_card(title: str, view: FloorView, voice: Voice) -> Card:
    """The speakers' list: who has the floor, who follows in which order, and the rule of that order."""
    blocks: list[Line] = [voice.heading("floor.list", title_text=title)]
    if view.turn is not None:
        blocks.append(turn_line(view.turn, view.rules, view.now, voice))
    for place, one in enumerate(view.waiting[:SHOWN_LISTED], 1):
        blocks.append(Line((Span(f"{place}. {described(one, voice)}"),)))
    if len(view.waiting) > SHOWN_LISTED:
        blocks.append(Line((Span(voice.say("floor.others", n=len(view.waiting) - SHOWN_LISTED)),)))
    if not view.waiting:
        blocks.append(voice.line("floor.nobody-waits"))
    return Card((*blocks, *rule_lines(view.rules, voice)))
