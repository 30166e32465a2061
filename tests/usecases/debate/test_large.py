"""A debate of 200 members and 1,000 arguments over a week: whatever is shown fits in a message, and little is said."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.matrix.markup import contents
from adapters.telegram.markup import TEXT_LIMIT, pieces
from bot.domain.charter import RULES_VERSION
from bot.domain.debate.model import ArgumentKind, ArgumentState, Moment, NewArgument, Stance
from bot.domain.ids import Action, RoomRef
from bot.text.fitting import length
from tests.fakes.bench import Bench
from tests.fakes.platforms import Posted

MEMBERS = 200
ARGUMENTS = 1_000
BATCH = 50
SECOND = timedelta(seconds=1)
MATRIX_LIMIT = 60_000
"""Bytes that a Matrix event may take, less what its envelope and encryption add."""
OPENING = (
    '/debate "Do we move house?" --rooms Salon,Hall --minimum 5'
    " --phases information 1d, arguments 3d, discussion 2d, conclusion 1d --yes"
)
TEXTS = (
    "{n} reasons to move" + "!" * 250,
    "{n} <b>&amp;**_`{{n}}`" + "é" * 240,
    "{n} " + "\U0001f600" * 260,
    *(f"{word} reason {{n}}" for word in ("plain", "good", "\u202every", "old", "new", "best", "late", "last", "odd")),
)
"""Of every twelve arguments three are as long and as awkward as can be."""
NAMES = ("Member", "\U0001f469\u200d\U0001f467" * 20, "<i>&**x**", "z\u0341" * 40)
KINDS = (ArgumentKind.FOR, ArgumentKind.AGAINST, ArgumentKind.FOR, ArgumentKind.QUESTION, ArgumentKind.PROPOSAL)


class Crowd:
    """A debate, number 1, with everybody on its roll, and what many people do there at once."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.chance = bench, random.Random(8)
        self.names = [f"member{number}" for number in range(MEMBERS)]
        self.aliases: list[int] = []
        self.told: Counter[str] = Counter()

    async def open(self) -> None:
        bench = self.bench
        bench.telegram.rooms[bench.salon.id].members.update(self.names[::2])
        bench.matrix.rooms[bench.hall.id].members.update(self.names[1::2])
        await bench.start()
        await bench.meet_everyone()
        await bench.say("ana", OPENING, bench.salon)
        assert bench.state() == "open"

        def work(tx: Any) -> None:
            for name in self.names:
                who = bench.platform_of(name).who(name)
                account = tx.account(who.account, who.name, bench.clock.now()).id
                tx.set_accepted(account, RULES_VERSION, True)
                tx.admit(1, account)
                self.aliases.append(tx.debates.take_part(1, account))
                tx.debates.set_stance(1, self.aliases[-1], Moment.BEFORE, self.chance.choice(list(Stance)))

        self.aliases.clear()
        await bench.store.write(work)

    async def argue(self, first: int, many: int = BATCH, kinds: tuple[ArgumentKind, ...] = KINDS) -> None:
        """So many more arguments, with supports and ratings."""
        bench, chance = self.bench, self.chance

        def work(tx: Any) -> None:
            for count in range(first, first + many):
                text, name = TEXTS[count % len(TEXTS)].format(n=count)[:280], NAMES[count % len(NAMES)][:60]
                alias, kind = self.aliases[count % MEMBERS], kinds[count % len(kinds)]
                parent = count // 3 + 1 if kind is ArgumentKind.REPLY else None
                new = NewArgument(alias, kind, text, name, bench.clock.now(), 1, parent=parent)
                number = tx.debates.add_argument(1, new).number
                for other in chance.sample(self.aliases, count % 9):
                    if other != alias:
                        tx.debates.support(1, number, other, on=True)
                        tx.debates.rate(1, number, other, 1 + count % 5)
                if count % 10 == 7:
                    tx.debates.settle_argument(1, number, ArgumentState.MODERATED, "off-topic", "x" * 200)
            tx.touch(1)

        await bench.store.write(work)
        bench.app.reconciler.nudge(1)

    async def pass_hours(self, hours: int) -> None:
        """Let hours pass one by one, counting what the bot says in each room."""
        for _ in range(hours):
            before = self.bench.count()
            await self.bench.pass_time(hours=1)
            posted = [one for one in self.bench.since(before) if one.ref.room in self.rooms]
            for room in self.rooms:
                digests = [one for one in posted if one.ref.room == room and one.plain.startswith("New in the debate")]
                assert len(digests) <= 1
            self.told.update(role(one) for one in posted)

    @property
    def rooms(self) -> tuple[RoomRef, RoomRef]:
        return self.bench.salon, self.bench.hall


def role(post: Posted) -> str:
    """What a message of the bot in a room is: `New in the debate`, `Debate`, `Result`."""
    return post.plain.split(" · ", 1)[0]


def too_long(bench: Bench) -> list[str]:
    """The beginnings of everything ever shown that does not fit in one message of its platform."""
    telegram = [card for post in bench.telegram.posted for card in post.cards]
    matrix = [card for post in bench.matrix.posted for card in post.cards]
    found = [card.plain[:60] for card in telegram if len(pieces(card)) > 1 or length(pieces(card)[0].text) > TEXT_LIMIT]
    for card in matrix:
        events = contents(card)
        if len(events) > 1 or len(json.dumps(events[0], ensure_ascii=False).encode()) > MATRIX_LIMIT:
            found.append(card.plain[:60])
    return found


@pytest.fixture
async def crowd(tmp_path: Path) -> Any:
    bench = Bench(tmp_path / "palabre.db")
    made = Crowd(bench)
    await made.open()
    yield made
    await bench.close()


async def test_a_week_of_debate_fits_and_says_little(crowd: Crowd) -> None:
    bench = crowd.bench
    await crowd.pass_hours(24)
    for first in range(0, ARGUMENTS - 2 * BATCH, BATCH):
        await crowd.argue(first)
        await crowd.pass_hours(4)
    for first in range(ARGUMENTS - 2 * BATCH, ARGUMENTS, BATCH):
        await crowd.argue(first, kinds=(ArgumentKind.REPLY,))
        await crowd.pass_hours(20)
    assert bench.rows("SELECT count(*) FROM argument") == [(ARGUMENTS,)]
    await crowd.pass_hours(7 * 24 - 24 - 18 * 4 - 2 * 20)
    assert bench.state() == "certified"
    await crowd.pass_hours(2)
    # In each of two rooms: one message for each phase but the first, one digest for each hour in which something came.
    assert crowd.told == {"Debate": 2 * 3, "New in the debate": 2 * 20, "Result": 2}
    shown = "\n".join(one.plain for one in bench.telegram.at(bench.salon) if role(one) == "Result")
    assert "1,000 contributions received = 900 published + 0 withdrawn + 100 hidden" in shown
    assert too_long(bench) == []


async def test_everything_people_ask_for_comes_in_pages_that_fit(crowd: Crowd) -> None:
    bench = crowd.bench
    await crowd.pass_hours(25)
    for first in range(0, ARGUMENTS, 4 * BATCH):
        await crowd.argue(first, 4 * BATCH)
    await bench.say("ana", "/arguments", bench.salon)
    await bench.say("ada", "/arguments newest 7", bench.hall)
    read = await pages(bench, "member0", "oldest")
    assert sorted(read) == list(range(1, ARGUMENTS + 1))
    for order in ("strongest", "newest", "random"):
        for page in (1, 2, 9_999):
            await bench.press("member0", Action("all", 1, f"{order}.{page}"))
    for name in crowd.names[:60]:
        await bench.say(name, "/floor")
    for typed in ("/arguments 3", "/rate", "/mine", "/moderation", "/phase", "/floor list", "/sheet 1", "/help"):
        await bench.say("member0", typed)
    await bench.say("ana", "/moderation", bench.salon)
    await bench.say("ana", "/floor list", bench.salon)
    await bench.say("ana", "/next", bench.salon)
    await bench.say("ana", "/phase conclusion", bench.salon)
    for typed in ("/conclusion", "/comment " + "\U0001f600" * 280, "/opinion for"):
        await bench.say("member0", typed)
    await bench.say("ana", "/conclusion " + "We move. " * 300, bench.salon)
    await bench.say("ana", "/conclusion", bench.salon)
    await bench.pass_time(days=7)
    assert bench.state() == "certified"
    await bench.say("member0", "/conclusion 1")
    assert too_long(bench) == []


async def pages(bench: Bench, name: str, order: str) -> list[int]:
    """The numbers of every argument, read page by page until there is no next one."""
    read: list[int] = []
    chat = bench.telegram.chat(name)
    for page in range(1, ARGUMENTS):
        bench.clock.move(SECOND)  # whoever presses faster is slowed down
        await bench.press(name, Action("all", 1, f"{order}.{page}"))
        card = bench.telegram.at(chat)[-1].card
        read += [int(line.split()[0][1:]) for line in card.plain.splitlines() if line.startswith("#")]
        if Action("all", 1, f"{order}.{page + 1}") not in {button.action for row in card.buttons for button in row}:
            return read
    pytest.fail("the pages never end")
