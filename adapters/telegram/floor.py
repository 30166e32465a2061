"""Who may write in a group: closing it to all but one speaker, and opening it again exactly as it was.

A member's own rights can only narrow what the group lets everyone do, so nobody can be
exempted from a closed group but administrators: while they have the floor, the speaker
is one, with the least right there is. Nothing is remembered here: what was so before is
in the record that the core keeps, and whom we promoted is what Telegram says of the
administrators. Basic groups have no such administrators and topics no rights of their
own: there the floor can't be given.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from telegram import Bot, Chat, ChatMember
from telegram.error import TelegramError

from adapters.telegram import errors
from adapters.telegram.addresses import in_log
from adapters.telegram.rooms import Ask, Json
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.ports import Delivered, Never, Outcome

logger = logging.getLogger(__name__)

LEAST = "can_manage_chat"
"""The right that every other one implies: it lets its holder write, and read the list of recent actions."""
_NEEDED = ("can_restrict_members", "can_promote_members")
_WRITING = "can_send_"
"""How the permissions to write begin; reactions, invitations and pins are not writing and stay as they are."""
_ABOUT = frozenset({"can_be_edited", LEAST})


class Floor:
    """Closes and opens groups, through `ask`."""

    def __init__(self, bot: Bot, ask: Ask) -> None:
        self._bot = bot
        self._ask = ask

    async def saved(self, room: RoomRef) -> str | None:
        """The permissions and administrators as they are; None where the bot can't change them, or can't ask."""
        if room.thread:
            return None
        try:
            info: Json = await self._ask("getChat", chat_id=int(room.id))
            us: Json = await self._ask("getChatMember", chat_id=int(room.id), user_id=self._bot.id)
            if not _can_be_closed(info) or not all(us.get(right) is True for right in _NEEDED):
                return None
            administrators = [member["user"]["id"] for member in await self._administrators(room)]
        except TelegramError as error:
            logger.info("who may write in %s can't be asked: %s", in_log(room), type(error).__name__)
            return None
        return json.dumps({"permissions": info["permissions"], "administrators": sorted(administrators)})

    async def give(self, room: RoomRef, saved: str, speaker: AccountRef | None) -> Outcome:
        """Close the group to all but its administrators and the speaker.

        Never `rejected` for a speaker whose own rights are restricted: making them administrator would end that.
        """
        try:
            status = await self._status(room, speaker) if speaker else ChatMember.LEFT
            if status == ChatMember.RESTRICTED:
                return Never("rejected", "the speaker is restricted in this group")
            await self._demote(room, saved, but=speaker)
            await self._permit(room, _closed)
            if speaker and status == ChatMember.MEMBER:
                await self._promote(room, int(speaker.id), able=True)
        except TelegramError as error:
            return self._failed(room, error)
        return Delivered(PostRef(room, ""))

    async def free(self, room: RoomRef, saved: str) -> Outcome:
        """Let members write as they could, and take back the speaker's rights."""
        permitted: Mapping[str, Any] = json.loads(saved)["permissions"]
        try:
            await self._permit(room, lambda now: _reopened(now, permitted))
            await self._demote(room, saved)
        except TelegramError as error:
            return self._failed(room, error)
        return Delivered(PostRef(room, ""))

    async def _permit(self, room: RoomRef, change: Callable[[Json], Json]) -> None:
        """Change what the group lets everyone do, if that is a change."""
        info: Json = await self._ask("getChat", chat_id=int(room.id))
        now: Json = info.get("permissions") or {}
        wanted = change(now)
        if wanted != now:
            # Independent: otherwise one permission that stays would bring others back.
            await self._ask(
                "setChatPermissions",
                chat_id=int(room.id),
                permissions=json.dumps(wanted),
                use_independent_chat_permissions=True,
            )

    async def _status(self, room: RoomRef, account: AccountRef) -> str:
        member: Json = await self._ask("getChatMember", chat_id=int(room.id), user_id=int(account.id))
        return str(member["status"])

    async def _demote(self, room: RoomRef, saved: str, but: AccountRef | None = None) -> None:
        """Take back the rights of everyone whom we made administrator to speak."""
        before = set(json.loads(saved)["administrators"])
        for member in await self._administrators(room):
            number = member["user"]["id"]
            if number not in before and _spoke(member) and (but is None or str(number) != but.id):
                await self._promote(room, number, able=False)

    async def _promote(self, room: RoomRef, user: int, *, able: bool) -> None:
        await self._ask("promoteChatMember", chat_id=int(room.id), user_id=user, **{LEAST: able})

    async def _administrators(self, room: RoomRef) -> list[Json]:
        return list(await self._ask("getChatAdministrators", chat_id=int(room.id)))

    @staticmethod
    def _failed(room: RoomRef, error: TelegramError) -> Outcome:
        result = errors.outcome(error)
        logger.info("who may write in %s not changed: %s, %s", in_log(room), type(error).__name__, result)
        return result


def _can_be_closed(info: Json) -> bool:
    return info["type"] == Chat.SUPERGROUP and not info.get("is_forum") and bool(info.get("permissions"))


def _closed(now: Json) -> Json:
    return {name: allowed and not name.startswith(_WRITING) for name, allowed in now.items()}


def _reopened(now: Json, before: Mapping[str, Any]) -> Json:
    """The permissions now, with what we closed as it was before; what others opened meanwhile stays open."""
    return {name: allowed or (name.startswith(_WRITING) and before.get(name) is True) for name, allowed in now.items()}


def _spoke(member: Json) -> bool:
    """Whether this administrator is one whom the bot made so, with the least right alone."""
    more = (name for name, able in member.items() if name.startswith("can_") and able is True and name not in _ABOUT)
    ours = member["status"] == ChatMember.ADMINISTRATOR and member.get("can_be_edited") is True
    return ours and member.get(LEAST) is True and not any(more)
