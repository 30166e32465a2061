"""Carrying out what is due: the database says what is wanted, the platforms show what was done, this closes the gap.

One runner attends to one consultation at a time; timers, presses and restarts
only make it look again. Every message is written down as owed before it is sent
and as sent afterwards, so a crash between the two sends it again: on Matrix the
platform recognises it, on Telegram a disclosure may stand twice but never lacks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.agenda import (
    CARD,
    DISCLOSURE,
    OUTDATED,
    Advance,
    Agenda,
    Erase,
    Key,
    Owe,
    Render,
    Standing,
    Step,
    plan,
)
from bot.domain.consultation import Consultation, State
from bot.domain.contests import Contested, contested
from bot.domain.debate.agenda import DIGEST, Digest, FollowUp, MoveOn, Progress
from bot.domain.lifecycle import UNDER_WAY, Event
from bot.domain.refusals import Missing, Refusal
from bot.ports import Delivered, Later, Never, Outcome
from bot.store import Post, Room, Transaction
from bot.usecases.announce import card_for
from bot.usecases.certifying import certify
from bot.usecases.close import close, erase
from bot.usecases.debate.alerting import alert
from bot.usecases.debate.course import digest, move_on
from bot.usecases.debate.follow_up import follow_up
from bot.usecases.debate.progress import progress_of
from bot.usecases.debate.turns import tend
from bot.usecases.decided import closes_decided
from bot.usecases.disclose import prepare, warn_author
from bot.usecases.house import House
from bot.usecases.opening import disclose, open_
from bot.usecases.ruling_on_contests import tell_deciders
from bot.usecases.sealed import closing as sealed
from bot.usecases.sealed.waiting import awaited as must_be_let
from bot.usecases.ties import ask_author
from bot.usecases.watching import write_down

log = logging.getLogger(__name__)

RETRY_REFUSED = timedelta(minutes=5)
"""How long to wait before trying a room again that refused a message: people may let the bot back in."""
SWEEP = timedelta(seconds=60)
"""Everything under way is looked at this often, whatever alarms and nudges did."""
LOOK_BACK = 500
"""How many finished consultations a start looks at for messages a crash left unsent."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A consultation as the planner needs it, read in one go."""

    consultation: Consultation
    rooms: dict[int, Room]
    posts: dict[Key, Post]
    tally_version: int
    progress: Progress | None
    followed: bool
    decided: bool
    contested: Contested
    awaited: bool
    """Whether the voting is over, and people have to let the ballots be opened."""

    def agenda(self, now: datetime) -> Agenda:
        """What is due."""
        standings = {
            key: Standing(post.state == "sent", post.state == "refused", post.rendered)
            for key, post in self.posts.items()
        }
        return plan(
            self.consultation, standings, self.tally_version, now, self.progress,
            followed=self.followed, decided=self.decided, contested=self.contested, sealed=self.awaited,
        )  # fmt: skip


class Reconciler:
    """Attends to every consultation that has something due."""

    def __init__(
        self, house: House, ready_to_close: Callable[[Consultation, Iterable[Room]], timedelta | None]
    ) -> None:
        self._house = house
        self._ready_to_close = ready_to_close
        self._due: dict[int, datetime] = {}
        self._edited: dict[int, datetime] = {}
        self._locks: dict[int, asyncio.Lock] = {}
        self._woken = asyncio.Event()
        self._noted_at = house.clock.now()

    async def resume(self) -> None:
        """Look at everything a stop or a crash may have left undone."""

        def query(tx: Transaction) -> list[int]:
            alive = tx.consultations(states=UNDER_WAY, limit=1_000_000)
            done = tx.consultations(states=set(State) - UNDER_WAY - {State.DRAFT}, limit=LOOK_BACK)
            # However long a debate is over, a room it still holds is given back.
            held = {room.number for room in tx.debates.held_rooms()}
            return sorted(held | {*self._house.keys.numbers()} | {one.number for one in (*alive, *done)})

        for number in await self._house.store.read(query):
            self.nudge(number)

    def nudge(self, number: int) -> None:
        """Something changed: look at this consultation now."""
        self._due[number] = self._house.clock.now()
        self._woken.set()

    def wake(self) -> None:
        """An alarm rang: look at what is due."""
        self._woken.set()

    def next_due(self) -> datetime | None:
        """When something is due next, as far as is known."""
        return min(self._due.values(), default=None)

    async def settle(self) -> None:
        """Do everything that is due now, until nothing more can be done at this instant."""
        while numbers := [number for number, at in self._due.items() if at <= self._house.clock.now()]:
            await asyncio.gather(*(self._attend_safely(number) for number in numbers))

    async def run(self, wake_at: Callable[[datetime], None]) -> None:
        """Settle for ever: at nudges, at alarms, and every minute whatever happens."""
        while True:
            self._woken.clear()
            await self.settle()
            now = self._house.clock.now()
            if now >= self._noted_at + SWEEP:
                self._noted_at = now
                await write_down(self._house)
            due = min(self.next_due() or now + SWEEP, now + SWEEP)
            wake_at(due)
            try:
                async with asyncio.timeout(max((due - now).total_seconds(), 0.01)):
                    await self._woken.wait()
            except TimeoutError:
                await self._sweep_if_idle()

    async def _sweep_if_idle(self) -> None:
        try:
            alive = await self._house.store.read(lambda tx: tx.consultations(states=UNDER_WAY, limit=1_000_000))
        except Exception:
            log.exception("what is under way could not be read; the next sweep looks again")
            return
        for one in alive:
            self._due.setdefault(one.number, self._house.clock.now())

    async def _attend_safely(self, number: int) -> None:
        try:
            async with self._locks.setdefault(number, asyncio.Lock()):
                await self._attend(number)
        except Missing:
            self._due.pop(number, None)
        except Exception:
            # One consultation in trouble must not stop the others; it is looked at again at the next sweep.
            log.exception("consultation %d could not be attended to", number)
            self._due[number] = self._house.clock.now() + SWEEP

    async def _attend(self, number: int) -> None:
        """Plan and carry out until nothing is due; note when to look again."""
        self._due.pop(number, None)
        for _ in range(50):
            now = self._house.clock.now()
            scene, tended = await self._looked_after(number, now)
            agenda = scene.agenda(now)
            if not agenda.steps:
                await ask_author(self._house, scene.consultation)
                if scene.contested.waiting:
                    await tell_deciders(self._house, number)
            waits = await self._carry_out(scene, agenda, now)
            if not agenda.steps or waits:
                later = [agenda.again] if agenda.again is not None else []
                self._look_again(number, [*waits, *tended, *later])
                return

    async def _looked_after(self, number: int, now: datetime) -> tuple[Scene, list[datetime]]:
        """The consultation as it is once what runs beside the plan of a debate was looked after (its floor, those it
        alerts), and when to look after that again."""
        scene = await self._see(number, now)
        again = [await sealed.look_after(self._house, scene.consultation, now, awaited=scene.awaited)]
        if scene.progress is not None:
            again += [await tend(self._house, number, now), await alert(self._house, number, now)]
        # It may have changed: what is planned is planned from what is there now.
        if scene.progress is not None or scene.awaited:
            scene = await self._see(number, now)
        return scene, [instant for instant in again if instant is not None]

    async def _see(self, number: int, now: datetime) -> Scene:
        scene = await self._house.store.read(lambda tx: _scene(self._house, tx, number, now))
        # What was received in time and is still on its way counts: until then nobody is told that the voting is over.
        if scene.awaited and self._ready_to_close(scene.consultation, scene.rooms.values()) is not None:
            return replace(scene, awaited=False)
        return scene

    def _look_again(self, number: int, waits: list[datetime]) -> None:
        if waits:
            self._due[number] = min([*waits, *([self._due[number]] if number in self._due else [])])

    async def _carry_out(self, scene: Scene, agenda: Agenda, now: datetime) -> list[datetime]:
        """Do the steps; the instants at which those that couldn't be done are worth another try."""
        if scene.consultation.state is State.SCHEDULED and agenda.steps:
            wait = await prepare(self._house, scene.consultation, now)
            if wait is not None:
                return [wait]
        works = [self._step(scene, step, now) for step in agenda.steps]
        return [wait for wait in await asyncio.gather(*works) if wait is not None]

    def _step(self, scene: Scene, step: Step, now: datetime) -> Awaitable[datetime | None]:
        match step:
            case Owe(room, role):
                return self._post(scene, room, role, now)
            case Render(room, role):
                return self._render(scene, room, role, now)
            case Advance(event):
                return self._advance(scene, event, now)
            case Erase():
                return erase(self._house, scene.consultation.number, now)
            case MoveOn() | Digest() | FollowUp():
                return self._debate(scene.consultation.number, step, now)

    async def _debate(self, number: int, step: MoveOn | Digest | FollowUp, now: datetime) -> None:
        self._house.memory.forget(number)
        match step:
            case MoveOn():
                await move_on(self._house, number, now)
            case Digest():
                await digest(self._house, number, now)
            case FollowUp():
                await follow_up(self._house, number, now)

    async def _post(self, scene: Scene, room_id: int, role: str, now: datetime) -> datetime | None:
        consultation, room = scene.consultation, scene.rooms[room_id]
        messenger = self._house.messengers.get(room.ref.platform)
        if messenger is None:
            return await self._refused(scene, None, room, role, Never("room-gone", "platform is off"))
        post = await self._house.store.write(
            lambda tx: tx.claim_post(consultation.number, consultation.version, room_id, role)
        )
        version, card = await card_for(self._house, consultation.number, room, role)
        outcome = await messenger.post(room.ref, card, f"post-{post.id}")
        match outcome:
            case Delivered(ref):
                await self._house.store.write(lambda tx: tx.post_sent(post.id, ref, _shows(tx, post, version)))
                if role == CARD:
                    self._edited[room.place] = now
                return None
            case Later(after):
                return now + timedelta(seconds=max(after, 1.0))
            case Never():
                return await self._refused(scene, post, room, role, outcome)

    async def _refused(self, scene: Scene, post: Post | None, room: Room, role: str, outcome: Never) -> datetime | None:
        log.warning("%s of consultation %d refused: %s", role, scene.consultation.number, outcome.why)
        if post is not None:
            await self._house.store.write(lambda tx: tx.post_refused(post.id, outcome.why))
        if role == DISCLOSURE:
            await warn_author(self._house, scene.consultation, room)
        return self._house.clock.now() + RETRY_REFUSED

    async def _render(self, scene: Scene, room_id: int, role: str, now: datetime) -> datetime | None:
        """Bring a message up to date, at most one of a group per interval; the last state is always shown."""
        room, post = scene.rooms[room_id], scene.posts[room_id, role]
        messenger = self._house.messengers.get(room.ref.platform)
        if messenger is None or post.ref is None:
            return None
        abilities = await messenger.abilities(room.ref)
        interval = timedelta(seconds=abilities.edit_interval if abilities else SWEEP.total_seconds())
        last = self._edited.get(room.place)
        if last is not None and now < last + interval:
            return last + interval
        self._edited[room.place] = now
        version, card = await card_for(self._house, scene.consultation.number, room, role)
        outcome: Outcome = await messenger.edit(post.ref, card)
        match outcome:
            case Delivered():
                await self._house.store.write(lambda tx: tx.post_rendered(post.id, _shows(tx, post, version)))
                return None
            case Later(after):
                return now + timedelta(seconds=max(after, 1.0))
            case Never(why):
                # A card deleted by hand, or in a room that is gone, is not fought over: /status shows the same.
                log.warning("%s of consultation %d can't be edited: %s", role, scene.consultation.number, why)
                await self._house.store.write(lambda tx: tx.post_rendered(post.id, version))
                return None

    async def _advance(self, scene: Scene, event: Event, now: datetime) -> datetime | None:
        number = scene.consultation.number
        self._house.memory.forget(number)
        match event:
            case Event.DISCLOSE:
                await disclose(self._house, number, now)
            case Event.OPEN:
                return await open_(self._house, number, now)
            case Event.CLOSE:
                wait = self._ready_to_close(scene.consultation, scene.rooms.values())
                if wait is not None:
                    return now + wait
                return await self._close(number, now)
            case Event.CERTIFY:
                await certify(self._house, number, now)
            case _:
                raise ValueError(event)
        return None

    async def _close(self, number: int, now: datetime) -> datetime | None:
        try:
            await close(self._house, number, now)
        except Refusal:
            return await sealed.warn_of_lost_key(self._house, number, now)
        return None


def _shows(tx: Transaction, post: Post, version: int) -> int:
    """The version a message shows; a digest is looked at again if something changed while it was on its way."""
    changed = post.role.startswith(DIGEST) and tx.tally_version(post.number) != version
    return OUTDATED if changed else version


def _scene(house: House, tx: Transaction, number: int, now: datetime) -> Scene:
    consultation = tx.consultation(number)
    posts = {(post.room, post.role): post for post in tx.posts(number) if post.version == consultation.version}
    rooms = {room: tx.room_by_id(room) for room in consultation.rooms}
    progress, followed = progress_of(tx, consultation, now), tx.follow_up(number) is not None
    decided = closes_decided(tx, consultation, now)
    found = contested(tx.scrutiny.contests(number))
    return Scene(
        consultation, rooms, posts, tx.tally_version(number), progress, followed, decided, found,
        must_be_let(house, tx, consultation, now),
    )  # fmt: skip
