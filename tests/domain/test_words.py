"""The hygiene of text: what is kept, what is refused, what reads the same."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import words
from bot.domain.refusals import Refusal

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates too


def refused(code: str, text: str, clean=words.clean_option) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        clean(text)
    assert refusal.value.code == code
    return refusal.value


def read(test_data: Path, name: str):
    return json.loads((test_data / "08_adversarial" / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cases(test_data: Path) -> dict[str, str]:
    return {case["name"]: case["text"] for case in read(test_data, "unicode_option_cases.json")}


def test_direction_controls_are_taken_off(cases):
    assert words.clean_option(cases["unbalanced LRE"]) == "A"
    assert words.clean_option(cases["nested isolates x40"]) == "x"
    assert words.clean_option(cases["ALM"]) == "non"
    assert words.clean_option("\u202enon\u202c\u200f") == "non"


def test_invisible_characters_make_no_difference(cases):
    assert words.clean_option(cases["soft hyphen"]) == "oui"
    assert words.clean_option(cases["variation selector"]) == "oui"
    assert words.same(cases["soft hyphen"], "Oui")
    assert words.fold("fer\u200bme\u00adture") == "fermeture"


def test_an_option_of_nothing_visible_is_empty(cases):
    for nothing in (cases["hangul filler"], "", " \u00a0\u3000", "\u200b\u2800\u2060", "\u0301", "\ufe0f", "\u200d"):
        refused("option-empty", nothing)
    refused("title-empty", "\u3164", words.clean_title)
    refused("text-empty", "\u3164", words.clean_text)


def test_control_characters_are_refused(cases):
    assert refused("unreadable-characters", cases["NUL"]).facts["said"] == "o i"
    for control in ("\x1b[31m", "a\x08", "\ud800", "\ufffe", "\U0001fffe", "\ufdd0"):
        refused("unreadable-characters", f"a{control}")


def test_emoji_and_joined_scripts_stay_whole(cases):
    for text in (cases["flag sequence"], "👨‍👩‍👧 en famille", "❤️", "🦹🏿‍♂️", "1️⃣", "می‌خواهم", "क्‍ष", "Tiếng Việt"):
        assert words.clean_option(text) == text


def test_blanks_become_single_spaces_and_letters_are_composed():
    assert words.clean_title("  Où\tse\nretrouve\u00a0\u202f-t-on ?\r\n") == "Où se retrouve -t-on ?"
    assert words.clean_title("e\u0301te\u0301") == "été"


def test_piles_of_accents_are_limited(test_data: Path):
    piled = words.clean_title("Z" + "\u0301\u0316" * 30 + "a\u0489")
    assert len(piled) <= 3 + words.MARKS_KEPT
    assert piled.startswith("Ź")
    assert piled.endswith("a\u0489")
    for text in read(test_data, "naughty_strings.json"):
        longest = run = 0
        for character in words.shown(text, 10_000):
            run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
            longest = max(longest, run)
        assert longest <= words.MARKS_KEPT


def test_limits_are_told():
    assert words.clean_option("é" * words.OPTION_LIMIT)
    assert refused("option-too-long", "é" * 101).facts["n"] == 100
    assert refused("title-too-long", "é" * 201, words.clean_title).facts["n"] == 200
    assert refused("text-too-long", "é" * 501, words.clean_text).facts["n"] == 500
    assert words.clean_text("é" * 501, 600)


def test_repeated_options_are_named():
    for first, second in (
        ("Oui", "Оui"),
        ("Oui", " oui "),
        ("Oui", "Ｏｕｉ"),
        ("l'été", "l’été"),
        ("Il", "ll"),
        ("é", "е́"),
    ):
        with pytest.raises(Refusal) as refusal:
            words.clean_options((first, "Autre", second))
        assert refusal.value.code == "repeated-option"
        assert refusal.value.facts["first"] == first.strip()


def test_options_that_read_differently_stay_different():
    options = (
        "pâte",
        "pate",
        "pâté",
        "Option 1",
        "Option 2",
        "1",
        "l",
        "C",
        "C++",
        "Нет",
        "Да",
        "🇫🇷",
        "🇧🇪",
        "m2",
        "m3",
    )
    assert words.clean_options(options) == options


def test_case_of_other_alphabets_does_not_matter():
    assert words.same("ВОДА", "вода")
    assert words.same("ΠΟΛΗ", "πολη")


def test_letters_of_other_alphabets_are_known_for_latin_ones(test_data: Path, cases):
    assert words.same(cases["Cyrillic lookalike"], "Oui")
    unknown = []
    for letter, lookalikes in read(test_data, "confusables_ascii.json").items():
        for lookalike in lookalikes if letter.isascii() and letter.isalpha() else ():
            family, *kind = unicodedata.name(lookalike.strip("\u200e")[0]).split()
            drawn = family in {"CYRILLIC", "FULLWIDTH"} or (
                family == "MATHEMATICAL" and not {"DIGIT", "SIGMA", "DIGAMMA"} & set(kind)
            )
            if drawn and not words.same(f"a{letter}b", f"a{lookalike}b"):
                unknown.append(lookalike)
    assert unknown == ["ꙇ", "ӏ", "г"]  # rare, or not so alike


def test_fold_forgets_accents_and_case():
    assert words.fold("  Réponse  AVANT ") == "reponse avant"
    assert words.fold("Cœur d’ÎLE") == "coeur d'ile"
    assert words.fold("\u0130stanbul") == "istanbul"


def test_what_is_repeated_back_is_short_and_harmless():
    assert words.shown("a\x00\u202eb\nc") == "a b c"
    assert words.shown("é" * 61) == "é" * 59 + "…"


@given(ANY_TEXT)
def test_cleaning_refuses_or_gives_a_stable_single_line(text):
    for clean in (words.clean_title, words.clean_option, words.clean_text):
        try:
            cleaned = clean(text)
        except Refusal:
            continue
        assert cleaned == clean(cleaned) == unicodedata.normalize("NFC", cleaned)
        assert cleaned.isprintable() or not cleaned.isascii()
        assert cleaned.splitlines() == [cleaned]


@given(ANY_TEXT, ANY_TEXT)
def test_comparing_never_fails(first, second):
    assert words.same(first, first)
    assert words.same(first, second) == words.same(second, first)
    assert words.fold(words.fold(first)) == words.fold(first)
    assert len(words.shown(first)) <= words.ECHO_LIMIT


def test_naughty_strings_are_kept_or_refused(test_data: Path):
    refusals = set()
    for text in read(test_data, "naughty_strings.json"):
        try:
            assert words.clean_text(text, 5000).strip()
        except Refusal as refusal:
            refusals.add(refusal.code)
    assert refusals == {"text-empty", "unreadable-characters"}
