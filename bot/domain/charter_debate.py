"""How the points of the disclosure stand for a debate: its phases, the floor, who sees what, what becomes of it.

Each function reads the frozen rules and returns one point as sentences derived from
them; none can be edited by anybody, so none can disagree with what the bot does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.domain import charter_deliberation, charter_secrecy
from bot.domain.charter_deliberation import each, kept, reason
from bot.domain.charter_values import Case, ItemState, Say, Status, say
from bot.domain.debate.model import Budget, DebateRules, Measure, Phase, Signing, Stage


def _rules(case: Case) -> DebateRules:
    assert case.definition.debate is not None
    return case.definition.debate


def _method(case: Case) -> ItemState:
    rules = _rules(case)
    says = [*reason(case), _stages(rules), say("one-idea", n=rules.length), *each(rules)]
    if rules.opinion:
        says.append(say("opinion-twice"))
    if rules.vote:
        says.append(say("vote-follows", lasts=rules.vote_lasts))
    return ItemState("TRA-01", Status.GUARANTEED, tuple(says), tuple(_floor(rules)), tier=3)


def _stages(rules: DebateRules) -> Say:
    by_hand = any(stage.lasts is None for stage in rules.stages)
    return say("stages.by-hand" if by_hand else "stages", stages=tuple(map(_stage, rules.stages)))


def _stage(stage: Stage) -> str:
    """A phase with its seconds, in one fact: `arguments 172800`; its name alone when it ends by hand."""
    return stage.phase.value if stage.lasts is None else f"{stage.phase.value} {int(stage.lasts.total_seconds())}"


def _floor(rules: DebateRules) -> list[Say]:
    """Who speaks when, for how long, and what the bot may do to the room meanwhile; there is no floor without names,
    since whoever speaks is seen."""
    if rules.signing is not Signing.NAME:
        return []
    says = [say("speaking.fair")]
    if rules.alternate:
        says.append(say("speaking.alternate"))
    if rules.lists:
        says.append(say("speaking.lists", options=rules.lists))
    if rules.turn is not None:
        says.append(_turn(rules.turn))
    return [*says, say("speaking.room")]


def _turn(budget: Budget) -> Say:
    if budget.measure is Measure.SECONDS:
        return say("speaking.turn.lasting", lasts=timedelta(seconds=budget.amount))
    return say(f"speaking.turn.{budget.measure.value}", n=budget.amount)


def _calendar(case: Case) -> ItemState:
    state = charter_deliberation.STATES["TRA-02"](case)
    return state if state.lacks else replace(state, more=(say("when.stages"), *state.more))


def _changes(_: Case) -> ItemState:
    return ItemState("PAR-07", Status.GUARANTEED, (say("changes.debate"),), (say("changes.kept"),))


def _sees(case: Case) -> ItemState:
    signing = _rules(case).signing
    named = signing is Signing.NAME
    links = kept("links.debate" if named else "links.unsigned", case)
    typed = say("sees.typed.debate" if named else "sees.typed.unsigned")
    says = (say(f"signed.{signing.value}"), links, *charter_secrecy.readers(case), typed)
    aside = say("sees.speaker" if named else "sees.style")
    more = (aside, *charter_secrecy.overhearing(case))
    return ItemState("PAR-08", Status.GUARANTEED, says, more)


def _partial(case: Case) -> ItemState:
    rules = _rules(case)
    says, more = [], [say("partial.debate", n=rules.minimum)]
    if rules.opinion:
        says.append(say("partial.opinion"))
        more.append(say("partial.minimum", n=rules.minimum))
    return ItemState("PAR-10", Status.GUARANTEED, tuple(says), tuple(more))


def _limits(_: Case) -> ItemState:
    return ItemState("PAR-12", Status.GUARANTEED, (say("limits.debate"),))


def _signing(case: Case) -> ItemState:
    signing = _rules(case).signing
    status = Status.NOT_DECLARED if signing is Signing.ANONYMOUS else Status.GUARANTEED
    return ItemState("PAR-09", status, (say(f"signing.{signing.value}"),))


def _paragraphs(_: Case) -> ItemState:
    return ItemState("COL-04", Status.NOT_DECLARED, (say("paragraphs"),))


def _weighing(_: Case) -> ItemState:
    return ItemState("COL-05", Status.GUARANTEED, (say("weighed"), say("weighed.order")), tier=2)


def _versions(_: Case) -> ItemState:
    return ItemState("COL-06", Status.NOT_DECLARED, (say("versions"),))


def _proposals(_: Case) -> ItemState:
    return ItemState("COL-07", Status.GUARANTEED, (say("proposals"),), tier=2)


def _synthesis(case: Case) -> ItemState:
    reviewed = any(stage.phase is Phase.CONCLUSION for stage in _rules(case).stages)
    told = say("synthesis.reviewed" if reviewed else "synthesis.at-closing")
    return ItemState("ENG-09", Status.GUARANTEED, (told, say("synthesis.figures")))


def _intact(_: Case) -> ItemState:
    return ItemState("TRA-14", Status.GUARANTEED, (say("intact.debate"),))


STATES: Mapping[str, Callable[[Case], ItemState]] = {
    **charter_deliberation.STATES,
    "TRA-01": _method,
    "TRA-02": _calendar,
    "TRA-14": _intact,
    "PAR-07": _changes,
    "PAR-08": _sees,
    "PAR-09": _signing,
    "PAR-10": _partial,
    "PAR-12": _limits,
    "COL-04": _paragraphs,
    "COL-05": _weighing,
    "COL-06": _versions,
    "COL-07": _proposals,
    "ENG-09": _synthesis,
}
"""The rule of each point that a debate does not share with a vote."""
