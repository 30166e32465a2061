"""How the point about who may vote stands where several organisations hold a consultation together."""

from __future__ import annotations

from bot.domain.charter_values import Case, Say, say
from bot.domain.consultation import Secrecy
from bot.domain.joint import LEAST, Together


def held_together(case: Case) -> tuple[Say, ...]:
    """Who holds it, whom to turn to in each organisation, that a person counts once, what is told of each one's result,
    and whose answer is waited for."""
    told = case.circumstances.together
    joined = [each for each in told if each.invited_until is None]
    waits = [say("joint.invited", partner=each.name, until=each.invited_until) for each in told if each.invited_until]
    if not joined:
        return tuple(waits)
    apart = "joint.apart-public" if case.definition.secrecy is Secrecy.PUBLIC else "joint.apart"
    return (
        say("joint.with", organisations=(case.organisation.name, *(each.name for each in joined))),
        *(_of(each) for each in joined),
        say("joint.once"),
        say(apart, **({} if case.definition.secrecy is Secrecy.PUBLIC else {"least": LEAST})),
        *waits,
    )


def _of(each: Together) -> Say:
    return say(
        "joint.partner",
        partner=each.name, contact=each.contact, responder=each.responder, controller=each.controller,
    )  # fmt: skip
