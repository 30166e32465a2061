# ruff: noqa: ASYNC109 (a caller says how long it is ready to wait)
"""The emulator as tests see it: a running server, the people of its world, and what can be waited for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.botapi.calls import Call
from tests.botapi.faults import Fault, Trouble
from tests.botapi.membership import Membership
from tests.botapi.methods import Desk
from tests.botapi.methods_self import menu_key
from tests.botapi.pace import Pace
from tests.botapi.rights import USUAL_RIGHTS
from tests.botapi.schema import the_schema
from tests.botapi.server import Server
from tests.botapi.stage import Stage
from tests.botapi.talk import Talk
from tests.botapi.updates import UpdateQueue
from tests.botapi.world import Chat, ChatType, Clock, Member, Message, Status, User, World

Found = TypeVar("Found")
FIRST_UPDATE = 700_000_001
PATIENCE = 5.0


class BotApi:
    """A Bot API server for one bot on a free port of the loopback interface, and the world around the bot.

    The acts of people (`say`, `press`, `join`…) are those of `talk.Talk` and
    `membership.Membership`. `violations` must stay empty.
    """

    def __init__(
        self,
        token: str = "1:TEST",
        *,
        name: str = "Palabre",
        username: str = "palabre_bot",
        privacy: bool = True,
        enforce_limits: bool = False,
        clock: Clock = time.time,
        port: int = 0,
    ) -> None:
        self.token, self._port = token, port
        self.violations: list[str] = []
        me = User(int(token.partition(":")[0]), name, username=username, is_bot=True)
        self.world = World(me, clock)
        self.queue = UpdateQueue(the_schema(), self.violations, self.world.bell, FIRST_UPDATE)
        self.stage = Stage(self.world, self.queue, privacy)
        self.pace = Pace(clock, enforce_limits)
        self._enter_acts()
        self.desk = Desk(self.world, self.queue, self.stage, self._talk.presses)
        self.server = Server(token, self.desk, the_schema(), self.pace, self.violations)
        self._runner = web.AppRunner(self.server.app, access_log=None, shutdown_timeout=1.0)
        self._poster: asyncio.Task[None] | None = None

    def _enter_acts(self) -> None:
        talk, moves = Talk(self.stage), Membership(self.stage)
        self._talk = talk
        self.say, self.reply, self.start, self.follow = talk.say, talk.reply, talk.start, talk.follow
        self.edit_message, self.delete_message = talk.edit_message, talk.delete_message
        self.press, self.block_bot = talk.press, talk.block_bot
        self.send_poll, self.vote_in_poll = talk.send_poll, talk.vote_in_poll
        self.send_document = talk.send_document
        self.create_topic, self.close_topic = talk.create_topic, talk.close_topic
        self.pin, self.unpin, self.post_in_channel = talk.pin, talk.unpin, talk.post_in_channel
        self.join, self.leave, self.kick, self.restrict = moves.join, moves.leave, moves.kick, moves.restrict
        self.promote, self.demote, self.hide_name = moves.promote, moves.demote, moves.hide_name
        self.add_bot, self.remove_bot = moves.add_bot, moves.remove_bot
        self.migrate, self.rename_chat = moves.migrate, moves.rename_chat

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._poster = asyncio.create_task(self.queue.post_for_ever())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.queue.closed = True
        for fault in self.server.faults:
            fault.lift()
        self.world.bell.ring()
        if self._poster:
            self._poster.cancel()
            await asyncio.gather(self._poster, return_exceptions=True)
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The port of the server."""
        return self._port

    @property
    def base_url(self) -> str:
        """What stands before the token in the address of a method, as PTB's `base_url`."""
        return f"http://127.0.0.1:{self._port}/bot"

    @property
    def file_url(self) -> str:
        """What stands before the token in the address of a file, as PTB's `base_file_url`."""
        return f"http://127.0.0.1:{self._port}/file/bot"

    @property
    def me(self) -> User:
        """The bot."""
        return self.world.me

    # The people and places of the world

    def user(
        self,
        first_name: str,
        *,
        id: int | None = None,
        last_name: str = "",
        username: str = "",
        language_code: str = "",
        is_bot: bool = False,
    ) -> User:
        """A new account; it has not started the bot."""
        details = {"last_name": last_name, "username": username, "language_code": language_code, "is_bot": is_bot}
        return self.world.add_user(first_name, id, **details)

    def group(self, title: str, members: Iterable[User] = (), **standing: Any) -> Chat:
        """A basic group in which the bot already is; for the keywords see `_place`."""
        return self._place("group", title, members, **standing)

    def supergroup(self, title: str, members: Iterable[User] = (), **standing: Any) -> Chat:
        """A supergroup in which the bot already is; for the keywords see `_place`."""
        return self._place("supergroup", title, members, **standing)

    def forum(self, title: str, members: Iterable[User] = (), **standing: Any) -> Chat:
        """A supergroup with topics in which the bot already is; for the keywords see `_place`."""
        chat = self._place("supergroup", title, members, **standing)
        chat.is_forum = True
        return chat

    def channel(self, title: str, *, username: str = "", linked: Chat | None = None, bot: bool = False) -> Chat:
        """A channel; its posts are forwarded to the `linked` group. The bot administers it if `bot`."""
        chat = self.world.add_chat("channel", title, username=username)
        if linked:
            chat.linked, linked.linked = linked, chat
        if bot:
            self.world.set_member(chat, Member(self.me, "administrator"))
        return chat

    def _place(
        self,
        kind: ChatType,
        title: str,
        members: Iterable[User],
        *,
        admins: Iterable[User] = (),
        creator: User | None = None,
        bot: bool = True,
        bot_rights: Iterable[str] | None = None,
        username: str = "",
        hidden_members: bool = False,
        id: int | None = None,
    ) -> Chat:
        """A chat that has been there for long: nobody is told of its making.

        `admins` have the usual rights; the bot is a plain member, or an administrator if `bot_rights` are given.
        """
        chat = self.world.add_chat(kind, title, id, username=username, hidden_members=hidden_members)
        standing = [Member(user) for user in members]
        standing += [Member(user, "administrator", USUAL_RIGHTS) for user in admins]
        standing += [Member(creator, "creator")] if creator else []
        if bot:
            role: Status = "member" if bot_rights is None else "administrator"
            standing.append(Member(self.me, role, frozenset(bot_rights or ())))
        for member in standing:
            self.world.set_member(chat, member)
        return chat

    def rename(self, user: User, **names: str) -> User:
        """The same account under another first_name, last_name or username; use what is returned from now on."""
        return self.world.rename(user, **names)

    def private(self, user: User) -> Chat:
        """The private chat between the user and the bot."""
        return self.world.private(user)

    # What can be seen and waited for

    @property
    def calls(self) -> list[Call]:
        """Every call of the bot, in order of arrival, with its answer."""
        return self.server.calls

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self.server.calls if call.method == method]

    @property
    def updates(self) -> list[dict[str, Any]]:
        """Every update the bot was or will be told."""
        return self.queue.log

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self.queue.waiting)

    def commands(self, scope: str = "default", language: str = "", **where: int) -> list[tuple[str, str]]:
        """The bot's menu in one scope and language, as (command, description)."""
        menu = self.desk.profile.commands.get(menu_key({"type": scope} | where, language), [])
        return [(entry["command"], entry["description"]) for entry in menu]

    def messages_in(self, where: Chat | User, containing: str = "") -> list[Message]:
        """The bot's messages there that now say this, oldest first."""
        me = self.me.id
        return [m for m in self._talk.place(where).live if m.sender and m.sender.id == me and containing in m.text]

    async def wait(self, probe: Callable[[], Found | None], timeout: float = PATIENCE, what: str = "it") -> Found:
        """The first truthy result of `probe`, tried whenever the world changes; TimeoutError after so many seconds."""
        try:
            return await self.world.bell.until(probe, timeout)
        except TimeoutError:
            raise TimeoutError(f"{what} did not happen within {timeout} s") from None

    async def message_in(
        self,
        where: Chat | User,
        containing: str = "",
        *,
        after: Message | None = None,
        button: str = "",
        timeout: float = PATIENCE,
    ) -> Message:
        """The latest message of the bot there that says this (and has this button), waited for; newer than `after`."""

        def probe() -> Message | None:
            found = [m for m in self.messages_in(where, containing) if not button or button in " ".join(m.labels)]
            return next((m for m in reversed(found) if after is None or m.id > after.id), None)

        try:
            return await self.world.bell.until(probe, timeout)
        except TimeoutError:
            there = [message.text for message in self.messages_in(where)]
            raise TimeoutError(f"no message with {containing!r} {button!r}; those there: {there}") from None

    async def drained(self, timeout: float = PATIENCE) -> None:
        """Wait until the bot has confirmed every update."""
        await self.wait(lambda: self.pending == 0, timeout, f"the confirmation of {self.pending} updates")

    # Trouble

    def fault(self, method: str, kind: Trouble, times: int = 1, **details: Any) -> Fault:
        """Trouble for the next calls of a method (`*`: any but getUpdates). Details: those of `Fault`."""
        trouble = Fault(method, kind, times, **details)
        self.server.faults.append(trouble)
        return trouble

    def redeliver(self, updates: Iterable[dict[str, Any]] | None = None, *, fresh_id: bool = False) -> None:
        """Tell the bot old updates (all of them unless given) once more, under their old numbers or new ones."""
        for update in list(self.queue.log if updates is None else updates):
            self.queue.repeat(update, fresh_id)

    def duplicate(self, on: bool = True) -> None:
        """From now on (or no longer) tell every update twice, under two numbers."""
        self.queue.twice = on
