"""Recognising who came and from where: the account, the room, and the voice to answer them in."""

from __future__ import annotations

from bot.domain.casting import PollAnswer
from bot.domain.ids import RoomRef
from bot.domain.organisation import Organisation
from bot.ports import Pressed, Said
from bot.store import Account, Room, Transaction
from bot.usecases.house import House, Visit


async def visit_of(house: House, said: Said) -> Visit:
    """The visit a message makes; its account and room are known from now on."""
    return await _visit(house, said, said.room, said.room_title, said.private)


async def visit_by_press(house: House, pressed: Pressed) -> Visit:
    """The visit a press makes. Its room may be one we can't see; the press is then private."""
    private = pressed.private or pressed.room is None
    chat = pressed.room or RoomRef(pressed.who.account.platform, pressed.who.account.id)
    return await _visit(house, pressed, chat, "", private)


async def _visit(house: House, came: Said | Pressed, chat: RoomRef, title: str, private: bool) -> Visit:
    who, at = came.who, came.at
    message = came.message if isinstance(came, Said) else None
    by = PollAnswer(came.key, came.in_poll) if isinstance(came, Said) and came.in_poll else None

    def work(tx: Transaction) -> tuple[Account, Room | None, Organisation | None, str]:
        account = house.seen_account(tx, who, at)
        if private:
            return account, None, *_from_rooms(tx, account.id)
        room = house.seen_room(tx, chat, title, at)
        tx.arrived(room.place, account.id, None)
        return account, room, tx.organisation(room.organisation), room.language

    account, room, organisation, room_language = await house.store.write(work)
    house.memory.keep_language(account.ref, account.language)
    zone = organisation.time_zone if organisation else house.defaults.time_zone
    own = account.language or room_language or who.language
    speech = house.speech(own, zone, who.account.platform)
    room_speech = house.speech(room_language, zone, chat.platform) if room else speech
    file = came.file if isinstance(came, Said) and private else None
    return Visit(came.key, at, account, organisation, room, chat, speech, room_speech, message, by, file)


def _from_rooms(tx: Transaction, account: int) -> tuple[Organisation | None, str]:
    """The organisation and the language of the rooms the person was seen in, each when there is just one."""
    rooms = [tx.room_by_id(room) for room in tx.rooms_with(account)]
    organisations = {room.organisation for room in rooms}
    spoken = {room.language for room in rooms}
    organisation = tx.organisation(organisations.pop()) if len(organisations) == 1 else None
    return organisation, spoken.pop() if len(spoken) == 1 else ""
