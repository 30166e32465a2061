"""The result of one organisation of several that hold a consultation together, as plain JSON values of a bundle too.

Only the whole decides: the quorum, the majority and what organisers decided in a tie are the whole's. What an
organisation's own ballots give by the frozen method is told beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.ballots import Choice, to_text
from bot.domain.consultation import Consultation, Definition, Secrecy
from bot.domain.joint import LEAST, Apart
from bot.domain.result_facts import result_facts
from bot.domain.results import Result, conclude

OWN = ("ballots", "expressed", "winners", "empty", "leaders", "tie_broken", "options", "rounds", "tie_breaks")
"""What is said of an organisation's own result, of the facts of a result: the rest is the whole's."""


def own_result(consultation: Consultation, sheet: Mapping[Choice, int]) -> Result:
    """The count of these ballots alone, by the frozen method, without quorum, majority or decided ties."""
    definition = replace(consultation.definition, quorum=None, majority=None)
    return conclude(replace(consultation, definition=definition, tie_choices=()), sheet)


def rule_of(definition: Definition) -> str:
    """Which organisations' results are told: `all` of them, none (`whole`), or those of groups large enough
    (`groups`)."""
    return {Secrecy.PUBLIC: "all", Secrecy.UNLINKED: "whole"}.get(definition.secrecy, "groups")


def apart_facts(consultation: Consultation, results: Sequence[Apart]) -> dict[str, Any]:
    """What is told of each organisation: its ballots and what they give, or nulls."""
    return {
        "rule": rule_of(consultation.definition),
        "least": LEAST,
        "organisations": [_facts(consultation, each) for each in results],
    }


def _facts(consultation: Consultation, each: Apart) -> dict[str, Any]:
    if each.sheet is None:
        return {"name": each.name, "ballots": None, "result": None}
    ballots = {to_text(choice): times for choice, times in each.sheet.items()}
    return {
        "name": each.name,
        "ballots": dict(sorted(ballots.items())),
        "result": own_facts(consultation, each.sheet),
    }


def own_facts(consultation: Consultation, sheet: Mapping[Choice, int]) -> dict[str, Any]:
    """An organisation's own result as plain JSON values."""
    facts = result_facts(consultation.definition, own_result(consultation, sheet))
    return {key: facts[key] for key in OWN}


def may_be_told(
    definition: Definition, held_by: int, whole: Mapping[Choice, int], told: Sequence[Mapping[Choice, int]]
) -> bool:
    """Whether the results told of some of the organisations that hold it are as the rule wants, and fit the whole: no
    ballot more than there are, and neither a few voters' result told nor all but a few voters'."""
    rule, voters = rule_of(definition), sum(whole.values())
    if any(times > whole.get(choice, 0) for sheet in told for choice, times in sheet.items()):
        return False
    if rule != "groups":
        return len(told) == (held_by if rule == "all" else 0)
    sizes = [sum(sheet.values()) for sheet in told]
    return all(size >= LEAST and (size == voters or voters - size >= LEAST) for size in sizes)
