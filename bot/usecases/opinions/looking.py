"""Looking at an opinion map: the map in pages, and in private one's own statements and answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.consultation import Consultation, State
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.ports import Pressed, Reply
from bot.store import Transaction
from bot.text.card import Block, Card
from bot.text.cards import shows_counts
from bot.text.catalogue import Speech
from bot.text.fitting import first_fitting
from bot.text.opinions.map import map_page
from bot.text.opinions.own import own_blocks, own_card
from bot.usecases.house import House, Visit
from bot.usecases.opinions.mapping import Gathered, drawn, gathered
from bot.usecases.opinions.private import alone, replaced
from bot.usecases.opinions.which import asked, visible
from bot.usecases.tell import in_room, privately

START_MAP, START_MINE = "om", "oi"
"""What the links to the private chat begin with (`/start om-9`)."""
OWN_CUTS = ((40, 120), (25, 60), (20, 40), (10, 40))
"""How many of my statements and answers are listed, and characters of each: as many as fit in one message."""


async def show_map(house: House, visit: Visit, number: int, page: int) -> None:
    """`/map N`: a page of the map, where it was asked for. Raises Refusal `map-at-closing` before it may be seen."""
    found = await _seen(house, visit, number)
    if visit.private:
        await privately(house, visit, await _page(house, visit, found, page))
        return
    card = await _page(house, visit, replace(found, alias=None), page, in_a_room=True)
    await in_room(house, visit, card)


async def press_map(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """A page of the map by button, in private, where it takes the place of the page on which the button stands."""
    if not (action.argument.isascii() and action.argument.isdigit() and len(action.argument) <= 4):
        raise Refusal("expired-button")
    found = await _seen(house, visit, action.number)
    card = await _page(house, visit, found, int(action.argument))
    if await replaced(house, visit, pressed.post, card):
        return Reply()
    return await alone(house, visit, card, f"{START_MAP}-{action.number}")


def mine_blocks(
    tx: Transaction, consultation: Consultation, account: int, speech: Speech, most: int = 3, cut: int = 60
) -> Sequence[Block]:
    """What the account wrote and answered in an opinion map, the last `most` of each, each statement cut to so many
    characters; nothing once the links are erased."""
    number = consultation.number
    alias = tx.opinion_maps.alias_of(number, account)
    if alias is None:
        return ()
    opinions = tx.opinion_maps.opinions_of(number, alias)
    return own_blocks(tx.opinion_maps.statements(number), alias, opinions, most, cut, speech)


async def _mine(house: House, visit: Visit, number: int) -> Card:
    """My statements and my answers in one opinion map, as many as a message holds."""

    def query(tx: Transaction) -> Card:
        consultation = visible(tx, visit, number)
        cards = (
            own_card(consultation, mine_blocks(tx, consultation, visit.account.id, visit.speech, *size), visit.speech)
            for size in OWN_CUTS
        )
        return first_fitting(cards)

    return await asked(house, visit, number, query)


async def press_mine(house: House, visit: Visit, pressed: Pressed, action: Action) -> Reply:
    """The "my answers" button, in private."""
    return await alone(house, visit, await _mine(house, visit, action.number), f"{START_MINE}-{action.number}")


async def show_mine(house: House, visit: Visit, number: int) -> None:
    """My statements and my answers, in private."""
    await privately(house, visit, await _mine(house, visit, number))


async def _seen(house: House, visit: Visit, number: int) -> Gathered:
    def query(tx: Transaction) -> Gathered:
        consultation = visible(tx, visit, number)
        if consultation.state is State.CANCELLED or not shows_counts(consultation):
            raise Refusal("map-at-closing", number=str(number))
        return gathered(tx, number, visit.account.id)

    return await asked(house, visit, number, query)


async def _page(house: House, visit: Visit, found: Gathered, page: int, *, in_a_room: bool = False) -> Card:
    what = await drawn(found)
    letter = what.map.membership.get(found.alias, "") if found.alias is not None else ""
    buttons = house.messenger(visit.account.ref.platform).buttons
    return map_page(what, page, letter, buttons, visit.room_speech if in_a_room else visit.speech)
