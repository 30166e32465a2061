"""Plurality: each ballot names one option, which gets one vote; most votes win.

Accepts ballots with one mark (of a ranking, the first choice); one that names several
is invalid. With several seats, those with most votes (single non-transferable vote).
Blank ballots are counted apart and change nothing. Ties: the declared rule.
"""

from __future__ import annotations

from bot.domain.tally.marks import elected_by_marks, marks
from bot.domain.tally.outcome import Outcome, Title
from bot.domain.tally.profile import Profile
from bot.domain.tally.ties import Ties


def plurality(profile: Profile, seats: int, ties: Ties) -> Outcome:
    """Who has most votes. The round's figures are votes."""
    votes, invalid = marks(profile, most=1)
    return elected_by_marks(votes, Title.VOTES, invalid, seats, ties)
