"""Opening the rooms of a debate to the current speaker only, and always giving them back as they were.

What must come back is written down and committed before anything is changed, so that a
crash at any point leaves either a room as it was or a note of how it was. The note goes
only once the room is restored. A room that another debate holds is left to that debate:
what it would find there is not what must come back.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.debate.model import HeldRoom
from bot.domain.ids import AccountRef
from bot.ports import Delivered, Later, Outcome
from bot.store import Room, Transaction
from bot.usecases.house import House

log = logging.getLogger(__name__)

RETRY_REFUSED = timedelta(minutes=5)
"""How long to wait before trying again to restore a room where the bot is refused: people may let it back in."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What is wanted of a debate's rooms: that they are given to the turn `speech` of these `speakers` (accounts of one
    person), or all free if it is None. `held` is what must come back, by room."""

    number: int
    speech: int | None
    speakers: tuple[AccountRef, ...]
    rooms: tuple[Room, ...]
    held: tuple[tuple[Room, str], ...]


async def settle_rooms(house: House, holding: Holding, now: datetime) -> datetime | None:
    """Give the rooms to the turn, or restore them; when to try again what could not be done, None for all done."""
    waits: list[datetime | None] = []
    held = {room.id: saved for room, saved in holding.held}
    for room in {room.id: room for room in (*holding.rooms, *(room for room, _ in holding.held))}.values():
        async with house.memory.floor.changing(room.ref.place):
            if holding.speech is not None and room in holding.rooms:
                waits.append(await _give(house, holding, holding.speech, room, held.get(room.id), now))
            elif room.id in held:
                waits.append(await _free(house, holding.number, room, held[room.id], now))
    return min((wait for wait in waits if wait is not None), default=None)


async def _give(
    house: House, holding: Holding, speech: int, room: Room, saved: str | None, now: datetime
) -> datetime | None:
    number, memory = holding.number, house.memory.floor
    messenger = house.messengers.get(room.ref.platform)
    if messenger is None or memory.is_settled(number, room.id, speech):
        return None
    if saved is None:
        saved = await _hold(house, number, room)
    if saved is None:
        memory.settle(number, room.id, speech)
        return None
    speaker = next((one for one in holding.speakers if one.platform == room.ref.platform), None)
    outcome = await messenger.give_floor(room.ref, saved, speaker)
    match outcome:
        case Delivered():
            memory.settle(number, room.id, speech)
            return None
        case Later(after):
            return now + timedelta(seconds=max(after, 1.0))
        case _:
            # Rather open to everyone than closed to the speaker.
            log.warning("the floor of %s can't be given in debate %d: %s", room.ref, number, outcome.why)
            wait = await _free(house, number, room, saved, now)
            memory.settle(number, room.id, speech)
            return wait


async def _hold(house: House, number: int, room: Room) -> str | None:
    """Write down what must come back; None where the room can't be held."""
    if await house.store.read(lambda tx: _is_held_elsewhere(tx, number, room)):
        return None
    saved = await house.messenger(room.ref.platform).floor(room.ref)
    if saved is None:
        return None

    def work(tx: Transaction) -> bool:
        if _is_held_elsewhere(tx, number, room):
            return False
        tx.debates.hold_room(HeldRoom(number, room.id, saved))
        tx.touch(number)
        return True

    if not await house.store.write(work):
        return None
    house.nudge(number)
    return saved


def _is_held_elsewhere(tx: Transaction, number: int, room: Room) -> bool:
    others = (held.room for held in tx.debates.held_rooms() if held.number != number)
    return any(tx.room_by_id(other).place == room.place for other in others)


async def _free(house: House, number: int, room: Room, saved: str, now: datetime) -> datetime | None:
    house.memory.floor.settle(number, room.id, None)
    messenger = house.messengers.get(room.ref.platform)
    outcome: Outcome | None = await messenger.free_floor(room.ref, saved) if messenger else None
    match outcome:
        case Delivered():
            await house.store.write(lambda tx: _release(tx, number, room.id))
            house.nudge(number)
            return None
        case Later(after):
            return now + timedelta(seconds=max(after, 1.0))
        case _:
            log.warning("who may write in %s can't be restored yet: %s", room.ref, outcome)
            return now + RETRY_REFUSED


def _release(tx: Transaction, number: int, room: int) -> None:
    tx.debates.release_room(number, room)
    tx.touch(number)
