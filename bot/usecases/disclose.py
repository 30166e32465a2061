"""Making the disclosure of a consultation from things as they are, keeping it, and saying what stands in its way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.charter import (
    Circumstances,
    Disclosure,
    Role,
    RoomCircumstances,
    disclose,
    erasure_day,
    missing_facts,
    to_facts,
)
from bot.domain.consultation import Consultation, State
from bot.domain.ids import AccountRef
from bot.domain.organisation import Organisation
from bot.domain.roles import observers
from bot.store import Account, Room, Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.text.catalogue import Speech, languages
from bot.text.disclosure import missing_card
from bot.usecases.apart import disclosed_together
from bot.usecases.gathering import rooms_by_id
from bot.usecases.house import House
from bot.usecases.voters import members_today

MISSING_AGAIN = timedelta(seconds=60)
"""How long to wait before looking again at a consultation whose disclosure can't be completed yet."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A consultation with its organisation, rooms and author."""

    consultation: Consultation
    organisation: Organisation
    rooms: tuple[Room, ...]
    author: Account


def setting_of(tx: Transaction, number: int) -> Setting:
    """Read a consultation with everything its disclosure is made of."""
    consultation = tx.consultation(number)
    return Setting(
        consultation,
        tx.organisation(consultation.organisation),
        rooms_by_id(tx, consultation.rooms),
        tx.account_by_id(consultation.author),
    )


async def disclosure_now(house: House, setting: Setting, role: Role) -> Disclosure:
    """The disclosure as it would be posted at this instant."""
    rooms = [await _room_circumstances(house, room) for room in setting.rooms]
    members = await house.store.read(lambda tx: members_today(tx, setting.consultation))
    days = house.instance.backup_days
    now = house.clock.now()
    together = await house.store.read(lambda tx: disclosed_together(tx, setting.consultation, days, now))
    circumstances = Circumstances(
        author_name=setting.author.name,
        author_role=role,
        author_is_operator=None,
        rooms=tuple(rooms),
        languages=languages(),
        members=members,
        together=together,
        observers=len(await house.store.read(lambda tx: _observers(tx, setting.consultation))),
    )
    return disclose(setting.consultation, setting.organisation, house.instance, circumstances)


def _observers(tx: Transaction, consultation: Consultation) -> frozenset[int]:
    return observers(tx.members.grants(consultation.organisation, consultation.number))


async def _room_circumstances(house: House, room: Room) -> RoomCircumstances:
    messenger = house.messengers.get(room.ref.platform)
    abilities = await messenger.abilities(room.ref) if messenger else None
    roster = await messenger.roster(room.ref.place) if messenger else None
    return RoomCircumstances(
        platform=room.ref.platform,
        title=room.title,
        count=roster.count if roster else None,
        exact=abilities is not None and abilities.exact_roster,
        sees_arrivals=abilities is not None and abilities.sees_arrivals,
        encrypted=abilities is not None and abilities.encrypted,
    )


async def prepare(house: House, consultation: Consultation, now: datetime) -> datetime | None:
    """Make and keep the disclosure of this version, once; the instant to try again while something is missing."""
    number, version = consultation.number, consultation.version
    if await house.store.read(lambda tx: tx.disclosure(number, version)) is not None:
        return None
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    disclosure = await disclosure_now(house, setting, "organiser")
    missing = missing_facts(disclosure)
    if missing:
        speech = voice_to_author(house, setting)
        await warn_once(house, setting, f"missing-{version}", missing_card(missing, speech))
        return now + MISSING_AGAIN

    def work(tx: Transaction) -> None:
        fresh = tx.consultation(number, lock=True)
        if fresh.state is State.SCHEDULED and fresh.version == version:
            tx.set_disclosure(number, version, to_facts(disclosure))
            tx.save(replace(fresh, disclosure_digest=disclosure.digest, erase_at=erasure_day(disclosure)))

    await house.store.write(work)
    return None


def voice_to_author(house: House, setting: Setting) -> Speech:
    """The voice to write to the author in private: their own language, else the consultation's."""
    language = setting.author.language or setting.consultation.definition.language
    return house.speech(language, setting.organisation.time_zone, setting.author.ref.platform)


async def warn_author(house: House, consultation: Consultation, room: Room) -> None:
    """Tell the author, once, that a room can't be reached, so that the opening waits, and what they can do."""
    setting = await house.store.read(lambda tx: setting_of(tx, consultation.number))
    speech = voice_to_author(house, setting)
    line = speech.line(
        "warn.room-unreachable", number=str(consultation.number), room=room.title or str(room.ref), id=str(room.id)
    )
    card = Card((headline(consultation, speech), line))
    await warn_once(house, setting, f"unreachable-{room.id}", card)


async def warn_once(house: House, setting: Setting, what: str, card: Card) -> None:
    """Write to the author privately, once for each `what`; where the platform does not allow it, the log keeps it."""
    key = f"warn:{setting.consultation.number}:{what}"
    if await house.store.read(lambda tx: tx.was_seen(key)):
        return
    author: AccountRef = setting.author.ref
    if author.platform in house.messengers:
        await house.messenger(author.platform).whisper(author, card, key, open_chat=True)
    await house.store.write(lambda tx: tx.first_time(key))
