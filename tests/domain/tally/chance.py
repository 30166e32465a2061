"""Random elections, from hypothesis: small enough to be counted by hand, odd enough to meet every branch."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from bot.domain.tally.profile import Ballots, Form, Profile
from tests.domain.tally.naive import Scores, Weighted

NAMES = "ABCDEF"


@st.composite
def elections(draw: st.DrawFn, most: int = 5, equals: bool = True, weight: int = 40) -> tuple[Weighted, int]:
    """Some weighted rankings and the number of options. Weights make ties rare, as many voters do."""
    options = draw(st.integers(2, most))
    ballots = []
    for _ in range(draw(st.integers(1, 7))):
        order = draw(st.permutations(range(options)))[: draw(st.integers(1, options))]
        apart = draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order))) if equals else []
        groups: list[list[int]] = []
        for position, option in enumerate(order):
            if not equals or apart[position] or not groups:
                groups.append([option])
            else:
                groups[-1].append(option)
        ballots.append((groups, draw(st.integers(1, weight))))
    return ballots, options


def ranked(ballots: Weighted, options: int) -> Profile:
    made = Ballots(Form.RANKING)
    for groups, number in ballots:
        made.rank(groups, number)
    return made.profile(NAMES[:options])


@st.composite
def scorings(draw: st.DrawFn, most: int = 5, weight: int = 9) -> tuple[list[tuple[Scores, int]], int]:
    """Some weighted ballots of scores from 0 to 5, one for each option, and the number of options."""
    options = draw(st.integers(2, most))
    scores = st.lists(st.integers(0, 5), min_size=options, max_size=options)
    return draw(st.lists(st.tuples(scores, st.integers(1, weight)), min_size=1, max_size=7)), options


def graded(ballots: list[tuple[Scores, int]], options: int) -> Profile:
    made = Ballots(Form.SCORES)
    for scores, number in ballots:
        made.score({option: Fraction(score) for option, score in enumerate(scores)}, number)
    return made.profile(NAMES[:options])
