"""Plurality: each ballot names one option, which gets one vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.ballots import Choice


def plurality(options: Sequence[int], ballots: Mapping[Choice, int]) -> dict[int, int]:
    """Votes for each option. Accepts ballots of exactly one option; raises ValueError for any other."""
    votes = dict.fromkeys(options, 0)
    for choice, count in ballots.items():
        if len(choice) != 1:
            raise ValueError(f"a plurality ballot names one option, not {len(choice)}")
        (number,) = choice
        votes[number] += count
    return votes
