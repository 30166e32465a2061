"""From minutes to a PDF: the facts as JSON, one template, and what no font can draw replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import Any

from bot.minutes import Facts, Items, Minutes, Paragraph, Part, Table

MISSING = "\N{WHITE SQUARE}"
"""What stands for a character that none of the fonts has."""

_PIECE = 30
_LONG = re.compile(rf"(?<!\S)(?![0-9a-f]{{64}}(?!\S))\S{{{_PIECE + 1},}}")
_BREAK = "\N{ZERO WIDTH SPACE}"
_TEMPLATE = Path(__file__).parent / "minutes.typ"
_PROBE = (
    b'#set document(title: "-", date: none)\n#set text(lang: "en", font: ("Libertinus Serif", "DejaVu Sans Mono"))\n'
)
_NAMES: Mapping[type[Part], str] = {Paragraph: "paragraph", Facts: "facts", Items: "items", Table: "table"}


def printed(minutes: Minutes) -> bytes:
    """The minutes as PDF/UA-1, which asks that every character is one that its fonts can draw."""
    from typst import TypstError

    try:
        return _compiled(_TEMPLATE.read_bytes(), _mapped(_facts(minutes), _broken))
    except TypstError:
        said = replace(minutes, footer=f"{minutes.footer} {minutes.unprintable}")
        return _compiled(_TEMPLATE.read_bytes(), _mapped(_facts(said), lambda words: _broken(_drawable(words))))


def _compiled(source: bytes, facts: Any) -> bytes:
    import typst

    return typst.compile(
        source,
        format="pdf",
        pdf_standards="ua-1",
        ignore_system_fonts=True,
        sys_inputs={"minutes": json.dumps(facts)},
        timestamp=0,  # a date of making would make other bytes each time
    )


def _facts(minutes: Minutes) -> dict[str, Any]:
    """The minutes as plain JSON values, as the template reads them."""
    sections = [
        {
            "title": section.title,
            "level": section.level,
            "parts": [{"kind": _NAMES[type(part)], **asdict(part)} for part in section.parts],
        }
        for section in minutes.sections
    ]
    return {**asdict(minutes), "sections": sections}


def _mapped(facts: Any, words: Callable[[str], str]) -> Any:
    """The values, every text of theirs made another."""
    match facts:
        case str():
            return words(facts)
        case dict():
            return {key: _mapped(value, words) for key, value in facts.items()}
        case list() | tuple():
            return [_mapped(value, words) for value in facts]
        case _:
            return facts


def _broken(words: str) -> str:
    """The text, with places where a word that is longer than a line may be broken; digests stay whole."""
    return _LONG.sub(lambda found: _BREAK.join(wrap(found[0], _PIECE, break_on_hyphens=False)), words)


def _drawable(words: str) -> str:
    return "".join(sign if _plain(sign) or _drawn(sign) else MISSING for sign in words)


def _plain(sign: str) -> bool:
    return sign.isascii() and sign.isprintable()


@cache
def _drawn(sign: str) -> bool:
    """Whether the fonts can draw the character: asked of the printer itself, which knows its fonts."""
    from typst import TypstError

    try:
        _compiled(_PROBE + b"#json(bytes(sys.inputs.minutes))", sign)
    except TypstError:
        return False
    return True
