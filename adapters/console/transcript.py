"""Prints a scenario as it is played: who said what to whom, the cards as plain lines, the buttons that can be pressed.

Nothing a person typed can drive the terminal: control characters are shown as
pictures, marks that reorder text are dropped. Colour is for terminals only and
says nothing that words don't.
"""

from __future__ import annotations

import os
import unicodedata
from typing import Final, Literal, TextIO

from adapters.console.application import Fact, Say
from bot.text.card import Bars, Block, Card, File, Gap, Line, bar

BOT: Final = "palabre"
_INDENT: Final = "    "
_WIDEST_LABEL: Final = 28
_REORDERING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def harmless(text: str) -> str:
    """The text with nothing in it that a terminal obeys; line feeds stay."""
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if letter == "\n" or letter.isprintable():
        return letter
    if letter in _REORDERING:
        return ""
    match unicodedata.category(letter):
        case "Cc" if ord(letter) < 0x20:
            return chr(0x2400 + ord(letter))
        case "Cc" | "Cs" | "Co" | "Cn":
            return "\N{REPLACEMENT CHARACTER}"
        case "Zs" | "Zl" | "Zp":
            return " " if letter in "\u2028\u2029" else letter
        case _:
            return letter


class Transcript:
    """Writes to `out` what happens. `say` has the few words of its own."""

    def __init__(self, out: TextIO, say: Say) -> None:
        self._out = out
        self._say = say
        self._colour = out.isatty() and not os.environ.get("NO_COLOR")

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────

    def speech(self, place: str, who: str, text: str) -> None:
        """Someone wrote in a place (`#room`, or to the bot where it is their own name)."""
        listener = f" → {BOT}" if place == who else ""
        self._write(f"[{place}]", f"{who}{listener}:", harmless(text))

    def event(self, key: str, **facts: Fact) -> None:
        """Something happened that nobody wrote: a sentence of the catalogue."""
        self._print(self._style(_DIM, f"· {harmless(self._say(key, **facts))}"))

    def remark(self, text: str) -> None:
        """A comment of the scenario."""
        self._print(self._style(_DIM, f"# {harmless(text)}".rstrip()))

    # ── what the bot does ────────────────────────────────────────────────────────────────────────────────────────────

    def show(self, place: str, kind: Literal["post", "edit"], card: Card) -> None:
        """A message of the bot appeared in a place, or changed there."""
        notes = [
            *([] if place.startswith("#") else [self._say("console.private")]),
            *([self._say("console.edited")] if kind == "edit" else []),
            *([self._say("console.pinned")] if card.pin and kind == "post" else []),
        ]
        told = f" ({', '.join(notes)})" if notes else ""
        self._write(f"[{place}]", f"{self._style(_BOLD, BOT)}{told}:", self._lines(card))

    def toast(self, who: str, text: str) -> None:
        """The bot answered a press, to the presser alone."""
        self._print(f"→ {who}: {self._say('console.quoted', text=harmless(text))}")

    def file(self, file: File) -> str:
        """The line that stands for a file: its name and how many bytes it has."""
        return self._say("console.file", name=file.name, n=len(file.data))

    def _lines(self, card: Card) -> str:
        lines = [self._heading(block, line) for block in card.blocks for line in _written(block)]
        if card.image:
            lines.append(harmless(self._say("console.picture", text=card.image.alternative)))
        if card.file:
            lines.append(harmless(self.file(card.file)))
        lines.extend(harmless(" ".join(f"[{button.label}]" for button in row)) for row in card.buttons)
        return "\n".join(lines)

    def _heading(self, block: Block, line: str) -> str:
        title = isinstance(block, Line) and block.title
        return self._style(_BOLD, harmless(line)) if title else harmless(line)

    # ── on paper ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _write(self, place: str, author: str, text: str) -> None:
        head, *rest = text.split("\n")
        if not rest:
            self._print(f"{place} {author} {head}".rstrip())
            return
        self._print(f"{place} {author}")
        for line in (head, *rest):
            self._print(f"{_INDENT}{line}".rstrip())

    def _style(self, style: str, text: str) -> str:
        return f"{style}{text}{_PLAIN}" if self._colour else text

    def _print(self, line: str) -> None:
        print_to(self._out, line)


def print_to(out: TextIO, line: str) -> None:
    """Write one line and flush; letters the output can't encode become `?`."""
    encoding = out.encoding or "utf-8"
    out.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    out.flush()


def _written(block: Block) -> list[str]:
    match block:
        case Bars(rows):
            width = min(max((len(row.label) for row in rows), default=0), _WIDEST_LABEL)
            return [" ".join(filter(None, (row.label.ljust(width), bar(row.share), row.caption))) for row in rows]
        case Gap():
            return [""]
        case _:
            return block.plain.split("\n")
