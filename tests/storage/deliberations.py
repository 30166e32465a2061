"""Debates and opinion maps for the tests of the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.consultation import Definition, Kind
from bot.domain.debate.model import (
    ArgumentKind,
    Budget,
    DebateRules,
    Measure,
    NewArgument,
    Phase,
    Request,
    Review,
    Signing,
    Stage,
)
from bot.domain.opinions.model import OpinionRules
from bot.store import Store
from tests.storage.scene import NOW, Scene, opened, poll

STAGES = (Stage(Phase.INFORMATION, timedelta(hours=6)), Stage(Phase.ARGUMENTS), Stage(Phase.CONCLUSION))
FULL_DEBATE = DebateRules(
    stages=STAGES,
    signing=Signing.PSEUDONYM,
    review=Review.BEFORE,
    grounds=("hors sujet", "\u00ab attaque \u00bb"),
    reports=4,
    length=300,
    each=7,
    minimum=6,
    turn=Budget(180, Measure.SECONDS),
    alternate=True,
    lists=("students", "staff"),
    opinion=False,
    vote=True,
    vote_lasts=timedelta(hours=36),
)
FULL_MAP = OpinionRules(review=Review.BEFORE, grounds=("off-topic",), reports=2, length=100, each=3, minimum=8)


PLAIN_DEBATE = DebateRules(STAGES)
PLAIN_MAP = OpinionRules()


def debate(rules: DebateRules = PLAIN_DEBATE) -> Definition:
    """A debate without a vote."""
    return replace(poll(kind=Kind.DEBATE, debate=rules), options=())


def opinion_map(rules: OpinionRules = PLAIN_MAP) -> Definition:
    """An opinion map without first statements."""
    return replace(poll(kind=Kind.OPINIONS, opinions=rules), options=())


async def debating(store: Store, voters: int = 3) -> tuple[Scene, list[int]]:
    """An open debate, and the aliases of its voters 1, 2, 3 …"""
    return await _with_aliases(store, voters, debate())


async def mapping_opinions(store: Store, voters: int = 3) -> tuple[Scene, list[int]]:
    """An open opinion map, and the aliases of its voters 1, 2, 3 …"""
    return await _with_aliases(store, voters, opinion_map())


async def _with_aliases(store: Store, voters: int, definition: Definition) -> tuple[Scene, list[int]]:
    scene = await opened(store, voters, definition)
    accounts = [await scene.account(who) for who in range(1, voters + 1)]
    aliases = await store.write(lambda tx: [tx.debates.take_part(scene.number, account) for account in accounts])
    return scene, aliases


def argument(alias: int, text: str = "because", **changes: Any) -> NewArgument:
    """An argument for, published in the second stage."""
    return replace(NewArgument(alias, ArgumentKind.FOR, text, "Ana", NOW, stage=1), **changes)


def request(alias: int, **changes: Any) -> Request:
    """Someone who asks for the floor."""
    return replace(Request(alias, f"Nr {alias}", NOW), **changes)
