"""kill -9 at any moment: whoever was told "recorded" is counted, nobody counts twice, disclosure always comes first."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from tests.botapi import Message, Press, User, Version
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
        # An edit shows that the card is known to stand: killed before that, the bot rightly posts another.
        await hall.press(hall.bruno, card, "Café")
        await hall.shown(card, {"Café": 1, "Library": 0})
        await hall.say(hall.bruno, "/v 1 -")
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


@pytest.mark.parametrize(("stage", "method"), [("disclosure", 0), ("card", 1), ("result", 2)])
async def test_killed_while_a_message_is_on_its_way(stage: str, method: int, database: str, tmp_path: Path) -> None:
    """The message stands in the second room, and the bot dies before it is told so."""
    hall = Hall(tmp_path, database)
    north, south = hall.room, hall.api.group("South", [hall.bruno], creator=hall.ana)
    hall.rooms = [north, south]
    async with hall:
        await hall.start()
        pending = [hall.api.fault("sendMessage", "hold", chat_id=south.id) for _ in range(min(method, 1) + 1)]
        pending[0].times = 1 if stage == "disclosure" else 0
        if stage == "card":
            pending[0].kind, pending[0].times = "slow", 1
        elif stage == "result":
            pending[1].method = "sendPhoto"
        await hall.say(hall.ana, POLL.replace("--yes", f"--rooms {north.id}, {south.id} --yes"))
        if stage == "result":
            card = await hall.card(south)
            assert "Recorded: Café" in await hall.press(hall.bruno, card, "Café")
            await hall.say(hall.ana, "/close 1")
        await pending[-1].struck(30)
        await hall.kill()
        for fault in pending:
            fault.lift()
        _in_order(hall)
        await hall.start()
        if stage != "result":
            card = await hall.card(south)
            await hall.card(north)
            assert "Recorded: Café" in await hall.press(hall.bruno, card, "Café")
            await hall.close_early()
        for room in (north, south):
            assert counted(await hall.result(room)) == {"Café": 1, "Library": 0}
            assert 1 <= len(hall.disclosures(room)) <= 2
            assert 1 <= len(hall.results(room)) <= 2
        _in_order(hall)


def _in_order(hall: Hall) -> None:
    """No card in any room before a disclosure in every room."""
    label = hall.words("button.my-ballot")
    cards = [m.at for room in hall.rooms for m in room.messages.values() for v in m.history if label in _labels(v)]
    shown = [[m.at for m in hall.disclosures(room)] for room in hall.rooms]
    assert not cards or (all(shown) and max(map(min, shown)) <= min(cards))


def _labels(version: Version) -> list[str]:
    rows = (version.markup or {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]
