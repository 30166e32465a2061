"""Showing something to one person alone: in the message where they pressed, in a new one, or by leading them there."""

from __future__ import annotations

from bot.domain.ids import PostRef
from bot.ports import Delivered, Reply
from bot.text.card import Card
from bot.usecases.house import House, Visit
from bot.usecases.tell import privately


async def replaced(house: House, visit: Visit, post: PostRef | None, card: Card) -> bool:
    """Whether the card took the place of our message in the private chat."""
    if post is None or not visit.private:
        return False
    return isinstance(await house.messenger(post.room.platform).edit(post, card), Delivered)


async def alone(house: House, visit: Visit, card: Card, start: str) -> Reply:
    """Show it to the person alone, or send them to the private chat first, where `start` says what it was about."""
    return led(visit, await privately(house, visit, card, open_chat=True), start)


def led(visit: Visit, sent: bool, start: str) -> Reply:
    """What a press is told once something was sent in private, or could not be."""
    if not sent:
        return Reply(start=start)
    return Reply() if visit.private else Reply(visit.speech.say("opinions.look-in-private"))
