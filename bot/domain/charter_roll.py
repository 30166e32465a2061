"""How the point about who may vote stands where an organisation's list of members says so."""

from __future__ import annotations

from bot.domain.charter_values import Case, Say, say


def on_the_list(case: Case) -> tuple[Say, ...]:
    """Whose list, how many today, how many of them have still to say who they are, and what is frozen when."""
    definition, today = case.definition, case.circumstances.members
    if not definition.roll.listed or today is None:
        return ()
    source = "codes" if definition.roll.by_code else "list"
    if definition.group:
        told = say(f"who.{source}-group", n=today.size, group=definition.group)
    else:
        told = say(f"who.{source}", n=today.size)
    unclaimed = (say("who.unclaimed", n=today.unclaimed),) if today.unclaimed else ()
    also = (say("who.also-rooms"),) if definition.roll.observed else ()
    return (told, *unclaimed, say("who.list-frozen"), *also)
