"""Grounds as moderators type them; when reports alert."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.debate.moderation import OTHER, counts, ground_of, threshold_reached
from bot.domain.refusals import Refusal
from tests.domain.debate.contributions import RULES

GROUNDS = ("attaque personnelle", "hors sujet", "données personnelles", "publicité")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1", ("attaque personnelle", "")),
        ("2: voyez le n° 8", ("hors sujet", "voyez le n° 8")),
        ("HORS SUJET", ("hors sujet", "")),
        ("hors-sujt", ("hors sujet", "")),
        ("donnees", ("données personnelles", "")),
        ("Publicite : un magasin", ("publicité", "un magasin")),
        ("5: il cite un mineur", (OTHER, "il cite un mineur")),
        ("autre : doublon", (OTHER, "doublon")),
        ("personnelles", (OTHER, "personnelles")),
        ("il insulte : voyez", (OTHER, "il insulte : voyez")),
        ("pu", (OTHER, "pu")),
    ],
)
def test_a_ground_and_its_reason(typed, read):
    assert ground_of(GROUNDS, typed) == read


@pytest.mark.parametrize("typed", ["", "  ", "0", "9", "5", "autre", "other:"])
def test_hiding_always_has_a_reason(typed):
    with pytest.raises(Refusal) as refusal:
        ground_of(GROUNDS, typed)
    assert (refusal.value.code, refusal.value.facts["grounds"]) == ("hide-needs-reason", GROUNDS)


def test_a_beginning_that_two_grounds_share_names_none():
    assert ground_of(("pub commerciale", "pub politique"), "pub") == (OTHER, "pub")


def test_the_log_counts_grounds():
    assert list(counts(["b", "a", "", "a"]).items()) == [("a", 2), ("b", 1)]


def test_moderators_are_alerted_once():
    rules = replace(RULES, reports=2)
    assert [threshold_reached(rules, reports) for reports in range(5)] == [False, False, True, False, False]
