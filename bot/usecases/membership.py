"""Rooms and the people in them: arrivals and departures, the bot added or removed, rooms that move, codes that bind."""

from __future__ import annotations

import hashlib
import secrets

from bot.domain.authority import Act, authorise
from bot.domain.lifecycle import UNDER_WAY
from bot.domain.refusals import Refusal
from bot.ports import BotMoved, MemberMoved, RoomMoved
from bot.store import Room, Transaction
from bot.text.card import Block, Card
from bot.text.catalogue import languages
from bot.usecases.gathering import administers, standing_of
from bot.usecases.granting import becomes_admin
from bot.usecases.house import House, Visit
from bot.usecases.tell import answer, sentence

CODE_BYTES = 8
"""64 bits: more than the 50 that guessing needs to be hopeless."""


async def member_moved(house: House, moved: MemberMoved) -> None:
    """Remember who arrived or left, and when we were told: the roll rule relies on it."""
    if moved.speaker != "person":
        return

    def work(tx: Transaction) -> None:
        room = house.seen_room(tx, moved.room, "", moved.at)
        account = house.seen_account(tx, moved.who, moved.at)
        if not tx.first_time(moved.key):
            return
        if moved.joined:
            tx.arrived(room.id, account.id, moved.at)
        else:
            tx.departed(room.id, account.id, moved.at)

    await house.store.write(work)


async def bot_moved(house: House, moved: BotMoved) -> None:
    """The bot was added to a room (say hello, once) or removed from it (its consultations wait or go on elsewhere)."""

    def work(tx: Transaction) -> tuple[Room, bool]:
        room = house.seen_room(tx, moved.room, moved.room_title, moved.at)
        tx.set_room_active(room.id, moved.present)
        return room, tx.first_time(moved.key)

    room, first = await house.store.write(work)
    for one in await house.store.read(lambda tx: tx.consultations(rooms=[room.id], states=UNDER_WAY)):
        house.nudge(one.number)
    if moved.present and first and moved.by is not None:
        messenger = house.messenger(room.ref.platform)
        organisation = await house.store.read(lambda tx: tx.organisation(room.organisation))
        speech = house.room_speech(room, organisation)
        card = sentence(speech, "hello.room")
        await messenger.post(room.ref, card, f"{moved.key}/hello")


async def room_moved(house: House, moved: RoomMoved) -> None:
    """The room has a new address: everything that concerns it follows, and its live cards are posted anew."""

    def work(tx: Transaction) -> list[int]:
        room = tx.move_room(moved.old, moved.new)
        if room is None:
            return []
        for one in (live := tx.consultations(rooms=[room.id], states=UNDER_WAY)):
            tx.touch(one.number)
        return [one.number for one in live]

    for number in await house.store.write(work):
        house.nudge(number)


def code_hash(code: str) -> str:
    """What is stored of a joining code: the SHA-256 of its letters and digits, in hexadecimal."""
    bare = "".join(character for character in code.upper() if character.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest()


def new_code() -> str:
    """A fresh joining code, in groups that are easy to read aloud."""
    raw = secrets.token_hex(CODE_BYTES).upper()
    return "-".join(raw[start : start + 4] for start in range(0, len(raw), 4))


async def join(house: House, visit: Visit, code: str) -> None:
    """`/join CODE`: bind this room to the organisation of the code; whoever brings it administers there too."""
    if visit.room is None:
        raise Refusal("join-in-a-room")
    if await administers(house, visit.account.ref, visit.room) is not True:
        raise Refusal("organisers-only")
    room = visit.room

    def work(tx: Transaction) -> str | None:
        organisation = tx.redeem_join_code(code_hash(code), visit.at)
        if organisation is None:
            return None
        tx.bind_room(room.place, organisation)
        becomes_admin(tx, visit, organisation)
        tx.record(visit.at, "room-joined", {"organisation": organisation})
        return tx.organisation(organisation).name

    name = await house.store.write(work)
    if name is None:
        raise Refusal("join-code-unknown")
    await answer(
        house, visit, sentence(visit.speech, "join.done", organisation=name or visit.speech.say("organisation.unnamed"))
    )


async def rooms(house: House, visit: Visit) -> None:
    """`/rooms`: the organisation's rooms and, for its administrators and in private, a fresh code to join another."""
    organisation = visit.organisation
    if organisation is None:
        raise Refusal("ask-in-a-room")
    known = await house.store.read(lambda tx: tx.rooms_of(organisation.id))
    authorise(Act.BIND_ROOM, await standing_of(house, visit.account, organisation, known))
    code = new_code()

    def work(tx: Transaction) -> None:
        tx.set_organisation_bound(organisation.id)
        becomes_admin(tx, visit, organisation.id)
        tx.add_join_code(organisation.id, code_hash(code), visit.at)

    await house.store.write(work)
    lines: list[Block] = [visit.speech.heading("rooms.title", n=len(known))]
    lines += [
        visit.speech.line("rooms.entry", room=room.title or room.ref.id, platform=room.ref.platform) for room in known
    ]
    lines.append(visit.speech.line("rooms.code", code=code))
    await answer(house, visit, Card(tuple(lines)), start="rooms")


async def language(house: House, visit: Visit, wanted: str) -> None:
    """`/lang xx`: the room's language (its organisers), or in private one's own."""
    chosen = wanted.strip().casefold()[:2]
    if chosen not in languages():
        raise Refusal("no-such-language", languages=languages())
    if visit.room is None:
        await house.store.write(lambda tx: tx.set_account_language(visit.account.id, chosen))
        house.memory.keep_language(visit.account.ref, chosen)
    else:
        room, organisation = visit.room, visit.organisation
        assert organisation is not None
        authorise(Act.SET_ROOM_LANGUAGE, await standing_of(house, visit.account, organisation, [room]))
        await house.store.write(lambda tx: tx.set_room_language(room.id, chosen))
    speech = house.speech(chosen, visit.speech.zone.key, visit.account.ref.platform)
    await answer(house, visit, sentence(speech, "lang.done-private" if visit.private else "lang.done-room"))
