"""Arguments and rules for tests of debates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from bot.domain.debate.model import Argument, ArgumentKind, ArgumentState, DebateRules, Phase, Stage

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = DebateRules(tuple(Stage(phase, days * DAY) for phase, days in zip(Phase, (1, 4, 2, 1), strict=True)))


def argument(number: int = 1, text: str = "Une salle partagée", **given: Any) -> Argument:
    kept = {"alias": number, "kind": ArgumentKind.FOR, "signature": "Ana", "at": NOON, "stage": 0}
    return Argument(number=number, text=text, **{**kept, "state": ArgumentState.PUBLISHED, **given})


@st.composite
def debates(draw: st.DrawFn) -> list[Argument]:
    """Any contributions of one debate, in the order of their numbers."""
    made = []
    for number in range(1, draw(st.integers(0, 12)) + 1):
        ratings = draw(st.integers(0, 9))
        made.append(
            argument(
                number,
                alias=draw(st.integers(1, 5)),
                kind=draw(st.sampled_from(ArgumentKind)),
                state=draw(st.sampled_from(ArgumentState)),
                parent=draw(st.none() | st.integers(1, number)),
                supports=draw(st.integers(0, 9)),
                ratings=ratings,
                weight=ratings * draw(st.integers(1, 5)),
            )
        )
    return made
