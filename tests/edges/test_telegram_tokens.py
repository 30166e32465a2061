"""Callback data: what we write reads back as it was, and nothing else reads at all."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.telegram import tokens
from bot.domain.ids import Action

WORDS = st.text(string.ascii_letters + string.digits + "-.,", max_size=20)
ACTIONS = st.builds(Action, WORDS.filter(bool), st.integers(0, 10**18 - 1), WORDS)


@given(ACTIONS)
def test_an_action_reads_back_as_it_was_written(action: Action) -> None:
    data = tokens.encode(action)
    assert len(data.encode()) <= 64
    assert tokens.decode(data) == action


@given(st.text(max_size=80))
def test_only_our_own_spelling_reads(data: str) -> None:
    action = tokens.decode(data)
    assert action is None or tokens.encode(action) == data


@pytest.mark.parametrize(
    "data",
    [
        None,
        "",
        "1|cast|012|2",
        "1|cast|-1|2",
        "1|cast|１２|2",
        "1|cast|٢|2",
        "1|cast|12|2\n",
        "1|cast|12|2|3",
        "1|cast|12",
        "1||12|2",
        "2|cast|12|2",
        "1|cast|1000000000000000000|",
        "1|cast|12|é",
        "1|cast|12|" + "2" * 64,
    ],
)
def test_near_misses_are_refused(data: str | None) -> None:
    assert tokens.decode(data) is None


def test_public_adversarial_data_is_refused(test_data: Path) -> None:
    cases = json.loads((test_data / "08_adversarial/callback_data.json").read_text())
    assert cases
    assert [case["name"] for case in cases if tokens.decode(case["data"])] == []


@pytest.mark.parametrize(
    "action",
    [Action("", 1), Action("a|b"), Action("é"), Action("cast", -1), Action("cast", 1, "x" * 64), Action("a\n")],
)
def test_what_does_not_fit_in_a_button_is_refused_when_written(action: Action) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        tokens.encode(action)
