"""Letters on a picture: how wide they are, where a line is cut, and which of them the font has.

Nothing a person typed is read as markup, and a character that the font can't draw
becomes a small box, never an error.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

CUT = "…"
_MISSING = "□"
_MOST_LETTERS = 600


def lines(text: str, size: int, room: float, *, bold: bool, most: int) -> list[str]:
    """The text cut into lines that fit the room, in at most so many; what is left out ends in an ellipsis."""
    found: list[str] = []
    line = ""
    for word in _pieces(drawable(text), size, room, bold=bold):
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold=bold) <= room:
            line = longer
        else:
            found.append(line)
            line = word
    if line:
        found.append(line)
    if len(found) > most:
        found[most - 1 :] = [found[most - 1][:-1].rstrip() + CUT]
    return found


def _pieces(text: str, size: int, room: float, *, bold: bool) -> list[str]:
    """The words of the text, those too long for a line cut where they must be."""
    pieces: list[str] = []
    for word in text.split(" "):
        rest = word
        while rest and width(rest, size, bold=bold) > room:
            fitting = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or width(rest[:n], size, bold=bold) <= room)
            pieces.append(rest[:fitting])
            rest = rest[fitting:]
        if rest:
            pieces.append(rest)
    return pieces


def drawable(text: str) -> str:
    """The text without what can't be seen (controls, joiners, direction marks), and a box for what is unknown."""
    clean = " ".join(unicodedata.normalize("NFC", text[:_MOST_LETTERS]).split())
    seen = (
        letter for letter in clean if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me"}
    )
    known = "".join(letter if ord(letter) in _letters() else _MISSING for letter in seen)
    return re.sub(f"{_MISSING}+", _MISSING, known)  # a family emoji is four letters, and one thing


@lru_cache(maxsize=4096)
def width(line: str, size: int, *, bold: bool) -> float:
    """Pixels the line takes."""
    from matplotlib.font_manager import get_font
    from matplotlib.ft2font import LoadFlags

    face = get_font(str(font(bold).get_file()))
    face.set_size(size, 72)
    face.set_text(line, 0, flags=LoadFlags.FORCE_AUTOHINT)  # as it will be drawn
    return face.get_width_height()[0] / 64


@cache
def font(bold: bool) -> FontProperties:
    """The font that comes with matplotlib, so that pictures are the same on every machine."""
    import matplotlib as mpl
    from matplotlib.font_manager import FontProperties

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=Path(mpl.get_data_path()) / "fonts" / "ttf" / name)


@cache
def _letters() -> frozenset[int]:
    """What both weights of the font can draw."""
    from matplotlib.font_manager import get_font

    regular, strong = (set(get_font(str(font(bold).get_file())).get_charmap()) for bold in (False, True))
    return frozenset(regular & strong)
