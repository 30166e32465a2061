"""The world of a scenario: rooms, people, the messages that stand there, and a clock that moves when told.

It is the platform's memory, so it survives the bot's restarts. It knows nothing
of votes, and it refuses what could not happen: someone speaking in a room they
are not in, a clock going back.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from adapters.console.acts import Act, At, Down, Mistake, Move, Open, Press, Say, Wait
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.ports import Person
from bot.text.card import Button, Card

PLATFORM: Final = "console"
PRIVATE: Final = "@"
"""How the address of a private chat begins: `@ana` is ana's chat with the bot."""
BEGINNING: Final = datetime(2026, 1, 5, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))
END: Final = datetime(2300, 1, 1, tzinfo=UTC)
"""No scenario goes beyond, so that dates can be added to without care."""


class ScenarioClock:
    """A clock (`bot.ports.Clock`) whose time moves only when `move` says so."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The scenario's present instant, in UTC."""
        return self._now

    async def sleep_until(self, at: datetime) -> None:
        """Return once the clock was moved to `at` or beyond."""
        if at > self._now:
            sleeper = asyncio.get_running_loop().create_future()
            self._sleepers.append((at, sleeper))
            await sleeper

    def move(self, to: datetime) -> None:
        """Go to this instant and wake who slept until then. Raises ValueError when that is going back."""
        if to < self._now:
            raise ValueError(to)
        self._now = to.astimezone(UTC)
        due = [sleeper for at, sleeper in self._sleepers if at <= self._now]
        self._sleepers = [(at, sleeper) for at, sleeper in self._sleepers if at > self._now]
        for sleeper in due:
            if not sleeper.done():
                sleeper.set_result(None)


@dataclass(slots=True)
class Message:
    """A message of the bot as it reads now; `former` holds the cards it showed before."""

    post: PostRef
    card: Card
    former: list[Card] = field(default_factory=list)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The buttons that stand on it now."""
        return buttons_of(self.card)

    @property
    def ever_pressable(self) -> bool:
        """Whether it has, or once had, a button that asks the bot for something."""
        return any(button.action for card in (self.card, *self.former) for button in buttons_of(card))


def buttons_of(card: Card) -> tuple[Button, ...]:
    """The buttons of a card in reading order."""
    return tuple(button for row in card.buttons for button in row)


@dataclass(slots=True)
class Room:
    """A room and who is in it. `writers` are the members who may write beside its administrators, None for all."""

    ref: RoomRef
    title: str
    language: str
    members: list[str]
    administrators: set[str]
    writers: frozenset[str] | None = None

    def lets_write(self, who: str) -> bool:
        """Whether the room takes what this person writes."""
        return self.writers is None or who in self.writers or who in self.administrators


class World:
    """Everything that exists in a scenario."""

    def __init__(self, start: datetime = BEGINNING, language: str = "fr") -> None:
        self.clock = ScenarioClock(start)
        self.language = language
        self.rooms: dict[str, Room] = {}
        self._people: set[str] = set()
        self._messages: dict[PostRef, Message] = {}
        self._chats: dict[RoomRef, list[Message]] = {}
        self._serial = 0

    # ── what acts may do ─────────────────────────────────────────────────────────────────────────────────────────────

    def accept(self, act: Act) -> None:
        """Let the act change who is where and what time it is. Raises Mistake for what could not happen."""
        match act:
            case Open():
                self._open(act)
            case Move():
                self._move(act)
            case Say(room=name):
                self._require_presence(act.line, act.who, name)
            case Press(room=name):
                # A button can be pressed by whoever sees the message: someone who left, or anyone in a public group.
                if name:
                    self.room(act.line, name)
                self._people.add(act.who)
            case At():
                self._require_future(act.line, act.when)
            case Wait() | Down():
                self._require_future(act.line, self.clock.now() + act.lasting)
            case _:
                pass

    def _open(self, act: Open) -> None:
        if act.room in self.rooms:
            raise Mistake(act.line, "room-twice", room=act.room)
        ref = RoomRef(PLATFORM, act.room)
        members, administrators = list(act.members), set(act.administrators)
        self.rooms[act.room] = Room(ref, act.title, act.language or self.language, members, administrators)
        self._people.update(members)

    def _move(self, act: Move) -> None:
        room = self.room(act.line, act.room)
        if act.joined and act.who in room.members:
            raise Mistake(act.line, "already-there", who=act.who, room=act.room)
        if not act.joined:
            self._require_presence(act.line, act.who, act.room)
            room.members.remove(act.who)
            room.administrators.discard(act.who)
        else:
            room.members.append(act.who)
            self._people.add(act.who)

    def _require_presence(self, line: int, who: str, name: str) -> None:
        if name and who not in self.room(line, name).members:
            raise Mistake(line, "not-there" if who in self._people else "nobody", who=who, room=name)
        self._people.add(who)

    def _require_future(self, line: int, when: datetime) -> None:
        if when < self.clock.now():
            raise Mistake(line, "backwards")
        if when > END:
            raise Mistake(line, "too-far")

    def room(self, line: int, name: str) -> Room:
        """The room of that name. Raises Mistake when there is none."""
        if name not in self.rooms:
            raise Mistake(line, "no-room", room=name)
        return self.rooms[name]

    # ── what the messenger asks ──────────────────────────────────────────────────────────────────────────────────────

    def find(self, ref: RoomRef) -> Room | None:
        """The room at an address; a person's private chat is no room."""
        return self.rooms.get(ref.id)

    def new_id(self) -> str:
        """A message id never used before."""
        self._serial += 1
        return str(self._serial)

    def keep(self, chat: RoomRef, card: Card) -> Message:
        """Let a new message of the bot stand in a chat."""
        message = Message(PostRef(chat, self.new_id()), card)
        self._messages[message.post] = message
        self._chats.setdefault(chat, []).append(message)
        return message

    def message(self, post: PostRef) -> Message | None:
        """The message of the bot that stands there."""
        return self._messages.get(post)

    def messages(self, chat: RoomRef) -> list[Message]:
        """The bot's messages in a chat, latest first."""
        return self._chats.get(chat, [])[::-1]


def private_chat(who: str) -> RoomRef:
    """Where a person and the bot are alone."""
    return RoomRef(PLATFORM, f"{PRIVATE}{who}")


def place_of(ref: RoomRef) -> str:
    """How a scenario names the chat: `#assembly`, or `ana` for her private chat."""
    return ref.id.removeprefix(PRIVATE) if ref.id.startswith(PRIVATE) else f"#{ref.id}"


def person(who: str) -> Person:
    """A scenario's person, as the platform presents them."""
    return Person(AccountRef(PLATFORM, who), who)
