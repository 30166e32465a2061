"""What Telegram can say about groups: who is in them, who runs them, and what the bot may do there.

Questions only: nothing is sent. They are not paced (the library's own limiter
would allow twenty a minute in a group, and votes wait on them). What can't be known is
None, never a guess.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

from telegram import (
    Bot,
    Chat,
    ChatFullInfo,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatPermissions,
)
from telegram.error import BadRequest, TelegramError

from adapters.telegram.addresses import read
from adapters.telegram.inbound import PLATFORM, inside
from bot.domain.ids import AccountRef, RoomRef
from bot.ports import Abilities, Clock, Roster

logger = logging.getLogger(__name__)

FRESH = timedelta(minutes=5)
"""How long what the bot may do in a room is believed without asking; a change of its own rights is told at once."""

REMEMBERED = 1000

_ABSENT = ("user not found", "participant_id_invalid", "member not found", "user_id_invalid")
_RUNNING = frozenset({ChatMember.OWNER, ChatMember.ADMINISTRATOR})


class Rooms:
    """Answers about groups, asked of Telegram; only abilities are remembered, for a few minutes."""

    def __init__(self, bot: Bot, clock: Clock, edit_interval: float) -> None:
        self._bot = bot
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
            logger.info("what the bot may do in %s can't be asked: %s", room, type(error).__name__)
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
        chat = int(room.id)
        try:
            everyone = await self._bot.get_chat_member_count(chat)
            administrators = await self._bot.get_chat_administrators(chat, return_bots=True)
        except TelegramError as error:
            logger.info("members of %s can't be counted: %s", room, type(error).__name__)
            return None
        bots = {member.user.id for member in administrators if member.user.is_bot} | {self._bot.id}
        return Roster(None, max(everyone - len(bots), 0))

    async def is_member(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the account is in the room now; None when the bot may not ask, or can't."""
        return await self._ask_member(account, room, inside)

    async def is_admin(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the account owns or administers the room now; None when the bot may not ask, or can't."""
        return await self._ask_member(account, room, _runs)

    async def hidden_names(self, room: RoomRef) -> frozenset[AccountRef] | None:
        """The administrators who are anonymous in the room; None when that can't be asked."""
        try:
            administrators = await self._bot.get_chat_administrators(int(room.id))
        except TelegramError as error:
            logger.info("administrators of %s can't be asked: %s", room, type(error).__name__)
            return None
        hidden = (member.user.id for member in administrators if getattr(member, "is_anonymous", False))
        return frozenset(AccountRef(PLATFORM, str(user)) for user in hidden)

    async def find(self, typed: str) -> RoomRef | None:
        """The group a number, @name or t.me link leads to, if the bot is in it."""
        address = read(typed)
        if address is None:
            return None
        try:
            chat = await self._bot.get_chat(address.chat)
            if chat.type not in {Chat.GROUP, Chat.SUPERGROUP}:
                return None
            if not inside(await self._bot.get_chat_member(chat.id, self._bot.id)):
                return None
        except TelegramError as error:
            logger.info("a typed address leads nowhere: %s", type(error).__name__)
            return None
        return RoomRef(PLATFORM, str(chat.id), address.thread if chat.is_forum else "")

    async def _ask_abilities(self, chat: int) -> Abilities | None:
        info = await self._bot.get_chat(chat)
        if info.type == Chat.PRIVATE:
            return self._abilities(info, None)
        us = await self._bot.get_chat_member(chat, self._bot.id)
        return self._abilities(info, us) if inside(us) else None

    def _abilities(self, info: ChatFullInfo, us: ChatMember | None) -> Abilities:
        permissions = info.permissions
        return Abilities(
            private_answer=True,
            pins=us is not None and _pins(us, permissions),
            sees_arrivals=us is not None and _runs(us),
            members_may_send=permissions is None or permissions.can_send_messages is not False,
            exact_roster=False,
            encrypted=False,
            edit_interval=self._edit_interval,
        )

    async def _ask_member(self, account: AccountRef, room: RoomRef, test: Callable[[ChatMember], bool]) -> bool | None:
        if account.platform != PLATFORM:
            return None
        try:
            return test(await self._bot.get_chat_member(int(room.id), int(account.id)))
        except BadRequest as error:
            if any(words in error.message.lower() for words in _ABSENT):
                return False
            logger.info("a membership of %s can't be asked: %s", room, error.message)
        except TelegramError as error:
            logger.info("a membership of %s can't be asked: %s", room, type(error).__name__)
        return None


def _pins(member: ChatMember, everyone: ChatPermissions | None) -> bool:
    """Whether it may pin: by its own right, or as a member like any other where members may."""
    if isinstance(member, ChatMemberAdministrator | ChatMemberRestricted):
        return member.can_pin_messages is True
    return member.status == ChatMember.OWNER or (everyone is not None and everyone.can_pin_messages is True)


def _runs(member: ChatMember) -> bool:
    return member.status in _RUNNING
