"""What was received before the closing counts, however late its turn comes; what is erased is erased in the end."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.ids import Action
from tests.fakes.bench import Bench


async def test_a_press_received_before_the_closing_is_handled_before_it(poll: Bench) -> None:
    """The press waits while Telegram is asked whether Bruno is a member; the closing time passes meanwhile."""
    asked, answers = asyncio.Event(), asyncio.Event()

    async def slowly(question: str) -> None:
        if question == "is-member":
            asked.set()
            await answers.wait()

    poll.app = poll.assembled(tick=slowly)
    await poll.app.start()
    poll.clock.move(timedelta(hours=2) - timedelta(seconds=1))
    press = asyncio.create_task(poll.app(poll.pressed("bruno", Action("v", 1, "1"))))
    await asked.wait()
    poll.clock.move(timedelta(seconds=2))
    await poll.app.settle()
    assert poll.state() == "open"
    answers.set()
    assert "recorded" in (await press).toast
    poll.clock.move(timedelta(seconds=1))
    await poll.app.settle()
    assert poll.state() == "certified"


async def test_what_a_backup_kept_from_being_scrubbed_is_scrubbed_later(
    poll: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    scrubbed: list[bool] = []

    async def busy_then_done(people: bool) -> None:
        scrubbed.append(len(scrubbed) > 0)
        if not scrubbed[-1]:
            raise OSError("a backup is reading")

    monkeypatch.setattr(poll.store, "scrub", busy_then_done)
    await poll.pass_time(hours=2)
    assert poll.state() == "certified"
    assert scrubbed == [False]
    poll.clock.move(timedelta(seconds=30))
    await poll.app.settle()
    assert scrubbed == [False, True]
