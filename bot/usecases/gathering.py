"""Asking the platforms what the rules need to know: who is in a room, who administers it, what can be done there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.authority import Standing
from bot.domain.ids import AccountRef
from bot.domain.organisation import Organisation
from bot.store import Account, Room, Transaction
from bot.usecases.house import House


async def administers(house: House, account: AccountRef, room: Room) -> bool | None:
    """Whether the account administers the room, None when the platform doesn't say. Another platform's room: False."""
    if account.platform != room.ref.platform or account.platform not in house.messengers:
        return False
    return await house.messenger(account.platform).is_admin(account, room.ref.place)


async def organises(house: House, account: Account, organisation: Organisation, rooms: Sequence[Room]) -> bool | None:
    """Whether the account may run a consultation in all these rooms.

    An administrator of a bound organisation runs any of its rooms; an administrator
    of rooms runs those rooms. A room that threw the bot out can't be asked who runs it:
    those who run all the others decide without it.
    """
    if organisation.bound and await house.store.read(lambda tx: tx.is_org_admin(organisation.id, account.id)):
        return all(room.organisation == organisation.id for room in rooms)
    asked = [room for room in rooms if room.active] or rooms
    answers = [await administers(house, account.ref, room) for room in asked]
    if all(answers) and answers:
        return True
    return None if None in answers and False not in answers else False


async def hides_name(house: House, account: AccountRef, rooms: Sequence[Room]) -> bool:
    """Whether the account takes part in one of these rooms without showing its name, or might, for all we know."""
    for room in rooms:
        if room.ref.platform == account.platform and room.active:
            hidden = await house.messenger(account.platform).hidden_names(room.ref.place)
            if hidden is None or account in hidden:
                return True
    return False


async def standing_of(
    house: House, account: Account, organisation: Organisation, rooms: Sequence[Room], author: int | None = None
) -> Standing:
    """What `authority` needs to know of the account about these rooms and this draft."""
    allowed = await organises(house, account, organisation, rooms)
    return Standing(organises=allowed, author=author == account.id)


def rooms_by_id(tx: Transaction, rooms: Iterable[int]) -> tuple[Room, ...]:
    """The rooms with these numbers, in order."""
    return tuple(tx.room_by_id(room) for room in rooms)
