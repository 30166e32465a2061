"""`palabre try` without a script: a consultation is played as a demonstration, then the same lines can be typed.

It goes on after every mistake, and it stays only where somebody can answer: with
no terminal on standard input it ends with the demonstration.
"""

from __future__ import annotations

import asyncio
from importlib import resources
from typing import Final, TextIO

from adapters.console.acts import Expect, Mistake
from adapters.console.application import Factory, Say
from adapters.console.expectations import Unmet
from adapters.console.foresight import foresee
from adapters.console.people import Unpressable
from adapters.console.play import DONE, UNMET, explain, reason
from adapters.console.player import Player
from adapters.console.script import read_script
from adapters.console.transcript import Transcript, harmless, print_to

FALLBACK: Final = "en"
_LEAVING: Final = frozenset({"quit", "quitter", "exit", "q"})
_ASKING: Final = frozenset({"help", "aide", "?"})
_GOES_ON: Final = "\\"


def demonstration(language: str) -> str:
    """The scenario played before the prompt, in this language or else in English."""
    folder = resources.files("adapters.console") / "demonstrations"
    wanted = folder / f"{language}.palabre"
    return (wanted if wanted.is_file() else folder / f"{FALLBACK}.palabre").read_text(encoding="utf-8")


async def rehearse(factory: Factory, stdin: TextIO | None, out: TextIO, language: str, say: Say) -> int:
    """Play the demonstration, then what is typed until the end of `stdin` if that is a terminal; the exit code.

    1 only when the demonstration itself does not go as it says.
    """
    print_to(out, say("console.rehearsal.welcome"))
    acts = read_script(demonstration(language))
    player = Player(factory, Transcript(out, say), language, foresee(acts))
    try:
        for act in acts:
            await player.play(act)
        print_to(out, say("console.rehearsal.over"))
        if stdin is not None and stdin.isatty():
            await _converse(player, stdin, out, say)
    except (Unmet, Unpressable) as stop:
        print_to(out, explain(stop, say))
        return UNMET
    finally:
        player.stop()
    return DONE


async def _converse(player: Player, stdin: TextIO, out: TextIO, say: Say) -> None:
    print_to(out, "\n" + say("console.rehearsal.your-turn"))
    while (typed := await _typed(stdin, out, say)) is not None:
        word = typed.strip().casefold()
        if word in _LEAVING:
            break
        if word in _ASKING:
            print_to(out, say("console.rehearsal.help"))
        else:
            await _play_typed(player, typed, out, say)
    print_to(out, say("console.rehearsal.goodbye"))


async def _play_typed(player: Player, typed: str, out: TextIO, say: Say) -> None:
    """Play what was typed; whatever is wrong with it is explained, and nothing ends."""
    try:
        for act in read_script(typed):
            await player.play(act)
            if isinstance(act, Expect):
                print_to(out, say("console.rehearsal.holds"))
    except (Mistake, Unmet, Unpressable) as stop:
        print_to(out, harmless(reason(stop, say)))
        if isinstance(stop, Mistake):
            print_to(out, say("console.rehearsal.hint"))


async def _typed(stdin: TextIO, out: TextIO, say: Say) -> str | None:
    """One act as typed, its lines put together; None at the end of the input."""
    lines: list[str] = []
    while True:
        out.write(say("console.rehearsal.prompt"))
        out.flush()
        line = await _next_line(stdin)
        if not line:
            return None
        lines.append(line.rstrip("\n").removesuffix(_GOES_ON))
        if not line.rstrip("\n").endswith(_GOES_ON):
            return "\n  ".join(lines)


async def _next_line(stdin: TextIO) -> str:
    """The next line of a terminal; waiting for it can be interrupted, which a thread in `readline` could not be."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(stdin.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(stdin.fileno())
    return stdin.readline()
