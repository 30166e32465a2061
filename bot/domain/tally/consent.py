"""Consent: a proposal passes when someone agrees to it and nobody blocks it.

Accepts one answer a person: agree, abstain, disagree, block. A disagreement is heard and
lets the proposal pass; a block stops it, whatever the numbers; an abstention changes
nothing. Nothing is compared with anything else, so there is no tie.
Sources: G. Endenburg, Sociocracy, 1998 ("no argued and paramount objection"); the four
answers are those of proposals in Loomio (R. D. Bartlett and M. Deseriis, "Loomio and the
Problem of Deliberation", openDemocracy, 2016).
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from bot.domain.tally.outcome import Outcome, Round, Title


def consent(answers: Mapping[int, Fraction], agreement: int, block: int) -> Outcome:
    """Whether the proposal passes, which elects `agreement`. `answers` says how many gave each answer; without one
    among them nothing is counted."""
    if not any(answers.values()):
        return Outcome(())
    elected = (agreement,) if answers[agreement] and not answers[block] else ()
    return Outcome(elected, rounds=(Round(Title.VOTES, answers, elected=elected),))
