"""Approval voting: each ballot marks any number of options; most marks win.

Accepts ballots with marks (of a ranking or categories, the best group; of scores,
those above 0). Blank ballots are counted apart and change nothing. Ties: the declared
rule. Source: S. J. Brams and P. C. Fishburn, "Approval Voting", American Political
Science Review 72 (1978), 831-847.
"""

from __future__ import annotations

from bot.domain.tally.marks import elected_by_marks, marks
from bot.domain.tally.outcome import Outcome, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.ties import Ties


def approval(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who has most approvals. The round's figures are approvals."""
    approvals, invalid = marks(profile)
    return elected_by_marks(approvals, Title.APPROVALS, invalid, seats, ties)
