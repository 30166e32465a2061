"""Minutes as Markdown and as a web page: what was typed stays words, and the page is one that anybody can read."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.minutes import Facts, Items, Minutes, Paragraph, Section, Table
from bot.text.minutes.markdown import as_markdown
from bot.text.minutes.page import as_page

MINUTES = Minutes(
    language="fr",
    title="Procès-verbal · consultation n° 12",
    subtitle="Adopter « l’été » ?",
    organisation="Les Amis du tilleul",
    notice=("Ceci est un projet.",),
    sections=(
        Section("Ce qui était soumis", (Facts((("Question", "Adopter ?"), ("Objet", "l’été"))), Items(("Oui", "Non")))),
        Section("Résultat", (Paragraph("Adopté.", strong=True), Table("Voix :", ("Choix", "Voix"), (("Oui", "2"),)))),
        Section("Signatures", (Table("Ici :", ("Rôle", "Nom", "Date"), (("Présidence", "", ""),), signed=True),), 3),
    ),
    footer="Établi par Palabre.",
    running="Procès-verbal n° 12",
    page="page",
    unprintable="Un carré remplace un caractère.",
)  # fmt: skip

HOSTILE = (
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "# not a heading",
    "- not a list",
    "12. not a list",
    "| a | b |",
    "**loud** _quiet_ `code` ~~gone~~ $x$ &amp;",
    "[here](javascript:alert(1)) ![](https://example.org/x.png)",
    "=====",
    '" onmouseover="alert(1)',
    '#emph[x] #read("/etc/passwd") \\ = title',
)


class Page(HTMLParser):
    """What a browser would make of a page: its elements with what is in them, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)


def typed(words: str) -> Minutes:
    """Minutes where everything that people type is these words."""
    return replace(
        MINUTES,
        subtitle=words,
        organisation=words,
        sections=(
            Section(
                words, (Paragraph(words), Facts(((words, words),)), Items((words,)), Items((words,), numbered=True))
            ),
            Section("-", (Table(words, (words, words), ((words, words),)),)),
        ),
    )


def test_a_page_says_its_language_and_nothing_is_fetched_or_run() -> None:
    page = Page(as_page(MINUTES))
    assert ("html", {"lang": "fr"}) in page.elements
    assert [name for name, _ in page.elements if re.fullmatch(r"h\d", name)] == ["h1", "h2", "h2", "h3"]
    assert not {"script", "img", "link", "iframe", "form"} & {name for name, _ in page.elements}
    assert not any("src" in facts or "href" in facts for _, facts in page.elements)
    assert (page.count("main"), page.count("title"), page.count("caption")) == (1, 1, 2)


def test_tables_have_heads_for_columns_and_rows() -> None:
    page = Page(as_page(MINUTES))
    scopes = [facts["scope"] for name, facts in page.elements if name == "th"]
    assert scopes == ["col", "col", "row", "col", "col", "col", "row"]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_is_typed_stays_words_on_a_page(words: str) -> None:
    calm, hostile = Page(as_page(typed("calm"))), Page(as_page(typed(words)))
    assert hostile.elements == calm.elements
    assert "".join(hostile.words).count(words) == "".join(calm.words).count("calm")


@pytest.mark.parametrize("words", HOSTILE)
def test_what_is_typed_stays_words_in_markdown(words: str) -> None:
    lines = as_markdown(typed(words)).splitlines()
    shown = re.sub(r"\\(.)", r"\1", "\n".join(lines))
    assert words in shown
    bare = [re.sub(r"\\.", "§", line) for line in lines]
    assert [len(line.split("|")) for line in bare if line.startswith("|")] == [4, 4, 4]
    # The heads and the lists are ours: as many as in minutes without anything typed.
    calm = [re.sub(r"\\.", "§", line) for line in as_markdown(typed("calm")).splitlines()]
    for opening in (r"#+ ", r"[-+*] ", r"\d+[.)] ", r"=+$", r"---$"):
        assert sum(bool(re.match(opening, line)) for line in bare) == sum(
            bool(re.match(opening, line)) for line in calm
        )
    assert not re.search(r"[<>`\[\]_~$]", "".join(line for line in bare if not line.startswith(">")))


def test_a_line_that_was_typed_stays_one_line() -> None:
    text = as_markdown(typed("one\n\n# two"))
    assert "\n# two" not in text
    assert "one \\# two" in text
