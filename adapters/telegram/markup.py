"""Cards as Telegram shows them: text with entities, and rows of buttons.

Text goes with explicit entities and never through a parser of markup, so nothing a
person typed can become markup. Telegram still looks for mentions and commands in any
text by itself: those that would call someone, or another bot, are kept from being
recognised with an invisible joiner. Offsets are UTF-16 code units. It knows limits,
not rates, and sends nothing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

from adapters.telegram import tokens
from adapters.telegram.utf16 import ELLIPSIS, clean, head, length, shorten
from bot.text.card import Bar, Bars, Block, Button, Card, Gap, Line, Span, bar

logger = logging.getLogger(__name__)

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
LABEL_LIMIT = 64
ROW_LIMIT = 8
BUTTON_LIMIT = 100

SHORT_LABEL = 24
"""A bar stands beside its label up to this many characters, and below it from there on: lines wrap on a phone."""

JOINER = "\u2060"
"""Word joiner: takes no room, and ends what Telegram would read as a mention or a command."""

_WEB = re.compile(r"https?://[\w.-]+\.\w\S*", re.ASCII)
_MENTION = re.compile(r"(?<!\w)@(?=[A-Za-z0-9_]{2})")
_FOREIGN_COMMAND = re.compile(r"/(?=[A-Za-z0-9_]+@[A-Za-z0-9_])")
_STYLES = {"bold": MessageEntity.BOLD, "italic": MessageEntity.ITALIC, "code": MessageEntity.CODE}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with its entities, whose offsets count UTF-16 code units from the run's beginning."""

    text: str
    entities: tuple[MessageEntity, ...] = ()

    @property
    def length(self) -> int:
        """The number of UTF-16 code units."""
        return length(self.text)

    def joined(self, other: Piece) -> Piece:
        """This piece, a line break, then the other."""
        moved = MessageEntity.shift_entities(self.length + 1, other.entities) if other.entities else ()
        return Piece(f"{self.text}\n{other.text}", (*self.entities, *moved))


def defused(text: str) -> str:
    """The text as it is sent: it mentions nobody and commands no other bot. Web addresses stay as they are."""
    parts, end = [], 0
    for address in _WEB.finditer(text):
        parts += [_joined(text[end : address.start()]), address[0]]
        end = address.end()
    return clean("".join([*parts, _joined(text[end:])]))


def pieces(card: Card, limit: int = TEXT_LIMIT) -> tuple[Piece, ...]:
    """The card's text in as many messages as needed, of at most `limit` code units, cut between blocks if it can be."""
    messages: list[Piece] = []
    for block in _fitting(map(_piece, card.blocks), limit):
        if messages and _fits(messages[-1], block, limit):
            messages[-1] = messages[-1].joined(block)
        else:
            messages.append(block)
    # Telegram refuses a message without a visible character, and takes off the white space around one.
    return tuple(trimmed for piece in messages if (trimmed := _trimmed(piece)).text) or (Piece(ELLIPSIS),)


def pieces_exactly(card: Card, number: int, limit: int = TEXT_LIMIT) -> tuple[Piece, ...]:
    """The card's text in exactly so many messages, for an edit: what is too much is cut off, what is missing is …."""
    found = pieces(card, limit)
    if len(found) > number:
        logger.warning("a card of %d messages has to fit in the %d posted: its end is cut off", len(found), number)
        last = found[number - 1]
        cut = head(last.text, limit - 1)
        return (*found[: number - 1], Piece(cut + ELLIPSIS, _clipped(last.entities, 0, length(cut))))
    return found + (Piece(ELLIPSIS),) * (number - len(found))


def keyboard(card: Card, bot_name: str) -> InlineKeyboardMarkup | None:
    """The card's rows of buttons; None when it has none."""
    buttons = [[made for button in row if (made := _button(button, bot_name))] for row in card.buttons]
    rows = [row[at : at + ROW_LIMIT] for row in buttons for at in range(0, len(row), ROW_LIMIT)]
    while sum(map(len, rows)) > BUTTON_LIMIT:
        logger.warning("a card has more than %d buttons: the last row is left out", BUTTON_LIMIT)
        rows.pop()
    return InlineKeyboardMarkup(rows) if rows else None


def start_link(bot_name: str, payload: str) -> str:
    """The address that opens the private chat with the bot and has it receive `/start payload`."""
    return f"https://t.me/{bot_name}?start={quote(payload, safe='')}"


def _joined(text: str) -> str:
    return _FOREIGN_COMMAND.sub("/" + JOINER, _MENTION.sub("@" + JOINER, text))


def _piece(block: Block) -> Piece:
    match block:
        case Line():
            return _line(block)
        case Bars(rows):
            short = all(len(row.label) <= SHORT_LABEL for row in rows)
            return Piece(defused("\n".join(_bar(row, short) for row in rows)))
        case Gap():
            return Piece("")


def _bar(row: Bar, short: bool) -> str:
    drawn = f"{bar(row.share)} {row.caption}".strip()
    return f"{row.label} {drawn}" if short else f"{row.label}\n{drawn}"


def _line(line: Line) -> Piece:
    text, entities, at = "", [], 0
    for span in line.spans:
        words = defused(span.text)
        units = length(words)
        if units:
            entities += [_entity(kind, at, units, span) for kind in _kinds(span, line.title)]
        text, at = text + words, at + units
    if line.title and at:
        entities.insert(0, MessageEntity(MessageEntity.BOLD, 0, at))
    return Piece(text, tuple(entities))


def _kinds(span: Span, title: bool) -> Iterator[str]:
    linked = bool(span.url) and _is_web(span.url)
    # Telegram lets code stand with no other entity, and a title is bold already.
    if span.style and not (span.style == "code" and (linked or title)) and not (span.style == "bold" and title):
        yield _STYLES[span.style]
    if linked:
        yield MessageEntity.TEXT_LINK


def _entity(kind: str, at: int, units: int, span: Span) -> MessageEntity:
    return MessageEntity(kind, at, units, url=span.url if kind == MessageEntity.TEXT_LINK else None)


def _is_web(address: str) -> bool:
    """Whether it is a plain web address: `tg://user?id=…` would be a mention."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r"\s", address)


def _fits(piece: Piece, block: Piece, limit: int) -> bool:
    within = piece.length + 1 + block.length <= limit
    return within and len(piece.entities) + len(block.entities) <= ENTITY_LIMIT


def _fitting(blocks: Iterable[Piece], limit: int) -> Iterator[Piece]:
    """The blocks, the overlong ones in several: at a line break, else a space, else anywhere between two characters."""
    for block in blocks:
        rest = block
        while rest.length > limit:
            beginning = head(rest.text, limit)
            cut = max(beginning.rfind("\n"), beginning.rfind(" ")) + 1 or len(beginning)
            units = length(rest.text[:cut])
            yield Piece(rest.text[:cut], _clipped(rest.entities, 0, units)[:ENTITY_LIMIT])
            rest = Piece(rest.text[cut:], _clipped(rest.entities, units, rest.length))
        yield Piece(rest.text, rest.entities[:ENTITY_LIMIT])


def _trimmed(piece: Piece) -> Piece:
    text = piece.text.strip()
    start = length(piece.text) - length(piece.text.lstrip())
    return Piece(text, _clipped(piece.entities, start, start + length(text)))


def _clipped(entities: tuple[MessageEntity, ...], start: int, end: int) -> tuple[MessageEntity, ...]:
    """What of the entities lies between two offsets, counted from the first."""
    kept = []
    for entity in entities:
        first, last = max(entity.offset, start), min(entity.offset + entity.length, end)
        if first < last:
            kept.append(MessageEntity(entity.type, first - start, last - first, url=entity.url))
    return tuple(kept)


def _button(button: Button, bot_name: str) -> InlineKeyboardButton | None:
    label = shorten(clean(button.label), LABEL_LIMIT).strip() or ELLIPSIS
    if button.action is not None:
        return InlineKeyboardButton(label, callback_data=tokens.encode(button.action))
    address = start_link(bot_name, button.start) if button.start else button.url
    if not _is_web(address):
        # One bad address would have the whole message refused.
        logger.warning("a button is left out: its address is not a web address")
        return None
    return InlineKeyboardButton(label, url=address)
