"""Looks at a whole scenario before anything is played: can each act happen at all, and when does its clock start?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from adapters.console.acts import Act, AskAcceptance, At, Down, Expect, Found, Open, Remark, Wait
from adapters.console.world import BEGINNING, World


def foresee(acts: Sequence[Act]) -> datetime:
    """Check that rooms exist, that people are where they speak and that time goes forward; the instant to start at.

    Raises Mistake for the first act that can't happen.
    """
    start = beginning(acts)
    world = World(start)
    for act in acts:
        for one in (act, *(act.meanwhile if isinstance(act, Down) else ())):
            world.accept(one)
        if isinstance(act, Expect) and act.place.startswith("#"):
            world.room(act.line, act.place[1:])
        world.clock.move(_after(act, world.clock.now()))
    return start


def beginning(acts: Sequence[Act]) -> datetime:
    """The scenario's first instant: its first line if that is an `at`; the usual one, or an earlier `at` that stands
    before anybody does anything."""
    prelude = list(_prelude(acts))
    set_by = [act.when for act in prelude if isinstance(act, At)]
    if prelude and isinstance(prelude[0], At):
        return set_by[0]
    return min([BEGINNING, *set_by[:1]])


def _prelude(acts: Sequence[Act]) -> Iterator[Act]:
    for act in acts:
        if not isinstance(act, At | Open | Found | Remark | AskAcceptance):
            return
        if not isinstance(act, Remark):
            yield act


def _after(act: Act, now: datetime) -> datetime:
    match act:
        case At(when=when):
            return when
        case Wait(lasting=lasting):
            return now + lasting
        case Down(lasting=lasting, meanwhile=meanwhile):
            return now + max(lasting, sum((one.lasting for one in meanwhile if isinstance(one, Wait)), lasting * 0))
        case _:
            return now
