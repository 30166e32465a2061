"""What every private ballot paper has: its voter's own order of the options, and its place in their chat."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.consultation import Consultation
from bot.domain.ids import PostRef
from bot.domain.papers import paper_order
from bot.ports import Delivered
from bot.text.card import Card
from bot.usecases.house import House, Visit
from bot.usecases.tell import privately


def order_of(consultation: Consultation, visit: Visit) -> tuple[int, ...]:
    """The options in the order of this person's paper, whichever of their accounts they come with."""
    return paper_order(consultation.definition, f"{consultation.number}/{visit.account.person}")


async def show(house: House, visit: Visit, card: Card, post: PostRef | None) -> bool:
    """Show the card in place of our private message, or else as a new one; False when that is not allowed yet."""
    if post is not None and visit.private:
        messenger = house.messenger(post.room.platform)
        if isinstance(await messenger.edit(post, card), Delivered):
            return True
    return await privately(house, visit, replace(card, image=None), open_chat=True)
