"""How the point about who may vote stands where several organisations hold a consultation together."""

from __future__ import annotations

from bot.domain.charter_values import Case, Say, say
from bot.domain.consultation import DELIBERATIONS, Secrecy
from bot.domain.joint import LEAST, Together


def held_together(case: Case) -> tuple[Say, ...]:
    """Who holds it, whom to turn to in each organisation, that a person counts once, what is told of each one's result,
    and whose answer is waited for."""
    told = case.circumstances.together
    joined = [each for each in told if each.invited_until is None]
    waits = [say("joint.invited", partner=each.name, until=each.invited_until) for each in told if each.invited_until]
    if not joined:
        return tuple(waits)
    return (
        say("joint.with", organisations=(case.organisation.name, *(each.name for each in joined))),
        *(_of(each) for each in joined),
        say("joint.once"),
        _apart(case),
        *waits,
    )


def _apart(case: Case) -> Say:
    """What is told of each organisation's own result; of what is written together, whose moderators look after it."""
    if case.definition.kind in DELIBERATIONS:
        return say("joint.deliberates", organisation=case.organisation.name)
    match case.definition.secrecy:
        case Secrecy.PUBLIC:
            return say("joint.apart-public")
        case Secrecy.UNLINKED:
            return say("joint.apart-whole")
        case Secrecy.CONFIDENTIAL:
            return say("joint.apart", least=LEAST)


def held_with_others(case: Case) -> bool:
    """Whether another organisation holds it too."""
    return any(each.invited_until is None for each in case.circumstances.together)


def _of(each: Together) -> Say:
    return say(
        "joint.partner",
        partner=each.name, contact=each.contact, responder=each.responder, controller=each.controller,
    )  # fmt: skip
