"""Reading a debate: its arguments in pages of a named order, one argument with what answers it, and one's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.consultation import State
from bot.domain.debate.model import Argument, ArgumentKind, ArgumentState, Deed
from bot.domain.debate.order import RATED, Order
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.domain.refusals import Missing, Refusal
from bot.domain.words import fold
from bot.ports import Pressed, Reply, Said
from bot.store import Transaction
from bot.text.card import Block, Card
from bot.text.catalogue import Speech
from bot.text.debate.arguments import READABLE, Reading, Row, Thread, page_card, pages_of, thread_card
from bot.text.debate.mine import own_line
from bot.usecases.debate.arguing import permits
from bot.usecases.debate.aside import Page, show
from bot.usecases.debate.weighing import numbers_in
from bot.usecases.debate.which import Debate, debate_of, meant
from bot.usecases.house import House, Visit
from bot.usecases.tell import in_room, menu_of

ORDERS = {
    "strongest": Order.STRONGEST, "strong": Order.STRONGEST, "forts": Order.STRONGEST, "plus forts": Order.STRONGEST,
    "newest": Order.NEWEST, "recent": Order.NEWEST, "recents": Order.NEWEST,
    "oldest": Order.OLDEST, "old": Order.OLDEST, "anciens": Order.OLDEST,
    "random": Order.RANDOM, "hasard": Order.RANDOM, "au hasard": Order.RANDOM,
}  # fmt: skip
"""The folded words that name an order."""

SHOWN = 8
"""One's own contributions that `/mine` shows of each debate, the newest."""
_PAGE = re.compile(r"(.*?)\s*(?:\b(?:page|p)\s*)?([0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where someone is in the pages: the order and the page, counted from 1."""

    order: Order
    page: int


async def arguments(house: House, visit: Visit, said: Said, typed: Command) -> Reply | None:
    """`/arguments [order] [page]`: one page, in the room it was asked in, or in private with its buttons;
    `/arguments 3`: that argument with what answers it."""
    found = await meant(house, visit, said, typed, ended=True)
    debate = found.debate
    number = found.parent if found.parent is not None else _alone(found.rest)
    if number is not None:
        return await _read_one(house, visit, debate.number, number)
    place = _place(found.rest)
    if visit.room is None:
        return await _read_page(house, visit, debate.number, place)
    reading = await house.store.read(lambda tx: _reading(tx, visit, debate.number, place.order))
    pages = pages_of(reading, visit.room_speech)
    shown = min(place.page, len(pages))
    card = page_card(reading, pages, shown, visit.room_speech)
    await in_room(house, visit, Card((*card.blocks, *_more_typed(debate, place.order, shown, len(pages), visit))))
    return None


async def page_pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button "read all", or one that turns a page: `strongest.2`."""
    if not action.argument:
        return await _read_page(house, visit, action.number, _Place(Order.STRONGEST, 1), press)
    order, _, page = action.argument.partition(".")
    if order not in set(Order) or not re.fullmatch("[0-9]{1,4}", page):
        raise Refusal("expired-button")
    return await _read_page(house, visit, action.number, _Place(Order(order), int(page)), press)


async def pages_began(house: House, visit: Visit, number: int) -> None:
    """The private chat was opened by the link of "read all"."""
    await _read_page(house, visit, number, _Place(Order.STRONGEST, 1))


async def one_pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """A button that shows one argument."""
    return await _read_one(house, visit, action.number, numbers_in(action, 1)[0], press)


# -- pages -------------------------------------------------------------------------------------------------------------
async def _read_page(house: House, visit: Visit, number: int, place: _Place, press: Pressed | None = None) -> Reply:
    reading = await house.store.read(lambda tx: _reading(tx, visit, number, place.order))
    pages = pages_of(reading, visit.speech)
    page = min(max(place.page, 1), len(pages))
    card = page_card(reading, pages, page, visit.speech)
    menu = menu_of(*_turning(reading, pages, page, visit.speech))
    how = (visit.speech.line("debate.read-one-how", number=str(number)),) if any(pages) else ()
    shown = Page(Card((*card.blocks, *how)), f"all-{number}", menu)
    return await show(house, visit, shown, press)


def _turning(
    reading: Reading, pages: tuple[tuple[Row, ...], ...], page: int, speech: Speech
) -> Iterator[tuple[str, Action]]:
    """The choices below a page: the pages beside it, the other orders."""
    number, order = reading.consultation.number, reading.order
    if page < len(pages):
        yield speech.say("button.next-page"), Action("all", number, f"{order}.{page + 1}")
    if page > 1:
        yield speech.say("button.previous-page"), Action("all", number, f"{order}.{page - 1}")
    if any(pages):
        for other, key in _ORDER_BUTTONS:
            if other is not order:
                yield speech.say(key), Action("all", number, f"{other}.1")


def _reading(tx: Transaction, visit: Visit, number: int, order: Order) -> Reading:
    debate = visible(tx, visit, number)
    # One's own seed: nobody always reads the same argument first, and a page turned is a page of the same order.
    seed = f"{number}/{visit.account.id}"
    return Reading(debate.consultation, debate.rules, tuple(tx.debates.arguments(number, states=READABLE)), order, seed)


def visible(tx: Transaction, visit: Visit, number: int) -> Debate:
    """The debate, if it concerns this visit. Raises Missing for any other, without a difference."""
    debate = debate_of(tx, number)
    rooms = {visit.room.id, visit.room.place} if visit.room is not None else set(tx.rooms_with(visit.account.id))
    if not rooms.intersection(debate.consultation.rooms) and tx.right_of(number, visit.account.id) is None:
        raise Missing("no-such-consultation", number=str(number))
    return debate


def _more_typed(debate: Debate, order: Order, page: int, pages: int, visit: Visit) -> Iterator[Block]:
    """How to read on from a page shown in a room."""
    speech = visit.room_speech
    if page < pages:
        word = speech.say(_ORDER_WORDS[order])
        yield speech.line("debate.next-page-how", number=str(debate.number), order=word, page=str(page + 1))


def _place(typed: str) -> _Place:
    """The order and the page typed. Raises Refusal `unknown-order`."""
    found = _PAGE.fullmatch(fold(typed))
    assert found is not None
    order = ORDERS.get(found[1], Order.STRONGEST if not found[1] else None)
    if order is None:
        raise Refusal("unknown-order")
    return _Place(order, max(int(found[2] or 1), 1))


def _alone(typed: str) -> int | None:
    """The argument meant by a number alone."""
    return int(typed) if re.fullmatch("[0-9]{1,6}", typed) else None


# -- one argument ------------------------------------------------------------------------------------------------------
async def _read_one(house: House, visit: Visit, number: int, argument: int, press: Pressed | None = None) -> Reply:
    def query(tx: Transaction) -> tuple[Debate, Thread, int | None]:
        debate = visible(tx, visit, number)
        return debate, _thread(tx, debate, argument), tx.debates.alias_of(number, visit.account.id)

    debate, thread, alias = await house.store.read(query)
    if visit.room is not None and press is None:
        await in_room(house, visit, thread_card(thread, visit.room_speech))
        return Reply()
    menu = menu_of(*_gestures(debate, thread.argument, alias, visit.speech))
    return await show(house, visit, Page(thread_card(thread, visit.speech), f"all-{number}", menu), press)


def _thread(tx: Transaction, debate: Debate, argument: int) -> Thread:
    number = debate.number
    found = tx.debates.argument(number, argument)
    if found.state not in READABLE:
        raise Missing("no-such-argument", number=str(number), argument=str(argument))
    readable = tx.debates.arguments(number, states=READABLE)
    replies = tuple(one for one in readable if one.parent == argument and one.kind is not ArgumentKind.COMMENT)
    parent = tx.debates.argument(number, found.parent) if found.parent is not None else None
    wordings = tuple(tx.debates.wordings(number, argument))
    return Thread(debate.consultation, debate.rules, found, wordings, parent, replies)


def _gestures(debate: Debate, argument: Argument, alias: int | None, speech: Speech) -> Iterator[tuple[str, Action]]:
    """What can be done with an argument that is shown."""
    number, itself = debate.number, str(argument.number)
    if argument.state is not ArgumentState.PUBLISHED or debate.consultation.state is not State.OPEN:
        return
    own = argument.alias == alias
    weigh = not own and permits(debate, Deed.WEIGH)
    offered = (
        ("button.support", Action("sup", number, itself), weigh),
        ("button.rate", Action("rate", number, itself), weigh and argument.kind in RATED),
        ("button.reply", Action("arg", number, itself), permits(debate, Deed.REPLY)),
        ("button.edit-argument", Action("reword", number, itself), own),
        ("button.withdraw-argument", Action("retract", number, itself), own),
        ("button.report", Action("report", number, itself), not own),
    )
    yield from ((speech.say(key), action) for key, action, shown in offered if shown)


# -- one's own ---------------------------------------------------------------------------------------------------------
def mine_blocks(tx: Transaction, account: int, number: int, speech: Speech) -> list[Block]:
    """The lines of `/mine` about one debate: the account's contributions with what became of them, the newest; none
    once the links are erased."""
    debate, alias = debate_of(tx, number), tx.debates.alias_of(number, account)
    own = [one for one in tx.debates.arguments(number) if one.alias == alias]
    facts = {"number": str(number), "title_text": debate.consultation.definition.title}
    if not own:
        return [speech.line("mine.debate-none", **facts)]
    return [speech.line("mine.debate", n=len(own), **facts), *(own_line(one, speech) for one in own[: -SHOWN - 1 : -1])]


_ORDER_BUTTONS = (
    (Order.STRONGEST, "button.order-strongest"),
    (Order.NEWEST, "button.order-newest"),
    (Order.OLDEST, "button.order-oldest"),
    (Order.RANDOM, "button.order-random"),
)
_ORDER_WORDS = {
    Order.STRONGEST: "debate.order-word.strongest",
    Order.NEWEST: "debate.order-word.newest",
    Order.OLDEST: "debate.order-word.oldest",
    Order.RANDOM: "debate.order-word.random",
}
"""The keys of the words that are typed for each order."""
