"""Which counting methods go with which ballots, and what each can't do.

A method's rule and its source are in its module in `bot.domain.tally`; only three count
here and nowhere else: consent, the availability of people for dates, and signatures, which are
added up and compared with nothing but the number that was asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.consultation import BallotType, Method

METHODS_OF: Mapping[BallotType, tuple[Method, ...]] = {
    BallotType.SINGLE: (Method.PLURALITY, Method.TWO_ROUND),
    BallotType.APPROVAL: (Method.APPROVAL,),
    BallotType.RANKING: (Method.SCHULZE, Method.RANKED_PAIRS, Method.IRV, Method.STV, Method.BORDA),
    BallotType.SCORE: (Method.SCORE, Method.STAR),
    BallotType.JUDGMENT: (Method.MAJORITY_JUDGMENT,),
    BallotType.POINTS: (Method.POINTS,),
    BallotType.AVAILABILITY: (Method.AVAILABILITY,),
    BallotType.CONSENT: (Method.CONSENT,),
    BallotType.SIGNATURE: (Method.SIGNATURE,),
}
"""The methods that count each ballot, the usual one first."""

BUDGET_METHODS = (Method.EQUAL_SHARES, Method.GREEDY)
"""The methods that share out money among projects, the usual one first: for budgets, and nothing else."""

TIED_RANKS = frozenset({Method.SCHULZE, Method.RANKED_PAIRS, Method.BORDA})
"""The methods for rankings in which options may share a rank: transfers need one next choice."""

ONE_SEAT = frozenset({Method.TWO_ROUND, Method.IRV, Method.AVAILABILITY, Method.CONSENT, Method.SIGNATURE})
"""The methods that elect one option only."""

BY_VOTES = frozenset({Method.PLURALITY, Method.TWO_ROUND, Method.APPROVAL, Method.CONSENT})
"""The methods whose figures are ballots for an option, of which a majority may be asked."""


def ballots_for(method: Method) -> tuple[BallotType, ...]:
    """The ballots that a method counts; none for those of budgets."""
    return tuple(ballot for ballot, methods in METHODS_OF.items() if method in methods)
