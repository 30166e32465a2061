"""Saying something to the person who came: in their private chat, or shortly in the room when that can't be.

What is told is never the record of anything: if it is lost, `/mine` and `/status`
say the same. A list of choices is offered as buttons where the platform has them
and can always be answered by its numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.ports import Delivered, Never, Outcome
from bot.store import Transaction
from bot.text.card import Button, Card, Line, Span
from bot.text.cards import rows_of
from bot.text.catalogue import Speech
from bot.usecases.house import House, Visit


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a menu: the number to type, the words, what it does."""

    number: int
    label: str
    action: Action


Menu = Sequence[Choice]


def menu_of(*entries: tuple[str, Action]) -> tuple[Choice, ...]:
    """A menu numbered from 1."""
    return tuple(Choice(number, label, action) for number, (label, action) in enumerate(entries, 1))


def with_menu(card: Card, menu: Menu, buttons: bool, speech: Speech) -> Card:
    """The card with its choices: as buttons, or as numbered lines to answer."""
    if not menu:
        return card
    if buttons:
        return replace(card, buttons=(*card.buttons, *rows_of([Button(item.label, item.action) for item in menu])))
    lines = tuple(Line((Span(f"{item.number}. {item.label}"),)) for item in menu)
    return replace(card, blocks=(*card.blocks, *lines, speech.line("menu.answer-number")))


def saved_menu(menu: Menu) -> dict[str, list[Any]]:
    """The menu as a dialogue keeps it."""
    return {str(item.number): [item.action.verb, item.action.number, item.action.argument] for item in menu}


def chosen(menu: Mapping[str, Sequence[Any]], text: str) -> Action | None:
    """The action a typed number stands for in a saved menu."""
    entry = menu.get(text.strip().rstrip("."))
    return Action(str(entry[0]), int(entry[1]), str(entry[2])) if entry else None


def sentence(speech: Speech, key: str, **facts: Any) -> Card:
    """A card of one sentence."""
    return Card((speech.line(key, **facts),))


def refusal_card(refusal: Refusal, speech: Speech) -> Card:
    """The one clear sentence that says no, why, and what to do."""
    return Card((speech.line(f"refusal.{refusal.code}", **refusal.facts),))


async def privately(house: House, visit: Visit, card: Card, *, menu: Menu = (), open_chat: bool = False) -> bool:
    """Write to the person alone; False when their platform does not allow it yet."""
    messenger = house.messenger(visit.account.ref.platform)
    outcome = await _send(house, visit, with_menu(card, menu, messenger.buttons, visit.speech), open_chat)
    if isinstance(outcome, Delivered) and not visit.account.greeted:
        await greet(house, visit)
    return not isinstance(outcome, Never)


async def _send(house: House, visit: Visit, card: Card, open_chat: bool) -> Outcome:
    messenger = house.messenger(visit.account.ref.platform)
    key = f"{visit.key}/{_fingerprint(card)}"
    if visit.private:
        return await messenger.post(visit.chat, card, key)
    return await messenger.whisper(visit.account.ref, card, key, open_chat)


async def greet(house: House, visit: Visit) -> None:
    """The individual data-protection notice, once, after the first private message (GDPR, article 13)."""

    def first(tx: Transaction) -> bool:
        if tx.account_by_id(visit.account.id).greeted:
            return False
        tx.greet(visit.account.id)
        return True

    if await house.store.write(first):
        await _send(house, visit, sentence(visit.speech, "privacy.first"), open_chat=False)


def _fingerprint(card: Card) -> str:
    return hashlib.sha256(card.plain.encode()).hexdigest()[:12]


async def answer(house: House, visit: Visit, card: Card, *, menu: Menu = (), start: str = "") -> None:
    """Answer the person: privately, else shortly in the room, leading to the private chat if `start` is set."""
    if await privately(house, visit, card, menu=menu, open_chat=bool(menu or start)):
        return
    if start:
        await in_room(house, visit, invitation(visit, start))
    else:
        await in_room(house, visit, named(card, visit.account.name))


def invitation(visit: Visit, start: str) -> Card:
    """A short word in the room, with the button that opens the private chat."""
    button = Button(visit.room_speech.say("button.continue-in-private"), start=start)
    return Card((visit.room_speech.line("private.first", name=visit.account.name),), ((button,),))


def named(card: Card, name: str) -> Card:
    """The card, saying first whom it is for."""
    first = card.blocks[0]
    if not isinstance(first, Line):
        return card
    return replace(card, blocks=(Line((Span(f"{name}: "), *first.spans), first.title), *card.blocks[1:]))


async def in_room(house: House, visit: Visit, card: Card) -> Outcome:
    """Say it where the person spoke, as a reply to what they wrote."""
    messenger = house.messenger(visit.chat.platform)
    return await messenger.post(visit.chat, card, f"{visit.key}/room/{_fingerprint(card)}", visit.message)
