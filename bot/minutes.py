"""What minutes say: headings, facts, tables and places to sign, every word already in its language.

The same minutes are written as Markdown and as a web page (`bot.text.minutes`), and printed (`bot.ports.Printer`).
Whatever a person typed is always the text of a part, never markup.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a `strong` one stands out."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names of facts and what is known of each, in order."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """Things that are listed one below the other; `numbered` when their order is that of what happened."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heads. `signed`: its cells are left empty, with room to write in by hand."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    signed: bool = False


Part = Paragraph | Facts | Items | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it. `level` is 2 below the title, 3 below a section of level 2."""

    title: str
    parts: tuple[Part, ...]
    level: int = 2


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of one consultation, or of several of the same day.

    `organisation` is who consulted, `notice` what must be known before reading. On paper `running` stands at the foot
    of each page and `page` before its number; `unprintable` is said where a character could not be printed.
    """

    language: str
    title: str
    subtitle: str
    organisation: str
    notice: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: str
    running: str
    page: str
    unprintable: str
