"""Cards as Matrix shows them: a plain body, the same as HTML, and nothing that could call anybody.

What a person typed is always escaped text. Every message carries an empty `m.mentions`,
without which clients would look for names and `@room` in the words (MSC3952), and an empty
list of previews (MSC4095). Matrix has no buttons: those that lead to an address become
links at the end, the others are typed, as the card's own words say. It sends nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from adapters.matrix.wire import Json
from adapters.matrix.words import clean
from bot.text.card import Bars, Block, Button, Card, Gap, Line, Span, bar

BUDGET = 36_000
"""Bytes of JSON for one message's words, escapes included: with an edit's fallback, a third more for encryption and the
rest of the frame, that stays below the 65,536 bytes of an event."""
_RUN = BUDGET // 24
"""Characters that surely fit in one message: twelve bytes at most for each, twice."""
_FALLBACK = 500
ELLIPSIS = "…"
JOINER = "\u2060"
"""Word joiner: takes no room, and keeps another bot from taking our words for its command."""

_TAGS = {"bold": "strong", "italic": "em", "code": "code"}
_SCHEMES = frozenset({"http", "https", "mailto", "matrix", "geo"})


@dataclass(frozen=True, slots=True)
class Passage:
    """The same words twice: plain, and as HTML. A heading stands by itself; a `gap` sets the next passage apart."""

    plain: str
    html: str
    heading: bool = False
    gap: bool = False

    @property
    def size(self) -> int:
        """The bytes that it takes in an event."""
        return len(json.dumps([self.plain, self.html]))


def contents(card: Card) -> tuple[Json, ...]:
    """The card's words as the contents of one message or, if they are too long for one event, of several."""
    messages: list[list[Passage]] = [[]]
    used = 0
    for passage in _passages(card):
        if used + passage.size > BUDGET and messages[-1]:
            messages.append([])
            used = 0
        messages[-1].append(passage)
        used += passage.size
    return tuple(_content(message, card.silent) for message in messages)


def contents_exactly(card: Card, number: int) -> tuple[Json, ...]:
    """The card's words in exactly so many messages, for an edit: what is too much is cut off, what is missing is …."""
    found = contents(card)
    missing = (_content([Passage(ELLIPSIS, ELLIPSIS)], card.silent),) * (number - len(found))
    return (*found[:number], *missing)


def edit(original: str, content: Json) -> Json:
    """The content that replaces a message, with a short fallback for clients that know no edits."""
    body = content["body"]
    fallback = {name: content[name] for name in ("msgtype", "m.mentions", "com.beeper.linkpreviews")}
    return {
        **fallback,
        "body": "* " + (body if len(body) <= _FALLBACK else body[:_FALLBACK] + ELLIPSIS),
        "m.new_content": content,
        "m.relates_to": {"rel_type": "m.replace", "event_id": original},
    }


def image(name: str, alternative: str, png: bytes) -> Json:
    """The content of a picture's message, without where it is; its words are the caption, which is read out."""
    info: Json = {"mimetype": "image/png", "size": len(png)}
    if png[12:16] == b"IHDR":
        info |= {"w": int.from_bytes(png[16:20], "big"), "h": int.from_bytes(png[20:24], "big")}
    return {
        "msgtype": "m.image",
        "body": clean(alternative)[:_RUN] or name,
        "filename": name,
        "info": info,
        "m.mentions": {},
    }


def document(name: str, mime: str, size: int) -> Json:
    """The content of a file's message, without where it is; `size` in bytes."""
    return {
        "msgtype": "m.file",
        "body": name,
        "filename": name,
        "info": {"mimetype": mime, "size": size},
        "m.mentions": {},
    }


def is_address(url: str) -> bool:
    """Whether it may be made a link: of a known kind, and without white space."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    known = parts.scheme in _SCHEMES and bool(parts.netloc or parts.path)
    return known and not re.search(r"[\s\x00-\x1f\x7f]", url)


def _passages(card: Card) -> Iterator[Passage]:
    for block in card.blocks:
        yield from _of_block(block)
    links = [button for row in card.buttons for button in row if button.url and is_address(button.url)]
    if links:
        yield Passage("", "", gap=True)
    for button in links:
        yield _link(button)


def _of_block(block: Block) -> Iterator[Passage]:
    match block:
        case Line():
            html = "".join(map(_html, block.spans))
            words = "".join(map(_plain, block.spans))
            yield from _fitted(Passage(words, html, heading=block.title and bool(words.strip())))
        case Bars(rows):
            for row in rows:
                words = " ".join(filter(None, (clean(row.label), bar(row.share), clean(row.caption))))
                yield from _fitted(Passage(words, _escaped(words)))
        case Gap():
            yield Passage("", "", gap=True)


def _plain(span: Span) -> str:
    words = clean(span.text)
    shown = is_address(span.url) and span.url not in words
    return f"{words} ({span.url})" if shown else words


def _html(span: Span) -> str:
    html = _escaped(clean(span.text))
    if tag := _TAGS.get(span.style):
        html = f"<{tag}>{html}</{tag}>"
    return f'<a href="{escape(span.url)}">{html}</a>' if is_address(span.url) else html


def _link(button: Button) -> Passage:
    label = clean(button.label)
    return Passage(f"{label}: {button.url}", f'<a href="{escape(button.url)}">{escape(label)}</a>')


def _fitted(passage: Passage) -> Iterator[Passage]:
    """The passage, in several if it alone is too long for an event; its styles then go, since tags can't be cut."""
    if passage.size <= BUDGET:
        yield passage
        return
    for at in range(0, len(passage.plain), _RUN):
        words = passage.plain[at : at + _RUN]
        yield Passage(words, _escaped(words))


def _escaped(words: str) -> str:
    return escape(words).replace("\n", "<br>")


def _content(passages: list[Passage], silent: bool) -> Json:
    body = "\n".join(passage.plain for passage in passages).strip("\n") or ELLIPSIS
    return {
        # A notice rings nobody's phone; what must be heard of is a text.
        "msgtype": "m.notice" if silent else "m.text",
        "body": JOINER + body if body.startswith(("!", "/")) else body,
        "format": "org.matrix.custom.html",
        "formatted_body": _joined(passages) or ELLIPSIS,
        "m.mentions": {},
        "com.beeper.linkpreviews": [],
    }


def _joined(passages: list[Passage]) -> str:
    html: list[str] = []
    paragraph: list[str] = []
    for passage in [*passages, Passage("", "", gap=True)]:
        if not (passage.heading or passage.gap):
            paragraph.append(passage.html)
            continue
        if paragraph:
            html.append(f"<p>{'<br>'.join(paragraph)}</p>")
            paragraph = []
        if passage.heading:
            html.append(f"<h4>{passage.html}</h4>")
    return "".join(html)
