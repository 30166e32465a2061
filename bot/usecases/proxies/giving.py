"""Giving one's vote away in one consultation, and taking it back: in private, by a code for whoever casts it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.consultation import State
from bot.domain.ids import Action
from bot.domain.proxies import Notice, Proxy, Word, must_admit, must_be_free_to_give, must_be_revocable
from bot.ports import Pressed, Reply
from bot.store import Transaction
from bot.text.card import Card
from bot.text.cards import headline
from bot.text.proxies import Held, code_card, given_line, held_card
from bot.usecases.debate.aside import Page, show
from bot.usecases.house import House, Visit
from bot.usecases.membership import code_hash, new_code
from bot.usecases.proxies.names import held_by, name_of, person_of
from bot.usecases.proxies.offering import cast_menu
from bot.usecases.proxies.owing import owe
from bot.usecases.proxies.voting import concerned, must_vote
from bot.usecases.tell import Menu, menu_of

START = "proxy"
"""The verb of a link that brings the code of a proxy: `proxy-1A2B-…`."""


async def give(house: House, visit: Visit, number: int) -> None:
    """`/proxy 12`: whom one votes for, or who votes for one; else a fresh code to give one's vote away. It is told in
    private, wherever it was asked.

    Raises Missing, and the Refusals of `must_admit`, `must_be_free_to_give` and `voting.must_vote`.
    """
    consultation = await concerned(house, visit, number)
    must_admit(consultation, visit.at)
    held = await house.store.read(lambda tx: held_by(tx, number, person_of(tx, visit)))
    if held:
        menu = cast_menu(house, visit, consultation, held)
        await show(house, visit, Page(held_card(consultation, held, visit.speech), f"proxy-{number}", menu))
        return
    await must_vote(house, visit, consultation)
    code = new_code()
    given = await house.store.write(lambda tx: _offered(tx, visit, number, code_hash(code)))
    if given is not None:
        line = given_line(given.proxy, given.name, visit.speech)
        card = Card((headline(consultation, visit.speech, "proxy.headline"), line))
    else:
        card = code_card(consultation, code, way(house, visit, code), visit.speech)
    await show(house, visit, Page(card, f"proxy-{number}", _undo_menu(visit, number, given)))


def _offered(tx: Transaction, visit: Visit, number: int, hashed: str) -> Held | None:
    """Keep the code; the proxy on record where somebody took it already."""
    must_admit(tx.consultation(number, lock=True), visit.at)
    side = tx.proxies.side(number, person_of(tx, visit))
    if side.gave is not None and side.gave.holder is not None:
        return Held(side.gave, name_of(tx, side.gave.holder))
    must_be_free_to_give(number, side)
    tx.proxies.offer(number, side.person, hashed)
    return None


def way(house: House, visit: Visit, code: str) -> str:
    """What whoever casts it does with the code: tap the link where a platform has one, or write to the bot."""
    links = (messenger.start_link(f"{START}-{code}") for messenger in house.messengers.values())
    words = visit.speech.say("proxy.take-words", code=code)
    link = next(filter(None, links), "")
    return visit.speech.say("proxy.take-link", link=link, words=words) if link else words


def _undo_menu(visit: Visit, number: int, given: Held | None) -> Menu:
    if given is not None and given.proxy.used:
        return ()
    return menu_of((visit.speech.say("button.proxy-revoke"), Action("pxundo", number)))


async def revoke(house: House, visit: Visit, number: int) -> Card:
    """Take the vote back before it was cast. Raises Missing, and Refusal `proxy-none-given`, `proxy-used`."""
    consultation = await concerned(house, visit, number)

    def work(tx: Transaction) -> Proxy:
        tx.consultation(number, lock=True)
        person = person_of(tx, visit)
        if not tx.first_time(f"{visit.key}/revoke"):
            return Proxy(number, person)
        given = must_be_revocable(number, tx.proxies.of_giver(number, person))
        take_back(tx, given, visit.key, visit.at)
        return given

    await house.store.write(work)
    house.memory.owes_notices = True
    key = "proxy.revoked" if consultation.state is State.OPEN else "proxy.revoked-early"
    return Card((headline(consultation, visit.speech, "proxy.headline"), visit.speech.line(key, number=str(number))))


def take_back(tx: Transaction, given: Proxy, act: str, at: datetime) -> None:
    """The proxy is no more; whoever held it is to be told. `act` names for ever what ended it."""
    tx.proxies.drop(given.number, given.giver)
    if given.holder is not None:
        owe(tx, given.holder, Notice(given.number, given.giver, Word.CANCELLED), act, at)


async def revoke_pressed(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The button that takes a vote back."""
    card = await revoke(house, visit, action.number)
    return await show(house, visit, Page(card, f"proxy-{action.number}"), pressed)


def taken(proxy: Proxy, holder: int) -> Proxy:
    """The proxy once this person took it."""
    return replace(proxy, holder=holder, used=False)
