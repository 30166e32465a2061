"""kill -9 at random instants while a debate changes phase, gives the floor and hides: nothing is lost or done twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.botapi import EVERY_RIGHT, Chat, User
from tests.botapi.rights import PERMISSIONS
from tests.endtoend.hall import PATIENCE, Hall

DEBATE = '/debate "A shared room?" --phases manual --close 3d --rooms {rooms} --yes'
KILLS = 1
"""How often the program is killed during each act."""


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of the kind the test is run with."""
    if request.param == "postgres":
        return str(request.getfixturevalue("fresh_postgres"))
    return f"sqlite:///{tmp_path / 'palabre.db'}"


def counted(hall: Hall, query: str, **values: str) -> list[int]:
    """The numbers a query of the database gives, read from outside."""
    url = make_url(hall.url)
    engine = create_engine(url.set(drivername="postgresql+psycopg") if url.drivername != "sqlite" else url)
    try:
        with engine.connect() as connection:
            return [int(number) for (number,) in connection.execute(text(query), values)]
    finally:
        engine.dispose()


def journal(hall: Hall, kind: str) -> int:
    """How many entries of this kind the journal holds."""
    return counted(hall, "SELECT count(*) FROM journal WHERE kind = :kind", kind=kind)[0]


def open_hall(folder: Path, database: str) -> Hall:
    """The association in two supergroups; in the first the bot may say who writes, and polls are not allowed."""
    hall = Hall(folder, database)
    people = [hall.bruno, hall.chloe]
    hall.room = hall.api.supergroup("North", people, creator=hall.ana, bot_rights=EVERY_RIGHT)
    hall.room.permissions = set(PERMISSIONS) - {"can_send_polls"}
    hall.rooms = [hall.room, hall.api.supergroup("South", people, creator=hall.ana)]
    return hall


async def killed(hall: Hall, chance: random.Random, act: Callable[[], Awaitable[object]]) -> None:
    """Do it, kill the program a moment later, tell it again some of what it was told, and start it; a few times."""
    seen = len(hall.api.updates)
    await act()
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0, 0.25))
        await hall.kill()
        hall.api.redeliver(hall.api.updates[seen:][:1], fresh_id=True)
        await hall.start()
    await hall.quiet()


async def argues(hall: Hall, who: User, words: str) -> None:
    """The person's first argument, in the first room."""
    await hall.meet(who)
    await hall.say(who, words)
    await hall.see(who, "answer yes")
    await hall.say(who, "yes", who)
    await hall.see(who, "is published")


def said(hall: Hall, where: Chat | User, words: str) -> int:
    """How many messages of the bot there ever said this, whatever they say now; an edit is the same message."""
    place = where if isinstance(where, Chat) else hall.api.private(where)
    mine = [one for one in place.live if one.sender and one.sender.id == hall.api.me.id]
    return sum(any(words in version.text for version in one.history) for one in mine)


@pytest.mark.parametrize(("database", "seed"), [("sqlite", 3), ("postgres", 5)], indirect=["database"])
async def test_killed_again_and_again_in_a_debate(database: str, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    async with open_hall(tmp_path, database) as hall:
        permissions, members = set(hall.room.permissions), dict(hall.room.members)
        await hall.start()
        await hall.say(hall.ana, DEBATE.format(rooms=", ".join(str(room.id) for room in hall.rooms)))
        for room in hall.rooms:
            await hall.see(room, "Phase 1 of 4")
        await killed(hall, chance, lambda: hall.say(hall.ana, "/phase arguments"))
        await announced(hall, "arguments", 1)
        await argues(hall, hall.bruno, "/for Two clubs look for one too")
        await argues(hall, hall.chloe, "/against My neighbour is a thief")

        await killed(hall, chance, lambda: hall.say(hall.ana, "/hide 2 personal attack"))
        await hall.see(hall.chloe, "was hidden by moderation")
        assert journal(hall, "hidden") == 1
        await hall.api.wait(lambda: not any(hall.api.messages_in(room, "thief") for room in hall.rooms), PATIENCE)

        for person in (hall.bruno, hall.chloe):
            await hall.say(person, "/floor", person)
            await hall.see(person, "on the list")
        await killed(hall, chance, lambda: hall.say(hall.ana, "/next"))
        # The room is closed first, then the speaker is let in: two calls, between which nobody writes.
        await hall.api.wait(lambda: not hall.room.lets_write(hall.chloe), PATIENCE, "the floor is closed to others")
        await hall.api.wait(lambda: hall.room.lets_write(hall.bruno), PATIENCE, "the floor is Bruno's")
        await killed(hall, chance, lambda: hall.say(hall.ana, "/phase conclusion"))
        await announced(hall, "conclusion", 2)
        await hall.api.wait(lambda: hall.room.permissions == permissions, PATIENCE, "the group's permissions")
        await hall.api.wait(lambda: hall.room.members == members, PATIENCE, "everyone's own rights")
        assert journal(hall, "phase") == 2


async def announced(hall: Hall, phase: str, move: int) -> None:
    """Each room was told of the phase by one message: by two only if Telegram had no time to confirm the first."""
    words = hall.words(f"debate.may.{phase}")
    for room in hall.rooms:
        await hall.see(room, words)
    role = f"phase-{move}"
    rows = counted(hall, "SELECT count(*) FROM post WHERE role = :role GROUP BY room", role=role)
    assert rows == [1] * len(hall.rooms)
    for room in hall.rooms:
        assert 1 <= said(hall, room, words) <= 1 + KILLS
