"""Minutes as Markdown: every word shown as it is, nothing typed becoming markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.minutes import Facts, Items, Minutes, Paragraph, Part, Section, Table

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_OPENING = re.compile(r"^(\s*)([-+=]|\d+(?=[.)]))")
"""What would make a line a list, a heading or a rule."""


def as_markdown(minutes: Minutes) -> str:
    """The minutes in CommonMark, with tables as GitHub and most others read them."""
    head = (f"# {_escaped(minutes.title)}", f"**{_escaped(minutes.subtitle)}**")
    notice = "\n>\n".join(f"> {_escaped(words)}" for words in minutes.notice)
    sections = (block for section in minutes.sections for block in _section(section))
    return "\n\n".join([*head, notice, *sections, "---", _escaped(minutes.footer)]) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"{'#' * section.level} {_escaped(section.title)}"
    yield from map(_part, section.parts)


def _part(part: Part) -> str:
    match part:
        case Paragraph(text, strong):
            return f"**{_escaped(text)}**" if strong else _escaped(text)
        case Facts(rows):
            return "\n".join(f"- **{_escaped(name)}** — {_escaped(words)}" for name, words in rows)
        case Items(items, numbered):
            marks = (f"{place}." if numbered else "-" for place in range(1, len(items) + 1))
            return "\n".join(f"{mark} {_escaped(item)}" for mark, item in zip(marks, items, strict=True))
        case Table():
            return _table(part)


def _table(table: Table) -> str:
    rule = ("---", *("---" if table.signed else "---:" for _ in table.heads[1:]))
    rows = (table.heads, rule, *table.rows)
    lines = [f"| {' | '.join(cells if row is rule else map(_escaped, cells))} |" for row in rows for cells in (row,)]
    return f"{_escaped(table.caption)}\n\n" + "\n".join(lines)


def _escaped(text: str) -> str:
    """Words on one line, with what would be read as markup escaped."""
    one_line = " ".join(text.split())
    return _OPENING.sub(_opened, _MARKUP.sub(r"\\\1", one_line))


def _opened(found: re.Match[str]) -> str:
    space, sign = found.groups()
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"
