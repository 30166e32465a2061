"""Showing something to one person beside the debate: in their private chat, in place where they pressed, and with the
choices they can make next kept for whoever answers by a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.ports import Delivered, Pressed, Reply
from bot.text.card import Card
from bot.usecases.house import House, Visit
from bot.usecases.tell import Menu, answer, privately, saved_menu, with_menu
from bot.usecases.vote import toast


@dataclass(frozen=True, slots=True)
class Page:
    """What one person is shown: a card, the choices below it, and what their next words answer.

    `start` is the link that leads to it from outside the private chat.
    """

    card: Card
    start: str
    menu: Menu = ()
    dialogue: Mapping[str, Any] = field(default_factory=dict)


async def show(house: House, visit: Visit, page: Page, pressed: Pressed | None = None) -> Reply:
    """Show the page to the person alone.

    What was pressed in private is replaced in its place. Where the bot may not write first, a press leads to the
    private chat, and something typed is answered in the room with the way there.
    """
    if page.menu or page.dialogue:
        state = {**page.dialogue, "menu": saved_menu(page.menu)}
        await house.store.write(lambda tx: tx.set_dialogue(visit.account.id, state))
    if pressed is None:
        await answer(house, visit, page.card, menu=page.menu, start=page.start)
        return Reply()
    if visit.private and await _in_place(house, visit, page, pressed):
        return Reply()
    if not await privately(house, visit, page.card, menu=page.menu, open_chat=True):
        return Reply(start=page.start)
    return Reply() if visit.private else Reply(toast(visit.speech.say("debate.look-in-private")))


async def _in_place(house: House, visit: Visit, page: Page, pressed: Pressed) -> bool:
    if pressed.post is None:
        return False
    messenger = house.messenger(visit.chat.platform)
    card = with_menu(page.card, page.menu, messenger.buttons, visit.speech)
    return isinstance(await messenger.edit(pressed.post, card), Delivered)
