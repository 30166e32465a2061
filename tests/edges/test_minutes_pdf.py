"""The printed minutes are what PDF/UA-1 asks for, read with another library, and print whatever was typed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream, IndirectObject

from adapters.paper import TypstPrinter
from adapters.paper.layout import MISSING
from bot.minutes import Items, Minutes, Paragraph, Section
from tests.edges.test_minutes_forms import HOSTILE, MINUTES, typed


def pdf(minutes: Minutes) -> bytes:
    async def printing() -> bytes:
        return await TypstPrinter().print(minutes)

    return asyncio.run(printing())


@pytest.fixture(scope="module")
def printed() -> PdfReader:
    """Minutes of several pages."""
    long = Section("Règles", (Items(tuple(f"Règle {place} : " + "et ainsi de suite " * 20 for place in range(30))),))
    return PdfReader(BytesIO(pdf(replace(MINUTES, sections=(*MINUTES.sections[:2], long, MINUTES.sections[2])))))


def resolved(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def elements(reader: PdfReader) -> Iterator[Any]:
    """Every structure element, in reading order."""

    def below(node: Any) -> Iterator[Any]:
        node = resolved(node)
        if isinstance(node, list):
            for each in node:
                yield from below(each)
        elif isinstance(node, dict) and "/S" in node:
            yield node
            yield from below(node.get("/K", []))

    yield from below(reader.root_object["/StructTreeRoot"].get("/K", []))


def kinds(reader: PdfReader) -> list[str]:
    return [str(element["/S"]) for element in elements(reader)]


def test_it_is_marked_as_tagged_with_its_language_and_its_title_shown(printed: PdfReader) -> None:
    root = printed.root_object
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a boolean of the library's own
    assert root["/Lang"] == "fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert printed.metadata is not None
    assert printed.metadata.title == f"{MINUTES.title} — {MINUTES.subtitle}"
    assert printed.metadata.author == MINUTES.organisation


def test_it_says_that_it_is_pdf_ua_1(printed: PdfReader) -> None:
    xmp = printed.root_object["/Metadata"].get_data().decode()
    assert re.search(r'pdfuaid:part(>|=")1\b', xmp)
    assert "dc:title" in xmp


def test_headings_follow_one_another_without_a_gap(printed: PdfReader) -> None:
    levels = [int(kind[2]) for kind in kinds(printed) if re.fullmatch(r"/H\d", kind)]
    assert levels == [1, 2, 2, 2, 3]


def test_tables_have_heads_that_say_what_they_head(printed: PdfReader) -> None:
    heads = [element for element in elements(printed) if element["/S"] == "/TH"]
    assert len(heads) == 2 + 3
    for head in heads:
        told = resolved(head["/A"])
        attributes = told if isinstance(told, list) else [told]
        assert any(resolved(each).get("/Scope") == "/Column" for each in attributes)
    assert kinds(printed).count("/Table") == 2


def test_lists_are_lists(printed: PdfReader) -> None:
    found = kinds(printed)
    assert found.count("/L") == 3  # the facts, the options, the rules
    assert found.count("/LI") == found.count("/LBody") == 2 + 2 + 30


def test_all_that_a_page_shows_is_tagged_or_set_aside(printed: PdfReader) -> None:
    assert len(printed.pages) > 1
    for page in printed.pages:
        depth = 0
        for _, operator in ContentStream(page["/Contents"].get_object(), printed).operations:
            if operator in {b"BDC", b"BMC"}:
                depth += 1
            elif operator == b"EMC":
                depth -= 1
            elif operator in {b"Tj", b"TJ", b"'", b'"', b"Do", b"f", b"f*", b"S", b"s", b"B", b"b"}:
                assert depth > 0, operator
        assert depth == 0
        assert page["/Tabs"] == "/S"


def test_its_fonts_are_inside_it(printed: PdfReader) -> None:
    for page in printed.pages:
        for font in page["/Resources"]["/Font"].values():
            (within,) = font.get_object()["/DescendantFonts"]
            described = within.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & described.keys()
            assert "/ToUnicode" in font.get_object()


def test_the_same_minutes_are_the_same_bytes_without_a_date() -> None:
    assert pdf(MINUTES) == pdf(MINUTES)
    reader = PdfReader(BytesIO(pdf(MINUTES)))
    assert reader.metadata is not None
    assert reader.metadata.creation_date is None


def words(data: bytes) -> str:
    read = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    return re.sub(r"\s+", "", read)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_typed_is_printed_as_it_is(hostile: str) -> None:
    data = pdf(typed(hostile))
    assert words(data).count(re.sub(r"\s+", "", hostile)) >= 8
    assert kinds(PdfReader(BytesIO(data))) == kinds(PdfReader(BytesIO(pdf(typed("calm")))))


def test_accents_and_quotation_marks_are_printed() -> None:
    french = "« L’été », où ça ? Œuvre, naïve, à 20 h — 60 % … œ Ÿ €"
    data = pdf(replace(MINUTES, sections=(Section("-", (Paragraph(french),)),)))
    assert re.sub(r"\s+", "", french) in words(data)
    assert MISSING not in words(data)


@pytest.mark.parametrize("typed_words", ["Pizza 🍕 or 寿司?", "\u0f0b Tibetan", "👩‍👩‍👧 family"])
def test_what_no_font_can_draw_is_shown_as_a_square_and_said(typed_words: str) -> None:
    data = pdf(replace(MINUTES, subtitle=typed_words))
    assert MISSING in words(data)
    assert re.sub(r"\s+", "", MINUTES.unprintable) in words(data)


def test_a_word_longer_than_a_line_goes_on_below_and_a_digest_stays_whole() -> None:
    digest = "0123456789abcdef" * 4
    data = pdf(replace(MINUTES, subtitle="w" * 150, sections=(Section("-", (Paragraph(digest),)),)))
    lines = [line for page in PdfReader(BytesIO(data)).pages for line in page.extract_text().splitlines()]
    assert max(line.count("w") for line in lines) <= 60
    assert sum(line.count("w") for line in lines) == 150
    assert digest in lines


def test_other_alphabets_are_printed_as_they_are() -> None:
    data = pdf(replace(MINUTES, subtitle="Ελλάδα Україна"))
    assert "ΕλλάδαУкраїна" in words(data)
    assert MISSING not in words(data)
