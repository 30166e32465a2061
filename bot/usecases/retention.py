"""The clock of what is kept: whoever waits to be forgotten is, and what was kept long enough goes.

What a consultation keeps of its people is erased on its own day (`bot.usecases.close.erase`).
"""

from __future__ import annotations

from datetime import datetime

from bot.store import Transaction
from bot.usecases.house import House
from bot.usecases.linking import voice_of, write_to
from bot.usecases.scrub import scrub
from bot.usecases.tell import sentence

SWEPT = "retention:swept"
"""The cursor that says on which day old traces were last swept."""


async def keep_clock(house: House, now: datetime) -> None:
    """Forget those whose consultations have ended, and once a day what was kept long enough; the journal gets counts.
    Doing it again changes nothing more."""
    today = now.date().isoformat()
    due, last = await house.store.read(lambda tx: (list(tx.personal.due()), tx.cursor(SWEPT)))
    for account in due:
        await _finish(house, account, now)
    swept = last != today and await house.store.write(lambda tx: _sweep(tx, now))
    if due or swept:
        await scrub(house, people=True)


async def _finish(house: House, account: int, now: datetime) -> None:
    """Erase what nothing needs any more; once that is everything, say so, the last thing that is said to them."""
    reader = await house.store.read(lambda tx: tx.account_by_id(account))
    voice = await voice_of(house, reader)
    if await house.store.write(lambda tx: _forget(tx, account, now)):
        house.memory.keep_language(reader.ref, "")
        await write_to(house, reader, sentence(voice, "forget.done"), f"forgotten/{account}")


def _forget(tx: Transaction, account: int, now: datetime) -> bool:
    done = tx.personal.forget(account, now)
    if done.whole:
        tx.record(now, "forgotten", {"people": 1})
    return done.whole


def _sweep(tx: Transaction, now: datetime) -> bool:
    tx.set_cursor(SWEPT, now.date().isoformat())
    swept = tx.personal.sweep(now)
    if swept:
        tx.record(now, "swept", dict(swept))
    return bool(swept)
