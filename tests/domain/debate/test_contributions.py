"""From what was typed to a contribution."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.debate.contributions import (
    SOURCE_LIMIT,
    leading,
    limit,
    may_revise,
    may_weigh,
    read_contribution,
    read_sign,
)
from bot.domain.debate.model import ArgumentKind, ArgumentState, Signing
from bot.domain.debate.signing import signature
from bot.domain.refusals import Refusal
from tests.domain.debate.contributions import RULES, argument


def refused(act, *given) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        act(*given)
    return refusal.value


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Deux   lignes\n ensemble ", ("Deux lignes ensemble", "")),
        ("Les loyers montent https://insee.fr/a?b=c", ("Les loyers montent", "https://insee.fr/a?b=c")),
        ("Les loyers montent (https://insee.fr).", ("Les loyers montent", "https://insee.fr")),
        ("Voir https://a.org puis décider", ("Voir https://a.org puis décider", "")),
        ("HTTP://A.org n'est pas à la fin", ("HTTP://A.org n'est pas à la fin", "")),
    ],
)
def test_a_text_and_its_source(typed, kept):
    assert read_contribution(typed, RULES) == kept


def test_lengths_are_counted_without_the_source():
    exact = "é" * 280
    assert read_contribution(f"{exact} https://a.org/{'x' * 200}", RULES)[0] == exact
    refusal = refused(read_contribution, exact + "x", RULES)
    assert (refusal.code, refusal.facts["n"], refusal.facts["most"]) == ("argument-too-long", 281, 280)


@pytest.mark.parametrize("typed", ["", " \n ", "\u3164", "https://a.org"])
def test_an_argument_needs_words(typed):
    assert refused(read_contribution, typed, RULES).code == "argument-empty"


@pytest.mark.parametrize(
    "link",
    [
        "https://banque.fr@voleur.ru", "https://[::1", "https://a", "https://a.org:99999", "http://.fr",
        "https://a.fr\\b", "https://a.org/" + "x" * SOURCE_LIMIT,
    ],
)  # fmt: skip
def test_a_source_that_leads_nowhere_or_elsewhere_is_refused(link):
    assert refused(read_contribution, f"Voyez {link}", RULES).code == "argument-bad-source"


@given(st.text(max_size=400))
def test_any_text_is_taken_clean_or_refused(typed):
    try:
        words, source = read_contribution(typed, RULES)
    except Refusal:
        return
    assert 0 < len(words) <= 280
    assert "\n" not in words
    assert len(source) <= SOURCE_LIMIT


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("+ une idée", (ArgumentKind.FOR, None, "une idée")),
        ("＋une idée", (ArgumentKind.FOR, None, "une idée")),
        ("- trop cher", (ArgumentKind.AGAINST, None, "trop cher")),
        ("− trop cher", (ArgumentKind.AGAINST, None, "trop cher")),
        ("– trop cher", (ArgumentKind.AGAINST, None, "trop cher")),
        ("? qui tient la clé", (ArgumentKind.QUESTION, None, "qui tient la clé")),
        ("* un essai", (ArgumentKind.PROPOSAL, None, "un essai")),
        ("! on ne s'entend plus", (ArgumentKind.ORDER, None, "on ne s'entend plus")),
        ("#3 pas d'accord", (ArgumentKind.REPLY, 3, "pas d'accord")),
        ("+ #3 et aussi", (ArgumentKind.FOR, 3, "et aussi")),
        ("+1", (None, None, "+1")),
        ("- 2", (None, None, "- 2")),
        ("+", (None, None, "+")),
        ("3", (None, None, "3")),
        ("d'accord", (None, None, "d'accord")),
        ("#3D est un mot", (None, None, "#3D est un mot")),
        ("", (None, None, "")),
    ],
)
def test_the_sign_of_a_reply(typed, read):
    assert read_sign(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("une idée", (None, None, "une idée")),
        ("n9 une idée", (9, None, "une idée")),
        ("n°9 une idée", (9, None, "une idée")),
        ("nº9 #3 une idée", (9, 3, "une idée")),
        ("9: une idée", (9, None, "une idée")),
        ("9 : une idée", (9, None, "une idée")),
        ("#3 une idée", (None, 3, "une idée")),
        ("#3, une idée", (None, 3, "une idée")),
        ("9 idées", (None, None, "9 idées")),
        ("9:30 est trop tôt", (None, None, "9:30 est trop tôt")),
        ("n9", (9, None, "")),
        ("neuf", (None, None, "neuf")),
    ],
)
def test_what_a_text_names_first(typed, read):
    assert leading(typed) == read


def test_nobody_weighs_their_own_argument_or_one_that_is_gone():
    may_weigh(argument(alias=1), 2)
    assert refused(may_weigh, argument(alias=1), 1).code == "own-argument"
    for state in set(ArgumentState) - {ArgumentState.PUBLISHED}:
        assert refused(may_weigh, argument(alias=1, state=state), 2).code == "argument-gone"


def test_only_the_author_rewords_what_stands():
    may_revise(argument(alias=1), 1)
    may_revise(argument(alias=1, state=ArgumentState.PENDING), 1)
    assert refused(may_revise, argument(alias=1), 2).code == "not-your-argument"
    assert refused(may_revise, argument(alias=1, state=ArgumentState.MODERATED), 1).code == "argument-gone"


def test_everyone_may_publish_so_many():
    limit(RULES, 1000)
    limit(replace(RULES, each=2), 1)
    assert refused(limit, replace(RULES, each=2), 2).facts["n"] == 2


def test_a_signature_is_as_declared():
    named, voice = "  Chloé\u202e " + "x" * 100, "Voix 12"
    shown = signature(RULES, named, voice)
    assert shown.startswith("Chloé x")
    assert len(shown) == 60
    assert signature(RULES, "\u3164", voice) == voice
    assert signature(replace(RULES, signing=Signing.PSEUDONYM), named, voice) == voice
    assert signature(replace(RULES, signing=Signing.ANONYMOUS), named, voice) == ""
