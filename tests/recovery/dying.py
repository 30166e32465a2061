"""One act at which the bot dies after so many steps, delivered again to the bot that is started after it."""

from __future__ import annotations

from bot.ports import Incoming
from tests.fakes.bench import Bench
from tests.recovery.test_state_machine import Fate, Killed, MortalStore

LONG_ENOUGH = 1_000_000


async def lived_through(bench: Bench, incoming: Incoming, steps: int) -> bool:
    """Deliver it to a bot that dies after so many steps, then to one that lives; whether the first one died."""
    fate = Fate([LONG_ENOUGH, steps])
    mortal = bench.assembled(MortalStore(bench.store, fate), fate.tick)
    await mortal.start()
    await mortal.settle()
    fate.live_again()
    died = False
    try:
        await mortal(incoming)
        await mortal.settle()
    except Killed:
        died = True
    bench.app = bench.assembled()
    await bench.app.start()
    await bench.do(incoming)
    return died
