"""One person with an account on each platform, on the real programs: both are linked while both vote; one vote is
left."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from tests.endtoend.meeting import hears
from tests.endtoend.two_rooms import two_rooms
from tests.servers.synapse import Homeserver

TIMES = 6
"""Ballots from each platform at once: what an account may press in a row, with some to spare."""


async def test_one_person_on_both_platforms_has_one_vote(homeserver: Homeserver, tmp_path: Path) -> None:
    async with two_rooms(homeserver, tmp_path) as both:
        hall, ana, bruno, room = both.hall, both.meeting.ana, both.bruno, both.room
        poll = f'!poll "Where?" "Hill" "Lake" --rooms "Agora, {hall.room.id}" --close 2h --yes'
        await ana.says(room, poll)
        card = await hall.card()
        assert "recorded" in await hall.press(hall.chloe, card, "Hill")
        await bruno.says(both.chat, "!v 1 2")
        await hears(bruno, "Your vote is recorded", "Lake")
        await both.shown("2 voters")

        await hall.say(hall.chloe, "/link", hall.chloe)
        page = await hall.see(hall.chloe, "within 10 minutes")
        code = re.search(r"/link (\S+)", page.text)
        assert code
        await bruno.says(both.chat, f"!link {code[1]}")
        await hears(bruno, "Are both of these accounts yours?", "Chloé")
        asked = await hall.see(hall.chloe, "Are both of these accounts yours?")
        await bruno.says(both.chat, "!link yes")
        await hears(bruno, "the other account has to say yes")

        presses = [hall.press(hall.chloe, card, ("Hill", "Lake")[turn % 2]) for turn in range(TIMES)]
        words = [bruno.says(both.chat, f"!v 1 {1 + turn % 2}") for turn in range(TIMES)]
        half = TIMES // 2
        linking = hall.press(hall.chloe, asked, "Yes, both are mine")
        await asyncio.gather(*presses[:half], *words[:half], linking, *presses[half:], *words[half:])
        await hears(bruno, "These accounts are linked", "the later ballot stays")
        await hall.see(hall.chloe, "the later ballot stays")

        await bruno.says(both.chat, "!v 1 2")
        await hears(bruno, "Lake", after=len(bruno.seen))
        await both.shown("Where?", "1 voter")
        await ana.says(room, "!close 1")
        result = await hall.result()
        assert "1 vote of 1" in result.text
