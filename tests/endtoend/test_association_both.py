"""One association on both platforms, on the real programs: its rooms, its roles, its roll, a vote by codes that two
people close."""

from __future__ import annotations

import re
from pathlib import Path

from bot.domain.ids import RoomRef
from tests.botapi import User
from tests.endtoend.files import downloaded, table
from tests.endtoend.meeting import hears
from tests.endtoend.two_rooms import TwoRooms, two_rooms
from tests.servers.synapse import Homeserver

CODE = re.compile("[0-9A-F]{4}(?:-[0-9A-F]{4}){3}")
SOME = "name;group\nBruno Blum;board\nChloe Clark;board\nDan Doe;\n"
OTHERS = "name;telegram_id\nAna Arden;{ana}\nEva Ender;\nFay Fox;\n"
VOTE = (
    '/vote "Budget?" "For" "Against" --purpose "Adopt it" --binding advice --rooms "Assembly, Agora" --close 2h'
    " --roll codes --quorum 60% --approval --yes"
)


async def test_an_association_hands_over_its_roles_and_votes_by_codes(homeserver: Homeserver, tmp_path: Path) -> None:
    async with two_rooms(homeserver, tmp_path) as both:
        chat = await both.meeting.ana.meets(both.meeting.bot, name="", is_direct=True)
        await both.meeting.ana.waits_for(both.meeting.bot, chat)
        await give_roles(both, chat)
        codes = await make_roll(both, chat)
        lost = codes["Dan Doe"]
        codes["Dan Doe"] = await replace_dans_code_and_suspend_eva(both, chat)
        await hand_over(both, chat)
        eva = await claim(both, codes)
        await vote(both, eva, lost, codes["Dan Doe"])
        await close_by_two(both)


async def give_roles(both: TwoRooms, chat: RoomRef) -> None:
    """Ana, admin since she brought the Matrix room in, hands out three roles by codes."""
    ana, bruno, hall = both.meeting.ana, both.bruno, both.hall
    codes = {}
    for role in ("organiser", "scrutineer", "admin"):
        await ana.says(chat, f"!roles {role}")
        codes[role] = code_in((await hears(ana, f"A code for the role “{role}”")).body)
    await bruno.says(both.chat, f"!claim {codes['scrutineer']}")
    await hears(bruno, "You have the role “scrutineer”")
    await hears(bruno, "This is the first time I write to you in private")
    for who, role in ((hall.chloe, "organiser"), (hall.ana, "admin")):
        await hall.api.start(who, f"r-{codes[role]}")
        await hall.see(who, f"You have the role “{role}”")
    await hears(ana, "Chloé took the role “organiser”")
    await bruno.says(both.chat, f"!claim {codes['organiser']}")
    await hears(bruno, "doesn't exist")


async def make_roll(both: TwoRooms, chat: RoomRef) -> dict[str, str]:
    """Half of the roll is pasted on each platform; the codes come as files."""
    ana, hall = both.meeting.ana, both.hall
    await ana.says(chat, "!roll import")
    await ana.says(chat, SOME)
    await hears(ana, "3 new members: Bruno Blum, Chloe Clark, Dan Doe")
    await ana.says(chat, "1")
    await hears(ana, "3 members on the roll")
    await hall.say(hall.ana, "/roll import\n" + OTHERS.format(ana=hall.ana.id), hall.ana)
    preview = await hall.see(hall.ana, "3 new members: Ana Arden, Eva Ender, Fay Fox")
    await hall.press(hall.ana, preview, "Import")
    await hall.see(hall.ana, "6 members on the roll")
    await ana.says(chat, "!roll codes")
    lines = table(await downloaded(ana, "codes.csv"))
    codes = {line["name"]: line["code"] for line in lines}
    assert sorted(codes) == ["Bruno Blum", "Chloe Clark", "Dan Doe", "Eva Ender", "Fay Fox"]
    assert all(line["link"].endswith(f"?start=c-{line['code']}") for line in lines)
    sheet = (await downloaded(ana, "codes.html")).decode()
    assert sheet.count("<svg ") == 5
    assert all(code in sheet for code in codes.values())
    return codes


async def replace_dans_code_and_suspend_eva(both: TwoRooms, chat: RoomRef) -> str:
    ana = both.meeting.ana
    await ana.says(chat, "!roll dan")
    number = (await hears(ana, "Dan Doe (no account")).body.splitlines()[-1].partition(".")[0]
    await ana.says(chat, f"!roll code {number}")
    fresh = code_in((await hears(ana, "The former one no longer works")).body)
    await ana.says(chat, "!roll eva")
    number = (await hears(ana, "Eva Ender (no account")).body.splitlines()[-1].partition(".")[0]
    await ana.says(chat, f"!roll suspend {number} fee not paid")
    await hears(ana, "Eva Ender can't vote any more")
    return fresh


async def hand_over(both: TwoRooms, chat: RoomRef) -> None:
    """Ana on Matrix leaves her role to Ana on Telegram; every member can read who has which."""
    ana, bruno = both.meeting.ana, both.bruno
    await ana.says(chat, "!roles leave admin")
    await hears(ana, "you no longer have the role “admin”")
    await ana.says(chat, "!roll")
    await hears(ana, "Only people who administer the association")
    await bruno.says(both.room, "!roles")
    told = (await hears(bruno, "Roles: The Linden Friends")).body
    holders = re.findall(r"^\d\. (\w+)", told, re.MULTILINE)
    assert holders == ["Ana", "Chloé", "bruno"]
    assert both.hall.words("role.mapping") in told
    assert "Assembly and Agora" in told


async def claim(both: TwoRooms, codes: dict[str, str]) -> User:
    """By one tap on Telegram, by a command on Matrix. Eva is suspended, which doesn't keep her from claiming."""
    hall, eva = both.hall, both.hall.user("Eva")
    hall.seat(eva, hall.room)
    for who, name in ((hall.chloe, "Chloe Clark"), (eva, "Eva Ender")):
        await hall.api.start(who, f"c-{codes[name]}")
        await hall.see(who, f"this account is now {name}'s")
    await both.bruno.says(both.chat, f"!claim {codes['Bruno Blum']}")
    await hears(both.bruno, "this account is now Bruno Blum's")
    return eva


async def vote(both: TwoRooms, eva: User, lost: str, fresh: str) -> None:
    """Whoever isn't on the frozen roll of four is told why not; three of the four vote."""
    hall, bruno = both.hall, both.bruno
    dan = hall.user("Dan")
    hall.seat(dan, hall.room)
    await hall.say(hall.chloe, VOTE)
    card = await hall.card()
    assert "0 voters of 4" in card.text
    assert "Quorum 3 of 4" in card.text
    assert "You have a code?" in await hall.press(hall.bruno, card, "For")
    assert "suspended. Reason: fee not paid" in await hall.press(eva, card, "For")
    assert "gave a personal code" in await hall.press(hall.ana, card, "For")
    await hall.api.start(dan, f"c-{lost}")
    await hall.told(dan, "refusal.code-replaced")
    await hall.api.start(dan, f"c-{fresh}")
    await hall.see(dan, "You can vote here already")
    for who in (dan, hall.chloe):
        assert "Press again to accept the rules" in await hall.press(who, card, "For")
        assert "Recorded: For" in await hall.press(who, card, "For")
    await hears(bruno, "Budget?", "0 voters of 4")
    await bruno.says(both.chat, "!v 1 2")
    await hears(bruno, "answer yes")
    await bruno.says(both.chat, "yes")
    await hears(bruno, "Recorded: Against")


async def close_by_two(both: TwoRooms) -> None:
    """An organiser on Telegram asks for it, the scrutineer on Matrix agrees."""
    hall, bruno = both.hall, both.bruno
    await hall.say(hall.chloe, "/close 1", hall.chloe)
    await hall.see(hall.chloe, "closing no. 1 early takes two people")
    await hears(bruno, "Chloé wants to close no. 1 now")
    assert not hall.results()
    await bruno.says(both.chat, "!close 1")
    for told in ((await hall.result()).text, await both.shown("Result", "Budget?")):
        assert "For wins with 2 votes of 3" in told
        assert "3 voters of 4" in told


def code_in(text: str) -> str:
    found = CODE.search(text)
    assert found, text
    return found[0]
