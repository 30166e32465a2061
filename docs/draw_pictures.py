"""Draws the pictures of the README from a real run: `.venv/bin/python -m docs.draw_pictures`.

It plays the demonstration of `palabre try` against the whole bot and draws a few of the messages people saw, word for
word, with the chart the bot made. It invents nothing but colours; what it shows is what the program says today.
"""

from __future__ import annotations

import asyncio
import io
import re
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont

from adapters.chart import MatplotlibDraughtsman
from adapters.console.acts import Act
from adapters.console.application import Factory
from adapters.console.foresight import foresee
from adapters.console.messenger import ConsoleMessenger
from adapters.console.player import Player
from adapters.console.script import read_script
from adapters.console.transcript import Transcript
from adapters.paper import TypstPrinter
from bot.main import Outfit, assemble, rehearsal_instance
from bot.ports import Clock
from bot.rehearsal import ZONE, Rehearsed
from bot.text.card import Bars, Card, Line, Span, bar
from bot.text.catalogue import Speech
from bot.usecases.house import Defaults
from storage.key_files import KeyFiles
from storage.store import open_store

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
SCALE = 2
"""Pixels per point: sharp on screens that have twice as many."""
COLUMN, MARGIN, PADDING, LINE, BUTTON = 560, 24, 14, 20, 32
PAPER, BUBBLE, OWN, INK, FAINT, KEY = "#e8edf0", "#ffffff", "#dff2d4", "#1c1c1c", "#5b6770", "#d5e3ee"


@dataclass(frozen=True)
class Typed:
    """What a person wrote in the room."""

    who: str
    text: str


@dataclass(frozen=True)
class Told:
    """What only the person who pressed a button saw."""

    who: str
    text: str


class Album(Transcript):
    """Keeps what is printed: the messages of people, the cards of the bot in the room, its answers to presses."""

    def __init__(self, out: io.StringIO, speech: Speech) -> None:
        super().__init__(out, speech.say)
        self.typed: list[Typed] = []
        self.told: list[Told] = []
        self.posted: list[Card] = []
        self.edited: list[Card] = []

    def speech(self, place: str, who: str, text: str) -> None:
        """See Transcript."""
        if place.startswith("#"):
            self.typed.append(Typed(who, text))

    def show(self, place: str, kind: str, card: Card) -> None:  # type: ignore[override]
        """See Transcript."""
        if place.startswith("#"):
            (self.posted if kind == "post" else self.edited).append(card)

    def toast(self, who: str, text: str) -> None:
        """See Transcript."""
        self.told.append(Told(who, text))


def released(language: str, database: Path) -> Factory:
    """The bot of the rehearsal, as a release names itself: the pictures don't change with every commit."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

    async def make(messenger: ConsoleMessenger, clock: Clock, room_language: str) -> Rehearsed:
        store = open_store(f"sqlite:///{database}")
        outfit = Outfit(
            store=store,
            messengers={messenger.platform: messenger},
            clock=clock,
            instance=replace(rehearsal_instance(language), version=version, revision=version),
            defaults=Defaults(language, ZONE),
            draughtsman=MatplotlibDraughtsman(),
            printer=TypstPrinter(),
            keys=KeyFiles(database.with_name("keys")),
            last_contact=lambda platform: clock.now(),
        )
        return Rehearsed(assemble(outfit), store, clock, Speech(language, ZoneInfo(ZONE)))

    return make


async def played(language: str) -> Album:
    """Everything people saw in the demonstration."""
    script = ROOT / "adapters" / "console" / "demonstrations" / f"{language}.palabre"
    acts: Sequence[Act] = read_script(script.read_text(encoding="utf-8"))
    album = Album(io.StringIO(), Speech(language, ZoneInfo(ZONE)))
    with tempfile.TemporaryDirectory() as folder:
        player = Player(released(language, Path(folder) / "bot.db"), album, language, foresee(acts))
        try:
            for act in acts:
                await player.play(act)
        finally:
            player.stop()
    return album


# ── drawing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def font(size: float, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font that matplotlib brings along: the same picture on every machine."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(get_data_path()) / "fonts" / "ttf" / name), int(size * SCALE))


TEXT, STRONG, SMALL = font(12.5), font(12.5, bold=True), font(11)


class Column:
    """Messages one under the other; what is drawn is kept until its height is known."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", ((COLUMN + 2 * MARGIN) * SCALE, 4000 * SCALE), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.y = float(MARGIN)

    def typed(self, said: Typed) -> None:
        """A person's message, on the right."""
        lines = list(wrapped([Span(said.text)], COLUMN * 0.8))
        left = MARGIN + COLUMN * 0.15
        self._box(left, COLUMN * 0.85, (len(lines) + 1) * LINE + 2 * PADDING, OWN)
        self._words(left + PADDING, [Span(said.who, "bold")])
        for line in lines:
            self._words(left + PADDING, line)
        self.y += PADDING + 12

    def card(self, card: Card) -> None:
        """A message of the bot, its picture and its buttons."""
        lines = list(laid_out(card))
        chart = picture(card)
        height = (len(lines) + 1) * LINE + 2 * PADDING + (chart.height / SCALE if chart else 0)
        self._box(MARGIN, COLUMN, height, BUBBLE)
        self._words(MARGIN + PADDING, [Span("palabre", "bold")], FAINT)
        for line in lines:
            self._words(MARGIN + PADDING, line)
        if chart:
            self.image.paste(chart, (int((MARGIN + PADDING) * SCALE), int(self.y * SCALE)))
            self.y += chart.height / SCALE
        self.y += PADDING + 4
        for row in card.buttons:
            self._buttons([button.label for button in row])
        self.y += 10

    def told(self, told: Told) -> None:
        """An answer that one person saw."""
        lines = list(wrapped([Span(f"→ {told.who}: ", "bold"), Span(told.text)], COLUMN - 2 * PADDING))
        self._box(MARGIN, COLUMN, len(lines) * LINE + 2 * PADDING - 6, "#3d4f5c")
        self.y -= 3
        for line in lines:
            self._words(MARGIN + PADDING, line, "#ffffff")
        self.y += PADDING + 9

    def _box(self, left: float, width: float, height: float, colour: str) -> None:
        corners = (left * SCALE, self.y * SCALE, (left + width) * SCALE, (self.y + height) * SCALE)
        self.draw.rounded_rectangle(corners, 10 * SCALE, colour)
        self.y += PADDING

    def _words(self, left: float, line: Sequence[Span], colour: str = INK) -> None:
        x = left * SCALE
        for span in line:
            face = STRONG if span.style == "bold" else TEXT
            self.draw.text((x, self.y * SCALE), span.text, colour, face)
            x += face.getlength(span.text)
        self.y += LINE

    def _buttons(self, labels: Sequence[str]) -> None:
        width = (COLUMN - 6 * (len(labels) - 1)) / len(labels)
        for place, label in enumerate(labels):
            left = (MARGIN + place * (width + 6)) * SCALE
            self.draw.rounded_rectangle(
                (left, self.y * SCALE, left + width * SCALE, (self.y + BUTTON - 6) * SCALE), 7 * SCALE, KEY
            )
            middle = (left + width * SCALE / 2, (self.y + (BUTTON - 6) / 2) * SCALE)
            self.draw.text(middle, label, INK, SMALL, anchor="mm")
        self.y += BUTTON


def laid_out(card: Card) -> Iterator[Sequence[Span]]:
    """The card's lines as they fit."""
    for block in card.blocks:
        match block:
            case Line(spans, title):
                styled = [replace(span, style="bold") if title else span for span in spans]
                yield from wrapped(styled, COLUMN - 2 * PADDING)
            case Bars(rows):
                for row in rows:
                    yield [Span(f"{row.label}  {bar(row.share)} {row.caption}")]
            case _:
                yield []


def wrapped(spans: Sequence[Span], width: float) -> Iterator[Sequence[Span]]:
    """The words of the spans in lines of at most that width."""
    line: list[Span] = []
    used = 0.0
    for span in spans:
        face = STRONG if span.style == "bold" else TEXT
        for word in re.findall(r"\S+\s*|\s+", span.text.replace("\n", " ")):
            taken = face.getlength(word)
            if line and used + face.getlength(word.rstrip()) > width * SCALE:
                yield line
                line, used = [], 0.0
            line.append(Span(word, span.style))
            used += taken
    if line:
        yield line


def picture(card: Card) -> Image.Image | None:
    """The card's chart, as wide as the column."""
    if card.image is None:
        return None
    chart = Image.open(io.BytesIO(card.image.png)).convert("RGB")
    width = (COLUMN - 2 * PADDING) * SCALE
    return chart.resize((int(width), int(chart.height * width / chart.width)), Image.Resampling.LANCZOS)


def drawn(album: Album) -> Image.Image:
    """Left: the question, and the rules that come first. Right: the vote, an answer to a press, the result."""
    _, disclosure, _, *_, result = album.posted
    left, right = Column(), Column()
    left.typed(album.typed[0])
    left.card(disclosure)
    recorded, _, changed, *_ = album.told
    right.card(album.edited[-2])
    right.told(recorded)
    right.told(changed)
    right.card(result)
    height = int((max(left.y, right.y) + MARGIN - 10) * SCALE)
    whole = Image.new("RGB", (left.image.width * 2 - MARGIN * SCALE, height), PAPER)
    whole.paste(left.image, (0, 0))
    whole.paste(right.image, (left.image.width - MARGIN * SCALE, 0))
    return whole


def main() -> None:
    """Draw both pictures again."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for language in ("en", "fr"):
        image = drawn(asyncio.run(played(language)))
        image.quantize(48, dither=Image.Dither.NONE).save(IMAGES / f"at-work-{language}.png", optimize=True)


if __name__ == "__main__":
    main()
