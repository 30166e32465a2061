"""Answers in Matrix's own polls: what the proposal says of each, and that any content at all is read."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matrix.inbound import Author, Reader
from adapters.matrix.markup import BUDGET
from adapters.matrix.people import census
from adapters.matrix.polls import NUMBER, RESPONSE, START, Asked, asked_in, end, start
from adapters.matrix.rooms import RoomView
from bot.ports import Incoming, Said
from bot.text.card import NativePoll

POLL = NativePoll(12, "Where?\u202e", ((1, "1. Café"), (2, "2. " + "a" * 5000)), most=2, disclosed=False)
ASKED = Asked(12, ("1", "2", "3", "4"), 2)


def test_a_published_scenario_counts_as_it_says(test_data: Path) -> None:
    scenario = json.loads((test_data / "07_matrix" / "poll_scenario_unstable.json").read_text("utf-8"))
    asked = asked_in(scenario["poll_start"]["content"] | {NUMBER: 12})
    assert asked is not None
    for step in scenario["steps"]:
        typed = Counter(asked.typed(event["content"]) for event in step["add"])
        assert typed == step["expected"]


@pytest.mark.parametrize(
    ("answers", "typed"),
    [
        (["2"], "2"),
        (["3", "1"], "3, 1"),
        (["1", "2", "3"], "1, 2"),
        (["1", "2", "unknown"], "1, 2"),
        (["1", "unknown"], "-"),
        (["2", "2", "3"], "2"),
        ([], "-"),
        (["1 --yes"], "-"),
        ([1], "-"),
        ("1", "-"),
        (None, "-"),
    ],
)
def test_each_answer_is_one_ballot(answers: object, typed: str) -> None:
    assert ASKED.typed({RESPONSE: {"answers": answers}}) == typed
    assert ASKED.command({RESPONSE: {"answers": answers}}) == f"/v 12 {typed}"
    assert ASKED.typed({"m.selections": answers}) == typed


@given(st.recursive(st.none() | st.text(max_size=3), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_any_content_is_read(content: Any) -> None:
    assert set(ASKED.typed({RESPONSE: content, "m.selections": content}).split(", ")) <= {*ASKED.ids, "-"}
    assert asked_in(content) is None
    asked = asked_in({START: {"max_selections": 1, "answers": [content]}, NUMBER: 12})
    assert asked is not None
    assert asked.number == 12


def test_what_is_asked_is_read_again_and_fits_in_an_event() -> None:
    content = start(POLL, "$card")
    assert asked_in(content) == Asked(12, ("1", "2"), 2)
    assert content[START]["question"]["org.matrix.msc1767.text"] == "Where?"
    longest = NativePoll(
        12, "\U0001f333" * 500, tuple((n, "\U0001f333" * 5000) for n in range(20)), most=20, disclosed=True
    )
    assert len(json.dumps(start(longest, "$card"))) < BUDGET + 5000
    assert end("$poll", "Over.")["m.relates_to"] == {"rel_type": "m.reference", "event_id": "$poll"}


async def _nobody(room_id: str, event_id: str) -> Author | None:
    return None


async def _asked(room_id: str, event_id: str) -> Asked | None:
    return ASKED if event_id == "$poll" else None


@pytest.mark.parametrize(
    ("relation", "text"),
    [
        ({"rel_type": "m.reference", "event_id": "$poll"}, "/v 12 1"),
        ({"rel_type": "m.reference", "event_id": "$other"}, ""),
        ({"rel_type": "m.annotation", "event_id": "$poll"}, ""),
        ({"rel_type": "m.reference", "event_id": ["$poll"]}, ""),
        ("$poll", ""),
    ],
)
async def test_only_what_refers_to_a_poll_of_ours_is_an_answer(relation: object, text: str) -> None:
    reader = Reader(census("@palabre:e.org", ()), _nobody, _asked, lambda _: False)
    event = {"type": RESPONSE, "event_id": "$e", "sender": "@ana:e.org"}
    event["content"] = {"m.relates_to": relation, RESPONSE: {"answers": ["1"]}}
    heard: Incoming | None = await reader.read(RoomView("!room:e.org"), event, datetime(2026, 1, 5, tzinfo=UTC))
    assert (heard.text if isinstance(heard, Said) else "") == text
