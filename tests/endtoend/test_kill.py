"""kill -9 at any moment: whoever was told "recorded" is counted, nobody counts twice, disclosure always comes first."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.botapi import Message, Press, User
from tests.endtoend.hall import POLL, Hall, counted

OPTIONS = ("Café", "Library")
KILLS = 3


class Voters:
    """People who press at random, and what each was last told to be on record."""

    def __init__(self, hall: Hall, people: list[User], seed: int) -> None:
        self._hall, self._people, self._chance = hall, people, random.Random(seed)
        self._presses: dict[int, list[tuple[str, Press]]] = {person.id: [] for person in people}

    async def press_for_a_while(self, card: Message, number: int) -> None:
        """So many presses, a few at once."""
        for count in range(number):
            person, option = self._chance.choice(self._people), self._chance.choice(OPTIONS)
            self._presses[person.id].append((option, self._hall.api.press(person, card, option, timeout=30)))
            await asyncio.sleep(0.002 if count % 5 else self._chance.uniform(0, 0.02))

    async def answered(self) -> None:
        """Wait until every press is answered; then each person's last press in order is their ballot."""
        await asyncio.gather(*(press for presses in self._presses.values() for _, press in presses))

    @property
    def told(self) -> int:
        """How many presses were answered that a ballot is on record."""
        every = [press.answer for presses in self._presses.values() for _, press in presses]
        return sum(1 for answer in every if answer and "ecorded" in answer.text)

    @property
    def expected(self) -> dict[str, int]:
        """The counts that follow from each person's last press."""
        last = [presses[-1][0] for presses in self._presses.values() if presses]
        return {option: last.count(option) for option in OPTIONS}


@pytest.mark.parametrize(("database", "seed"), [("sqlite", 7), ("postgres", 11)], indirect=["database"])
async def test_killed_again_and_again_while_people_vote(database: str, seed: int, tmp_path: Path) -> None:
    async with Hall(tmp_path, database) as hall:
        people = hall.crowd(40)
        chance = random.Random(seed)
        await hall.start()
        card = await hall.poll()
        voters = Voters(hall, people, seed)
        hall.api.duplicate()
        for _ in range(KILLS):
            voting = asyncio.create_task(voters.press_for_a_while(card, 120))
            await asyncio.sleep(chance.uniform(0.05, 0.5))
            await hall.kill()
            await voting
            hall.api.redeliver([one for one in hall.api.updates if chance.random() < 0.2], fresh_id=True)
            await hall.start()
        hall.api.duplicate(on=False)
        await voters.answered()
        await hall.quiet()
        assert voters.told > 100
        assert counted(await hall.close_early()) == voters.expected
        assert len(hall.disclosures()) == 1
        await hall.shown(card, voters.expected)
        assert len(hall.results()) == 1


@pytest.mark.parametrize("stage", ["disclosure", "card", "result"])
async def test_killed_while_a_message_is_on_its_way(stage: str, database: str, tmp_path: Path) -> None:
    hall = Hall(tmp_path, database)
    north, south = hall.room, hall.api.group("South", [hall.bruno], creator=hall.ana)
    hall.rooms = [north, south]
    async with hall:
        await hall.start()
        command = POLL.replace("--yes", f"--rooms {north.id}, {south.id} --yes")
        held = hall.api.fault("sendMessage", "hold", times=1, chat_id=south.id)
        if stage == "disclosure":
            await hall.say(hall.ana, command)
            await held.struck(30)
        else:
            held.lift()
            await _up_to(hall, stage, command)
        await hall.restart()
        for fault in hall.api.server.faults:
            fault.lift()
        cards = [await hall.card(north), await hall.card(south)] if stage != "result" else []
        for card in cards:
            assert all(min(shown.at for shown in hall.disclosures(room)) <= card.at for room in (north, south))
        if stage != "result":
            assert "Recorded: Café" in await hall.press(hall.bruno, cards[1], "Café")
            await hall.close_early()
        for room in (north, south):
            assert counted(await hall.result(room)) == {"Café": 1, "Library": 0}
            assert 1 <= len(hall.disclosures(room)) <= 2
            assert 1 <= len(hall.results(room)) <= 2


async def _up_to(hall: Hall, stage: str, command: str) -> None:
    """Go on until the card, or the result, of the second room is held on its way."""
    south = hall.rooms[1]
    if stage == "card":
        slow = hall.api.fault("getChatMemberCount", "hold", times=1)
        await hall.say(hall.ana, command)
        del slow
        return
    await hall.poll(command)
    card = await hall.card(south)
    assert "Recorded: Café" in await hall.press(hall.bruno, card, "Café")
    held = hall.api.fault("sendPhoto", "hold", times=1, chat_id=south.id)
    await hall.say(hall.ana, "/close 1")
    await held.struck(30)
