"""The bot as one thing that can be started, spoken to, and left to run: the door, the reconciler and the heartbeat."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.consultation import Consultation
from bot.domain.ids import RoomRef
from bot.domain.organisation import Declaration
from bot.ports import BotMoved, Incoming, Reply
from bot.store import Room, Transaction
from bot.usecases.front import Front
from bot.usecases.house import House
from bot.usecases.membership import code_hash, new_code
from bot.usecases.notices import deliver
from bot.usecases.outage import BEAT, TOLERANCE, came_back
from bot.usecases.reconcile import Reconciler
from bot.usecases.retention import keep_clock
from bot.usecases.scrub import scrub

log = logging.getLogger(__name__)

UNFINISHED = timedelta(milliseconds=50)
"""How long a closing waits before asking again whether everything received before it is handled."""
SILENCE = timedelta(seconds=10)
"""How long a closing waits before asking again whether a silent platform is back."""

LastContact = Callable[[str], datetime | None]
"""When a platform was last reached, as its adapter knows; None while it never was."""


class Nudges:
    """Carries nudges from the use cases to the reconciler, which is made after them."""

    def __init__(self) -> None:
        self._to: Callable[[int], None] | None = None

    def connect(self, to: Callable[[int], None]) -> None:
        """Where nudges go from now on."""
        self._to = to

    def __call__(self, number: int) -> None:
        """This consultation has something to do or to show."""
        if self._to is not None:
            self._to(number)


class Application:
    """The core at work. `platforms` are those it serves; `last_contact` says since when one has been silent."""

    def __init__(self, house: House, nudges: Nudges, last_contact: LastContact) -> None:
        self._house = house
        self._front = Front(house)
        self._last_contact = last_contact
        self.reconciler = Reconciler(house, self._ready_to_close)
        nudges.connect(self.reconciler.nudge)
        self._beaten: datetime | None = None
        self._silent: set[str] = set()
        self._handling: dict[object, datetime] = {}
        self._entered: Callable[[], Awaitable[object]] | None = None
        self._owing = asyncio.Event()

    async def __call__(self, incoming: Incoming) -> Reply:
        """The door."""
        key = object()
        self._handling[key] = incoming.at
        try:
            reply = await self._front(incoming)
        finally:
            del self._handling[key]
        if self._house.memory.owes_notices:
            self._owing.set()
        if isinstance(incoming, BotMoved) and incoming.present and self._entered is not None:
            await self._entered()
        return reply

    def when_entering_a_room(self, does: Callable[[], Awaitable[object]]) -> None:
        """What else to do each time the bot enters a room: the wiring binds those its configuration names."""
        self._entered = does

    async def start(self) -> None:
        """Apply the outage rule before any update is read, then look at everything a stop left undone."""
        await came_back(self._house, self._house.messengers, self._house.clock.now())
        await scrub(self._house)
        await self.reconciler.resume()

    async def settle(self) -> None:
        """Do everything due at this instant; the bot is known to be there."""
        await self._beat()
        await self._deliver()
        await self.reconciler.settle()
        if self._house.memory.owes_notices:
            await self._deliver()

    async def next_due(self) -> datetime | None:
        """When something is due next."""
        return self.reconciler.next_due()

    async def heartbeat(self) -> None:
        """Beat for ever for the platforms that answer; one that was silent too long has the outage rule applied."""
        while True:
            try:
                await self._beat()
            except Exception:
                # Nobody can vote without the database: its absence counts as ours once it is back.
                log.exception("the heartbeat could not be written")
                self._silent |= set(self._house.messengers)
            await self._house.clock.sleep_until(self._house.clock.now() + BEAT)

    async def _beat(self) -> None:
        now = self._house.clock.now()
        if self._beaten is not None and now < self._beaten + BEAT:
            return
        self._beaten = now
        alive = {platform for platform in self._house.messengers if self._answers(platform, now)}
        returned = alive & self._silent
        self._silent |= set(self._house.messengers) - alive
        if returned:
            await came_back(self._house, returned, now)
        # Only now: a rule that could not be applied is applied at the next beat.
        self._silent -= returned
        # Served until its last contact: an absence counts from there, not from when it was noticed.
        seen = {platform: min(self._last_contact(platform) or now, now) for platform in alive}
        await self._house.store.write(lambda tx: _beat(tx, seen))
        if self._house.memory.owes_scrub:
            await scrub(self._house)
        await self._keep_clock(now)
        self._owing.set()

    async def send_what_is_owed(self) -> None:
        """Send private notices for ever, beside the door: a chat that takes them slowly holds up no ballot, and nobody
        else's notice."""
        async with asyncio.TaskGroup() as rounds:
            while True:
                await self._owing.wait()
                self._owing.clear()
                rounds.create_task(self._deliver())

    async def _deliver(self) -> None:
        try:
            await deliver(self._house)
        except Exception:
            # They are owed still: the next beat tries again.
            log.exception("what is owed to people could not be sent")

    async def _keep_clock(self, now: datetime) -> None:
        try:
            await keep_clock(self._house, now)
        except Exception:
            # Whatever it is, the platforms are served: the next beat tries again.
            log.exception("what is to be forgotten could not be")

    def _answers(self, platform: str, now: datetime) -> bool:
        last = self._last_contact(platform)
        return last is not None and now - last <= TOLERANCE

    def _ready_to_close(self, consultation: Consultation, rooms: Iterable[Room]) -> timedelta | None:
        """How long a closing that is due must still wait, None when it need not.

        What was received before the closing time is handled first. A platform silent
        for too long keeps a consultation open: its closing will move when it is back.
        """
        now = self._house.clock.now()
        if any(at < (consultation.closes_at or now) for at in self._handling.values()):
            return UNFINISHED
        served = {room.ref.platform for room in rooms if room.ref.platform in self._house.messengers}
        return None if all(self._answers(platform, now) for platform in served) else SILENCE

    async def found_organisation(self, declaration: Declaration, rooms: Sequence[RoomRef]) -> int:
        """The instance's main organisation, with this declaration where it says more, bound to these rooms."""
        now, defaults = self._house.clock.now(), self._house.defaults
        titles = [await self._title(ref) for ref in rooms]

        def work(tx: Transaction) -> int:
            number = tx.main_organisation()
            if number is None:
                number = tx.add_organisation(defaults.language, defaults.time_zone, declaration, bound=True)
                tx.set_main_organisation(number)
            else:
                tx.set_declaration(number, {**tx.organisation(number).declaration, **declaration})
            for ref, title in zip(rooms, titles, strict=True):
                room = self._house.seen_room(tx, ref, title, now)
                tx.bind_room(room.place, number)
            return number

        return await self._house.store.write(work)

    async def _title(self, room: RoomRef) -> str:
        """What the room is called: cards name rooms in which nothing was said yet."""
        abilities = await self._house.messenger(room.platform).abilities(room)
        return abilities.title if abilities is not None else ""

    async def first_code(self, organisation: int) -> str:
        """A fresh single-use code to join the organisation with, for the operator to hand over."""
        code, now = new_code(), self._house.clock.now()
        await self._house.store.write(lambda tx: tx.add_join_code(organisation, code_hash(code), now))
        return code

    async def set_room_language(self, room: RoomRef, language: str) -> None:
        """Make the bot speak this language in the room."""
        now = self._house.clock.now()
        await self._house.store.write(
            lambda tx: tx.set_room_language(self._house.seen_room(tx, room, "", now).id, language)
        )


def _beat(tx: Transaction, seen: Mapping[str, datetime]) -> None:
    for platform, at in seen.items():
        tx.beat(platform, at)
