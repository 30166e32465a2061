"""A proxy served for real on Telegram: the link of the code, the acceptance, a restart, the ballot, the count."""

from __future__ import annotations

import re

from tests.endtoend.hall import Hall

VOTE = '/vote "Which?" "Hall" "Garden" --purpose x --binding advice --close 2d --proxies 1 --yes'


async def test_a_vote_is_given_by_a_link_cast_by_another_and_taken_back_by_voting(hall: Hall) -> None:
    card = await hall.poll(VOTE)
    await hall.meet(hall.bruno)
    await hall.say(hall.bruno, "/proxy 1", hall.bruno)
    handed = await hall.told(hall.bruno, "proxy.hand-over")
    start = re.search(r"\?start=(proxy-[0-9A-F-]{19})", handed.text)
    assert start is not None
    await hall.meet(hall.chloe)
    await hall.say(hall.chloe, f"/start {start[1]}", hall.chloe)
    asked = await hall.told(hall.chloe, "proxy.asked")
    assert "Bruno" in asked.text
    await hall.press(hall.chloe, asked, hall.words("button.proxy-take"))
    assert "Chloé" in (await hall.told(hall.bruno, "proxy.told-taken")).text
    await hall.restart()
    await hall.say(hall.chloe, "/v 1 for Bruno: Garden", hall.chloe)
    await hall.say(hall.chloe, "yes", hall.chloe)
    await hall.told(hall.chloe, "proxy.recorded")
    await hall.api.wait(lambda: "1 of them by proxy" in card.text, 20, "the card tells it")
    await hall.say(hall.chloe, "/v 1 1", hall.chloe)
    result = await hall.close_early()
    assert "2 voters" in result.text
    assert "1 of them by proxy" in result.text
