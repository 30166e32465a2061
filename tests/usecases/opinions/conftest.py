"""An opinion map open in a Telegram group and a Matrix room at once, with enough people for two groups."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.domain.charter import RULES_VERSION
from bot.domain.ids import RoomRef
from bot.domain.opinions.model import Opinion
from bot.ports import Pressed, Reply
from tests.fakes.bench import Bench
from tests.fakes.platforms import Posted

STATEMENTS = (
    "We need a shared room", "Meetings are too long", "Fees should go up", "More parties", "More debates",
    "A paid secretary", "A website", "Everyone should vote",
)  # fmt: skip
LIST = "\n".join(f"- {text}" for text in STATEMENTS)
TELEGRAM_PEOPLE = [f"tom{number}" for number in range(8)]
MATRIX_PEOPLE = [f"mia{number}" for number in range(8)]
LETTERS = {"a": Opinion.AGREE, "d": Opinion.DISAGREE, "p": Opinion.PASS}
PEOPLE = [*TELEGRAM_PEOPLE, *MATRIX_PEOPLE]


class Opinions(Bench):
    """A bench with an opinion map, number 1."""

    async def open(self, keys: str = "", statements: str = LIST) -> str:
        """Create the map in both rooms; the answer to its author when it was not published."""
        text = f"/opinions What should we do?\n{statements}\nclose: 2d\nrooms: Salon, Hall\n{keys}\nyes"
        return "\n".join(await self.say("ana", text, self.salon))

    async def accept_everywhere(self) -> None:
        """Everybody has accepted the rules before."""

        def work(tx: Any) -> None:
            for platform in self.platforms.values():
                for room in platform.rooms.values():
                    for name in sorted(room.members):
                        who = platform.who(name)
                        account = tx.account(who.account, who.name, self.clock.now())
                        tx.set_accepted(account.id, RULES_VERSION, True)

        await self.store.write(work)

    def card(self, room: RoomRef) -> Posted:
        """The card of the map in the room."""
        heads = ("Opinion map ·", "Carte d'opinions ·")
        return next(one for one in self.platforms[room.platform].at(room) if one.plain.startswith(heads))

    async def press_at(self, name: str, post: Posted, label: str) -> Reply:
        """Press the button with this label on a message in private, where it stands."""
        action = next(button.action for row in post.card.buttons for button in row if button.label == label)
        platform = self.platform_of(name)
        pressed = Pressed(
            self.key(), self.clock.now(), platform.who(name), platform.chat(name), action, private=True, post=post.ref
        )
        return await self.do(pressed)

    def last(self, name: str) -> Posted:
        """The last message in private to this person."""
        platform = self.platform_of(name)
        return platform.at(platform.chat(name))[-1]

    async def answers(self, opinions: dict[str, str]) -> None:
        """What people answered to the statements in order, a letter each as in `/a`, `/d` and `/p`, all at once."""

        def work(tx: Any) -> None:
            for name, letters in opinions.items():
                who = self.platform_of(name).who(name)
                account = tx.account(who.account, who.name, self.clock.now()).id
                tx.admit(1, account)
                alias = tx.opinion_maps.take_part(1, account)
                for statement, letter in enumerate(letters, 1):
                    tx.opinion_maps.set_opinion(1, statement, alias, LETTERS[letter])
            tx.touch(1)

        await self.store.write(work)

    def given(self) -> list[tuple[int, str]]:
        """Every answer on record, without whose it is."""
        return sorted(self.rows("SELECT statement, opinion FROM opinion"))


@pytest.fixture
def language() -> str:
    """The language of the bot; a test may ask for another one."""
    return "en"


@pytest.fixture
async def hall(tmp_path: Path, language: str) -> AsyncIterator[Opinions]:
    """The association, everybody known and the rules accepted; nothing is open."""
    made = Opinions(tmp_path / "palabre.db", language)
    made.telegram.rooms[made.salon.id].members.update(TELEGRAM_PEOPLE)
    made.matrix.rooms[made.hall.id].members.update(MATRIX_PEOPLE)
    await made.start()
    await made.meet_everyone()
    await made.accept_everywhere()
    yield made
    await made.close()


@pytest.fixture
async def opinions(hall: Opinions) -> Opinions:
    """… with an open opinion map, number 1, of eight statements, in both rooms."""
    await hall.open()
    assert hall.state() == "open"
    return hall
