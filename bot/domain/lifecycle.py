"""The life of a consultation: every state, every event, and where each leads.

This table is the only place that says what may happen when; the diagram in the
documentation is drawn from it. An event that the table does not list for a state
is refused and leaves everything as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.consultation import State
from bot.domain.refusals import Refusal


class Event(StrEnum):
    """What can happen to a consultation."""

    PUBLISH = "publish"
    AMEND = "amend"
    DISCLOSE = "disclose"
    OPEN = "open"
    EXTEND = "extend"
    CLOSE = "close"
    CERTIFY = "certify"
    ANNUL = "annul"
    ANSWER = "answer"
    CANCEL = "cancel"


TRANSITIONS: Mapping[State, Mapping[Event, State]] = {
    State.DRAFT: {Event.AMEND: State.DRAFT, Event.PUBLISH: State.SCHEDULED, Event.CANCEL: State.CANCELLED},
    State.SCHEDULED: {
        Event.AMEND: State.SCHEDULED,
        Event.DISCLOSE: State.DISCLOSED,
        Event.CANCEL: State.CANCELLED,
    },
    State.DISCLOSED: {Event.AMEND: State.SCHEDULED, Event.OPEN: State.OPEN, Event.CANCEL: State.CANCELLED},
    State.OPEN: {Event.EXTEND: State.OPEN, Event.CLOSE: State.CLOSED, Event.CANCEL: State.CANCELLED},
    State.CLOSED: {Event.CERTIFY: State.CERTIFIED, Event.ANNUL: State.CANCELLED},
    State.CERTIFIED: {Event.ANSWER: State.ANSWERED},
    State.ANSWERED: {},
    State.CANCELLED: {},
}

FINISHED = frozenset({State.ANSWERED, State.CANCELLED})
"""States that nothing leads out of."""

UNDER_WAY = frozenset({State.SCHEDULED, State.DISCLOSED, State.OPEN, State.CLOSED})
"""States that time moves on by itself."""


def after(state: State, event: Event, number: int) -> State:
    """The state the event leads to. Raises Refusal `not-now` (or a closer one) when it may not happen now."""
    follows = TRANSITIONS[state].get(event)
    if follows is None:
        raise Refusal(_reason(state, event), number=str(number))
    return follows


def _reason(state: State, event: Event) -> str:
    if state is State.CANCELLED:
        return "already-cancelled"
    if event is Event.PUBLISH:
        return "already-published"
    if event in {Event.EXTEND, Event.CLOSE}:
        return "not-open"
    if event is Event.CANCEL:
        return "too-late-to-cancel"
    if event is Event.ANSWER and state is State.CLOSED:
        return "not-final-yet"
    if event is Event.ANSWER:
        return "already-answered" if state is State.ANSWERED else "no-result-yet"
    return "not-now"
