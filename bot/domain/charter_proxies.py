"""How the points about who may vote, who sees a choice and what the statutes ask stand, as far as proxies go."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.charter_values import Case, ItemState, Say, Status, say
from bot.domain.consultation import Secrecy
from bot.domain.receipts import Receipt


def in_anothers_place(case: Case) -> tuple[Say, ...]:
    """Whether a member may vote in another's place, for how many, until when that can be undone and how it counts."""
    rule = case.definition.proxies
    if rule is None:
        return ()
    limit = say("who.proxy-unlimited") if rule.most is None else say("who.proxy-most", n=rule.most)
    return limit, say("who.proxy-back"), say("who.proxy-counts")


def seen_by_holders(case: Case) -> tuple[Say, ...]:
    """Who knows what was chosen in another's place: the giver too where codes show choices, for the code is theirs."""
    definition = case.definition
    if definition.proxies is None:
        return ()
    if definition.secrecy is Secrecy.PUBLIC:
        return (say("sees.proxy-public"),)
    shown = (say("sees.proxy-receipt"),) if definition.receipt is Receipt.CHOICE else ()
    return say("sees.proxy"), *shown


def _assembly(case: Case) -> ItemState:
    return ItemState("GA-05", Status.GUARANTEED, in_anothers_place(case) or (say("who.proxy-none"),))


STATES: Mapping[str, Callable[[Case], ItemState]] = {"GA-05": _assembly}
"""The rule of the point about proxies."""
