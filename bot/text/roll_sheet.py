"""Codes on paper and for a mail merge: a table for programs, and a page to print and cut, with a picture to scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bot.text.catalogue import Speech
from bot.text.spreadsheets import for_people

_STYLE = """
body { font: 12pt/1.4 system-ui, sans-serif; margin: 1.5cm; color: #000; background: #fff }
ul { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: 1fr 1fr; gap: 0 }
li { border: 1px dashed #666; padding: .6cm; display: flex; gap: .5cm; align-items: center; break-inside: avoid }
h2 { font-size: 13pt; margin: 0 0 .2cm; overflow-wrap: anywhere }
p { margin: 0 0 .2cm }
code { font: bold 13pt ui-monospace, monospace }
svg { width: 3.2cm; height: 3.2cm; flex: none }
small { overflow-wrap: anywhere }
"""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A member's code. `way` is what to do with it: a link to tap, or what to write to the bot."""

    name: str
    email: str
    code: str
    way: str


def mail_merge(rows: Sequence[CodeRow]) -> bytes:
    """The codes as `name,email,code,link`, in UTF-8 with a mark by which spreadsheets recognise it."""
    return for_people(("name", "email", "code", "link"), ((row.name, row.email, row.code, row.way) for row in rows))


def sheet(rows: Sequence[CodeRow], pictures: Sequence[str], organisation: str, speech: Speech) -> bytes:
    """A page to print: for each member the name, the code, what to do with it, and that as a picture to scan."""
    title = escape(speech.say("roll.sheet-title", organisation=organisation))
    items = "\n".join(_item(row, picture, speech) for row, picture in zip(rows, pictures, strict=True))
    page = (
        f'<!DOCTYPE html>\n<html lang="{escape(speech.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="robots" content="noindex">\n<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n'
        f"<body>\n<h1>{title}</h1>\n<p>{escape(speech.say('roll.sheet-how'))}</p>\n<ul>\n{items}\n</ul>\n"
        "</body>\n</html>\n"
    )
    return page.encode()


def _item(row: CodeRow, picture: str, speech: Speech) -> str:
    told = escape(speech.say("roll.sheet-code", code=row.code))
    return f"<li>{picture}<div><h2>{escape(row.name)}</h2><p>{told}</p><small>{escape(row.way)}</small></div></li>"
