"""Draws `docs/lifecycle.md` from the transition table, so that the page can't say anything else than the program does.

Run `python docs/draw_lifecycle.py` from the root of the repository after a change
of `bot/domain/lifecycle.py`; a test fails while the page is out of date.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.domain.consultation import State
from bot.domain.lifecycle import FINISHED, TRANSITIONS

PAGE = Path(__file__).with_name("lifecycle.md")

HEAD = """# The life of a consultation

<!-- Drawn by docs/draw_lifecycle.py from bot/domain/lifecycle.py: don't edit. -->

Each arrow is an event; an event without an arrow is refused and changes nothing.
Time alone brings `disclose`, `open`, `close` and `certify`, and `disclose` only
happens once the disclosure stands in every room that nobody excused.
"""


def page() -> str:
    """The whole page: the diagram, then the same in words."""
    return "\n".join([HEAD, "```mermaid", "stateDiagram-v2", *_arrows(), "```", "", *_table(), ""])


def _arrows() -> Iterable[str]:
    yield f"    [*] --> {State.DRAFT}"
    for state, leads in TRANSITIONS.items():
        for event, follows in leads.items():
            yield f"    {state} --> {follows}: {event}"
    for state in State:
        if state in FINISHED:
            yield f"    {state} --> [*]"


def _table() -> Iterable[str]:
    yield "| from | event | to |"
    yield "|---|---|---|"
    for state, leads in TRANSITIONS.items():
        for event, follows in leads.items():
            yield f"| {state} | {event} | {follows} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
