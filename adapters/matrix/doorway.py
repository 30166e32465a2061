"""How a batch of acts goes to the door: in order where order matters, together where it does not.

Votes commit together or not at all fast, so acts that are alike (replies; the same
command; arrivals) by different people are handed over at once, and share a commit. Acts
that differ keep their order, and so do all acts of one person. It knows nothing of Matrix.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby

from bot.domain.ids import AccountRef
from bot.ports import Door, Edited, Incoming, MemberMoved, Said


async def hand_over(door: Door, acts: Sequence[Incoming]) -> None:
    """Return once the door has handled all the acts; what it raises is raised, and the rest of the acts is dropped."""
    for _, alike in groupby(acts, _likeness):
        lanes: defaultdict[AccountRef | None, list[Incoming]] = defaultdict(list)
        for act in alike:
            lanes[_who(act)].append(act)
        if len(lanes) == 1:
            await _in_turn(door, next(iter(lanes.values())))
            continue
        async with asyncio.TaskGroup() as together:
            for lane in lanes.values():
                together.create_task(_in_turn(door, lane))


async def _in_turn(door: Door, acts: Sequence[Incoming]) -> None:
    for act in acts:
        await door(act)


def _likeness(act: Incoming) -> tuple[type, str]:
    command = act.text.split(maxsplit=1)[0].casefold() if isinstance(act, Said) and act.text.startswith("/") else ""
    return type(act), command


def _who(act: Incoming) -> AccountRef | None:
    return act.who.account if isinstance(act, Said | Edited | MemberMoved) else None
