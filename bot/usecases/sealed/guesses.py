"""Wrong codes of ballots count among all the wrong codes that an account may try in a day."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from bot.domain.refusals import Refusal
from bot.usecases.codes import guesses_left, note_wrong
from bot.usecases.house import House, Visit

T = TypeVar("T")

_WRONG = frozenset({"sealed-code-unknown", "verify-unknown", "share-wrong"})


async def must_be_few(house: House, visit: Visit) -> None:
    """Return while the person may try a code; raise Refusal `too-many-codes`."""
    refusal = await house.store.read(lambda tx: guesses_left(tx, visit))
    if refusal is not None:
        raise refusal


async def counted(house: House, visit: Visit, work: Awaitable[T]) -> T:
    """What the work gives; a wrong code is noted, in a transaction of its own since the work's was given up."""
    try:
        return await work
    except Refusal as refusal:
        if refusal.code in _WRONG:
            await house.store.write(lambda tx: note_wrong(tx, visit))
        raise
