"""Tables for spreadsheets, as RFC 4180 has them: whatever was typed stays a text there and is never computed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute."""


def table(header: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """The rows under their header; a text that a spreadsheet would compute is made a text by an apostrophe."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(header)
    lines.writerows([_cell(value) for value in row] for row in rows)
    return written.getvalue()


def for_people(header: Sequence[str], rows: Iterable[Iterable[object]]) -> bytes:
    """The same in UTF-8 with a mark by which spreadsheets recognise it."""
    return table(header, rows).encode("utf-8-sig")


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
