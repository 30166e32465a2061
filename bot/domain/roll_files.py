"""A roll as someone pastes it: lines separated by commas, semicolons or tabs, under a line that names the columns.

It is read whole or not at all: the first line that can't be taken is named by its number.
An address that its owner can change, such as an @name, proves nothing: it is counted and left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.ids import AccountRef
from bot.domain.refusals import Refusal
from bot.domain.words import clean_text, fold, shown

MOST_MEMBERS = 5_000
LABEL_LIMIT = 80
GROUP_LIMIT = 40
ADDRESS_LIMIT = 255

_COLUMNS: Mapping[str, str] = {
    "label": "label", "name": "label", "nom": "label", "full name": "label", "nom complet": "label",
    "member": "label", "membre": "label",
    "first name": "first", "firstname": "first", "prenom": "first",
    "group": "group", "groupe": "group",
    "email": "email", "e-mail": "email", "mail": "email", "courriel": "email", "adresse e-mail": "email",
    "weight": "weight", "weights": "weight", "poids": "weight", "voix": "weight", "votes": "weight",
    "nombre de voix": "weight", "shares": "weight", "parts": "weight",
}  # fmt: skip
"""Folded names of the columns that are known, whatever the language, with what they hold."""

Shapes = Mapping[str, str]
"""For each platform what an account's lasting address looks like there, as a regular expression."""


@dataclass(frozen=True, slots=True)
class RollLine:
    """One member as the file says. `number` is the line's; `group` is None if the file has no such column; `accounts`
    holds at most one of each platform. `email` is never kept."""

    number: int
    label: str
    group: str | None = None
    accounts: tuple[AccountRef, ...] = ()
    email: str = ""


@dataclass(frozen=True, slots=True)
class RollFile:
    """What was read: `hints` counts the addresses that prove nothing, `ignored` names the columns nobody knows.
    `columns` is the first line, for a file that comes in several messages, and `last` the number of the last line."""

    lines: tuple[RollLine, ...]
    columns: tuple[str, ...]
    last: int
    hints: int = 0
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cells:
    """One line of the file, by what its columns hold."""

    number: int
    by_column: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.by_column.get(column, "").strip()


def read_roll(text: str, shapes: Shapes, columns: Sequence[str] = (), before: int = 0) -> RollFile:
    """The members a file lists. `columns` are those of an earlier part of it, and `before` that part's last line.

    Raises Refusal `roll-no-columns`, `roll-weights`, `roll-nobody`, `roll-too-long`, and with the number of a line
    `roll-line-cells`, `roll-line-unnamed`, `roll-line-unreadable`, `roll-line-account`, `roll-line-twice`.
    """
    rows = _rows(text.removeprefix("\ufeff"), before)
    if columns and rows and _holds(rows[0][1], shapes) != _holds(columns, shapes):
        rows.insert(0, (0, list(columns)))
    named, holds = _header(rows, shapes)
    cells = [_cells(number, row, holds) for number, row in rows[1:]]
    lines = tuple(_line(each, holds, shapes) for each in cells)
    if not lines:
        raise Refusal("roll-nobody")
    if len(lines) > MOST_MEMBERS:
        raise Refusal("roll-too-long", n=MOST_MEMBERS)
    refuse_repeats(lines)
    ignored = tuple(shown(name) for name, what in zip(named, holds, strict=True) if not what and name.strip())
    return RollFile(lines, tuple(named), rows[-1][0], sum(_hints(each, shapes) for each in cells), ignored)


def refuse_repeats(lines: Sequence[RollLine]) -> None:
    """Return if nobody is listed twice, by name or by account; else raise Refusal `roll-line-twice`."""
    seen: dict[str | AccountRef, RollLine] = {}
    for line in lines:
        marks: list[str | AccountRef] = [fold(line.label), *line.accounts]
        for mark in marks:
            other = seen.setdefault(mark, line)
            if other is not line:
                said = line.label if isinstance(mark, str) else mark.id
                raise Refusal("roll-line-twice", line=line.number, other=other.number, said=shown(said))


def _rows(text: str, before: int) -> list[tuple[int, list[str]]]:
    """The lines that hold something, each with the number of the line where it ends."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(";\t,", key=first.count)
    # Only these end a line: the reader would not see the others that Python knows.
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""), delimiter=separator,
                        strict=True)  # fmt: skip
    rows: list[tuple[int, list[str]]] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((before + reader.line_num, row))
    except csv.Error:
        raise Refusal("roll-line-cells", line=before + reader.line_num) from None
    return rows


def _holds(row: Sequence[str], platforms: Iterable[str]) -> list[str]:
    """What each column holds, '' for those nobody knows. A platform's holds addresses there."""
    known = dict(_COLUMNS)
    for platform in platforms:
        known |= dict.fromkeys((platform, f"{platform} id", f"id {platform}"), platform)
    return [known.get(fold(cell).replace("_", " "), "") for cell in row]


def _header(rows: Sequence[tuple[int, list[str]]], shapes: Shapes) -> tuple[list[str], list[str]]:
    """The names of the columns, and what each holds."""
    if not rows:
        raise Refusal("roll-nobody")
    named = rows[0][1]
    holds = _holds(named, shapes)
    known = [what for what in holds if what]
    if "label" not in known or len(set(known)) < len(known):
        raise Refusal("roll-no-columns", said=shown("; ".join(named)))
    if "weight" in known:
        raise Refusal("roll-weights", said=shown(named[holds.index("weight")]))
    return named, holds


def _cells(number: int, row: Sequence[str], holds: Sequence[str]) -> _Cells:
    if len(row) > len(holds) and any(cell.strip() for cell in row[len(holds) :]):
        raise Refusal("roll-line-cells", line=number)
    return _Cells(number, {what: cell for what, cell in zip(holds, row, strict=False) if what})


def _line(cells: _Cells, holds: Sequence[str], shapes: Shapes) -> RollLine:
    names = " ".join(filter(None, (cells["first"], cells["label"])))
    if not names:
        raise Refusal("roll-line-unnamed", line=cells.number)
    try:
        label = clean_text(names, LABEL_LIMIT)
        group = clean_text(cells["group"], GROUP_LIMIT) if cells["group"] else ""
    except Refusal:
        raise Refusal("roll-line-unreadable", line=cells.number, n=LABEL_LIMIT, group=GROUP_LIMIT) from None
    email = shown(cells["email"], LABEL_LIMIT)
    return RollLine(cells.number, label, group if "group" in holds else None, tuple(_accounts(cells, shapes)), email)


def _accounts(cells: _Cells, shapes: Shapes) -> Iterator[AccountRef]:
    """The accounts whose identity a platform itself gives."""
    for platform, shape in shapes.items():
        address = cells[platform]
        if address and not _is_hint(address, shape):
            if not re.fullmatch(shape, address) or len(address) > ADDRESS_LIMIT:
                raise Refusal("roll-line-account", line=cells.number, said=shown(address), platform=platform.title())
            yield AccountRef(platform, address)


def _is_hint(address: str, shape: str) -> bool:
    """Whether it is a name that can change hands: an @name, or a link to one."""
    if re.fullmatch(shape, address):
        return False
    return ":" not in address.removeprefix("https://") and not address.lstrip("+-")[:1].isdigit()


def _hints(cells: _Cells, shapes: Shapes) -> int:
    return sum(bool(cells[platform]) and _is_hint(cells[platform], shape) for platform, shape in shapes.items())
