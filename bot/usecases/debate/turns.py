"""The turns on the floor, as time passes: ended when they are used up, followed by the next, told to their speaker.

`tend` is called by the reconciler whenever it looks at a debate, in whatever state it
is: it does what is due, and after a crash the same again. So neither a phase change nor
a closing needs to know the floor: a turn that is out of order is ended here, and the
rooms are given back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.consultation import Consultation, State
from bot.domain.debate.floor import ends_at, fair_order, nearly_over, next_due, over, under_way
from bot.domain.debate.model import Course, DebateRules, Deed, Measure, Request, Signing, Speech
from bot.domain.debate.phases import ALLOWED, phase_of
from bot.domain.ids import AccountRef
from bot.ports import Person, Spoke
from bot.store import Transaction
from bot.text.debate.floor import FloorView, left_words, warning_words
from bot.usecases.debate.holding import Holding, settle_rooms
from bot.usecases.debate.recall import Turn
from bot.usecases.gathering import rooms_by_id
from bot.usecases.house import House
from bot.usecases.tell import sentence
from bot.usecases.vote import voice


@dataclass(frozen=True, slots=True)
class Floor:
    """The floor of a debate, read in one go. `told` are the notes of what the speaker was told in this turn."""

    consultation: Consultation
    rules: DebateRules
    course: Course
    requests: tuple[Request, ...]
    speeches: tuple[Speech, ...]
    speakers: tuple[AccountRef, ...]
    holding: Holding
    told: frozenset[str]

    @property
    def number(self) -> int:
        """The debate's number."""
        return self.consultation.number

    @property
    def turn(self) -> Speech | None:
        """The turn under way."""
        return under_way(self.speeches)

    @property
    def waiting(self) -> list[Request]:
        """Who waits, in the order they get the floor."""
        return fair_order(self.requests, self.speeches, self.rules)

    def changes(self, now: datetime) -> bool:
        """Whether the turn under way has come to its end."""
        turn = self.turn
        return turn is not None and (
            not may_speak(self.consultation, self.rules, self.course) or over(turn, self.rules.turn, now)
        )


def may_speak(consultation: Consultation, rules: DebateRules, course: Course) -> bool:
    """Whether somebody may have the floor: the debate runs, in a phase that has one, and is held by name."""
    runs = consultation.state is State.OPEN and course.paused_at is None
    return runs and rules.signing is Signing.NAME and Deed.SPEAK in ALLOWED[phase_of(rules, course)]


def read_floor(tx: Transaction, number: int) -> Floor | None:
    """The floor of the debate; None for what is no debate, or has not begun."""
    consultation = tx.consultation(number)
    rules, course = consultation.definition.debate, tx.debates.course(number)
    if rules is None or course is None:
        return None
    speeches = tuple(tx.debates.speeches(number))
    turn = under_way(speeches)
    speakers = tuple(tx.debates.accounts_behind(number, turn.alias)) if turn else ()
    notes = [_note(number, turn, what) for what in ("begun", "nearly-over")] if turn else []
    held = tuple((tx.room_by_id(one.room), one.saved) for one in tx.debates.held_rooms(number))
    rooms = rooms_by_id(tx, (room for room in consultation.rooms if room not in consultation.excused))
    return Floor(
        consultation=consultation,
        rules=rules,
        course=course,
        requests=tuple(tx.debates.requests(number)),
        speeches=speeches,
        speakers=speakers,
        holding=Holding(number, turn.id if turn else None, speakers, rooms, held),
        told=frozenset(note for note in notes if tx.was_seen(note)),
    )


def floor_view(tx: Transaction, number: int, room: int, now: datetime) -> FloorView | None:
    """The floor as the cards of one room show it; None for what is no debate, or has not begun."""
    floor = read_floor(tx, number)
    if floor is None:
        return None
    held = any(one.id == room for one, _ in floor.holding.held)
    open_ = may_speak(floor.consultation, floor.rules, floor.course)
    return FloorView(floor.rules, floor.turn, tuple(floor.waiting) if open_ else (), held, now)


def move_on(tx: Transaction, floor: Floor, now: datetime) -> Speech | None:
    """End the turn under way, if there is one, and give the floor to whoever is next; the turn that begins."""
    if floor.turn is not None:
        end = ends_at(floor.turn, floor.rules.turn)
        tx.debates.end_speech(floor.number, min(now, end) if end else now)
    tx.touch(floor.number)
    waiting = floor.waiting
    if not waiting or not may_speak(floor.consultation, floor.rules, floor.course):
        return None
    return tx.debates.begin_speech(floor.number, waiting[0], now)


async def tend(house: House, number: int, now: datetime) -> datetime | None:
    """Do what is due on the floor of the debate; when to look again, None for not before something happens."""
    floor = await house.store.read(lambda tx: read_floor(tx, number))
    if floor is None:
        return None
    if floor.changes(now):
        await house.store.write(lambda tx: _settle(tx, number, now))
        house.nudge(number)
        floor = await house.store.read(lambda tx: read_floor(tx, number))
        assert floor is not None
    _remember(house, floor)
    await _tell_speaker(house, floor, now)
    again = await settle_rooms(house, floor.holding, now)
    due = next_due(floor.course, floor.speeches, floor.rules, now)
    return min((instant for instant in (again, due) if instant is not None), default=None)


def _settle(tx: Transaction, number: int, now: datetime) -> None:
    """End the turn if it still has to be, whatever happened since it was read."""
    tx.debates.course(number, lock=True)
    floor = read_floor(tx, number)
    if floor is not None and floor.changes(now):
        move_on(tx, floor, now)


def _remember(house: House, floor: Floor) -> None:
    turn = floor.turn
    if turn is None:
        house.memory.floor.keep(floor.number, None)
        return
    rooms = frozenset(room.ref for room in floor.holding.rooms)
    house.memory.floor.keep(floor.number, Turn(turn.id, frozenset(floor.speakers), rooms))


def _note(number: int, turn: Speech, what: str) -> str:
    return f"floor:{number}:{turn.id}:{what}"


async def _tell_speaker(house: House, floor: Floor, now: datetime) -> None:
    """Tell the speaker in private that the turn begins, and when a fifth of it is left: each once."""
    turn = floor.turn
    if turn is None:
        return
    nearly = nearly_over(turn, floor.rules.turn, now)
    for what in ("begun", "nearly-over") if nearly else ("begun",):
        if await _is_news(house, floor, _note(floor.number, turn, what)):
            await _whisper(house, floor, turn, what, now)


async def _is_news(house: House, floor: Floor, note: str) -> bool:
    return note not in floor.told and await house.store.write(lambda tx: tx.first_time(note))


async def _whisper(house: House, floor: Floor, turn: Speech, what: str, now: datetime) -> None:
    words = warning_words if what == "nearly-over" else left_words
    for account in floor.speakers:
        messenger = house.messengers.get(account.platform)
        if messenger is not None:
            speech = await voice(house, Person(account, ""), floor.consultation)
            facts = {"title_text": floor.consultation.definition.title, "number": str(floor.number)}
            card = sentence(speech, f"floor.{what}", left=words(turn, floor.rules, now, speech), **facts)
            await messenger.whisper(account, card, _note(floor.number, turn, what), open_chat=False)


async def spoke(house: House, incoming: Spoke) -> None:
    """Count what the speaker wrote; what others write is left alone."""
    number = house.memory.floor.debate_of(incoming.who.account, incoming.room)
    if number is None or incoming.speaker != "person":
        return
    await house.store.write(lambda tx: _count(tx, number, incoming))
    house.nudge(number)


def _count(tx: Transaction, number: int, incoming: Spoke) -> None:
    turn = under_way(tx.debates.speeches(number))
    if turn is None or incoming.who.account not in tx.debates.accounts_behind(number, turn.alias):
        return
    if not tx.first_time(incoming.key):
        return
    tx.debates.note_words(number, 1, incoming.length)
    budget = tx.consultation(number).definition.debate
    if budget is not None and budget.turn is not None and budget.turn.measure is not Measure.SECONDS:
        tx.touch(number)
