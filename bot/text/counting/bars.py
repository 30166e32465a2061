"""The figures of options as text bars, where figures are what decides."""

from __future__ import annotations

from bot.domain.consultation import Method
from bot.domain.methods import BUDGET_METHODS, BY_VOTES
from bot.text.card import Bar
from bot.text.counting.pictures import bar_words
from bot.text.counting.telling import Telling

_SUMS = frozenset({Method.BORDA, Method.SCORE, Method.POINTS, *BUDGET_METHODS})


def figure_bars(telling: Telling, most: int) -> tuple[Bar, ...]:
    """A bar for each option, of those with the highest figures if there are more than `most`; blank ballots too where
    they are ballots like others. Nothing for methods that tell their count step by step."""
    result, method = telling.result, telling.definition.method
    if method in BY_VOTES:
        figures = {row.option.number: float(row.votes) for row in result.rows}
    elif method in _SUMS and result.rounds:
        figures = {number: float(value) for number, value in result.rounds[0].tallies.items()}
    else:
        return ()
    longest = max(figures.values(), default=0) or 1.0
    kept = sorted(figures, key=lambda number: -figures[number])[:most]
    return tuple(
        Bar(
            telling.label(row.option.number),
            figures[row.option.number] / longest,
            telling.speech.fact(row.votes) if method in BY_VOTES else bar_words(telling, row),
        )
        for row in result.rows
        if row.option.number in kept
    )
