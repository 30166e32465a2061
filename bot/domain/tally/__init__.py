"""Counting by any method: one pure function a file, from merged ballots to an outcome with its working.

A method takes a profile of the form it accepts, the number of seats and the tie rule,
and gives an `Outcome`. numpy is loaded when something is counted, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.domain.consultation import Tie
from bot.domain.tally.approval import approval
from bot.domain.tally.borda import borda
from bot.domain.tally.equal_shares import equal_shares
from bot.domain.tally.greedy import greedy
from bot.domain.tally.irv import irv
from bot.domain.tally.majority_judgment import majority_judgment
from bot.domain.tally.outcome import Outcome
from bot.domain.tally.plurality import plurality
from bot.domain.tally.points import points
from bot.domain.tally.profile import Form, Profile
from bot.domain.tally.ranked_pairs import ranked_pairs
from bot.domain.tally.schulze import schulze
from bot.domain.tally.score import score
from bot.domain.tally.star import star
from bot.domain.tally.stv import stv
from bot.domain.tally.ties import Ties
from bot.domain.tally.two_round import two_round

Count = Callable[[Profile, int, Ties], Outcome]


@dataclass(frozen=True, slots=True)
class Method:
    """A way to count: the form of ballot it accepts, whether it can fill several seats, whether it spends a budget."""

    accepts: Form
    count: Count
    many_seats: bool = True
    budget: bool = False


METHODS: Mapping[str, Method] = {
    "plurality": Method(Form.RANKING, plurality),
    "two-round": Method(Form.RANKING, two_round, many_seats=False),
    "approval": Method(Form.MARKS, approval),
    "borda": Method(Form.RANKING, borda),
    "irv": Method(Form.RANKING, irv, many_seats=False),
    "stv": Method(Form.RANKING, stv),
    "schulze": Method(Form.RANKING, schulze),
    "ranked-pairs": Method(Form.RANKING, ranked_pairs),
    "score": Method(Form.SCORES, score),
    "star": Method(Form.SCORES, star),
    "majority-judgment": Method(Form.SCORES, majority_judgment),
    "points": Method(Form.SCORES, points),
    "equal-shares": Method(Form.MARKS, equal_shares, budget=True),
    "greedy": Method(Form.MARKS, greedy, budget=True),
}
"""Every method, by the name it has on the command line and in a consultation's settings."""


def count(method: str, profile: Profile, seats: int = 1, tie: Tie = Tie.ORGANISER, seed: str = "") -> Outcome:
    """Count a profile by the method of this name (KeyError if there is none). Without a valid ballot nobody wins."""
    if not profile.ballots or not profile.options:
        return Outcome(())
    return METHODS[method].count(profile, seats, Ties(tie, seed))
