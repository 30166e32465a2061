"""The code of a confidential ballot, served for real: in a toast, the same after a kill, and good after the closing."""

from __future__ import annotations

import re

from tests.endtoend.hall import Hall

VOTE = '/vote "Which?" "A hall with a long name for all of us" "Garden" --purpose x --binding advice --close 2d --yes'
CODE = re.compile(r"[0-9A-Z]{3}(?:-[0-9A-Z]{3}){3}")


async def test_a_code_is_given_by_a_press_and_stays_after_a_kill(hall: Hall) -> None:
    card = await hall.poll(VOTE)
    assert not CODE.findall(await hall.press(hall.bruno, card, "Garden"))  # it asks to accept the rules
    toast = await hall.press(hall.bruno, card, "Garden")
    (code,) = CODE.findall(toast)
    assert len(toast) <= 200
    await hall.restart()
    toast = await hall.press(hall.bruno, card, "A hall with a long name for all of us")
    assert CODE.findall(toast) == [code]
    assert len(toast) <= 200
    assert code in await hall.press(hall.bruno, card, "My ballot")
    await hall.meet(hall.bruno)
    await hall.say(hall.bruno, "/mine", hall.bruno)
    assert code in (await hall.told(hall.bruno, "mine.code")).text
    await hall.close_early()
    await hall.meet(hall.chloe)
    await hall.say(hall.chloe, "/verify", hall.chloe)
    await hall.told(hall.chloe, "verify.ask")
    await hall.say(hall.chloe, code.lower(), hall.chloe)
    await hall.told(hall.chloe, "verify.inclusion")
    assert not [message for message in hall.room.messages.values() if code in message.text]
