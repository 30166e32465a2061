"""How the points stand that debates and opinion maps have in common: moderation, what is kept and what is erased.

What they share with a vote (who may take part, one account, one voice, when it opens
and closes) is said by `charter_ballot`, and here only what differs from it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain import charter_ballot, charter_duties
from bot.domain.charter_items import RULES_VERSION
from bot.domain.charter_values import Case, ItemState, Say, Status, say
from bot.domain.debate.model import DebateRules
from bot.domain.opinions.model import OpinionRules
from bot.domain.organisation import Field


def reason(case: Case) -> tuple[Say, ...]:
    """What the consultation is for, where that is not just its title."""
    purpose = case.definition.purpose
    return (say("why", purpose=purpose),) if purpose not in {"", case.definition.title} else ()


def each(rules: DebateRules | OpinionRules) -> tuple[Say, ...]:
    """How many contributions a member may have published, where that is limited."""
    return () if rules.each is None else (say("each-at-most", n=rules.each),)


def kept(key: str, case: Case) -> Say:
    """Until when the server keeps the links, its backups included where there are some."""
    days = case.backup_days
    return say(key, n=days) if days else say(f"{key}.unsaved")


def _rules(case: Case) -> DebateRules | OpinionRules:
    rules = case.definition.debate or case.definition.opinions
    assert rules is not None
    return rules


def _moderation(case: Case) -> ItemState:
    rules, contact = _rules(case), case.declared(Field.CONTACT).value
    appeal = (say("moderated.appeal", contact=contact),) if contact else ()
    grounds = say("moderated.grounds", grounds=rules.grounds)
    says = (say(f"moderated.{rules.review.value}"), grounds, *appeal, say("moderated.unseen"))
    more = (say("moderated.reports", n=rules.reports), say("moderated.log"), say("moderated.withdrawn"))
    return ItemState("TRA-17", Status.GUARANTEED, says, more)


def _accepted(_: Case) -> ItemState:
    return ItemState("ENG-03", Status.GUARANTEED, (say("rules.deliberation", version=RULES_VERSION),))


def _roles(case: Case) -> ItemState:
    state = charter_duties.STATES["ENG-05"](case)
    return replace(state, more=_instead(state.more, "roles.voters", "roles.moderators"))


def _instead(says: tuple[Say, ...], key: str, other: str) -> tuple[Say, ...]:
    return tuple(say(other) if told.key == key else told for told in says)


def _frozen(_: Case) -> ItemState:
    return ItemState("TRA-03", Status.GUARANTEED, (say("frozen.deliberation"),), tier=2)


def _calendar(case: Case) -> ItemState:
    state = charter_ballot.STATES["TRA-02"](case)
    return replace(state, more=_instead(state.more, "when.clock", "when.clock.deliberation"))


def _languages(case: Case) -> ItemState:
    state = charter_duties.STATES["PAR-03"](case)
    return replace(state, more=(say("languages.contributions"),))


def _privacy(case: Case) -> ItemState:
    state = charter_duties.STATES["TRA-09"](case)
    says = (*state.says, say("data.published")) if state.says else ()
    more = _instead(state.more, "data.categories", f"data.categories.{case.definition.kind.value}")
    return replace(state, says=says, more=more)


def _complete(case: Case) -> ItemState:
    told = (say(f"complete.{case.definition.kind.value}"), say("complete.grounds"))
    return ItemState("TRA-13", Status.GUARANTEED, told)


def _erasure(case: Case) -> ItemState:
    state, erased = charter_duties.STATES["TRA-10"](case), case.erased
    if erased is None:
        return state
    kind = case.definition.kind.value
    more = _instead(state.more, "erasure.kept", f"erasure.kept.{kind}")
    return replace(state, says=(say(f"erasure.{kind}", day=erased),), more=more)


def _pressure(_: Case) -> ItemState:
    return ItemState("PAR-11", Status.GUARANTEED, (say("pressure.deliberation"),))


STATES: Mapping[str, Callable[[Case], ItemState]] = {
    "ENG-03": _accepted,
    "ENG-05": _roles,
    "TRA-02": _calendar,
    "TRA-03": _frozen,
    "PAR-03": _languages,
    "TRA-09": _privacy,
    "TRA-10": _erasure,
    "TRA-13": _complete,
    "PAR-11": _pressure,
    "TRA-17": _moderation,
}
"""The rule of each point that stands alike for both kinds."""
