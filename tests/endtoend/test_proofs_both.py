"""What proves a result, on the real programs and both platforms: journal heads, minutes, data that anyone checks, and
a contestation that is decided before the result is final."""

from __future__ import annotations

import asyncio
import io
import re
import sys
from datetime import timedelta
from pathlib import Path

from pypdf import PdfReader

from tests.endtoend.files import downloaded, received, unpacked
from tests.endtoend.meeting import hears
from tests.endtoend.program import ROOT
from tests.endtoend.two_rooms import TwoRooms, two_rooms
from tests.servers.synapse import Homeserver

CODE = re.compile("[0-9A-F]{4}(?:-[0-9A-F]{4}){3}")
HEAD = re.compile("[Jj]ournal.*: ((?:[0-9A-F]{4} ){4}[0-9A-F]{4})")
VOTE = (
    '!vote "Repair the roof?" "For" "Against" --purpose "the house" --binding advice --majority simple'
    ' --rooms "Agora, {group}" --close 2h --contest 1h --yes'
)
REASON = "I looked, nobody did"


async def test_a_result_is_contested_decided_checked_and_final(homeserver: Homeserver, tmp_path: Path) -> None:
    async with two_rooms(homeserver, tmp_path) as both:
        heads = await voted_and_closed(both)
        await contested_and_decided(both)
        await minutes_are_sent(both)
        folder = await the_same_data_reach_both(both, tmp_path)
        await anyone_can_check(folder, heads)
        await both.let_pass(timedelta(hours=1, minutes=1))
        await both.hall.see(both.hall.room, "The result is final")
        await hears(both.bruno, "The result is final")


async def voted_and_closed(both: TwoRooms) -> list[str]:
    """Bruno on Matrix is the scrutineer; Chloé and he vote. The heads of the journal at the opening and the closing, as
    both rooms show them."""
    hall, ana, bruno = both.hall, both.meeting.ana, both.bruno
    chat = await ana.meets(both.meeting.bot, name="", is_direct=True)
    await ana.waits_for(both.meeting.bot, chat)
    await ana.says(chat, "!roles scrutineer")
    code = CODE.search((await hears(ana, "A code for the role")).body)
    assert code
    await bruno.says(both.chat, f"!claim {code[0]}")
    await hears(bruno, "You have the role")
    await ana.says(both.room, VOTE.format(group=hall.room.id))
    card = await hall.card()
    for _ in range(2):
        told = await hall.press(hall.chloe, card, "For")
    assert "Recorded: For" in told
    opened = await hears(bruno, "Repair the roof?", "Closes")
    await bruno.says(both.chat, "!v 1 2")
    await hears(bruno, "answer yes")
    await bruno.says(both.chat, "yes")
    await hears(bruno, "Recorded: Against")
    await ana.says(both.room, "!close 1")
    result = await hall.result()
    assert "Provisional result: it can be contested until" in result.text
    closed = await hears(bruno, "Provisional result")
    heads = HEAD.findall(opened.body) + HEAD.findall(closed.body)
    assert HEAD.findall(card.text) + HEAD.findall(result.text) == heads
    return heads


async def contested_and_decided(both: TwoRooms) -> None:
    """In private on Telegram; by the scrutineer on Matrix, who doesn't learn whose it is; in public everywhere."""
    hall, bruno = both.hall, both.bruno
    await hall.say(hall.chloe, "/contest 1", hall.chloe)
    await hall.see(hall.chloe, "What is wrong?")
    await hall.say(hall.chloe, "Somebody voted twice", hall.chloe)
    await hall.see(hall.chloe, "Noted: contestation no. 1")
    asked = (await hears(bruno, "Somebody voted twice")).body
    assert "It isn't signed" in asked
    assert "Chlo" not in asked
    assert not hall.api.messages_in(hall.room, "Somebody voted twice")
    await bruno.says(both.chat, f"!contest 1 reject 1 {REASON}")
    for told in ((await hall.see(hall.room, REASON)).text, (await hears(bruno, "Decision", REASON)).body):
        assert f"“Somebody voted twice”. Decision: it is rejected. Reason: {REASON}" in told
        assert "Chlo" not in told
    await hall.see(hall.chloe, f"Your contestation no. 1 is rejected. Reason: {REASON}")


async def minutes_are_sent(both: TwoRooms) -> None:
    hall, bruno = both.hall, both.bruno
    await bruno.says(both.chat, "!minutes 1")
    await bruno.says(both.chat, "!minutes 1 md")
    await hall.say(hall.chloe, "/minutes 1 html", hall.chloe)
    pages = PdfReader(io.BytesIO(await downloaded(bruno, "minutes-1.pdf"))).pages
    texts = (
        " ".join(" ".join(page.extract_text() for page in pages).split()),
        (await downloaded(bruno, "minutes-1.md")).decode(),
        (await received(hall, hall.chloe, "minutes-1.html")).decode(),
    )
    for text in texts:
        assert "Repair the roof?" in text
        assert "contestation no. 1 rejected" in text
        assert not re.search("Chlo|bruno", text)


async def the_same_data_reach_both(both: TwoRooms, tmp_path: Path) -> Path:
    """In the encrypted room, and in private on Telegram; the folder they are unpacked in."""
    hall, bruno = both.hall, both.bruno
    await bruno.says(both.room, "!export 1")
    await hall.say(hall.chloe, "/export 1", hall.chloe)
    there = unpacked(await downloaded(bruno, "palabre-1.zip"), tmp_path / "there")
    here = unpacked(await received(hall, hall.chloe, "palabre-1.zip"), tmp_path / "here")
    assert here == there
    return tmp_path / "here"


async def anyone_can_check(folder: Path, heads: list[str]) -> None:
    """By the command, and by the program in the data on a bare Python; one changed byte is found by both."""
    ours = ("-m", "bot", "verify", str(folder))
    bare = ("-I", "-S", str(folder / "verify.py"))
    for code, told in await asyncio.gather(run(*ours), run(*bare)):
        assert code == 0, told
        assert HEAD.findall(told) == heads
    sheet = folder / "tally-sheet.csv"
    data = bytearray(sheet.read_bytes())
    data[-2] ^= 1
    sheet.write_bytes(data)
    for code, told in await asyncio.gather(run(*ours), run(*bare)):
        assert code == 1, told
        assert "tally-sheet.csv" in told


async def run(*arguments: str) -> tuple[int | None, str]:
    """The exit code of Python with these arguments, and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, said = await process.communicate()
    assert not said, said.decode()
    return process.returncode, printed.decode()
