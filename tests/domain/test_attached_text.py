"""Documents read as text by what their bytes say, or refused with the reason."""

from __future__ import annotations

import codecs
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attached_text import LINES_LIMIT, SIZE_LIMIT, Decoded, decoded
from bot.domain.refusals import Refusal

LIST = "Nom;Groupe\r\nZoé Lefèvre;bureau\r\nÅse Ødegård;\r\n"


def workbook() -> bytes:
    """A file as spreadsheets write it today."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + LIST.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + LIST.encode("utf-16-be"),
        LIST.encode("utf-16-le"),
        LIST.encode("utf-16-be"),
    ],
)
def test_what_names_its_own_encoding_is_read_for_certain(data: bytes) -> None:
    assert decoded(data) == Decoded(LIST)


def test_what_older_spreadsheets_write_is_read_and_said_to_be_a_guess() -> None:
    found = decoded("Nom;Groupe\r\nZoé Lefèvre;cœur\r\n".encode("cp1252"))
    assert found == Decoded("Nom;Groupe\r\nZoé Lefèvre;cœur\r\n", guessed=True)


def test_a_text_without_accents_is_no_guess() -> None:
    assert decoded(b"name\nAna\n") == Decoded("name\nAna\n")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (workbook(), "file-spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "file-spreadsheet"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "file-not-text"),
        (b"%PDF-1.7\n\x00\x01\x02", "file-not-text"),
        (b"\xff\xfe\x00", "file-not-text"),
        (b"\xff\xfe\x00\xd8a\x00", "file-not-text"),
        (b"name\nAna\x1b[2J\n", "file-not-text"),
        (b"name\nAn\x81a\n", "file-not-text"),
        (b"a" * (SIZE_LIMIT + 1), "file-too-large"),
        (b"a\n" * (LINES_LIMIT + 1), "file-too-large"),
    ],
)
def test_everything_else_is_refused_by_name(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        decoded(data)
    assert refused.value.code == code


def test_the_largest_file_is_still_read() -> None:
    assert len(decoded(b"a" * SIZE_LIMIT).text) == SIZE_LIMIT
    assert decoded(b"a\n" * LINES_LIMIT).text.count("\n") == LINES_LIMIT


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    codes, texts = [], []
    try:
        texts.append(decoded(data).text)
    except Refusal as refusal:
        codes.append(refusal.code)
    assert set(codes) <= {"file-spreadsheet", "file-not-text"}
    assert not any(control in text for text in texts for control in "\0\x1b")


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60))
def test_a_text_of_today_is_read_as_it_was_written(text: str) -> None:
    assert decoded(text.encode("utf-8-sig")).text == text
