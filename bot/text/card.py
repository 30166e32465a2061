"""The card: a message described without any platform's markup.

Adapters turn cards into HTML, entities or plain lines. Whatever a person typed
is always the text of a span, never markup. Nothing on a card is carried by
style, colour or picture alone: a card read as plain lines says everything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.domain.ids import Action

Style = Literal["", "bold", "italic", "code"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style, linked to `url` if there is one."""

    text: str
    style: Style = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of the card, made of spans. A `title` line is a heading where the platform has headings."""

    spans: tuple[Span, ...]
    title: bool = False

    @property
    def plain(self) -> str:
        """The words alone."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a text bar chart: `label ▇▇▇▇ caption`, the bar filling `share` (0 to 1) of the room for it."""

    label: str
    share: float
    caption: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows of bars that belong together."""

    rows: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A blank line."""


Block = Line | Bars | Gap


@dataclass(frozen=True, slots=True)
class Button:
    """A thing to press. Exactly one of `action` (comes back to us as a press), `start` (opens the private chat with the
    bot, which then receives `/start START`) and `url` is set."""

    label: str
    action: Action | None = None
    start: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG picture with the words that replace it for whoever can't see it. `name` is a file name we chose."""

    png: bytes = field(repr=False)
    alternative: str
    name: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes with the card, as the platform sends documents. `name` is a file name we chose, `mime` its media
    type; whatever it says is also said, or told how to get, in the card's words."""

    data: bytes = field(repr=False)
    name: str
    mime: str


@dataclass(frozen=True, slots=True)
class NativePoll:
    """The card's question once more, for platforms with a poll of their own from which a ballot can be taken (Matrix).

    Options come with their permanent numbers; at most `most` may be chosen. `disclosed`:
    answers are shown while it is open. `over` says that it is over, and is empty until then.
    """

    number: int
    question: str
    options: tuple[tuple[int, str], ...]
    most: int
    disclosed: bool
    over: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One message: its paragraphs, then rows of buttons, and hints that a platform honours where it can."""

    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    image: Image | None = None
    pin: bool = False
    silent: bool = False
    poll: NativePoll | None = None
    file: File | None = None

    @property
    def plain(self) -> str:
        """The card as plain lines, without its buttons."""
        return "\n".join(_plain(block) for block in self.blocks)


def _plain(block: Block) -> str:
    match block:
        case Line():
            return block.plain
        case Bars(rows):
            return "\n".join(f"{row.label} {bar(row.share)} {row.caption}".replace("  ", " ") for row in rows)
        case Gap():
            return ""


BAR_WIDTH = 10


def bar(share: float, width: int = BAR_WIDTH) -> str:
    """A text bar of at most `width` blocks; anything above zero shows at least one."""
    filled = round(min(max(share, 0.0), 1.0) * width)
    return "▇" * (max(filled, 1) if share > 0 else 0)
