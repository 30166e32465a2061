"""Ballots by text: numbers, names, withdrawals, and no guess between two options."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import answer
from bot.domain.ballots import Answer, Withdrawal
from bot.domain.consultation import Option
from bot.domain.refusals import Refusal


def listed(*texts: str) -> tuple[Option, ...]:
    return tuple(Option(number, text) for number, text in enumerate(texts, 1))


PLACES = listed("Café", "Library", "Au parc, dehors", "Je m'abstiens")
QUESTION = listed("✅ Oui", "Non", "Abstention")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2", (2,)), (" 2. ", (2,)), ("02", (2,)), ("#2", (2,)), ("n° 2", (2,)), ("1,3", (1, 3)), ("3 1", (1, 3)),
        ("1 et 3", (1, 3)), ("1 and 3", (1, 3)), ("1, 2 et 3", (1, 2, 3)), ("1;1", (1,)), ("1+3", (1, 3)),
        ("Library", (2,)), ("cafe", (1,)), ("CAFÉ", (1,)), ("«\u00a0Café\u00a0»", (1,)), ("Au parc, dehors", (3,)),
        ("café et library", (1, 2)), ("Café, 2", (1, 2)), ("je m’abstiens", (4,)), ("abstain", (4,)), ("9", (9,)),
    ],
)  # fmt: skip
def test_numbers_and_names(text, numbers):
    assert answer(text, PLACES) == Answer(numbers)


def test_yes_and_no_in_either_language():
    assert answer("yes", QUESTION) == answer("oui", QUESTION) == answer("OUI !", QUESTION) == Answer((1,))
    assert answer("no", QUESTION) == Answer((2,))
    assert answer("Contre", listed("For", "Against")) == Answer((2,))


@pytest.mark.parametrize("text", ["-", " – ", "—", "retirer", "Withdraw"])
def test_a_withdrawal(text):
    assert answer(text, PLACES) == Withdrawal()


def test_a_name_goes_before_a_withdrawal():
    assert answer("retirer", listed("Garder", "Retirer")) == Answer((2,))


@pytest.mark.parametrize("text", ["", "peut-être", "oui", "2>1", "1,x", "1000", "café ou library", "\x00"])
def test_what_is_not_understood_is_refused(text):
    with pytest.raises(Refusal) as refused:
        answer(text, PLACES)
    assert refused.value.code == "answer-unknown"


def test_a_number_that_is_also_another_option_s_name_is_asked_again():
    delegates = listed("1", "3", "2")
    assert answer("1", delegates) == Answer((1,))
    with pytest.raises(Refusal) as refused:
        answer("2", delegates)
    assert refused.value.code == "answer-ambiguous"
    assert refused.value.facts["option"] == "3. 2"
    assert answer("#2", delegates) == Answer((2,))
    assert answer('"2"', delegates) == Answer((3,))
    assert answer("2027", listed("2026", "2027")) == Answer((2,))


def test_names_alike_but_for_accents_need_theirs():
    dishes = listed("pâte", "pâté")
    assert answer("pâté", dishes) == Answer((2,))
    with pytest.raises(Refusal) as refused:
        answer("pate", dishes)
    assert refused.value.code == "answer-several"
    assert refused.value.facts["options"] == ("1. pâte", "2. pâté")
    assert answer("C++", listed("C", "C++")) == Answer((2,))


def test_endless_answers_are_refused_at_once():
    for text in ("1," * 30_000, " et " * 1_000, "x" * 4_000, "1 " * 2_000 + "x", ",".join(map(str, range(900)))):
        with pytest.raises(Refusal) as refused:
            answer(text, PLACES)
        assert refused.value.code == "answer-unknown"


@given(st.text(), st.lists(st.text(min_size=1), min_size=2, max_size=4))
def test_any_text_is_a_ballot_or_a_refusal(text, options):
    try:
        found = answer(text, listed(*options))
    except Refusal:
        return
    assert found == Withdrawal() or found.options
