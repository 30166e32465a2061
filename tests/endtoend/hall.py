"""A meeting in Telegram: the server, the people, their group, and the real program serving them.

Tests see what people see: messages, pins, toasts, pictures. What they know of the
program is its command line, its configuration and, to let days pass, its tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Table, create_engine, select, update
from sqlalchemy.engine import make_url

from bot.text.catalogue import catalogue
from storage.tables import metadata
from tests.botapi import Answer, BotApi, Chat, Member, Message, User
from tests.endtoend.program import Program

POLL = '/poll "Where?" "Café" "Library" --close 2d --yes'
_COUNT = re.compile(r"^\d+\. (?P<option>.+?) (?:▇+ )?(?P<votes>\d+)$", re.MULTILINE)
PATIENCE = 30.0
"""Seconds a test waits for what must come: machines are slow at times, and the first picture loads a library."""
_UNTOUCHED = frozenset({"journal", "event_key"})
"""Tables that time does not touch here: one is chained by hashes, the other knows days only."""

CONFIG = """
[bot]
language = "{language}"
time_zone = "Europe/Paris"
operator = "The Linden Friends' own computer club"
contact = "club@example.org"
hosting = "a server of the association"
source_url = "https://example.org/palabre"
{organisation}
[storage]
url = "{url}"
keys_path = "{keys}"
[telegram]
token = "{token}"
base_url = "{base_url}"
edit_interval = {edit_interval}
{telegram}
"""
ORGANISATION = """
[organisation]
name = "The Linden Friends"
contact = "board@example.org"
responder = "the board"
answer_days = 30
rooms = [{rooms}]
"""


@dataclass
class Hall:
    """One association in its group `room`: Ana administers it, Bruno and Chloe are members; nobody has met the bot.

    As a context it is open with the program stopped; `start` it. On leaving, the
    program must still run (unless killed), stop cleanly, have broken no rule of the
    Bot API, and have logged no error unless `troubled`.
    """

    folder: Path
    url: str
    language: str = "en"
    edit_interval: float = 1.0
    telegram: str = ""
    enforce_limits: bool = False
    rights: Iterable[str] | None = None
    troubled: bool = False
    bound: bool = True
    api: BotApi = field(init=False)
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        self.api = BotApi(enforce_limits=self.enforce_limits)
        self.ana = self.user("Ana")
        self.bruno = self.user("Bruno")
        self.chloe = self.user("Chloé")
        self.room = self.api.group("Assembly", [self.bruno, self.chloe], creator=self.ana, bot_rights=self.rights)
        self.rooms = [self.room]

    def user(self, name: str) -> User:
        """A new account whose client speaks the hall's language."""
        return self.api.user(name, language_code=self.language)

    def crowd(self, number: int, room: Chat | None = None) -> list[User]:
        """So many members more, who have been in the room for long."""
        people = [self.user(f"Member {count}") for count in range(1, number + 1)]
        for person in people:
            self.seat(person, room or self.room)
        return people

    def seat(self, person: User, room: Chat) -> None:
        """Make a person a member of a room, as if they had been there for long."""
        room.members[person.id] = Member(person)

    async def __aenter__(self) -> Self:
        await self.api.__aenter__()
        self.program = Program(self._configure(), self.folder / "program.log")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._leave_well()
            elif self.program.running:
                await self.program.kill()
        finally:
            print(self.program.log)  # shown by pytest beside a failure
            await self.api.__aexit__(kind, error, trace)

    async def _leave_well(self) -> None:
        if self.program.running:
            assert await self.program.stop() == 0, self.program.log
        assert self.api.violations == []
        assert self.troubled or "Traceback" not in self.program.log, self.program.log
        assert self.api.token not in self.program.log

    @property
    def keys(self) -> Path:
        """The folder of the keys that seal unlinked ballots."""
        return self.folder / "keys"

    def _configure(self) -> Path:
        rooms = ", ".join(f'"{room.id}"' for room in self.rooms)
        config = self.folder / "config.toml"
        config.write_text(
            CONFIG.format(
                language=self.language,
                organisation=ORGANISATION.format(rooms=rooms) if self.bound else "",
                url=self.url,
                keys=self.keys,
                token=self.api.token,
                base_url=f"http://127.0.0.1:{self.api.port}",
                edit_interval=self.edit_interval,
                telegram=self.telegram,
            )
        )
        config.chmod(0o600)
        return config

    async def start(self) -> Self:
        """Start the program (again)."""
        await self.program.start()
        return self

    async def kill(self) -> None:
        """End the program without warning."""
        await self.program.kill()

    async def restart(self) -> None:
        """Kill it and start it again."""
        await self.kill()
        await self.start()

    # What people do, and what they see

    def words(self, key: str) -> str:
        """The longest run of words of a sentence of the catalogue: what to look for in a message."""
        sentence = catalogue(self.language)[key]
        form = sentence if isinstance(sentence, str) else sentence[-1]
        return max(re.split(r"\{\w+\}|\*\*", form), key=len).strip()

    async def say(self, who: User, text: str, where: Chat | User | None = None, **details: Any) -> Message:
        """Say something in the room (or elsewhere)."""
        return await self.api.say(who, where or self.room, text, **details)

    async def meet(self, who: User) -> None:
        """The person opens a private chat with the bot and is greeted."""
        await self.api.start(who)
        await self.told(who, "hello.private")

    async def poll(self, command: str = POLL, **waiting: Any) -> Message:
        """Ana asks for a consultation; its card, once it stands in the room."""
        before = self.api.messages_in(self.room)
        await self.say(self.ana, command)
        return await self.card(after=before[-1] if before else None, **waiting)

    async def card(self, where: Chat | None = None, **waiting: Any) -> Message:
        """The latest card people vote on in the room."""
        return await self.api.message_in(
            where or self.room, button=self.words("button.my-ballot"), **_patiently(waiting)
        )

    async def told(self, who: User, key: str, **waiting: Any) -> Message:
        """The latest private message to the person that says a sentence of the catalogue."""
        return await self.api.message_in(who, self.words(key), **_patiently(waiting))

    async def heard(self, key: str, where: Chat | None = None, **waiting: Any) -> Message:
        """The latest message in the room that says a sentence of the catalogue."""
        return await self.api.message_in(where or self.room, self.words(key), **_patiently(waiting))

    async def press(self, who: User, where: Message, label: str, **details: Any) -> str:
        """The toast that a press is answered with."""
        answer: Answer = await self.api.press(who, where, label, **_patiently(details))
        return answer.text

    async def close_early(self, number: int = 1, where: Chat | None = None, **waiting: Any) -> Message:
        """Ana closes a consultation before its time; the result, once it stands in the room."""
        if not self.api.private(self.ana).started:
            await self.meet(self.ana)
        await self.say(self.ana, f"/close {number}", self.ana)
        return await self.result(where, **waiting)

    async def result(self, where: Chat | None = None, **waiting: Any) -> Message:
        """The latest result in the room."""
        return await self.heard("result.headline", where, **waiting)

    def results(self, where: Chat | None = None) -> list[Message]:
        """The results that stand in the room."""
        return self.api.messages_in(where or self.room, self.words("result.headline"))

    async def see(self, where: Chat | User, words: str, **waiting: Any) -> Message:
        """The latest message of the bot there that says this."""
        return await self.api.message_in(where, words, **_patiently(waiting))

    async def quiet(self) -> None:
        """Wait until the program has handled everything it was told."""
        await self.api.drained(PATIENCE)

    async def shown(self, card: Message, counts: dict[str, int]) -> None:
        """Wait until the card shows exactly these counts."""
        await self.api.wait(lambda: counted(card) == counts, PATIENCE, f"{counts}, not {counted(card)}")

    def disclosures(self, where: Chat | None = None) -> list[Message]:
        """The charter statements that stand in the room."""
        return self.api.messages_in(where or self.room, self.words("charter.card.title"))

    # Time

    def let_pass(self, time: timedelta, *, served: bool = True) -> None:
        """Make everything on record older by `time` while the program is down, as if that long had gone by.

        `served`: the bot was there meanwhile; else it was away, and finds out at its start.
        """
        assert not self.program.running
        url = make_url(self.url)
        engine = create_engine(url.set(drivername="postgresql+psycopg") if url.drivername != "sqlite" else url)
        try:
            with engine.begin() as connection:
                for table in metadata.sorted_tables:
                    if table.name not in _UNTOUCHED | ({"heartbeat"} if served else set()):
                        _make_older(connection, table, time)
        finally:
            engine.dispose()


def _patiently(waiting: dict[str, Any]) -> dict[str, Any]:
    return {"timeout": PATIENCE} | waiting


def _make_older(connection: Any, table: Table, time: timedelta) -> None:
    instants = [column for column in table.columns if type(column.type).__name__ == "UTCDateTime"]
    keys = list(table.primary_key.columns)
    for row in connection.execute(select(*keys, *instants)).all() if instants else []:
        found = row._mapping
        older = {column.name: found[column] - time for column in instants if found[column] is not None}
        if older:
            same = [key == found[key] for key in keys]
            connection.execute(update(table).where(*same).values(older))


def counted(card: Message) -> dict[str, int]:
    """The counts that a card or a result shows, by option."""
    return {found["option"]: int(found["votes"]) for found in _COUNT.finditer(card.text)}
