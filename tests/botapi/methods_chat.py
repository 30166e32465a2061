"""The methods that ask about chats, members and files, and the one that leaves a chat."""

from __future__ import annotations

from typing import Any

from tests.botapi import errors, wire
from tests.botapi.calls import Call
from tests.botapi.errors import bad_request
from tests.botapi.methods import Desk, method
from tests.botapi.world import Member


@method("getChat")
async def get_chat(desk: Desk, call: Call) -> Any:
    """What is known of a chat. A private chat is known once the person has started the bot."""
    return wire.full_chat(desk.reachable(call))


@method("getChatMember")
async def get_chat_member(desk: Desk, call: Call) -> Any:
    """How a user stands in the chat; the members of a group that hides them are shown to administrators only."""
    chat, user = desk.reachable(call), desk.world.users.get(call.params["user_id"])
    if user is None:
        raise bad_request(errors.MEMBER_NOT_FOUND)
    if chat.user:
        return wire.member(Member(user, "member" if user in (chat.user, desk.world.me) else "left"))
    if chat.hidden_members and user != desk.world.me and not chat.member(desk.world.me).is_admin:
        raise bad_request(errors.ADMIN_REQUIRED)
    return wire.member(chat.member(user))


@method("getChatMemberCount")
async def get_chat_member_count(desk: Desk, call: Call) -> Any:
    """How many are in the chat, bots included."""
    chat = desk.reachable(call)
    return 2 if chat.user else sum(member.present for member in chat.members.values())


@method("getChatAdministrators")
async def get_chat_administrators(desk: Desk, call: Call) -> Any:
    """Who administers the chat; other bots only when asked for."""
    chat, me = desk.reachable(call), desk.world.me.id
    if chat.user:
        raise bad_request("Bad Request: there are no administrators in the private chat")
    others = call.params.get("return_bots", False)
    admins = [member for member in chat.members.values() if member.is_admin]
    return [wire.member(m) for m in admins if others or not m.user.is_bot or m.user.id == me]


@method("leaveChat")
async def leave_chat(desk: Desk, call: Call) -> Any:
    """Leave a group."""
    chat = desk.reachable(call)
    if chat.user:
        raise bad_request("Bad Request: chat can't be left")
    desk.stage.move(chat, desk.world.me, Member(desk.world.me, "left"))
    return True


@method("getFile")
async def get_file(desk: Desk, call: Call) -> Any:
    """Where a file can be fetched."""
    if call.params["file_id"] not in desk.world.files:
        raise bad_request(errors.BAD_FILE)
    return wire.file(desk.world.files[call.params["file_id"]])
