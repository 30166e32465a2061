"""The text of a document of unknown origin: told by its bytes alone, whatever it is called.

What spreadsheets write is read: UTF-8, UTF-16, and Windows-1252 from older ones. It is
read whole or not at all.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from bot.domain.refusals import Refusal

SIZE_LIMIT = 256 * 1024
"""Bytes of a document: five thousand members with their addresses take less."""
LINES_LIMIT = 10_000

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""How workbooks begin: those of today (a ZIP archive), and those of before 2007."""
_BLANKS = frozenset("\t\n\r\f\v")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text; `guessed` when nothing in it shows that its accents are right."""

    text: str
    guessed: bool = False


def decoded(data: bytes) -> Decoded:
    """The text that these bytes are. Raises Refusal `file-too-large`, `file-spreadsheet`, `file-not-text`."""
    if len(data) > SIZE_LIMIT:
        raise _too_large()
    if data.startswith(_SPREADSHEETS):
        raise Refusal("file-spreadsheet")
    found = _decoded(data)
    # A control character is in no list of names, and every other kind of file is full of them.
    if any(letter not in _BLANKS and unicodedata.category(letter) == "Cc" for letter in found.text):
        raise Refusal("file-not-text")
    if len(found.text.splitlines()) > LINES_LIMIT:
        raise _too_large()
    return found


def _decoded(data: bytes) -> Decoded:
    for encoding in _likely(data):
        try:
            return Decoded(data.decode(encoding), guessed=encoding == "cp1252")
        except UnicodeDecodeError:
            continue
    raise Refusal("file-not-text")


def _likely(data: bytes) -> tuple[str, ...]:
    """The encodings to try: the one that the first bytes announce, by a mark or by the zeros of two plain letters; else
    UTF-8, which other bytes hardly ever look like, then what older spreadsheets write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    match [bool(byte) for byte in data[:4]]:
        case [False, True, False, True]:
            return ("utf-16-be",)
        case [True, False, True, False]:
            return ("utf-16-le",)
    return ("utf-8-sig", "cp1252")


def _too_large() -> Refusal:
    return Refusal("file-too-large", n=SIZE_LIMIT // 1024, lines=str(LINES_LIMIT))
