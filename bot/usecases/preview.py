"""Showing the author exactly what will be posted, and asking whether to publish, change or drop it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain.agenda import CARD
from bot.domain.authority import Act, authorise
from bot.domain.consultation import Consultation, State
from bot.domain.dates import later
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.domain.results import conclude
from bot.store import Transaction
from bot.text.card import Card
from bot.text.cards import Place
from bot.text.disclosure import disclosure_card
from bot.usecases.announce import card_of
from bot.usecases.disclose import Setting, disclosure_now, setting_of
from bot.usecases.facts import Facts
from bot.usecases.gathering import standing_of
from bot.usecases.house import House, Visit
from bot.usecases.tell import answer, menu_of, privately, saved_menu


async def preview(house: House, visit: Visit, number: int) -> None:
    """Send the author both cards as they will be posted, then the three choices."""
    setting = await house.store.read(lambda tx: setting_of(tx, number))
    if setting.consultation.state is not State.DRAFT:
        raise Refusal("already-published", number=str(number))
    standing = await standing_of(house, visit.account, setting.organisation, setting.rooms, setting.consultation)
    authorise(Act.SEE_DRAFT, standing)
    cards = await _cards(house, setting)
    shown = [await privately(house, visit, card, open_chat=True) for card in cards]
    await _ask(house, visit, setting, bool(shown) and all(shown))


async def _cards(house: House, setting: Setting) -> tuple[Card, ...]:
    consultation = setting.consultation
    speech = house.speech(
        consultation.definition.language, setting.organisation.time_zone, setting.rooms[0].ref.platform
    )
    place = Place(house.messenger(setting.rooms[0].ref.platform).buttons)
    disclosure = await disclosure_now(house, setting, "organiser")
    shown = _as_open(setting)
    facts = Facts(shown, setting.organisation, conclude(shown, {}), (), 0, disclosure, (), None)
    cards = (disclosure_card(consultation, disclosure, speech), await card_of(house, facts, CARD, place, speech))
    # A preview is read, not pressed: buttons and polls of the real cards are of a consultation that is not open.
    return tuple(replace(card, buttons=(), poll=None) for card in cards)


def _as_open(setting: Setting) -> Consultation:
    """The consultation as it will be once it is open."""
    consultation = setting.consultation
    zone = ZoneInfo(setting.organisation.time_zone)
    closes_at = consultation.closes_at or later(consultation.opens_at, consultation.lasts or timedelta(), zone)
    return replace(consultation, state=State.OPEN, opened_at=consultation.opens_at, closes_at=closes_at)


async def _ask(house: House, visit: Visit, setting: Setting, shown: bool) -> None:
    number, speech = setting.consultation.number, visit.speech
    menu = menu_of(
        (speech.say("button.publish"), Action("pub", number)),
        (speech.say("button.change"), Action("edit", number)),
        (speech.say("button.drop"), Action("drop", number)),
    )

    def work(tx: Transaction) -> None:
        kept = dict(tx.dialogue(visit.account.id) or {})
        tx.set_dialogue(visit.account.id, {"inputs": kept.get("inputs"), "menu": saved_menu(menu)})

    await house.store.write(work)
    key = "preview.ask" if shown else "preview.ask-in-room"
    card = Card((speech.line(key, number=str(number)),))
    await answer(house, visit, card, menu=menu, start=f"p-{number}")
