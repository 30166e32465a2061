"""The bot among people whose clients are as strict as Element's: encrypted rooms where unsigned devices are shut out.

The member is played by matrix-js-sdk in Node (`make js` installs it).
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.ports import BotMoved, Said
from tests.contracts.matrix_bot import PASSWORD, Account, Book, Friend, card, delivered, new_name
from tests.servers.synapse import Homeserver

FOLDER = Path(__file__).parents[1] / "jsclient"
PATIENCE = 60


class Member:
    """A member whose client is matrix-js-sdk, talked to in lines of JSON."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def tells(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next thing that is so, waited for."""
        assert self._process.stdout
        async with asyncio.timeout(PATIENCE):
            while line := await self._process.stdout.readline():
                if wanted(told := json.loads(line)):
                    return dict(told)
        assert self._process.stderr
        raise AssertionError((await self._process.stderr.read()).decode()[-2000:])

    async def takes(self, thing: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(thing).encode() + b"\n")
        await self._process.stdin.drain()


@asynccontextmanager
async def member(server: Homeserver, user: str, room: str) -> AsyncIterator[Member]:
    node = shutil.which("node")
    assert node, "node is needed to play a member with a strict client"
    assert (FOLDER / "node_modules" / "matrix-js-sdk").is_dir(), "run `make js` first"
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        node, str(FOLDER / "member.js"), stdin=pipe, stdout=pipe, stderr=pipe, limit=1 << 20
    )
    try:
        playing = Member(process)
        await playing.takes({"homeserver": server.url, "user": user, "password": PASSWORD, "room": room})
        await playing.tells(lambda told: "ready" in told)
        yield playing
    finally:
        died = process.returncode
        if died is None:
            process.kill()
        _, errors = await process.communicate()
        assert died in {None, 0}, errors.decode()[-2000:]


@pytest.mark.parametrize("restarted", [False, True], ids=["first start", "after a restart"])
async def test_a_strict_client_and_the_bot_read_each_other(
    matrix_bot: Account, ana: Friend, homeserver: Homeserver, restarted: bool
) -> None:
    door = Book()
    chloe = homeserver.register(new_name("chloe"), PASSWORD)
    if restarted:
        async with matrix_bot.serving(door):
            pass
    async with matrix_bot.serving(door) as platform:
        room = await ana.meets(matrix_bot.user, encrypted=True)
        await door.first(BotMoved)
        await ana.client.room_invite(room.id, chloe)
        async with member(homeserver, chloe, room.id) as client:
            await client.takes({"say": "!v 12 2"})
            [said] = await door.first(Said)
            assert (said.text, said.who.account.id) == ("/v 12 2", chloe)
            post = delivered(await platform.messenger.post(room, card("Recorded"), "k", said.message))
            assert await client.tells(lambda told: told.get("sender") == matrix_bot.user) == {
                "sender": matrix_bot.user,
                "body": "Recorded",
                "encrypted": True,
                "shield": 0,
            }
            assert await platform.messenger.edit(post, card("Recorded ▇"))
            assert (await client.tells(lambda told: "▇" in told.get("body", "")))["shield"] == 0


async def test_an_unsigned_device_is_shut_out(matrix_bot: Account, ana: Friend, homeserver: Homeserver) -> None:
    """The member is as strict as we say: an ordinary client without a signature is not shown by it."""
    chloe = homeserver.register(new_name("chloe"), PASSWORD)
    door = Book()
    async with matrix_bot.serving(door):
        room = await ana.meets(matrix_bot.user, encrypted=True)
        await door.first(BotMoved)
        await ana.client.room_invite(room.id, chloe)
        async with member(homeserver, chloe, room.id) as client:
            await ana.waits_for(chloe, room)
            await ana.says(room, "can you read me?")
            told = await client.tells(lambda told: told.get("sender") == ana.user)
    assert told["unreadable"] == "UNSIGNED_SENDER_DEVICE"
