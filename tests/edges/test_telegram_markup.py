"""Cards as Telegram shows them: offsets are right whatever the script, and nothing a person typed is ever markup."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from adapters.telegram.markup import (
    CAPTION_LIMIT,
    ENTITY_LIMIT,
    JOINER,
    TEXT_LIMIT,
    Piece,
    defused,
    keyboard,
    pieces,
    pieces_exactly,
    start_link,
)
from adapters.telegram.utf16 import head, length, shorten
from bot.domain.ids import Action
from bot.text.card import Bar, Bars, Button, Card, Gap, Line, Span

ODD = st.text("aé@/_ \n😀👩‍👩‍👧‍👦ع\u202e\u2066\u0301\u200b<&*`", max_size=30)
STYLES = st.sampled_from(["", "bold", "italic", "code"])
URLS = st.sampled_from(["", "https://x.org/é?a=b", "tg://user?id=42", "javascript:alert(1)", "https://", "http://[::"])
SPANS = st.builds(Span, ODD | st.text(max_size=20), STYLES, URLS)
LINES = st.builds(Line, st.lists(SPANS, max_size=4).map(tuple), st.booleans())
BARS = st.builds(Bars, st.lists(st.builds(Bar, ODD, st.floats(0, 1), ODD), max_size=4).map(tuple))
CARDS = st.builds(Card, st.lists(LINES | BARS | st.just(Gap()), max_size=8).map(tuple))


def line(*spans: Span, title: bool = False) -> Line:
    return Line(spans, title)


def only(card: Card) -> Piece:
    (piece,) = pieces(card)
    return piece


def units(piece: Piece, entity: MessageEntity) -> str:
    """What an entity covers, as Telegram cuts it out; UnicodeDecodeError if it cuts a character in two."""
    raw = piece.text.encode("utf-16-le")
    return raw[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")


@given(CARDS, st.integers(20, 60) | st.just(TEXT_LIMIT))
def test_every_message_is_one_that_telegram_takes(card: Card, limit: int) -> None:
    for piece in pieces(card, limit):
        assert 0 < length(piece.text.strip()) <= piece.length <= limit
        assert len(piece.entities) <= ENTITY_LIMIT
        for entity in piece.entities:
            assert entity.length > 0
            assert 0 <= entity.offset <= entity.offset + entity.length <= piece.length
            assert units(piece, entity)
            assert entity.type != MessageEntity.TEXT_LINK or str(entity.url).startswith("https://x.org")


@given(CARDS)
def test_no_character_is_lost_or_added_but_the_joiner(card: Card) -> None:
    def words(text: str) -> str:
        return "".join(text.replace(JOINER, "").replace("…", "").split())

    typed = "".join(words(text) for text in _texts(card))
    assert words("".join(piece.text for piece in pieces(card, 50))) == typed


@given(st.lists(st.tuples(ODD.filter(str.strip), STYLES.filter(bool)), min_size=1, max_size=5))
def test_each_style_covers_exactly_its_words(runs: list[tuple[str, str]]) -> None:
    spans = [Span(f"[{text}]", style) for text, style in runs]  # type: ignore[arg-type]
    piece = only(Card((line(*spans),)))
    covered = [(units(piece, entity), str(entity.type)) for entity in piece.entities]
    assert covered == [(defused(span.text), span.style) for span in spans]


def _texts(card: Card) -> list[str]:
    found: list[str] = []
    for block in card.blocks:
        match block:
            case Line(spans):
                found += [span.text for span in spans]
            case Bars(rows):
                found += [
                    part
                    for row in rows
                    for part in (row.label, "▇" * (max(round(row.share * 10), 1) if row.share > 0 else 0), row.caption)
                ]
            case Gap():
                pass
    return found


def test_a_title_is_bold_and_its_links_are_links() -> None:
    piece = only(Card((line(Span("😀 Where? "), Span("rules", url="https://x.org"), title=True), line(Span("now")))))
    assert piece.text == "😀 Where? rules\nnow"
    assert [(e.type, e.offset, e.length) for e in piece.entities] == [("bold", 0, 15), ("text_link", 10, 5)]


def test_bars_stand_beside_short_labels_and_below_long_ones() -> None:
    short = only(Card((Bars((Bar("Café", 1.0, "11"), Bar("Library", 0, "0"))),)))
    assert short.text == "Café ▇▇▇▇▇▇▇▇▇▇ 11\nLibrary 0"
    long = only(Card((Bars((Bar("A place shared with three neighbours", 0.5, "3"),)),)))
    assert long.text == "A place shared with three neighbours\n▇▇▇▇▇ 3"


@pytest.mark.parametrize("file", ["08_adversarial/html_injection.txt", "08_adversarial/naughty_strings.json"])
def test_hostile_texts_are_only_text(test_data: Path, file: str) -> None:
    content = (test_data / file).read_text()
    texts = json.loads(content) if file.endswith(".json") else content.splitlines()
    assert len(texts) > 50
    for text in texts:
        found = pieces(Card((line(Span("> "), Span(text)),)))
        assert not any(piece.entities for piece in found)
        shown = "".join(piece.text for piece in found)
        assert shown.replace(JOINER, "").split() == f"> {text}".replace(JOINER, "").split()


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("@ana", f"@{JOINER}ana"),
        ("(@room)", f"(@{JOINER}room)"),
        ("/@ana", f"/@{JOINER}ana"),
        ("/kick@otherbot 5", f"/{JOINER}kick@otherbot 5"),
        ("/contest 12", "/contest 12"),
        ("ana@x.org, a @ b", "ana@x.org, a @ b"),
        ("see https://x.org/@ana and @bruno", f"see https://x.org/@ana and @{JOINER}bruno"),
        ("https://@ana", f"https://@{JOINER}ana"),
        ("a\ud800b", "a\ufffdb"),
    ],
)
def test_nobody_is_mentioned_and_no_other_bot_commanded(typed: str, sent: str) -> None:
    assert defused(typed) == sent


def test_a_long_card_is_cut_between_its_blocks() -> None:
    card = Card((line(Span("a" * 2000)), Gap(), line(Span("b" * 2000)), Gap(), line(Span("c" * 2000, "bold"))))
    first, second = pieces(card)
    assert (first.text, second.text) == ("a" * 2000 + "\n\n" + "b" * 2000, "c" * 2000)
    assert [(entity.offset, entity.length) for entity in second.entities] == [(0, 2000)]


def test_a_block_too_long_by_itself_is_cut_at_a_space_and_keeps_its_style() -> None:
    first, second = pieces(Card((line(Span("word " * 300, "italic")),)), CAPTION_LIMIT)
    assert first.text.endswith("word")
    assert second.text.startswith("word")
    assert [units(piece, piece.entities[0]) for piece in (first, second)] == [first.text, second.text]


def test_an_edit_has_as_many_messages_as_were_posted() -> None:
    card = Card((line(Span("a" * 3000)), line(Span("b" * 3000)), line(Span("😀" * 1500))))
    assert [piece.text[0] for piece in pieces_exactly(card, 4)] == ["a", "b", "😀", "…"]
    *_, last = pieces_exactly(card, 1)
    assert last.length <= TEXT_LIMIT
    assert last.text == "a" * 3000 + "…"


def test_an_empty_card_is_still_a_message() -> None:
    assert only(Card((Gap(), line(Span(" \n"))))).text == "…"


def test_buttons_keep_their_rows_and_lead_where_they_should() -> None:
    rows = (
        (Button("Café", Action("cast", 12, "1")), Button("L" * 80, Action("cast", 12, "2"))),
        (Button("Private", start="vote-12"), Button("Rules", url="https://x.org"), Button("Bad", url="tg://user?id=1")),
    )
    markup = keyboard(Card((), rows), "palabre_bot")
    assert markup is not None
    shown = [[(b.text, b.callback_data or b.url) for b in row] for row in markup.inline_keyboard]
    assert shown == [
        [("Café", "1|cast|12|1"), ("L" * 63 + "…", "1|cast|12|2")],
        [("Private", "https://t.me/palabre_bot?start=vote-12"), ("Rules", "https://x.org")],
    ]
    assert keyboard(Card(()), "palabre_bot") is None


def test_rows_and_numbers_of_buttons_stay_within_limits() -> None:
    row = tuple(Button(str(number), Action("cast", 1, str(number))) for number in range(20))
    markup = keyboard(Card((), (row,) * 6), "palabre_bot")
    assert markup is not None
    widths = [len(row) for row in markup.inline_keyboard]
    assert max(widths) <= 8
    assert sum(widths) <= 100


def test_a_deep_link_holds_what_it_was_given() -> None:
    assert start_link("palabre_bot", "a&b=c") == "https://t.me/palabre_bot?start=a%26b%3Dc"


@given(st.text(), st.integers(1, 20))
def test_beginnings_are_whole_characters(text: str, limit: int) -> None:
    assert text.startswith(head(text, limit))
    assert length(head(text, limit)) <= limit
    assert length(shorten(text, limit)) <= limit


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_lengths_are_those_of_utf_16(text: str) -> None:
    assert length(text) == len(text.encode("utf-16-le")) // 2
