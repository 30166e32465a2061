"""Every event in every state: where it leads, or why not. The diagram in the documentation is drawn from the table."""

from __future__ import annotations

import runpy
from itertools import product
from pathlib import Path

import pytest

from bot.domain.consultation import State
from bot.domain.lifecycle import FINISHED, TRANSITIONS, UNDER_WAY, Event, after
from bot.domain.refusals import Refusal

ROOT = Path(__file__).parents[2]
LEADS = """
draft: amend draft, publish scheduled, cancel cancelled
scheduled: amend scheduled, disclose disclosed, cancel cancelled
disclosed: amend scheduled, open open, cancel cancelled
open: extend open, close closed, cancel cancelled
closed: certify certified, annul cancelled
certified: answer answered
answered:
cancelled:
"""
"""The life of a consultation as the users' page tells it."""

SAYS = """
draft: extend not-open, close not-open, answer no-result-yet
scheduled: publish already-published, extend not-open, close not-open, answer no-result-yet
disclosed: publish already-published, extend not-open, close not-open, answer no-result-yet
open: publish already-published, answer no-result-yet
closed: publish already-published, extend not-open, close not-open, cancel too-late-to-cancel, answer not-final-yet
certified: publish already-published, extend not-open, close not-open, cancel too-late-to-cancel
answered: publish already-published, extend not-open, close not-open, cancel too-late-to-cancel, answer already-answered
"""
"""What people are told instead, where it is more than "not now"."""


def read(table: str) -> dict[tuple[State, Event], str]:
    found = {}
    for line in table.strip().splitlines():
        state, _, rest = line.partition(":")
        for pair in filter(None, rest.strip().split(", ")):
            event, word = pair.split()
            found[State(state), Event(event)] = word
    return found


ALLOWED, TOLD = read(LEADS), read(SAYS)


def told(state: State, event: Event) -> str:
    return "already-cancelled" if state is State.CANCELLED else TOLD.get((state, event), "not-now")


@pytest.mark.parametrize(("state", "event"), list(product(State, Event)), ids=str)
def test_every_event_in_every_state(state: State, event: Event) -> None:
    if (state, event) in ALLOWED:
        assert after(state, event, 12) is State(ALLOWED[state, event])
        return
    with pytest.raises(Refusal) as refused:
        after(state, event, 12)
    assert refused.value.code == told(state, event)
    assert refused.value.facts["number"] == "12"


def test_disclosure_is_the_only_way_to_an_opening() -> None:
    assert [state for state, leads in TRANSITIONS.items() if State.OPEN in leads.values()] == [
        State.DISCLOSED,
        State.OPEN,
    ]
    assert [state for state, leads in TRANSITIONS.items() if State.DISCLOSED in leads.values()] == [State.SCHEDULED]


def test_nothing_leads_out_of_what_is_finished_and_nothing_is_a_dead_end_but_that() -> None:
    assert {state for state in State if not TRANSITIONS[state]} == FINISHED
    assert set(State) >= UNDER_WAY
    assert not UNDER_WAY & FINISHED


def test_every_state_can_be_reached_from_a_draft() -> None:
    reached, frontier = {State.DRAFT}, [State.DRAFT]
    while frontier:
        fresh = set(TRANSITIONS[frontier.pop()].values()) - reached
        reached |= fresh
        frontier += fresh
    assert reached == set(State)


def test_the_diagram_is_up_to_date() -> None:
    draw = runpy.run_path(str(ROOT / "docs" / "draw_lifecycle.py"))
    page = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    assert page == draw["page"](), "run: python docs/draw_lifecycle.py"
    assert "disclosed --> open: open" in page
