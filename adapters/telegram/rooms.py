"""What Telegram can say about groups: who is in them, who runs them, and what the bot may do there.

Questions only: nothing is sent. They are not paced (the library's own limiter
would allow twenty a minute in a group, and votes wait on them). What can't be known is
None, never a guess.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from telegram import Bot, Chat, ChatMember
from telegram.error import BadRequest, TelegramError

from adapters.telegram.addresses import in_log, read
from adapters.telegram.inbound import PLATFORM
from adapters.telegram.utf16 import clean
from bot.domain.ids import AccountRef, RoomRef
from bot.ports import Abilities, Clock, Roster

logger = logging.getLogger(__name__)

FRESH = timedelta(minutes=5)
"""How long what the bot may do in a room is believed without asking; a change of its own rights is told at once."""

REMEMBERED = 1000

_ABSENT = ("user not found", "participant_id_invalid", "member not found", "user_id_invalid")
_RUNNING = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})
Json = Mapping[str, Any]
"""An answer as Telegram wrote it. The few fields we need are read here: the library's types refuse a whole answer for
one field they don't know or miss, and no opening should depend on that."""


class Ask(Protocol):
    """Calls a method of the Bot API and returns its answer as Telegram wrote it; TelegramError when there is none."""

    async def __call__(self, method: str, **parameters: object) -> Any:
        """The answer."""


class Rooms:
    """Answers about groups, asked of Telegram; only abilities are remembered, for a few minutes."""

    def __init__(self, bot: Bot, ask: Ask, clock: Clock, edit_interval: float) -> None:
        self._bot = bot
        self._ask = ask
        self._clock = clock
        self._edit_interval = edit_interval
        self._known: OrderedDict[int, tuple[datetime, Abilities]] = OrderedDict()

    def forget(self, chat: int) -> None:
        """Ask again at the next occasion: the bot's rights there have changed."""
        self._known.pop(chat, None)

    async def abilities(self, room: RoomRef) -> Abilities | None:
        """What the bot may do in the room; None when it is not in it or can't ask."""
        chat, now = int(room.id), self._clock.now()
        known = self._known.get(chat)
        if known and now - known[0] < FRESH:
            return known[1]
        try:
            found = await self._ask_abilities(chat)
        except TelegramError as error:
            logger.info("what the bot may do in %s can't be asked: %s", in_log(room), type(error).__name__)
            # A network that is down for a moment says nothing about the room; a refusal does.
            return None if isinstance(error, BadRequest) or known is None else known[1]
        if found is not None:
            self._known[chat] = (now, found)
            self._known.move_to_end(chat)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    async def roster(self, room: RoomRef) -> Roster | None:
        """How many people are in the room, the bots that can be known taken off; Telegram lists no members."""
        try:
            everyone = int(await self._ask("getChatMemberCount", chat_id=int(room.id)))
        except TelegramError as error:
            logger.info("members of %s can't be counted: %s", in_log(room), type(error).__name__)
            return None
        administrators = await self._administrators(room, return_bots=True) or ()
        bots = {member["user"]["id"] for member in administrators if member["user"].get("is_bot")} | {self._bot.id}
        return Roster(None, max(everyone - len(bots), 0))

    async def is_member(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the account is in the room now; None when the bot may not ask, or can't."""
        return await self._ask_member(account, room, _inside)

    async def is_admin(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the account owns or administers the room now; None when the bot may not ask, or can't."""
        return await self._ask_member(account, room, _runs)

    async def hidden_names(self, room: RoomRef) -> frozenset[AccountRef] | None:
        """The administrators who are anonymous in the room; None when that can't be asked."""
        administrators = await self._administrators(room)
        if administrators is None:
            return None
        hidden = (member["user"]["id"] for member in administrators if member.get("is_anonymous"))
        return frozenset(AccountRef(PLATFORM, str(user)) for user in hidden)

    async def find(self, typed: str) -> RoomRef | None:
        """The group a number, @name or t.me link leads to, if the bot is in it."""
        address = read(typed)
        if address is None:
            return None
        try:
            chat: Json = await self._ask("getChat", chat_id=address.chat)
            if chat["type"] not in {Chat.GROUP, Chat.SUPERGROUP}:
                return None
            if not _inside(await self._ask("getChatMember", chat_id=chat["id"], user_id=self._bot.id)):
                return None
        except TelegramError as error:
            logger.info("a typed address leads nowhere: %s", type(error).__name__)
            return None
        return RoomRef(PLATFORM, str(chat["id"]), address.thread if chat.get("is_forum") else "")

    async def _ask_abilities(self, chat: int) -> Abilities | None:
        info: Json = await self._ask("getChat", chat_id=chat)
        if info["type"] == Chat.PRIVATE:
            return self._abilities(info, None)
        us: Json = await self._ask("getChatMember", chat_id=chat, user_id=self._bot.id)
        return self._abilities(info, us) if _inside(us) else None

    def _abilities(self, info: Json, us: Json | None) -> Abilities:
        permissions: Json = info.get("permissions") or {}
        return Abilities(
            private_answer=True,
            pins=us is not None and _pins(us, permissions),
            sees_arrivals=us is not None and _runs(us),
            members_may_send=permissions.get("can_send_messages") is not False,
            exact_roster=False,
            encrypted=False,
            edit_interval=self._edit_interval,
            title=clean(info.get("title") or ""),
        )

    async def _administrators(self, room: RoomRef, **parameters: object) -> list[Json] | None:
        try:
            return list(await self._ask("getChatAdministrators", chat_id=int(room.id), **parameters))
        except TelegramError as error:
            logger.info("administrators of %s can't be asked: %s", in_log(room), type(error).__name__)
            return None

    async def _ask_member(self, account: AccountRef, room: RoomRef, test: Callable[[Json], bool]) -> bool | None:
        if account.platform != PLATFORM:
            return None
        try:
            return test(await self._ask("getChatMember", chat_id=int(room.id), user_id=int(account.id)))
        except BadRequest as error:
            if any(words in error.message.lower() for words in _ABSENT):
                return False
            logger.info("a membership of %s can't be asked: %s", in_log(room), error.message)
        except TelegramError as error:
            logger.info("a membership of %s can't be asked: %s", in_log(room), type(error).__name__)
        return None


def _pins(member: Json, everyone: Json) -> bool:
    """Whether it may pin: by its own right, or as a member like any other where members may."""
    if member["status"] in {ChatMember.ADMINISTRATOR, ChatMember.RESTRICTED}:
        return member.get("can_pin_messages") is True
    return member["status"] == ChatMember.OWNER or everyone.get("can_pin_messages") is True


def _runs(member: Json) -> bool:
    return member["status"] in _RUNNING


def _inside(member: Json) -> bool:
    """Whether this status is that of someone in the group; a restricted member may have left."""
    if member["status"] == ChatMember.RESTRICTED:
        return member.get("is_member") is True
    return member["status"] in _RUNNING | {ChatMember.MEMBER}
