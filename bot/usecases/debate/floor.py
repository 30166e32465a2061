"""The speakers' list: asking for the floor, leaving it, reading the list, and the moderator's `/next`.

The floor opens with the moderator's `/next`; from then on each turn is followed by the
next one by itself until nobody waits. There is no floor where names are not shown:
whoever speaks in a room is seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.authority import Act
from bot.domain.debate.floor import FloorWish, read_wish
from bot.domain.debate.model import Deed, Request, Signing
from bot.domain.debate.phases import allowed
from bot.domain.debate.signing import signature
from bot.domain.grammar import Command
from bot.domain.ids import Action
from bot.domain.refusals import Refusal
from bot.ports import Person, Pressed, Reply, Said
from bot.store import Transaction
from bot.text.card import Card, Line
from bot.text.catalogue import Speech as Voice
from bot.text.debate.floor import FloorView, list_card, turn_line
from bot.usecases.debate.turns import Floor, floor_view, move_on, read_floor
from bot.usecases.debate.which import Debate, debate_of, meant
from bot.usecases.gathering import hides_name, rooms_by_id
from bot.usecases.house import House, Visit
from bot.usecases.steer import authorised
from bot.usecases.taking_part import must_be_open, take_part
from bot.usecases.tell import answer, in_room, sentence
from bot.usecases.vote import toast


class _Became(StrEnum):
    """What became of a wish for the floor."""

    JOINED = "joined"
    LEFT = "left"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of it, the place on the list, and whether anybody has the floor."""

    became: _Became
    place: int = 0
    begun: bool = False


async def floor(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/floor`: join the list or leave it, end one's own turn; `/floor for`, a quota list, `order`; `/floor list`."""
    found = await meant(house, visit, said, command)
    wish = read_wish(found.rest, found.debate.rules)
    if wish.reads:
        await _show_list(house, visit, found.debate)
        return
    outcome = await _ask(house, visit, said.who, found.debate, wish)
    await answer(house, visit, Card((_told(outcome, found.debate, visit.speech),)))


async def pressed(house: House, visit: Visit, press: Pressed, action: Action) -> Reply:
    """The button "ask for the floor": join the list or leave it."""
    debate = await house.store.read(lambda tx: debate_of(tx, action.number))
    outcome = await _ask(house, visit, press.who, debate, FloorWish())
    return Reply(toast(_told(outcome, debate, visit.speech).plain))


async def next_(house: House, visit: Visit, said: Said, command: Command) -> None:
    """`/next`: end the turn under way and give the floor to whoever is next. It is told where it was asked."""
    found = await meant(house, visit, said, command)
    number, now = found.debate.number, house.clock.now()
    await authorised(house, visit, number, Act.MODERATE)
    _must_have_a_floor(found.debate)

    def work(tx: Transaction) -> bool:
        _check(tx, number)
        floor = _read(tx, number)
        if not tx.first_time(f"{visit.key}/next"):
            return False
        if floor.turn is None and not floor.requests:
            raise Refusal("floor-list-empty", number=str(number))
        move_on(tx, floor, now)
        return True

    if await house.store.write(work):
        house.nudge(number)
        await _tell_next(house, visit, number)


async def _ask(house: House, visit: Visit, who: Person, debate: Debate, wish: FloorWish) -> _Outcome:
    _must_have_a_floor(debate)
    _must_be_time(debate)
    alias = await take_part(house, who, debate.number)
    name = await _name(house, visit, debate, alias)
    request = Request(alias, name, visit.at, wish.side, wish.list, wish.order)
    outcome = await house.store.write(lambda tx: _record(house, tx, debate.number, request, wish, visit.key))
    house.nudge(debate.number)
    return outcome


def _record(house: House, tx: Transaction, number: int, request: Request, wish: FloorWish, key: str) -> _Outcome:
    """Join, change or leave, once for this event; the same event again is told how things stand."""
    _check(tx, number)
    floor = _read(tx, number)
    speaks = floor.turn is not None and floor.turn.alias == request.alias
    waits = any(one.alias == request.alias for one in floor.requests)
    if not tx.first_time(f"{key}/floor"):
        return _standing(tx, number, request.alias) if waits or speaks else _Outcome(_Became.LEFT)
    if wish.toggles and speaks:
        move_on(tx, floor, house.clock.now())
        return _Outcome(_Became.ENDED)
    tx.touch(number)
    if wish.toggles and waits:
        tx.debates.leave_floor(number, request.alias)
        return _Outcome(_Became.LEFT)
    tx.debates.ask_floor(number, request)
    return _standing(tx, number, request.alias)


def _standing(tx: Transaction, number: int, alias: int) -> _Outcome:
    floor = _read(tx, number)
    place = next((place for place, one in enumerate(floor.waiting, 1) if one.alias == alias), 0)
    return _Outcome(_Became.JOINED, place, floor.turn is not None)


def _read(tx: Transaction, number: int) -> Floor:
    floor = read_floor(tx, number)
    assert floor is not None
    return floor


def _check(tx: Transaction, number: int) -> None:
    """Lock the debate. Raises the Refusal that says why nobody may have the floor now."""
    _must_be_time(debate_of(tx, number, lock=True))


def _must_be_time(debate: Debate) -> None:
    must_be_open(debate.consultation)
    allowed(debate.rules, debate.course, Deed.SPEAK, debate.consultation.closes_at)


def _must_have_a_floor(debate: Debate) -> None:
    if debate.rules.signing is not Signing.NAME:
        raise Refusal("floor-needs-names", number=str(debate.number))


async def _name(house: House, visit: Visit, debate: Debate, alias: int) -> str:
    """How the list shows the person: by name, unless they take part in a room without showing it."""
    rooms = await house.store.read(lambda tx: rooms_by_id(tx, debate.consultation.rooms))
    hides = await hides_name(house, visit.account.ref, rooms)
    own = house.speech(debate.consultation.definition.language, visit.speech.zone.key, visit.account.ref.platform)
    pseudonym = own.say("debate.pseudonym", number=str(alias))
    return pseudonym if hides else signature(debate.rules, visit.account.name, pseudonym)


def _told(outcome: _Outcome, debate: Debate, voice: Voice) -> Line:
    """What the person is told of it."""
    facts = {"place": str(outcome.place), "number": str(debate.number)}
    if outcome.became is not _Became.JOINED:
        return voice.line(f"floor.{outcome.became.value}", **facts)
    if outcome.place == 0:
        return voice.line("floor.yours-already", **facts)
    return voice.line("floor.joined" if outcome.begun else "floor.joined-early", **facts)


async def _show_list(house: House, visit: Visit, debate: Debate) -> None:
    view = await _view(house, visit, debate.number)
    await answer(house, visit, list_card(debate.consultation.definition.title, view, visit.speech))


async def _view(house: House, visit: Visit, number: int) -> FloorView:
    room, now = visit.room.id if visit.room else 0, house.clock.now()
    view = await house.store.read(lambda tx: floor_view(tx, number, room, now))
    assert view is not None
    return view


async def _tell_next(house: House, visit: Visit, number: int) -> None:
    """Who has the floor now, in the room where the moderator asked, else to the moderator alone."""
    view = await _view(house, visit, number)
    voice = visit.room_speech if visit.room else visit.speech
    if view.turn is None:
        card = sentence(voice, "floor.nobody-left")
    else:
        lines = [turn_line(view.turn, view.rules, view.now, voice)]
        lines += [voice.line("floor.then", name=view.waiting[0].name)] if view.waiting else []
        card = Card(tuple(lines))
    if visit.room is not None:
        await in_room(house, visit, card)
    else:
        await answer(house, visit, card)
