"""Telling organisers in private what waits for them: arguments to be read, arguments that many reported.

The reconciler looks after each act and each start, so a crash between an act and its
notice only delays it; what was told is noted, so that it is told once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.authority import MAY, Act
from bot.domain.consultation import State
from bot.domain.debate.model import Argument, ArgumentState
from bot.domain.ids import Action
from bot.store import Account, Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.text.catalogue import Speech
from bot.text.fitting import cut
from bot.usecases.debate.which import debate_of
from bot.usecases.disclose import Setting, setting_of
from bot.usecases.house import House
from bot.usecases.tell import Menu, menu_of, saved_menu, with_menu

QUIET = timedelta(minutes=10)
"""The least time between two notices of what waits to be read."""
TEXT_SHOWN = 600
"""Code units of a reported argument that are shown."""


@dataclass(frozen=True, slots=True)
class _Told:
    """Up to which argument organisers were told that something waits, and when they were last."""

    argument: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class _Found:
    """What there is to tell, and to whom."""

    setting: Setting
    organisers: tuple[Account, ...]
    waiting: tuple[Argument, ...]
    reported: tuple[Argument, ...]
    told: _Told


async def alert(house: House, number: int, now: datetime) -> datetime | None:
    """Tell what is new; the instant to look again when a notice must wait for its time."""
    found = await house.store.read(lambda tx: _find(tx, number))
    if found is None:
        return None
    for argument in found.reported:
        await _tell_reported(house, found, argument)
    if not found.waiting or found.waiting[-1].number <= found.told.argument:
        return None
    if found.told.at is not None and now < found.told.at + QUIET:
        return found.told.at + QUIET
    await _tell_waiting(house, found, now)
    return None


def _find(tx: Transaction, number: int) -> _Found | None:
    setting = setting_of(tx, number)
    if setting.consultation.state is not State.OPEN or tx.debates.course(number) is None:
        return None
    rules = debate_of(tx, number).rules
    arguments = tx.debates.arguments(number, states={ArgumentState.PENDING, ArgumentState.PUBLISHED})
    waiting = tuple(one for one in arguments if one.state is ArgumentState.PENDING)
    reported = tuple(
        one for one in arguments
        if one.state is ArgumentState.PUBLISHED and one.reports >= rules.reports and not tx.was_seen(_key(number, one))
    )  # fmt: skip
    organisers = known_organisers(tx, setting) if waiting or reported else ()
    return _Found(setting, organisers, waiting, reported, _told(tx, number))


def known_organisers(tx: Transaction, setting: Setting) -> tuple[Account, ...]:
    """The author, and whoever has a role by which they moderate: those we know of without asking each platform about
    each member."""
    number, organisation = setting.consultation.number, setting.organisation
    found = {setting.author.id: setting.author}
    grants = tx.members.grants(organisation.id, number)
    people = (grant.person for grant in grants if grant.role in MAY[Act.MODERATE])
    found |= {account.id: account for person in people for account in tx.members.accounts_of(person)}
    return tuple(found.values())


def _told(tx: Transaction, number: int) -> _Told:
    argument, _, at = (tx.cursor(_cursor(number)) or "0").partition(" ")
    return _Told(int(argument), datetime.fromisoformat(at) if at else None)


def unread(tx: Transaction, number: int, argument: int) -> None:
    """An argument that was read waits to be read again: organisers are told as of a new one."""
    told = _told(tx, number)
    if told.at is not None:
        tx.set_cursor(_cursor(number), f"{min(told.argument, argument - 1)} {told.at.isoformat()}")


def _cursor(number: int) -> str:
    return f"debate-queue:{number}"


def _key(number: int, argument: Argument) -> str:
    return f"warn:{number}:reported-{argument.number}"


async def _tell_waiting(house: House, found: _Found, now: datetime) -> None:
    number, last = found.setting.consultation.number, found.waiting[-1].number
    for organiser in found.organisers:
        speech = voice_to(house, found.setting, organiser)
        menu = menu_of((speech.say("button.read-queue"), Action("queue", number)))
        line = speech.line("moderation.waiting", n=len(found.waiting), number=str(number))
        await write_to(house, found.setting, organiser, Card((line,)), menu, f"queue-{number}-{last}")
    await house.store.write(lambda tx: tx.set_cursor(_cursor(number), f"{last} {now.isoformat()}"))


async def _tell_reported(house: House, found: _Found, argument: Argument) -> None:
    number, key = found.setting.consultation.number, _key(found.setting.consultation.number, argument)
    for organiser in found.organisers:
        speech = voice_to(house, found.setting, organiser)
        facts = {"argument": str(argument.number), "text": cut(argument.text, TEXT_SHOWN), "number": str(number)}
        line = speech.line("moderation.reported", n=argument.reports, **facts)
        await write_to(house, found.setting, organiser, Card((line,)), (), key)
    await house.store.write(lambda tx: tx.first_time(key))


def voice_to(house: House, setting: Setting, account: Account) -> Speech:
    """The voice to write to an organiser: their own language, else the consultation's."""
    language = account.language or setting.consultation.definition.language
    platform = account.ref.platform if account.ref.platform in house.messengers else next(iter(house.messengers))
    return house.speech(language, setting.organisation.time_zone, platform)


async def write_to(house: House, setting: Setting, to: Account, card: Card, menu: Menu, key: str) -> None:
    """Write to an organiser in private, with what can be decided; nothing where their platform is off."""
    messenger = house.messengers.get(to.ref.platform)
    if messenger is None:
        return
    speech = voice_to(house, setting, to)
    full = Card((headline(setting.consultation, speech), *card.blocks))
    if menu and not messenger.buttons:
        await house.store.write(lambda tx: tx.set_dialogue(to.id, {"menu": saved_menu(menu)}))
    await messenger.whisper(to.ref, with_menu(full, menu, messenger.buttons, speech), key, open_chat=True)
