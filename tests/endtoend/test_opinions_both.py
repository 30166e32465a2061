"""One opinion map in a Telegram group and a Matrix room: statements and answers from both, one map for both."""

from __future__ import annotations

from asyncio import gather
from pathlib import Path

from tests.botapi import Message, User
from tests.endtoend.meeting import hears
from tests.endtoend.two_rooms import TwoRooms, standing, two_rooms
from tests.servers.synapse import Homeserver

STATEMENTS = ("A hot meal", "End at midnight", "Less music", "More games")
SIDES = ({1: "Agree", 2: "Agree", 3: "Disagree", 4: "Agree"}, {1: "Agree", 2: "Disagree", 3: "Agree", 4: "Disagree"})
"""What two camps answer: they agree on the first statement alone."""


async def answers_by_buttons(both: TwoRooms, who: User, card: Message, side: dict[int, str]) -> None:
    """The person presses "Answer" on the card, accepts the rules by pressing again, and answers every statement."""
    hall = both.hall
    await hall.meet(who)
    await hall.press(who, card, "Answer")
    await hall.press(who, card, "Answer")
    for done in range(len(STATEMENTS)):
        paper = await hall.see(who, f"Answers given: {done} of {len(STATEMENTS)}")
        statement = next(number for number, text in enumerate(STATEMENTS, 1) if text in paper.text)
        # "Agree" is in "Disagree" too: a button is found by the whole of its label first.
        await hall.press(who, paper, side[statement])


async def test_a_map_of_both_rooms(homeserver: Homeserver, tmp_path: Path) -> None:
    async with two_rooms(homeserver, tmp_path) as both:
        hall, ana, bruno, room = both.hall, both.meeting.ana, both.bruno, both.room
        crowd = hall.crowd(5)
        statements = " ".join(f'"{text}"' for text in STATEMENTS[:2])
        asked = f'!opinions "What would make evenings better?" {statements} --close 2d --minimum 3'
        await ana.says(room, f'{asked} --rooms "Agora, {hall.room.id}" --yes')
        in_matrix = await hears(bruno, "Opinion map", "2 statements")
        card = await hall.see(hall.room, "Opinion map")

        await bruno.says(room, "+ Less music", reply_to=in_matrix.event_id)
        await both.bruno_accepts("answer yes", "yes", "no. 3")
        await hall.api.wait(lambda: "3 statements" in card.text, 30, "Bruno's statement in Telegram")
        await hall.say(hall.chloe, "/statement More games")
        await both.chloe_accepts("answer yes", "yes", "no. 4")
        await both.shown("Opinion map", "4 statements")

        for number, letter in enumerate("adad", 1):
            await bruno.says(both.chat, f"!{letter} {number}")
            await hears(bruno, f"Recorded for no. {number}")
        await gather(*(answers_by_buttons(both, person, card, SIDES[at % 2]) for at, person in enumerate(crowd)))
        await both.shown("Opinion map", "24 answers")

        await ana.says(room, "!close 1")
        result = await hall.see(hall.room, "Result")
        text = await both.shown("Result", "What would make evenings better?")
        for words in ("Group A (3 people)", "Group B (3 people)", "A hot meal"):
            assert words in result.text
            assert words in text
        pictures = [one for one in hall.api.messages_in(hall.room) if one.file is not None]
        assert len(pictures) == 1
        assert pictures[0].file is not None
        assert pictures[0].file.data.startswith(b"\x89PNG")
        await bruno.sees(lambda event: type(event).__name__ == "RoomEncryptedImage")
        assert sum(words.startswith("Result") for words in standing(bruno)) == 1
