"""The canonical text of a definition is RFC 8785's, so that anyone can work out the published digest again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.canonical import canonical, digest
from bot.domain.consultation import (
    BallotType,
    Base,
    Binding,
    Definition,
    Kind,
    Majority,
    Option,
    Quorum,
    Tie,
    definition_facts,
)

# RFC 8785, section 3.2.2: the sample object, without its numbers that are not whole (we have none).
SERIALISED = '"string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/", "literals": [null, true, false]'
# Section 3.2.3: names sort as UTF-16 code units, so that an emoji comes before a Hebrew presentation form.
SORTED = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\U0001f600": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
}
ORDER = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_the_sample_of_the_rfc() -> None:
    value = json.loads("{" + SERIALISED + "}")
    assert canonical(value) == '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'


def test_names_sort_as_the_rfc_sorts_them() -> None:
    assert list(json.loads(canonical(SORTED))) == ORDER


# Section 3.2.2.2: what is escaped in a string, and how.
@pytest.mark.parametrize(
    ("character", "written"),
    [
        ("\b", "\\b"), ("\t", "\\t"), ("\n", "\\n"), ("\f", "\\f"), ("\r", "\\r"), ('"', '\\"'), ("\\", "\\\\"),
        ("\x00", "\\u0000"), ("\x0b", "\\u000b"), ("\x1f", "\\u001f"),
        ("/", "/"), ("\x7f", "\x7f"), ("é", "é"), ("\u2028", "\u2028"), ("😀", "😀"),
    ],
)  # fmt: skip
def test_only_what_must_be_is_escaped(character: str, written: str) -> None:
    assert canonical(character) == f'"{written}"'


@given(JSON)
def test_the_canonical_text_is_json_without_blanks_that_says_the_same(value: Any) -> None:
    text = canonical(value)
    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2026, 12, 1, 18, 0, tzinfo=UTC), '"2026-12-01T18:00:00+00:00"'),
        (timedelta(days=2), "172800"),
        (Fraction(2, 3), '"2/3"'),
        (Tie.DRAW, '"draw"'),
        ((1, 2), "[1,2]"),
    ],
)
def test_our_own_values_have_one_text(value: Any, text: str) -> None:
    assert canonical(value) == text


def test_a_float_has_none() -> None:
    with pytest.raises(TypeError):
        canonical({"share": 0.3})


DEFINITION = Definition(
    kind=Kind.VOTE,
    title="Quel projet ?",
    options=(Option(1, "Un local"), Option(2, "Un café 😀")),
    purpose="choisir",
    binding=Binding.DECISION,
    language="fr",
    statutes="article 12",
    ballot=BallotType.SINGLE,
    quorum=Quorum(share=Fraction(3, 10)),
    majority=Majority(Fraction(2, 3), strict=False),
    base=Base.VOTERS,
    tie=Tie.DRAW,
    answer_by=datetime(2027, 1, 1, 11, 0, tzinfo=UTC),
    seed_commitment="ab" * 32,
)
TEXT = (
    '{"answer_by":"2027-01-01T11:00:00+00:00","at_least":1,"at_most":1,"ballot":"single","base":"voters",'
    '"binding":"decision","kind":"vote","language":"fr","majority":{"fraction":"2/3","strict":false},'
    '"method":"plurality","options":[{"number":1,"role":"option","text":"Un local"},'
    '{"number":2,"role":"option","text":"Un café 😀"}],"purpose":"choisir","quorum":{"count":null,"share":"3/10"},'
    '"reminders":[86400],"results":"live","roll":"room","secrecy":"confidential","seed_commitment":"' + "ab" * 32 + '",'
    '"seniority":null,"statutes":"article 12","tie":"draw","title":"Quel projet ?"}'
)
"""Published digests are of this text: if this test must change, every digest already published stops verifying."""


def test_the_text_of_a_definition_never_changes() -> None:
    assert canonical(definition_facts(DEFINITION)) == TEXT
    assert digest(definition_facts(DEFINITION)) == hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Quel projet?"},
        {"options": DEFINITION.options[::-1]},
        {"tie": Tie.FIRST},
        {"quorum": None},
        {"reminders": ()},
        {"answer_by": datetime(2027, 1, 1, 11, 0, 1, tzinfo=UTC)},
        {"seed_commitment": "cd" * 32},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_is_frozen_changes_the_digest(change: dict[str, Any]) -> None:
    changed = replace(DEFINITION, **change)
    assert digest(definition_facts(changed)) != digest(definition_facts(DEFINITION))


def test_an_option_is_found_by_its_number() -> None:
    assert DEFINITION.option(2) == DEFINITION.options[1]
    assert DEFINITION.option(3) is None


@given(st.integers(0, 10_000), st.fractions(0, 1))
def test_a_quorum_is_the_least_whole_number_that_reaches_the_share(roll: int, share: Fraction) -> None:
    needed = Quorum(share=share).needed(roll)
    assert needed >= share * roll
    assert needed == 0 or needed - 1 < share * roll


def test_a_quorum_of_people_is_that_many_whatever_the_roll() -> None:
    assert [Quorum(count=20).needed(roll) for roll in (0, 20, 1000)] == [20, 20, 20]


@pytest.mark.parametrize(
    "change", [{"seats": 2}, {"scale": 5}, {"grades": ("yes", "perhaps", "no")}, {"points": 10}, {"quadratic": True}]
)
def test_what_a_new_ballot_needs_is_in_the_text_only_where_it_is_used(change: dict[str, Any]) -> None:
    (field,) = change
    assert field not in definition_facts(DEFINITION)
    changed = replace(DEFINITION, **change)
    assert field in definition_facts(changed)
    assert digest(definition_facts(changed)) != digest(definition_facts(DEFINITION))
