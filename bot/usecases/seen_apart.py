"""Seeing in whose rooms the voters of a joint consultation are, before its results are told apart.

Whoever has accounts on two platforms has a right from one of them. The other one may be in another association's room
of a platform that lists nobody, where it has not been seen.
"""

from __future__ import annotations

from bot.store import Account, Room, Transaction
from bot.usecases.gathering import is_there
from bot.usecases.house import House
from bot.usecases.parts import parts, places


async def look_for_voters(house: House, number: int) -> None:
    """Ask the platforms about the voters of several accounts, where nobody knows whether they are in a room of the
    consultation; whoever is there counts as seen. A room that can't be asked about one is asked about nobody else."""
    silent: set[int] = set()
    for account, room in await house.store.read(lambda tx: _unknown(tx, number)):
        if room.id not in silent and await is_there(house, account, room) is None:
            silent.add(room.id)


def _unknown(tx: Transaction, number: int) -> list[tuple[Account, Room]]:
    """The accounts and the places to ask about; none where one organisation holds it, or where lists say who votes."""
    consultation = tx.consultation(number)
    own = parts(tx, consultation)
    if len(own) < 2 or not consultation.definition.roll.observed:
        return []
    rooms = [tx.room_by_id(place) for part in own for place in sorted(places(tx, part))]
    accounts = [tx.account_by_id(account) for account in tx.joint.accounts_of_several(number)]
    return [
        (account, room)
        for room in rooms
        for account in accounts
        if account.ref.platform == room.ref.platform and tx.presence(room.id, account.id) is None
    ]
