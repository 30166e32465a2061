"""Approval voting: each ballot names any number of options, each of which gets one approval.

Source: S. J. Brams and P. C. Fishburn, "Approval Voting", American Political
Science Review 72 (1978), 831-847.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.ballots import Choice


def approval(options: Sequence[int], ballots: Mapping[Choice, int]) -> dict[int, int]:
    """Approvals of each option. Accepts ballots of any options, each named once."""
    approvals = dict.fromkeys(options, 0)
    for choice, count in ballots.items():
        for number in choice:
            approvals[number] += count
    return approvals
