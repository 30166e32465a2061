"""Plays acts against the bot, one by one, and collects what each of them caused.

It stands for the people, their applications and the passing of time. It knows no
rule of any vote, and it judges nothing but the scenario's own expectations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from adapters.console.acts import (
    Act,
    AskAcceptance,
    At,
    Down,
    Expect,
    Found,
    Move,
    Open,
    Press,
    Remark,
    Restart,
    Wait,
)
from adapters.console.acts import Say as Speak
from adapters.console.application import Application, Factory
from adapters.console.botlife import BotLife
from adapters.console.expectations import Seen, judge, readable
from adapters.console.messenger import ConsoleMessenger
from adapters.console.people import card_to_answer, find_button
from adapters.console.transcript import Transcript
from adapters.console.world import BEGINNING, PLATFORM, Room, World, person, place_of, private_chat
from bot.domain.ids import PostRef, RoomRef
from bot.ports import BotMoved, Incoming, MemberMoved, Pressed, Reply, Said, Spoke
from bot.text.card import Button, Card

AFFIRMATIVE: Final = {"fr": "oui"}
"""How a person says yes to the bot in the room's language; in any other language, `yes`."""
_SIGNS: Final = ("+", "-", "−", "–", "?", "*", "!", "#")
"""How an answer to a debate's card begins."""
_CODE = re.compile(r"\b[0-9A-Z]{3,4}(?:-[0-9A-Z]{3,4}){2,}\b")
"""A code of the bot's, as it is shown."""
_EXAMPLE: Final = "K7M-2QX-94T-HBE"
"""The code that stands in sentences as an example: nobody's."""
_LAST_CODE: Final = re.compile(r"\{code(?: ([^{}\s]+))?\}")
"""What stands, in what people write, for the last code that the bot showed to anyone, or in one person's own chat."""
_TO_BOT = re.compile(r"^(/[^\s@]+)@palabre\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Doing:
    """What a person did, ready to reach the bot: when the bot receives it is the bot's time."""

    line: int
    who: str
    place: RoomRef
    text: str = ""
    button: Button | None = None
    post: PostRef | None = None
    joined: bool | None = None
    lost: bool = False
    """The room did not take what was written there."""


def _holds_the_floor(room: Room | None, doing: _Doing) -> bool:
    """Whether these are words of the speaker to the room, and not a contribution in answer to a card."""
    speaking = room is not None and room.writers is not None and doing.who in room.writers
    return speaking and not doing.text.lstrip().startswith(_SIGNS)


class Player:
    """One scenario being played. The bot is started with the first act that needs it."""

    def __init__(self, factory: Factory, transcript: Transcript, language: str, start: datetime = BEGINNING) -> None:
        self.world = World(start, language)
        self._bot = BotLife(factory, ConsoleMessenger(self.world, self), self.world.clock, language)
        self._transcript = transcript
        self._language = language
        self._told = self.world.clock.now()
        self._organisation = ""
        self._unbound: list[RoomRef] = []
        self._accepts = True
        self._seen: list[Seen] = []
        self._keys = 0
        self._codes: dict[str, str] = {}

    # ── the screen ───────────────────────────────────────────────────────────────────────────────────────────────────

    def show(self, place: str, kind: Literal["post", "edit"], card: Card) -> None:
        """Remember and print a message that appeared or changed."""
        self._tell_time()
        self._seen.append(Seen(place, kind, readable(card, self._transcript.file(card.file) if card.file else "")))
        self._note_code(place, card.plain)
        self._transcript.show(place, kind, card)

    def show_toast(self, who: str, text: str) -> None:
        """Remember and print the answer to a press."""
        self._seen.append(Seen(who, "toast", text))
        self._note_code(who, text)
        self._transcript.toast(who, text)

    def _note_code(self, place: str, text: str) -> None:
        for code in _CODE.findall(text):
            if code != _EXAMPLE:
                self._codes[""] = self._codes[place] = code

    def _with_codes(self, text: str) -> str:
        return _LAST_CODE.sub(lambda found: self._codes.get(found[1] or "", ""), text)

    def show_writers(self, place: str, writers: frozenset[str] | None) -> None:
        """Remember and print that the room was closed to all but some, or opened again."""
        self._tell_time()
        if writers is None:
            self._transcript.event("console.floor-open", room=place)
        elif writers:
            self._transcript.event("console.floor", room=place, people=tuple(sorted(writers)))
        else:
            self._transcript.event("console.floor-closed", room=place)

    def _tell_time(self) -> None:
        """Print what time it is, once, before the first thing that happens then."""
        if self._told != self.world.clock.now():
            self._told = self.world.clock.now()
            self._transcript.event("console.clock", when=self._told)

    # ── playing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def play(self, act: Act) -> None:
        """Play one act to its end: nothing is left to do at this instant when it returns.

        Raises Mistake for what can't happen, Unmet for an expectation that fails,
        Unpressable for a button that isn't there; the scenario can go on after each.
        """
        match act:
            case Remark():
                self._transcript.remark(act.text)
            case AskAcceptance():
                self._accepts = False
            case Expect():
                self._judge(act)
            case _:
                self._seen.clear()
                self.world.accept(act)
                await self._carry_out(act)
                self._tell_time()

    def _judge(self, expected: Expect) -> None:
        if expected.place.startswith("#"):
            self.world.room(expected.line, expected.place[1:])
        judge(expected, self._seen)

    async def _carry_out(self, act: Act) -> None:
        match act:
            case Open():
                await self._open(act)
            case Found():
                await self._found(act)
            case Speak() | Press() | Move():
                await self._deliver(self._do(act))
            case At():
                await self._bot.live_until(act.when)
            case Wait():
                await self._bot.live_until(self.world.clock.now() + act.lasting)
            case Restart():
                self._transcript.event("console.restart")
                self._bot.kill()
                await self._bot.running()
            case Down():
                await self._go_down(act)
            case _:
                raise TypeError(act)

    def stop(self) -> None:
        """Let the bot go without a goodbye, as the end of every scenario does."""
        self._bot.kill()

    # ── rooms ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _open(self, act: Open) -> None:
        room = self.world.rooms[act.room]
        people = tuple(f"{name}*" if name in act.administrators else name for name in act.members)
        key = "console.room" if people else "console.room-empty"
        self._transcript.event(key, room=f"#{act.room}", title=act.title, people=people)
        app = await self._bot.running()
        by = next((person(name) for name in act.members if name in act.administrators), None)
        now = self.world.clock.now()
        if act.language:
            await app.set_room_language(room.ref, act.language)
        await app(BotMoved(self._key(act.line), now, room.ref, act.title, present=True, by=by))
        self._unbound.append(room.ref)
        await self._bind(app)
        await app.settle()

    async def _found(self, act: Found) -> None:
        self._transcript.event("console.organisation", name=act.name)
        self._organisation = act.name
        app = await self._bot.running()
        await self._bind(app)
        await app.settle()

    async def _bind(self, app: Application) -> None:
        if self._organisation:
            rooms, self._unbound = self._unbound, []
            await app.found_organisation(self._organisation, rooms)

    # ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _do(self, act: Speak | Press | Move) -> _Doing:
        """Write the act into the transcript and make it ready for the bot."""
        place = RoomRef(PLATFORM, act.room) if act.room else private_chat(act.who)
        match act:
            case Speak():
                self._transcript.speech(place_of(place), act.who, act.text)
                doing = _Doing(act.line, act.who, place, text=act.text)
                return doing if self._is_taken(doing) else replace(doing, lost=True)
            case Move():
                key = "console.joins" if act.joined else "console.leaves"
                self._transcript.event(key, who=act.who, room=f"#{act.room}")
                return _Doing(act.line, act.who, place, joined=act.joined)
            case Press():
                return self._press(act, place)

    def _press(self, act: Press, place: RoomRef) -> _Doing:
        found = find_button(act, self.world.messages(place))
        key = "console.presses-stale" if found.stale else "console.presses" if act.room else "console.presses-private"
        self._transcript.event(key, who=act.who, label=found.button.label, room=f"#{act.room}")
        return _Doing(act.line, act.who, place, button=found.button, post=found.message.post)

    def _is_taken(self, doing: _Doing) -> bool:
        """Whether the room lets the person write now; if not, their application says so."""
        room = self.world.find(doing.place)
        taken = room is None or room.lets_write(doing.who)
        if not taken:
            self._transcript.event("console.not-delivered", who=doing.who, room=place_of(doing.place))
        return taken

    async def _deliver(self, doing: _Doing) -> None:
        if doing.lost:
            return
        app = await self._bot.running()
        if doing.button is not None and doing.button.start:
            await self._open_private(doing, doing.button.start)
        else:
            incoming = self._incoming(doing)
            if incoming is not None:
                await self._hear(doing, await app(incoming), self._accepts)
        await app.settle()

    def _incoming(self, doing: _Doing) -> Incoming | None:
        """The act as it reaches the bot; None for what no platform would pass on."""
        key, now, who = self._key(doing.line), self.world.clock.now(), person(doing.who)
        private = doing.place == private_chat(doing.who)
        if doing.joined is not None:
            return MemberMoved(key, now, who, doing.place, doing.joined)
        if doing.button is not None:
            action = doing.button.action
            return Pressed(key, now, who, doing.place, action, private, doing.post) if action else None
        return self._said(doing, private)

    def _said(self, doing: _Doing, private: bool) -> Said | Spoke:
        message = PostRef(doing.place, self.world.new_id())
        answered, room = None, self.world.find(doing.place)
        if not private and not doing.text.lstrip().startswith("/"):
            card = None if _holds_the_floor(room, doing) else card_to_answer(self.world.messages(doing.place))
            if card is None:
                key, now = self._key(doing.line), self.world.clock.now()
                return Spoke(key, now, person(doing.who), doing.place, len(doing.text.strip()))
            answered = card.post
        text = self._with_codes(_TO_BOT.sub(r"\1", doing.text.strip()))
        return Said(
            self._key(doing.line), self.world.clock.now(), person(doing.who), doing.place, text,
            room.title if room else "", private, answered, message=message,
        )  # fmt: skip

    async def _hear(self, doing: _Doing, reply: Reply, accepts: bool) -> None:
        """What the reply makes the person's application show or do; `accepts` lets them accept the rules at once."""
        if reply.toast:
            self.show_toast(doing.who, reply.toast)
        if reply.start:
            await self._open_private(doing, reply.start)
        if reply.asks_acceptance and accepts:
            await self._accept(doing)

    async def _accept(self, doing: _Doing) -> None:
        """Press again, or answer yes to the bot, as whoever accepts the rules does."""
        app = await self._bot.running()
        await app.settle()
        self._transcript.event("console.accepts", who=doing.who)
        again = doing
        if doing.button is None:
            yes = AFFIRMATIVE.get(self._spoken_in(doing.place), "yes")
            again = _Doing(doing.line, doing.who, private_chat(doing.who), text=yes)
        incoming = self._incoming(again)
        if incoming is not None:
            await self._hear(again, await app(incoming), accepts=False)

    def _spoken_in(self, place: RoomRef) -> str:
        room = self.world.find(place)
        return room.language if room else self._language

    async def _open_private(self, doing: _Doing, payload: str) -> None:
        self._transcript.event("console.opens-private", who=doing.who)
        await self._deliver(_Doing(doing.line, doing.who, private_chat(doing.who), text=f"/start {payload}"))

    def _key(self, line: int) -> str:
        self._keys += 1
        return f"{PLATFORM}:{line}.{self._keys}"

    async def _go_down(self, act: Down) -> None:
        """Nobody is there for that long; then the bot starts, and what people did meanwhile reaches it."""
        await self._bot.running()
        self._transcript.event("console.down", lasting=act.lasting)
        self._bot.kill()
        back = self.world.clock.now() + act.lasting
        waiting = [doing for done in act.meanwhile for doing in self._meanwhile(done)]
        self.world.clock.move(max(back, self.world.clock.now()))
        self._tell_time()
        await self._bot.running()
        for doing in waiting:
            await self._deliver(doing)

    def _meanwhile(self, act: Speak | Press | Move | Wait) -> Iterator[_Doing]:
        self.world.accept(act)
        if isinstance(act, Wait):
            self.world.clock.move(self.world.clock.now() + act.lasting)
            self._tell_time()
        else:
            yield self._do(act)
