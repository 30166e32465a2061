"""Statements: what is kept of one, which say the same, and that all are seen about equally often."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.opinions.exposure import next_statement
from bot.domain.opinions.model import OpinionRules, StatementState
from bot.domain.opinions.statements import read_statement, same_statement
from bot.domain.refusals import Refusal
from tests.domain.opinions.polis import statements

RULES = OpinionRules(length=40)


def refused(text: str) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        read_statement(text, RULES)
    return refusal.value


def test_a_statement_stands_on_one_clean_line() -> None:
    assert read_statement("  Le local\n\tferme trop tôt.\u202e ", RULES) == "Le local ferme trop tôt."


@pytest.mark.parametrize("text", ["", "  \n", "…", "\u200b", "!!!"])
def test_an_empty_statement_is_refused(text: str) -> None:
    assert refused(text).code == "statement-empty"


def test_a_long_statement_is_refused_with_its_length() -> None:
    assert read_statement("é" * 40, RULES) == "é" * 40
    refusal = refused("é" * 41)
    assert (refusal.code, dict(refusal.facts)) == ("statement-too-long", {"n": 41, "most": 40})


@pytest.mark.parametrize("text", ["statement 2", "STATEMENT 2!", "  Statément  2 ", "“Statement 2…”"])
def test_the_same_words_are_the_same_statement(text: str) -> None:
    found = same_statement(text, statements(3))
    assert found is not None
    assert found.number == 2


@pytest.mark.parametrize("text", ["statement 22", "no statement 2", "statement + 2", "statement -2+"])
def test_other_words_are_another_statement(text: str) -> None:
    assert same_statement(text, statements(3)) is None


@given(st.integers(1, 40), st.integers(1, 60), st.integers(1, 12), st.integers(0, 99))
def test_all_statements_are_seen_about_equally_often(many: int, people: int, each: int, seed: int) -> None:
    seen: Counter[int] = Counter()
    known = statements(many)
    for alias in range(1, people + 1):
        answered: set[int] = set()
        for _ in range(each):
            known = [replace(statement, agrees=seen[statement.number]) for statement in known]
            if (chosen := next_statement(known, answered, alias, f"{seed}.{alias}.{len(answered)}")) is None:
                break
            answered.add(chosen.number)
            seen[chosen.number] += 1
        assert len(answered) == min(each, many)
    counts = [seen[statement.number] for statement in known]
    assert max(counts) - min(counts) <= 2


def test_the_draw_is_not_always_the_same() -> None:
    drawn = {next_statement(statements(5), set(), 1, f"{seed}").number for seed in range(60)}  # type: ignore[union-attr]
    assert drawn == {1, 2, 3, 4, 5}


def test_nobody_is_asked_about_their_own_nor_about_what_is_not_published() -> None:
    own, pending, hidden, other = statements(4)
    own = replace(own, alias=7)
    pending = replace(pending, state=StatementState.PENDING)
    hidden = replace(hidden, state=StatementState.MODERATED)
    known = (own, pending, hidden, replace(other, agrees=9))
    assert next_statement(known, set(), 7, "x") == known[3]
    assert next_statement(known, {4}, 7, "x") is None
    assert next_statement(known, {4}, 8, "x") == own
