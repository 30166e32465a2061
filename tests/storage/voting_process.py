"""A process that casts ballots and prints each acknowledgement, to be killed: `voting_process.py URL NUMBER VOTERS`."""

from __future__ import annotations

import asyncio
import sys
from itertools import count

from bot.domain.ballots import Press
from bot.domain.casting import Recorded
from storage.store import open_store
from tests.storage.scene import Scene

IN_FLIGHT = 32


async def main(url: str, number: int, voters: int) -> None:
    store = open_store(url)
    store.take_lock()
    print("ready", flush=True)
    scene = Scene(store, number)
    turns = count(1)

    async def vote() -> None:
        while (who := next(turns)) <= voters:
            ruling = await scene.cast(who, Press(1 + who % 3), key=f"telegram:cb:{who}")
            assert isinstance(ruling, Recorded)
            print(who, flush=True)

    await asyncio.gather(*(vote() for _ in range(IN_FLIGHT)))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
