"""A Matrix bot of ours against a real homeserver, a door that writes down what it is told, and people beside it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from nio import AsyncClient, AsyncClientConfig, RoomSendResponse, UploadResponse
from nio.store import SqliteMemoryStore

from adapters.clock import SystemClock
from adapters.matrix.platform import MatrixPlatform
from adapters.matrix.settings import MatrixSettings
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.ports import Delivered, Incoming, Outcome, Reply
from bot.text.card import Card, Gap, Line, Span
from tests.servers.synapse import Homeserver

Event = TypeVar("Event", bound=Incoming)
PASSWORD = "a word"
PATIENCE = 30


class Crash(Exception):
    """The bot dies here."""


class Book:
    """A door that remembers what came; `crash_at` dies before it has written down that many events."""

    def __init__(self, crash_at: int | None = None) -> None:
        self.events: list[Incoming] = []
        self._crash_at = crash_at
        self._news = asyncio.Condition()

    async def __call__(self, incoming: Incoming) -> Reply:
        async with self._news:
            self.events.append(incoming)
            self._news.notify_all()
        if self._crash_at is not None and len(self.events) >= self._crash_at:
            raise Crash
        return Reply()

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]

    async def first(self, kind: type[Event], number: int = 1) -> list[Event]:
        """The first so many events of a kind, waited for."""
        async with self._news, asyncio.timeout(PATIENCE):
            await self._news.wait_for(lambda: len(self.of(kind)) >= number)
        return self.of(kind)


@dataclass
class Account:
    """A bot's account, with what it keeps between two starts: its store on the disk, and the core's cursor."""

    server: Homeserver
    folder: Path
    user: str
    cursor: str | None = None
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def settings(self) -> MatrixSettings:
        given = {"homeserver": self.server.url, "user_id": self.user, "password": PASSWORD}
        return MatrixSettings(**{**given, "store_path": str(self.folder), **self.changes})

    async def load(self) -> str | None:
        return self.cursor

    async def save(self, cursor: str) -> None:
        self.cursor = cursor

    def platform(self) -> MatrixPlatform:
        return MatrixPlatform(self.settings, SystemClock(), self.load, self.save)

    @asynccontextmanager
    async def serving(self, door: Book) -> AsyncIterator[MatrixPlatform]:
        """The bot running until the context ends, or until its door crashes."""
        platform = self.platform()
        try:
            await platform.connect()
            serving = asyncio.create_task(platform.serve(door))
            try:
                yield platform
            finally:
                serving.cancel()
                with suppress(asyncio.CancelledError):
                    await serving
        finally:
            await platform.close()


class Friend:
    """A person with an ordinary client: matrix-nio's own, encryption included."""

    def __init__(self, server: Homeserver, user: str) -> None:
        config = AsyncClientConfig(store=SqliteMemoryStore, encryption_enabled=True, store_sync_tokens=False)
        self.client = AsyncClient(server.url, user, store_path="", config=config)
        self.user = user
        self.account = AccountRef("matrix", user)
        self.seen: list[Any] = []

    async def log_in(self) -> None:
        answer = await self.client.login(PASSWORD, device_name="friend")
        assert self.client.logged_in, answer
        await self.sync()

    async def sync(self) -> None:
        """Take in what there is, and do what encryption needs."""
        answer = await self.client.sync(timeout=1000, sync_filter={"room": {"timeline": {"limit": 200}}})
        for room in answer.rooms.join.values():
            self.seen += room.timeline.events
        await self.client.send_to_device_messages()
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        if self.client.should_query_keys:
            await self.client.keys_query()

    async def sees(self, wanted: Callable[[Any], bool]) -> Any:
        """The first event that is so, waited for."""
        async with asyncio.timeout(PATIENCE):
            while not (found := [event for event in self.seen if wanted(event)]):
                await self.sync()
        return found[0]

    async def hears(self, words: str) -> Any:
        """The first message that holds these words, waited for."""
        return await self.sees(lambda event: words in getattr(event, "body", ""))

    async def sees_event(self, event_id: str) -> dict[str, Any]:
        event = await self.sees(lambda event: event.event_id == event_id)
        return dict(event.source)

    async def meets(self, bot: str, *, encrypted: bool = False, name: str = "Agora", **options: Any) -> RoomRef:
        """A room of ours with the bot invited."""
        state = options.pop("initial_state", [])
        if encrypted:
            content = {"algorithm": "m.megolm.v1.aes-sha2"}
            state = [*state, {"type": "m.room.encryption", "state_key": "", "content": content}]
        answer = await self.client.room_create(name=name, invite=[bot], initial_state=state, **options)
        await self.sync()
        return RoomRef("matrix", answer.room_id)

    async def waits_for(self, user: str, room: RoomRef) -> None:
        """Return once the account is in the room."""
        async with asyncio.timeout(PATIENCE):
            while not self._is_in(user, room):
                await self.sync()

    def _is_in(self, user: str, room: RoomRef) -> bool:
        known = self.client.rooms.get(room.id)
        return bool(known and user in known.users and not known.users[user].invited)

    async def says(self, room: RoomRef, body: str, *, reply_to: str = "", kind: str = "m.text", **more: Any) -> str:
        relation = {"m.relates_to": {"m.in_reply_to": {"event_id": reply_to}}} if reply_to else {}
        return await self.sends(room, {"msgtype": kind, "body": body, **relation, **more})

    async def sends_file(self, room: RoomRef, data: bytes, *, sealed: bool, words: str = "") -> str:
        """Send a document, encrypted (`sealed`) as clients do in an encrypted room; its name and kind are made up."""
        answer, key = await self.client.upload(
            lambda *_: io.BytesIO(data), "image/png", "../../list.exe", encrypt=sealed, filesize=len(data)
        )
        assert isinstance(answer, UploadResponse), answer
        content: dict[str, Any] = {"msgtype": "m.file", "body": words or "../../list.exe", "filename": "../../list.exe"}
        where = {"file": {**(key or {}), "url": answer.content_uri}} if sealed else {"url": answer.content_uri}
        return await self.sends(room, {**content, **where})

    async def sends(self, room: RoomRef, content: dict[str, Any], kind: str = "m.room.message") -> str:
        answer = await self.client.room_send(room.id, kind, content, uuid4().hex, ignore_unverified_devices=True)
        assert isinstance(answer, RoomSendResponse), answer
        return answer.event_id

    async def joins(self, room: RoomRef) -> None:
        await self.client.join(room.id)
        await self.sync()


def new_name(word: str) -> str:
    return f"{word}-{uuid4().hex[:10]}"


def card(*lines: str, **hints: Any) -> Card:
    return Card(tuple(Line((Span(text),)) if text else Gap() for text in lines), **hints)


def delivered(outcome: Outcome) -> PostRef:
    assert isinstance(outcome, Delivered), outcome
    return outcome.post
