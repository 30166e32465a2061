"""The keys `roll` and `group`, read into who may vote: the rooms, the organisation's list or those given a code."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain import vocabulary
from bot.domain.refusals import Refusal
from bot.domain.roll_files import GROUP_LIMIT
from bot.domain.roll_sources import RollSource
from bot.domain.wishes import Wishes
from bot.domain.words import clean_text

_MIXES: Mapping[frozenset[str], RollSource] = {
    frozenset({"list", "codes"}): RollSource.LIST,  # whoever was given a code is on the list
    frozenset({"list", "room"}): RollSource.LIST_AND_ROOM,
    frozenset({"list", "codes", "room"}): RollSource.LIST_AND_ROOM,
    frozenset({"codes", "room"}): RollSource.CODES_AND_ROOM,
}


def read_source(wishes: Wishes, *, advisory: bool) -> RollSource:
    """Who may vote. A group alone is one of the organisation's list.

    Raises Refusal `impossible-value`, `open-roll-advisory-only`, `group-needs-list`.
    """
    grouped = wishes.asks("group")
    if "roll" not in wishes.keys:
        return RollSource.LIST if grouped else RollSource.ROOM
    parts = [vocabulary.value("roll", part) for part in re.split(r"[,;+]", wishes.keys["roll"]) if part.strip()]
    named = frozenset(part for part in parts if part is not None)
    source = RollSource(*named) if len(named) == 1 else _MIXES.get(named)
    if source is None or None in parts:
        values = vocabulary.values_in(wishes.language, "roll")
        raise Refusal("impossible-value", said=wishes.said("roll"), values=values)
    if source is RollSource.OPEN and not advisory:
        raise Refusal("open-roll-advisory-only")
    if grouped and not (source.listed and not source.observed):
        raise Refusal("group-needs-list", said=wishes.said("group"))
    return source


def read_group(wishes: Wishes) -> str:
    """The group of the list whose members alone may vote, "" for all. Raises the Refusals of `words.clean_text`."""
    return clean_text(wishes.keys["group"], GROUP_LIMIT) if wishes.asks("group") else ""
