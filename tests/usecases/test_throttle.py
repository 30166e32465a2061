"""An account that presses without end is slowed down; its vote stands, and the others are not concerned."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.ids import Action
from bot.usecases.throttle import BURST
from tests.fakes.bench import Bench


async def test_a_flood_is_refused_and_changes_nothing(poll: Bench) -> None:
    assert "recorded" in await poll.vote("bruno", 1, 1)
    toasts = [(await poll.app(poll.pressed("bruno", Action("v", 1, "2")))).toast for _ in range(BURST + 20)]
    assert "Changed" in toasts[0]
    assert "Too fast" in toasts[-1]
    assert "recorded" in await poll.vote("chloe", 1, 1)
    before = poll.dump()
    assert "Too fast" in (await poll.app(poll.pressed("bruno", Action("v", 1, "1")))).toast
    assert poll.dump() == before
    poll.clock.move(timedelta(seconds=1))
    assert "Changed" in await poll.vote("bruno", 1, 1)


async def test_a_press_delivered_again_has_the_fate_it_had_and_costs_nothing(poll: Bench) -> None:
    first = poll.pressed("bruno", Action("v", 1, "1"))
    for _ in range(BURST * 3):
        assert "ecorded" in (await poll.app(first)).toast
    for _ in range(BURST - 1):
        assert "Too fast" not in (await poll.app(poll.pressed("bruno", Action("v", 1, "2")))).toast
    refused = poll.pressed("bruno", Action("v", 1, "1"))
    assert "Too fast" in (await poll.app(refused)).toast
    poll.clock.move(timedelta(seconds=2))
    assert "Too fast" in (await poll.app(refused)).toast
    assert "already" in await poll.vote("bruno", 1, 2)
