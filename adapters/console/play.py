"""`palabre try --script`: a whole scenario from its text to an exit code."""

from __future__ import annotations

from typing import Final, TextIO

from adapters.console.acts import Expect, Mistake
from adapters.console.application import Factory, Say
from adapters.console.expectations import Seen, Unmet
from adapters.console.foresight import foresee
from adapters.console.people import Unpressable
from adapters.console.player import Player
from adapters.console.script import read_script
from adapters.console.transcript import Transcript, harmless, print_to

DONE: Final = 0
UNMET: Final = 1
NOT_UNDERSTOOD: Final = 2
_EXCERPT: Final = 2000


async def play_script(
    text: str, factory: Factory, out: TextIO, language: str, say: Say, complaints: TextIO | None = None
) -> int:
    """Play a scenario and print its transcript to `out`; the exit code.

    0: every expectation held; 1: one did not, or a button was not there; 2: a line
    could not be understood or could not happen, and nothing at all was played. Why
    goes to `complaints` (`out` when None), with the line's number.
    """
    told = complaints or out
    try:
        acts = read_script(text)
        start = foresee(acts)
    except Mistake as mistake:
        print_to(told, explain(mistake, say))
        return NOT_UNDERSTOOD
    player = Player(factory, Transcript(out, say), language, start)
    try:
        for act in acts:
            await player.play(act)
    except (Unmet, Unpressable) as stop:
        print_to(told, explain(stop, say))
        return UNMET
    finally:
        player.stop()
    return DONE


def explain(stop: Mistake | Unmet | Unpressable, say: Say) -> str:
    """Why a scenario stops, with the number of the line, in words."""
    return harmless(say("console.line", number=str(stop.line), reason=reason(stop, say)))


def reason(stop: Mistake | Unmet | Unpressable, say: Say) -> str:
    """Why a line can't be played or does not hold, in words."""
    match stop:
        case Mistake():
            return say(f"console.wrong.{stop.code}", **stop.facts)
        case Unmet():
            return _unmet(stop, say)
        case Unpressable():
            return _unpressable(stop, say)


def _unmet(stop: Unmet, say: Say) -> str:
    lines = [say(_expectation_key(stop.expected), text=stop.expected.text or "", place=stop.expected.place)]
    if not stop.seen:
        return "\n".join([*lines, say("console.seen-nothing")])
    return "\n".join([*lines, say("console.seen-instead"), *(_indented(one) for one in stop.seen)])


def _expectation_key(expected: Expect) -> str:
    what = "something" if expected.text is None else "text"
    where = "-there" if expected.place else ""
    return f"console.expected{'-not' if expected.absent else ''}-{what}{where}"


def _indented(seen: Seen) -> str:
    text = seen.text if len(seen.text) <= _EXCERPT else f"{seen.text[:_EXCERPT]}…"
    return "\n".join(f"    {line}" for line in f"[{seen.place}] {text}".split("\n"))


def _unpressable(stop: Unpressable, say: Say) -> str:
    act, shown = stop.act, tuple(f"[{label}]" for label in stop.shown)
    if stop.ambiguous:
        return say("console.ambiguous-button", who=act.who, label=act.label, shown=shown)
    if not shown:
        return say("console.no-buttons", who=act.who, label=act.label)
    return say("console.no-such-button", who=act.who, label=act.label, shown=shown)
