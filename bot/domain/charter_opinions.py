"""How the points of the disclosure stand for an opinion map: statements, answers, groups that are worked out.

Each function reads the frozen rules and returns one point as sentences derived from
them; none can be edited by anybody, so none can disagree with what the bot does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain import charter_deliberation, charter_secrecy
from bot.domain.charter_deliberation import each, kept, reason
from bot.domain.charter_values import Case, ItemState, Status, say
from bot.domain.opinions.model import OpinionRules


def _rules(case: Case) -> OpinionRules:
    assert case.definition.opinions is not None
    return case.definition.opinions


def _method(case: Case) -> ItemState:
    rules, first = _rules(case), len(case.definition.options)
    begun = (say("statements.first", n=first),) if first else ()
    says = (*reason(case), say("statements", n=rules.length), *each(rules), *begun)
    groups = (say("groups"), say("groups.minimum", n=rules.minimum))
    return ItemState("TRA-01", Status.GUARANTEED, (*says, *groups), (say("groups.how"),), tier=3)


def _changes(_: Case) -> ItemState:
    return ItemState("PAR-07", Status.GUARANTEED, (say("changes.opinions"),))


def _sees(case: Case) -> ItemState:
    says = (say("signed.statements"), kept("links.opinions", case), *charter_secrecy.readers(case))
    more = (say("sees.points"), say("sees.guess"), *charter_secrecy.overhearing(case))
    return ItemState("PAR-08", Status.GUARANTEED, (*says, say("sees.typed.opinions")), more)


def _partial(case: Case) -> ItemState:
    return ItemState("PAR-10", Status.GUARANTEED, (say(f"partial.opinions.{case.definition.results.value}"),))


def _limits(_: Case) -> ItemState:
    return ItemState("PAR-12", Status.GUARANTEED, (say("limits.opinions"),))


def _signing(_: Case) -> ItemState:
    return ItemState("PAR-09", Status.NOT_DECLARED, (say("signing.statements"),))


def _weighing(_: Case) -> ItemState:
    return ItemState("COL-05", Status.GUARANTEED, (say("weighed.statements"),), tier=2)


def _synthesis(_: Case) -> ItemState:
    return ItemState("ENG-09", Status.GUARANTEED, (say("synthesis.map"),))


def _intact(_: Case) -> ItemState:
    return ItemState("TRA-14", Status.GUARANTEED, (say("intact.opinions"),))


def _no_text(item: str) -> Callable[[Case], ItemState]:
    """The rule of a point about a text that is discussed: statements stand each for itself."""

    def rule(_: Case) -> ItemState:
        return ItemState(item, Status.NOT_APPLICABLE)

    return rule


STATES: Mapping[str, Callable[[Case], ItemState]] = {
    **charter_deliberation.STATES,
    "TRA-01": _method,
    "TRA-14": _intact,
    "PAR-07": _changes,
    "PAR-08": _sees,
    "PAR-09": _signing,
    "PAR-10": _partial,
    "PAR-12": _limits,
    "COL-05": _weighing,
    "ENG-09": _synthesis,
    **{item: _no_text(item) for item in ("COL-04", "COL-06", "COL-07")},
}
"""The rule of each point that an opinion map does not share with a vote."""
