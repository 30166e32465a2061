"""The real core on a real database, between two platforms in memory and under a clock that a test moves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from bot.charts import Chart, PictureForm
from bot.domain.ids import Action, PostRef, RoomRef
from bot.domain.members import Grant, Role
from bot.domain.organisation import Instance
from bot.main import Outfit, assemble
from bot.minutes import Minutes
from bot.ports import Incoming, KeyRing, Pressed, Reply, Said, SentFile, Speaker
from bot.store import Store
from bot.text.catalogue import Speech
from bot.text.disclosure import complete_declaration
from bot.usecases.application import Application
from bot.usecases.house import Defaults
from storage.key_files import KeyFiles
from storage.store import SqlStore, open_store
from tests.fakes.platforms import Platform, PlatformMessenger, Posted, Tick, matrix, nothing, telegram

NOON = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)
ZONE = "Europe/Paris"
INSTANCE = Instance("Octet", "admin@octet.example", "Roubaix", "https://git.example/palabre", "1.0", "a1b2c3d4e5f6a7b8")
PASSING = ("heartbeat",)
"""Tables that say nothing of what people did."""


@cache
def empty_database() -> bytes:
    """A database with its tables and nothing in them: made once, for making them takes longer than most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        open_store(f"sqlite:///{path}").abandon()
        return path.read_bytes()


class BenchClock:
    """A clock that only the test moves."""

    def __init__(self, start: datetime = NOON) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta) -> None:
        self._now += by

    async def sleep_until(self, at: datetime) -> None:
        raise AssertionError(f"nothing sleeps in these tests, until {at}")


class NoPencil:
    """Draws nothing worth looking at."""

    async def draw(self, chart: Chart, form: PictureForm = "png") -> bytes:
        return form.encode()

    async def qr_codes(self, texts: Sequence[str]) -> list[str]:
        return [f"<svg><title>{text}</title></svg>" for text in texts]


class NoPress:
    """Prints nothing worth looking at."""

    async def print(self, minutes: Minutes) -> bytes:
        return minutes.title.encode()


@dataclass
class Bench:
    """Everything a test of the core needs, on SQLite unless a `url` is given. `start` must be awaited before the first
    act."""

    database: Path
    language: str = "en"
    clock: BenchClock = field(default_factory=BenchClock)
    telegram: Platform = field(default_factory=telegram)
    matrix: Platform = field(default_factory=matrix)
    url: str = ""

    def __post_init__(self) -> None:
        self._keys = count(1)
        self.database.write_bytes(empty_database())
        self.store: SqlStore = open_store(self.url or f"sqlite:///{self.database}")
        if not self.url:
            # Nobody pulls a plug here: to wait for the disk at every commit would only take time.
            with closing(self.store._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA synchronous=OFF")
        self.salon = self.telegram.room("-100", "Salon", "bruno chloe dan", admins="ana")
        self.hall = self.matrix.room("!hall", "Hall", "emma farid gus", admins="ada")
        self.keys: KeyRing = KeyFiles(self.database.with_name("keys"))
        self.app = self.assembled()

    @property
    def platforms(self) -> Mapping[str, Platform]:
        """Both platforms by name."""
        return {"telegram": self.telegram, "matrix": self.matrix}

    def assembled(self, store: Store | None = None, tick: Tick = nothing) -> Application:
        """The core put together anew, as a start of the program does."""
        return assemble(
            Outfit(
                store=store or self.store,
                messengers={name: PlatformMessenger(each, tick) for name, each in self.platforms.items()},
                clock=self.clock,
                instance=INSTANCE,
                defaults=Defaults(self.language, ZONE),
                draughtsman=NoPencil(),
                printer=NoPress(),
                keys=self.keys,
                last_contact=lambda name: self.platforms[name].last_contact or self.clock.now(),
            )
        )

    async def start(self, organised: bool = True) -> Bench:
        """Start; unless told otherwise both rooms belong to a complete association that ana administers."""
        await self.app.start()
        if organised:
            await self.found([self.salon, self.hall])
        return self

    async def found(self, rooms: Iterable[RoomRef]) -> None:
        """Bind the rooms to the association, whose administrator ana is."""
        rooms = list(rooms)
        speech = Speech(self.language, ZoneInfo(ZONE))
        number = await self.app.found_organisation(complete_declaration("Octet", self.clock.now(), speech), rooms)
        ana = self.telegram.who("ana")

        def work(tx: Any) -> None:
            now = self.clock.now()
            person = tx.account(ana.account, ana.name, now).person
            tx.members.grant(Grant(number, None, person, Role.ADMIN, None, now))
            for ref in rooms:
                tx.room(ref, self.platforms[ref.platform].rooms[ref.id].title, self.clock.now(), self.language, ZONE)

        await self.store.write(work)

    async def meet_everyone(self) -> None:
        """Everybody was seen in their room, and has read what is kept of them."""

        def work(tx: Any) -> None:
            for platform in self.platforms.values():
                for room in platform.rooms.values():
                    place = tx.room(room.ref, room.title, self.clock.now(), self.language, ZONE)
                    for name in sorted(room.members):
                        person = platform.who(name)
                        account = tx.account(person.account, person.name, self.clock.now())
                        tx.arrived(place.id, account.id, None)
                        tx.greet(account.id)

        await self.store.write(work)

    def key(self) -> str:
        """A fresh event key."""
        return f"bench:{next(self._keys)}"

    def platform_of(self, name: str) -> Platform:
        """The platform on which there is someone of that name."""
        for platform in self.platforms.values():
            if any(name in room.members for room in platform.rooms.values()):
                return platform
        return self.telegram

    def said(
        self, name: str, text: str, room: RoomRef | None = None, *, reply_to: PostRef | None = None,
        speaker: Speaker = "person", key: str = "", file: bytes | None = None,
    ) -> Said:  # fmt: skip
        """A message, in private unless a room is given; perhaps below a document."""
        platform = self.platforms[room.platform] if room else self.platform_of(name)
        return Said(
            key or self.key(), self.clock.now(), platform.who(name), room or platform.chat(name), text,
            room_title=platform.rooms[room.id].title if room and room.id in platform.rooms else "",
            private=room is None, reply_to=reply_to, speaker=speaker, file=self._sent(platform, file),
        )  # fmt: skip

    def _sent(self, platform: Platform, data: bytes | None) -> SentFile | None:
        if data is None:
            return None
        sent = SentFile(f"document {len(platform.files)}")
        platform.files[sent.handle] = data
        return sent

    def pressed(self, name: str, action: Action | None, room: RoomRef | None = None, *, key: str = "") -> Pressed:
        """A press, in private unless a room is given."""
        platform = self.platforms[room.platform] if room else self.platform_of(name)
        return Pressed(
            key or self.key(), self.clock.now(), platform.who(name), room or platform.chat(name), action,
            private=room is None,
        )  # fmt: skip

    async def do(self, incoming: Incoming) -> Reply:
        """Deliver it, then let everything due happen."""
        reply = await self.app(incoming)
        await self.app.settle()
        return reply

    async def say(self, name: str, text: str, room: RoomRef | None = None, **more: Any) -> list[str]:
        """Say it; everything the bot posted because of it, as plain words."""
        before = self.count()
        await self.do(self.said(name, text, room, **more))
        return [one.plain for one in self.since(before)]

    async def press(self, name: str, action: Action | None, room: RoomRef | None = None, **more: Any) -> str:
        """Press it; the toast."""
        return (await self.do(self.pressed(name, action, room, **more))).toast

    async def vote(self, name: str, number: int, option: int) -> str:
        """Vote by button in the salon; the toast."""
        return await self.press(name, Action("v", number, str(option)), self.salon)

    async def pass_time(self, **by: float) -> list[str]:
        """Let so much time pass, everything due happening on the way; what the bot posted, as plain words."""
        before, end = self.count(), self.clock.now() + timedelta(**by)
        while True:
            await self.app.settle()
            due = await self.app.next_due()
            if due is None or due > end:
                break
            self.clock.move(max(due - self.clock.now(), timedelta(seconds=1)))
        self.clock.move(end - self.clock.now())
        await self.app.settle()
        return [one.plain for one in self.since(before)]

    def count(self) -> tuple[int, int]:
        """How much was posted so far."""
        return len(self.telegram.posted), len(self.matrix.posted)

    def since(self, before: tuple[int, int]) -> list[Posted]:
        """What was posted since."""
        return [*self.telegram.posted[before[0] :], *self.matrix.posted[before[1] :]]

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds, read from outside."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query, values).fetchall()

    def dump(self, *but: str) -> dict[str, list[tuple[Any, ...]]]:
        """The whole database, table by table."""
        tables = [name for (name,) in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in tables if name not in {*PASSING, *but} and not name.startswith("sqlite_")]
        with closing(sqlite3.connect(self.database)) as connection:
            return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for name in kept}

    def state(self, number: int = 1) -> str:
        """The state of the consultation."""
        return str(self.rows("SELECT state FROM consultation WHERE number = ?", number)[0][0])

    async def close(self) -> None:
        """Let the database go."""
        await self.store.close()
