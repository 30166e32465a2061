"""A result as plain JSON values, as a bundle publishes it: what was found, and its working, in exact figures."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from bot.domain.consultation import Definition
from bot.domain.results import Result
from bot.domain.tally.outcome import Round, TieBreak


def result_facts(definition: Definition, result: Result) -> dict[str, Any]:
    """The result. Options are named by their numbers; figures of the working are texts: `3`, or `7/2`."""
    return {
        "method": definition.method.value,
        "seats": definition.seats,
        "ballots": result.ballots,
        "expressed": result.expressed,
        **({"by_proxy": result.by_proxy} if definition.proxies is not None else {}),
        "roll": result.roll,
        "quorum": result.quorum,
        "base": result.base,
        "verdict": result.verdict.value,
        "winners": list(result.winners),
        "empty": list(result.empty),
        "leaders": list(result.leaders),
        "tie_broken": result.tie_broken.value if result.tie_broken else None,
        "finalists": list(result.finalists),
        "options": [{"number": row.option.number, "votes": row.votes, "marks": list(row.marks)} for row in result.rows],
        "rounds": [_round_facts(each) for each in result.rounds],
        "tie_breaks": [_tie_facts(each) for each in result.tie_breaks],
    }


def _round_facts(each: Round) -> dict[str, Any]:
    return {
        "title": each.title.value,
        "about": list(each.about),
        "amount": str(each.amount),
        "tallies": _figures(each.tallies),
        "elected": list(each.elected),
        "eliminated": list(each.eliminated),
    }


def _figures(tallies: Mapping[int, Fraction]) -> dict[str, str]:
    return {str(number): str(figure) for number, figure in sorted(tallies.items())}


def _tie_facts(each: TieBreak) -> dict[str, Any]:
    return {
        "tied": list(each.tied),
        "chosen": list(each.chosen),
        "purpose": each.purpose.value,
        "rule": each.rule.value,
    }
