"""Consent on Telegram: a block pressed in the group waits for its reason in private, and is recorded with it."""

from __future__ import annotations

from tests.endtoend.hall import Hall

REASON = "the last train leaves before"


async def test_a_block_is_recorded_once_its_reason_is_given(hall: Hall) -> None:
    """By someone who has never written to the bot, and through a kill between the press and the reason."""
    card = await hall.poll('/poll "We open at midnight" --ballot consent --close 2d --yes')
    opened = await hall.api.press(hall.bruno, card, "Block")
    await hall.api.start(hall.bruno, opened.url.split("start=")[1])
    await hall.told(hall.bruno, "why.read")
    await hall.restart()
    await hall.shown(card, {"Agree": 0, "Abstain": 0, "Disagree": 0, "Block": 0})
    await hall.say(hall.bruno, REASON, hall.bruno)
    await hall.see(hall.bruno, f"Recorded: Block (“{REASON}”)")
    await hall.shown(card, {"Agree": 0, "Abstain": 0, "Disagree": 0, "Block": 1})
    assert "Recorded: Disagree" in await hall.press(hall.chloe, card, "Disagree")
    result = await hall.close_early()
    assert f"Block: “{REASON}”" in result.text
    assert "Rejected: 1 person blocks it" in result.text
