"""Cards as Matrix shows them: what a person typed is always words, in the HTML too, and events never grow too big."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matrix.markup import JOINER, contents, contents_exactly, edit, image, is_address
from bot.domain.ids import Action
from bot.text.card import Bar, Bars, Button, Card, Gap, Line, Span

ODD = st.text("aé@/!_ \n😀👩‍👩‍👧‍👦ع\u202e\u2066\u0301\u200b<&*`\"'\ud800\0", max_size=30)
URLS = st.sampled_from(["", "https://x.org/é?a=b&c", "javascript:alert(1)", "https://", "http://[::", 'https://x"y'])
SPANS = st.builds(Span, ODD | st.text(max_size=20), st.sampled_from(["", "bold", "italic", "code"]), URLS)
LINES = st.builds(Line, st.lists(SPANS, max_size=4).map(tuple), st.booleans())
BARS = st.builds(Bars, st.lists(st.builds(Bar, ODD, st.floats(0, 1), ODD), max_size=4).map(tuple))
CARDS = st.builds(Card, st.lists(LINES | BARS | st.just(Gap()), max_size=8).map(tuple))

EVENT = 65_536
FRAME = 2_000
"""Bytes of an event besides its content: ids, signatures, hashes, references."""
OURS = {"p", "br", "h4", "strong", "em", "code", "a"}


class _Shown(HTMLParser):
    """What a browser would make of it: the tags and attributes it sees, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert all(name == "href" for name, _ in attrs)
        self.links += [str(value) for _, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


def line(text: str, **style: str) -> Card:
    return Card((Line((Span(text, **style),)),))  # type: ignore[arg-type]


def html(card: Card) -> str:
    [content] = contents(card)
    return str(content["formatted_body"])


def hostile(folder: Path) -> list[str]:
    strings = json.loads((folder / "08_adversarial" / "naughty_strings.json").read_text("utf-8"))
    return [*strings, *(folder / "08_adversarial" / "html_injection.txt").read_text("utf-8").splitlines()]


def test_hostile_strings_are_only_ever_words(test_data: Path) -> None:
    for text in hostile(test_data):
        card = Card(
            (
                Line((Span(text, "bold"), Span(text, url=text)), title=True),
                Bars((Bar(text, 0.5, text),)),
            ),
            buttons=((Button(text, url="https://e.org"), Button(text, url=text), Button(text, Action("cast", 1))),),
        )
        [content] = contents(card)
        shown = _Shown(content["formatted_body"])
        assert shown.tags <= OURS
        assert all(is_address(link) for link in shown.links)
        assert "<" in shown.words or "<" not in text
        json.dumps(content, ensure_ascii=False).encode()


@given(CARDS)
def test_every_card_is_well_formed_and_calls_nobody(card: Card) -> None:
    for content in contents(card):
        assert _Shown(content["formatted_body"]).tags <= OURS
        assert content["m.mentions"] == {}
        assert content["com.beeper.linkpreviews"] == []
        assert content["body"].strip("\n")
        assert not content["body"].startswith(("!", "/"))
        json.dumps(content, ensure_ascii=False).encode()


def test_styles_titles_and_links() -> None:
    card = Card(
        (
            Line((Span("Vote 12"),), title=True),
            Line((Span("bold", "bold"), Span(" and "), Span("em", "italic"), Span(" "), Span("x<y", "code"))),
            Line((Span("the statutes", url="https://e.org/s"),)),
            Gap(),
            Bars((Bar("Café", 0.5, "1 vote"), Bar("Library", 0, "0"))),
        )
    )
    [content] = contents(card)
    assert content["formatted_body"] == (
        "<h4>Vote 12</h4><p><strong>bold</strong> and <em>em</em> <code>x&lt;y</code><br>"
        '<a href="https://e.org/s">the statutes</a></p><p>Café ▇▇▇▇▇ 1 vote<br>Library 0</p>'
    )
    assert content["body"] == (
        "Vote 12\nbold and em x<y\nthe statutes (https://e.org/s)\n\nCafé ▇▇▇▇▇ 1 vote\nLibrary 0"
    )


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "https://", "//e.org", "https://e.org/a b", ""]
)
def test_what_is_no_plain_address_is_no_link(url: str) -> None:
    assert html(line("here", url=url)) == "<p>here</p>"


def test_only_buttons_that_lead_to_an_address_are_shown() -> None:
    card = Card(
        (Line((Span("Where?"),)),),
        buttons=(
            (Button("Café", Action("cast", 1)), Button("Begin", start="x")),
            (Button("Site", url="https://e.org"),),
        ),
    )
    assert html(card) == '<p>Where?</p><p><a href="https://e.org">Site</a></p>'


def test_a_card_that_begins_like_a_command_commands_no_other_bot() -> None:
    [content] = contents(line("!kick @bob"))
    assert content["body"] == JOINER + "!kick @bob"


def test_marks_that_turn_the_direction_of_words_are_left_out() -> None:
    assert html(line("abc\u202edef\u2066ghi")) == "<p>abcdefghi</p>"


def test_what_nobody_needs_to_hear_of_is_a_notice() -> None:
    assert contents(line("loud"))[0]["msgtype"] == "m.text"
    assert contents(Card((Line((Span("quiet"),)),), silent=True))[0]["msgtype"] == "m.notice"


@pytest.mark.parametrize("letter", ["a", "é", "<", "'", "😀"])
@pytest.mark.parametrize(("lines", "length"), [(1, 100_000), (3000, 40)])
def test_long_cards_are_split_and_no_event_is_too_big(letter: str, lines: int, length: int) -> None:
    card = Card(tuple(Line((Span(letter * length, "bold"),)) for _ in range(lines)))
    several = contents(card)
    assert len(several) > 1
    assert sum(content["body"].count(letter) for content in several) >= lines * (length - 2 * len(several)) * 0.9
    for content in several:
        # An edit is the biggest thing we send; encryption writes it with ASCII escapes, then a third longer.
        sent = len(json.dumps(edit("$" + "x" * 43, content)))
        assert sent * 4 / 3 + FRAME < EVENT


def test_an_edit_has_as_many_parts_as_were_posted() -> None:
    long = Card(tuple(Line((Span("word " * 100),)) for _ in range(300)))
    assert len(contents_exactly(long, 1)) == 1
    assert [content["body"] for content in contents_exactly(line("short"), 3)] == ["short", "…", "…"]


def test_an_edit_is_told_to_clients_that_know_none() -> None:
    [content] = contents(line("x" * 2000))
    edited = edit("$first", content)
    assert edited["body"] == "* " + "x" * 500 + "…"
    assert edited["m.new_content"] == content
    assert edited["m.relates_to"] == {"rel_type": "m.replace", "event_id": "$first"}
    assert edited["m.mentions"] == {}


def test_a_picture_s_words_are_its_caption() -> None:
    content = image("results.png", "Library <b>: 2 votes", b"not a picture")
    assert (content["body"], content["filename"]) == ("Library <b>: 2 votes", "results.png")
    assert content["info"] == {"mimetype": "image/png", "size": 13}
    assert image("results.png", "", b"")["body"] == "results.png"
