"""B12: ballots typed in a Matrix room, from the homeserver's answer to the commit, next to matrix-nio reading the same.

In an encrypted room both sides decrypt: each member's session is known to both before
time is taken, and so are the devices, as they are to a bot that has written there.

The bot's answers stay in the process: a homeserver lets an account write far less
often than people vote.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from nio import AsyncClient, RoomMessageText, SyncResponse

from adapters.clock import SystemClock
from adapters.matrix.platform import MatrixPlatform
from adapters.matrix.settings import MatrixSettings
from benchmarks.bars import Bar, Options, duel
from benchmarks.databases import KINDS, fresh
from benchmarks.driving import settle_collector
from benchmarks.encrypted import MEGOLM, Members, library_client
from benchmarks.homeserver import BOT, SALON, event, serving, sync
from benchmarks.scene import NoCharts, NoPress, open_poll
from bot.domain.agenda import CARD, DISCLOSURE
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.domain.organisation import Instance
from bot.main import Outfit, assemble
from bot.ports import Abilities, Delivered, Never, Outcome, Roster, SentFile, TypedAnswer
from bot.store import Transaction
from bot.text.card import Card
from bot.usecases.house import Defaults
from storage.key_files import KeyFiles
from storage.store import SqlStore, open_store

BALLOTS, PER_SYNC = 1_000, 100
MARKS = {False: (0.35, 0.5), True: (0.6, 0.8)}
"""Gate and target in a plain room, and in an encrypted one."""
ROOM = RoomRef("matrix", SALON)
NUMBERS = count(1)


class Mute:
    """A Matrix messenger whose homeserver is never told anything."""

    platform, buttons, command_sign, account_shape = "matrix", False, "!", ".+"

    def start_link(self, payload: str) -> str:
        del payload
        return ""

    async def abilities(self, room: RoomRef) -> Abilities:
        del room
        return Abilities(False, True, True, True, True, False, 5.0)

    async def post(self, room: RoomRef, card: Card, key: str, reply_to: PostRef | None = None) -> Outcome:
        del card, reply_to
        return Delivered(PostRef(room, f"${key}"))

    async def edit(self, post: PostRef, card: Card) -> Outcome:
        del card
        return Delivered(post)

    async def whisper(self, to: AccountRef, card: Card, key: str, open_chat: bool) -> Outcome:
        del to, card, key, open_chat
        return Never("no-private-chat")  # most members never wrote to the bot alone

    async def roster(self, room: RoomRef) -> Roster | None:
        del room

    async def is_member(self, account: AccountRef, room: RoomRef) -> bool | None:
        del account, room
        return True

    async def is_admin(self, account: AccountRef, room: RoomRef) -> bool | None:
        del account, room
        return False

    async def find_room(self, address: str) -> RoomRef | None:
        del address

    async def poll_answers(
        self, room: RoomRef, poll: str, account: AccountRef, until: datetime
    ) -> Sequence[TypedAnswer] | None:
        del room, poll, account, until
        return None

    async def fetch(self, file: SentFile, limit: int) -> bytes | None:
        del file, limit
        return None

    async def floor(self, room: RoomRef) -> str | None:
        del room

    async def give_floor(self, room: RoomRef, saved: str, speaker: AccountRef | None) -> Outcome:
        del room, saved, speaker
        return Never("not-allowed")

    async def free_floor(self, room: RoomRef, saved: str) -> Outcome:
        del room, saved
        return Never("not-allowed")


async def typed(options: Options) -> AsyncIterator[Bar]:
    """B12: replies to the card in a plain and in an encrypted room, each a first ballot, 100 in a sync."""
    for kind in KINDS:
        for encrypted in (False, True):
            yield await _compared(kind, encrypted, options.rounds)


async def _compared(kind: str, encrypted: bool, rounds: int) -> Bar:
    with fresh(kind) as url, tempfile.TemporaryDirectory() as name:
        store = open_store(url)
        try:
            room = MatrixRoom(store, Path(name), encrypted)
            async with serving(room.syncs) as address:
                rates = await duel(rounds, lambda: room.product(address), room.floor)
        finally:
            await store.close()
    seen = {"ballots_per_second": rates.product, "floor_per_second": rates.floor, "encrypted": encrypted}
    return Bar("B12", rates.ratio, *MARKS[encrypted], kind, details=seen)


class Listener:
    """A callback that does nothing but count the messages that came as they should: in clear, or decrypted."""

    def __init__(self, encrypted: bool) -> None:
        self._encrypted = encrypted
        self.heard = 0

    async def __call__(self, room: Any, message: RoomMessageText) -> None:
        del room
        self.heard += message.decrypted is self._encrypted


@dataclass(frozen=True, slots=True)
class Conversation:
    """The cursors of the first sync and after the last, and a new folder for the store of whoever reads them."""

    begin: str
    end: str
    folder: Path


class MatrixRoom:
    """A room whose members answer a poll, as syncs on the disk; and who reads them."""

    def __init__(self, store: SqlStore, folder: Path, encrypted: bool) -> None:
        self._store = store
        self._folder = folder
        self._encrypted = encrypted
        self.syncs = folder / "syncs"
        self.syncs.mkdir()

    async def product(self, address: str) -> float:
        """Ballots a second."""
        written = await self._written()
        reached, cursor = asyncio.Event(), [written.begin]

        async def load() -> str:
            return cursor[0]

        async def save(position: str) -> None:
            cursor[0] = position
            if position == written.end:
                reached.set()

        settings = MatrixSettings(address, BOT, password="p", store_path=str(written.folder))
        platform = MatrixPlatform(settings, SystemClock(), load, save)
        clock = SystemClock()
        outfit = Outfit(
            store=self._store,
            messengers={"matrix": Mute()},
            clock=clock,
            instance=Instance("Palabre", "a@example.org", "ici", "https://example.org", "0", "bench"),
            defaults=Defaults("fr", "Europe/Paris"),
            draughtsman=NoCharts(),
            printer=NoPress(),
            keys=KeyFiles(written.folder / "keys"),
            last_contact=lambda _: clock.now(),
        )
        app = assemble(outfit)
        await platform.connect()
        settle_collector()
        start = time.perf_counter()
        serve = asyncio.create_task(platform.serve(app))
        try:
            await asyncio.wait({serve, waiting := asyncio.ensure_future(reached.wait())}, return_when="FIRST_COMPLETED")
            took = time.perf_counter() - start
        finally:
            waiting.cancel()
            serve.cancel()
            with suppress(asyncio.CancelledError):
                await serve
            await platform.close()
        await self._must_hold()
        return BALLOTS / took

    async def floor(self) -> float:
        """Messages a second that matrix-nio reads for a callback that does nothing."""
        written = await self._written()
        client = library_client(written.folder) if self._encrypted else _plain_client()
        files = [(self.syncs / f"{number}.json").read_bytes() for number in range(int(written.begin), int(written.end))]
        # Both sides know the room's members before time is taken.
        await client.receive_response(SyncResponse.from_dict(json.loads(files.pop(0))))
        listener = Listener(self._encrypted)
        client.add_event_callback(listener, RoomMessageText)
        settle_collector()
        start = time.perf_counter()
        for raw in files:
            response = SyncResponse.from_dict(json.loads(raw))
            assert isinstance(response, SyncResponse), response
            await client.receive_response(response)
        took = time.perf_counter() - start
        await client.close()
        if listener.heard != BALLOTS:
            raise AssertionError(f"{listener.heard} messages read instead of {BALLOTS}")
        return BALLOTS / took

    async def _written(self) -> Conversation:
        """Open a poll and write down everybody's answer."""
        people = [f"@membre{next(NUMBERS)}:bench" for _ in range(BALLOTS)]
        card = f"$card{next(NUMBERS)}"
        self._number = await self._store.write(lambda tx: _opened(tx, people, card))
        said = [_reply(who, card, 1 + number % 3) for number, who in enumerate(people)]
        first = next(NUMBERS) * 1_000_000
        folder = self._folder / f"store{first}"
        folder.mkdir()
        if self._encrypted:
            members = Members(people)
            members.make_known(folder)
            said = [members.seal(each) for each in said]
        mine = event("m.room.message", BOT, {"msgtype": "m.text", "body": "1. Oui"}, first) | {"event_id": card}
        self._write(first, [mine], _state(people, self._encrypted))
        for index in range(BALLOTS // PER_SYNC):
            self._write(first + 1 + index, said[index * PER_SYNC : (index + 1) * PER_SYNC])
        return Conversation(str(first), str(first + 1 + BALLOTS // PER_SYNC), folder)

    def _write(self, number: int, said: list[dict[str, Any]], state: list[dict[str, Any]] | None = None) -> None:
        (self.syncs / f"{number}.json").write_text(json.dumps(sync(str(number + 1), said, state)))

    async def _must_hold(self) -> None:
        found = sum((await self._store.read(lambda tx: tx.tally(self._number))).values())
        if found != BALLOTS:
            raise AssertionError(f"{found} ballots instead of {BALLOTS}")


def _plain_client() -> AsyncClient:
    client = AsyncClient("http://127.0.0.1:9", BOT)
    client.user_id = BOT
    return client


def _reply(who: str, card: str, option: int) -> dict[str, Any]:
    relation = {"m.in_reply_to": {"event_id": card}}
    content = {"msgtype": "m.text", "body": str(option), "m.relates_to": relation}
    return event("m.room.message", who, content, next(NUMBERS))


def _state(people: list[str], encrypted: bool) -> list[dict[str, Any]]:
    made = [event("m.room.create", "@ana:bench", {"room_version": "11"}, next(NUMBERS), state_key="")]
    if encrypted:
        made.append(event("m.room.encryption", "@ana:bench", {"algorithm": MEGOLM}, next(NUMBERS), state_key=""))
    made += [
        event("m.room.member", who, {"membership": "join", "displayname": who[1:9]}, next(NUMBERS), state_key=who)
        for who in (BOT, "@ana:bench", *people)
    ]
    return made


def _opened(tx: Transaction, people: list[str], card: str) -> int:
    now = datetime.now(UTC)
    room = tx.room(ROOM, "Le salon", now, "fr", "Europe/Paris")
    accounts = [tx.account(AccountRef("matrix", who), who, now).id for who in people]
    author = tx.account(AccountRef("matrix", "@ana:bench"), "Ana", now).id
    number = tx.add_consultation(replace(open_poll(room, author, now), roll_size=len(people))).number
    tx.freeze_roll(number, accounts)
    for role in (DISCLOSURE, CARD):
        post = tx.claim_post(number, 1, room.id, role)
        tx.post_sent(post.id, PostRef(ROOM, card if role == CARD else f"{card}d"), 0)
    return number
