"""What organisers do with a consultation that is under way, and what time does to it when nobody does anything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.endtoend.hall import POLL, Hall, counted

NIGHT = timedelta(hours=25)


async def test_extending_reminding_cancelling_and_answering_are_announced(hall: Hall) -> None:
    await hall.meet(hall.ana)
    card = await hall.poll()
    await hall.press(hall.bruno, card, "Café")
    await hall.say(hall.bruno, "/extend 1 1d")
    await hall.heard("refusal.organisers-only")
    await hall.say(hall.ana, "/extend 1 1d", hall.ana)
    await hall.heard("notice.extended-organiser")
    await hall.say(hall.ana, "/remind 1", hall.ana)
    reminder = await hall.heard("reminder.headline")
    assert "Changed: Library" in await hall.press(hall.bruno, reminder, "Library")
    assert counted(await hall.close_early()) == {"Café": 0, "Library": 1}
    await hall.say(hall.ana, "/answer 1 We meet at the library.", hall.ana)
    await hall.see(hall.room, "We meet at the library.")

    second = await hall.poll('/poll "Cats?" "Yes" "No" --close 2d --yes')
    await hall.press(hall.bruno, second, "Yes")
    await hall.say(hall.ana, "/cancel 2 the question was badly put", hall.ana)
    await hall.see(hall.room, "Reason: the question was badly put")
    assert "badly put" in await hall.press(hall.bruno, second, "1|v|2|1", forged=True)
    await hall.api.wait(lambda: not second.labels, 30, "a card without buttons")


async def test_a_reminder_then_the_closing_come_by_themselves(hall: Hall) -> None:
    card = await hall.poll()
    await hall.press(hall.bruno, card, "Café")
    await hall.shown(card, {"Café": 1, "Library": 0})
    await hall.kill()
    hall.let_pass(NIGHT)
    await hall.start()
    reminder = await hall.heard("reminder.headline")
    assert "Recorded: Library" in await hall.press(hall.chloe, reminder, "Library")
    assert "Recorded: Library" in await hall.press(hall.ana, card, "Library")
    await hall.kill()
    hall.let_pass(NIGHT)
    pressed_too_late = hall.api.press(hall.ana, card, "Café", timeout=30)
    await hall.start()
    assert counted(await hall.result()) == {"Café": 1, "Library": 2}
    assert "Too late" in (await pressed_too_late).text
    assert len(hall.results()) == 1
    assert len(hall.api.messages_in(hall.room, hall.words("reminder.headline"))) == 1


async def test_an_absence_of_the_bot_moves_the_closing_once_and_says_so(hall: Hall) -> None:
    card = await hall.poll('/poll "Where?" "Café" "Library" --close 1d --yes')
    await hall.press(hall.bruno, card, "Library")
    await hall.shown(card, {"Café": 0, "Library": 1})
    await hall.kill()
    hall.let_pass(NIGHT, served=False)
    pressed = hall.api.press(hall.bruno, card, "Café", timeout=30)
    await hall.start()
    assert "Changed: Café" in (await pressed).text
    await hall.heard("notice.extended-outage")
    await hall.shown(card, {"Café": 1, "Library": 0})
    await hall.restart()
    assert "Recorded: Library" in await hall.press(hall.chloe, card, "Library")
    await hall.shown(card, {"Café": 1, "Library": 1})
    assert not hall.results()
    # Killed just after it was sent, the notice may stand twice; what it says happened once.
    assert len({notice.text for notice in hall.api.messages_in(hall.room, hall.words("notice.extended-outage"))}) == 1


async def test_a_scheduled_vote_is_disclosed_the_day_before_and_opens_in_time(database: str, tmp_path: Path) -> None:
    async with Hall(tmp_path, database) as hall:
        await hall.start()
        await hall.say(hall.ana, POLL.replace("--yes", "--open 3d --yes"))
        await hall.heard("published.later")
        await hall.kill()
        hall.let_pass(timedelta(days=2, hours=1))
        await hall.start()
        await hall.heard("charter.card.title")
        await hall.say(hall.bruno, "/v 1 1")
        await hall.heard("refusal.not-open-yet")
        assert not hall.api.messages_in(hall.room, hall.words("card.voting-is-accepting"))
        await hall.say(hall.bruno, "/open 1")
        await hall.heard("refusal.organisers-only")
        await hall.kill()
        hall.let_pass(timedelta(days=1))
        await hall.start()
        card = await hall.card()
        assert "Recorded: Café" in await hall.press(hall.bruno, card, "Café")
        assert len(hall.disclosures()) == 1
