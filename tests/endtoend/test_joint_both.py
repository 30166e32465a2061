"""Two associations of one server, one in a Telegram group and one in a Matrix room, hold a vote together."""

from __future__ import annotations

import re
from pathlib import Path

from bot.domain.ids import RoomRef
from tests.contracts.matrix_bot import Friend
from tests.endtoend.hall import Hall
from tests.endtoend.meeting import Meeting, enters_private_chat, hears, meeting
from tests.servers.synapse import Homeserver

VOTE = (
    '/vote "Plant what?" "Lime" "Oak" --purpose "the square" --binding advice --secrecy public'
    " --open 2d --close 9d --yes"
)
DECLARATION = """!setup
name: The Old Oak
contact: oak@example.org
responder: the council
answer days: 20"""
CODE = re.compile("[0-9A-F]{4}(?:-[0-9A-F]{4}){3}")


async def test_a_member_of_both_associations_has_one_vote_and_counts_in_both(
    homeserver: Homeserver, tmp_path: Path
) -> None:
    async with (
        meeting(homeserver) as there,
        Hall(tmp_path, f"sqlite:///{tmp_path}/palabre.db", telegram=there.section(tmp_path)) as hall,
    ):
        await hall.start()
        await there.ana.waits_for(there.bot, there.room)
        await there.ana.says(there.room, DECLARATION)
        bruno = await there.friend("bruno")
        private = await bruno.meets(there.bot, name="", is_direct=True)
        await bruno.waits_for(there.bot, private)
        await hall.meet(hall.ana)
        await hall.meet(hall.chloe)
        await link(hall, bruno, private)
        chat = await invite(hall, there)
        await vote(hall, there.ana, chat, bruno, private)
        await hall.say(hall.ana, "/close 1", hall.ana)
        for told in ((await hall.result()).text, (await hears(bruno, "Result")).body):
            assert "Oak wins with 2 votes of 3" in told
            assert "The Linden Friends, 2 ballots: 1. Lime: 1 · 2. Oak: 1" in told
            assert "The Old Oak, 2 ballots: 1. Lime: 0 · 2. Oak: 2" in told


async def link(hall: Hall, bruno: Friend, private: RoomRef) -> None:
    """Chloé of the Telegram group and Bruno of the Matrix room are one person."""
    await hall.say(hall.chloe, "/link", hall.chloe)
    code = CODE.search((await hall.see(hall.chloe, "within 10 minutes")).text)
    assert code
    await bruno.says(private, f"!link {code[0]}")
    await hears(bruno, "Are both of these accounts yours?", "Chloé")
    asked = await hall.see(hall.chloe, "Are both of these accounts yours?")
    await bruno.says(private, "!link yes")
    await hears(bruno, "the other account has to say yes")
    await hall.press(hall.chloe, asked, "Yes, both are mine")
    await hears(bruno, "These accounts are linked")


async def invite(hall: Hall, there: Meeting) -> RoomRef:
    """Ana of the Telegram group invites with the code that Ana of the Matrix room asked for, who accepts in private;
    that chat."""
    await there.ana.says(there.room, "!invite")
    chat = await enters_private_chat(there.ana)
    code = CODE.search((await hears(there.ana, "The code to invite your association")).body)
    assert code
    await hall.say(hall.ana, VOTE)
    await hall.see(hall.ana, "It is scheduled")
    await hall.say(hall.ana, f"/invite 1 {code[0]}", hall.ana)
    await hall.see(hall.ana, "I am writing to its administrators")
    asked = (await hears(there.ana, "The Linden Friends invites The Old Oak")).body
    assert "board@example.org" in (await hears(there.ana, "The Old Oak is invited to hold it too")).body
    assert "1. Accept" in asked
    await there.ana.says(chat, "1")
    await hears(there.ana, "Accepted.")
    await hall.see(hall.ana, "The Old Oak agrees to hold consultation no. 1 with you")
    return chat


async def vote(hall: Hall, ana: Friend, chat: RoomRef, bruno: Friend, private: RoomRef) -> None:
    """The same disclosure in both rooms, then three people vote, one of them from both sides."""
    await hall.say(hall.ana, "/open 1", hall.ana)
    card = await hall.card()
    disclosed = (await hears(bruno, "Before you vote")).body
    for words in ("The Old Oak: contact oak@example.org", "A joint consultation of “The Linden Friends”"):
        assert words in hall.disclosures()[-1].text
        assert words in disclosed
    assert "Joint consultation: The Linden Friends and The Old Oak" in card.text
    for who in (hall.ana, hall.chloe):
        assert "accept the rules" in await hall.press(who, card, "Lime")
        assert "Recorded: Lime" in await hall.press(who, card, "Lime")
    await ana.says(chat, "!v 1 2")
    await hears(ana, "answer yes")
    await ana.says(chat, "yes")
    await hears(ana, "Recorded: Oak")
    await hears(bruno, "Plant what?", "Closes")
    await bruno.says(private, "!v 1 2")
    await hears(bruno, "Changed: Oak instead of Lime")
