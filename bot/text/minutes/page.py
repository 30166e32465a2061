"""Minutes as one web page: no script, nothing fetched, readable by a screen reader and on A4 paper."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bot.minutes import Facts, Items, Minutes, Paragraph, Part, Section, Table

_STYLE = """
:root { color-scheme: light; }
body { font: 17px/1.5 Georgia, "Times New Roman", serif; color: #1a1a1a; background: #fff;
  max-width: 44rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .4rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .6rem; break-after: avoid; }
h3 { font-size: 1.05rem; margin: 1.4rem 0 .5rem; break-after: avoid; }
.subtitle { font-size: 1.2rem; margin: 0 0 1rem; }
.notice { border-left: 4px solid #555; background: #f4f4f4; padding: .3rem 1rem; }
dl { display: grid; grid-template-columns: minmax(8rem, 30%) 1fr; gap: .3rem 1rem; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
li { margin: .3rem 0; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; break-inside: avoid; }
caption { text-align: left; padding-bottom: .4rem; }
th, td { border-top: 1px solid #777; border-bottom: 1px solid #777; padding: .3rem .5rem; text-align: left;
  vertical-align: top; }
th[scope="row"] { font-weight: normal; }
.figures td, .figures th[scope="col"]:not(:first-child) { text-align: right; }
.signed td { height: 3rem; }
footer { margin-top: 2rem; font-size: .85rem; color: #444; }
@page { size: A4; margin: 20mm; }
@media print { body { font-size: 11pt; max-width: none; margin: 0; padding: 0; } }
""".strip()

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def as_page(minutes: Minutes) -> str:
    """The minutes as an HTML document that needs nothing else."""
    title = escape(f"{minutes.title} — {minutes.subtitle}")
    lines = [
        "<!doctype html>",
        f'<html lang="{escape(minutes.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>\n{_STYLE}\n</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{escape(minutes.title)}</h1>",
        f'<p class="subtitle">{escape(minutes.subtitle)}</p>',
        '<div class="notice">',
        *(f"<p>{escape(words)}</p>" for words in minutes.notice),
        "</div>",
        *(line for section in minutes.sections for line in _section(section)),
        "</main>",
        f"<footer><p>{escape(minutes.footer)}</p></footer>",
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"<h{section.level}>{escape(section.title)}</h{section.level}>"
    for part in section.parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    match part:
        case Paragraph(text, strong):
            yield f"<p><strong>{escape(text)}</strong></p>" if strong else f"<p>{escape(text)}</p>"
        case Facts(rows):
            yield "<dl>"
            yield from (f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in rows)
            yield "</dl>"
        case Items(items, numbered):
            kind = "ol" if numbered else "ul"
            yield f"<{kind}>"
            yield from (f"<li>{escape(item)}</li>" for item in items)
            yield f"</{kind}>"
        case Table():
            yield from _table(part)


def _table(table: Table) -> Iterator[str]:
    yield f'<table class="{"signed" if table.signed else "figures"}">'
    yield f"<caption>{escape(table.caption)}</caption>"
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in table.heads)
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for first, *others in table.rows:
        cells = "".join(f"<td>{escape(cell)}</td>" for cell in others)
        yield f'<tr><th scope="row">{escape(first)}</th>{cells}</tr>'
    yield "</tbody>"
    yield "</table>"
