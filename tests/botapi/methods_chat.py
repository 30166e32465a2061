"""The methods that ask about chats, members and files, and those that change who may do what, or leave."""

from __future__ import annotations

from typing import Any

from tests.botapi import errors, wire
from tests.botapi.calls import Call
from tests.botapi.errors import bad_request
from tests.botapi.methods import Desk, method
from tests.botapi.rights import ADMIN_RIGHTS, OPTIONAL_RIGHTS, PERMISSIONS, WRITING
from tests.botapi.world import Chat, Member, User


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


@method("setChatPermissions")
async def set_chat_permissions(desk: Desk, call: Call) -> Any:
    """Set what ordinary members may do; needs the right to restrict members."""
    chat = _ruled(desk, call, "can_restrict_members", {"group", "supergroup"})
    chat.permissions = _permitted(call)
    desk.world.bell.ring()
    return True


@method("restrictChatMember")
async def restrict_chat_member(desk: Desk, call: Call) -> Any:
    """Take rights from one member of a supergroup, who is an ordinary member again once nothing is taken."""
    chat = _ruled(desk, call, "can_restrict_members", {"supergroup"})
    member = _present(desk, chat, call)
    if member.is_admin:
        raise bad_request(errors.IS_ADMINISTRATOR)
    rights = _permitted(call)
    whole = rights == set(PERMISSIONS)
    changed = Member(member.user) if whole else Member(member.user, "restricted", frozenset(rights))
    desk.stage.move(chat, desk.world.me, changed)
    return True


@method("promoteChatMember")
async def promote_chat_member(desk: Desk, call: Call) -> Any:
    """Make a member administrator with rights the bot has itself, or an ordinary member again when none is given.

    Every right implies `can_manage_chat`. Only administrators that the bot made can be changed by it.
    """
    chat = _ruled(desk, call, "can_promote_members", {"supergroup", "channel"})
    member = _present(desk, chat, call)
    if member.status == "creator" or (member.status == "administrator" and "can_be_edited" not in member.rights):
        raise bad_request(errors.ADMIN_REQUIRED)
    names = [name for name in ADMIN_RIGHTS + OPTIONAL_RIGHTS if call.params.get(name)]
    mine = chat.member(desk.world.me)
    if any(name not in mine.rights for name in names):
        raise bad_request(errors.RIGHT_FORBIDDEN)
    rights = frozenset({*names, "can_manage_chat", "can_be_edited"}) if names else frozenset()
    promoted = Member(member.user, "administrator", rights) if rights else Member(member.user)
    if rights or member.is_admin:
        desk.stage.move(chat, desk.world.me, promoted)
    return True


def _ruled(desk: Desk, call: Call, right: str, kinds: set[str]) -> Chat:
    """The chat, where it is of such a kind and the bot has the right."""
    chat = desk.reachable(call)
    if chat.type not in kinds:
        raise bad_request(errors.NOT_IN_THIS_KIND)
    mine = chat.member(desk.world.me)
    if mine.status != "creator" and right not in mine.rights:
        raise bad_request(errors.NO_RIGHT if mine.is_admin else errors.ADMIN_REQUIRED)
    return chat


def _present(desk: Desk, chat: Chat, call: Call) -> Member:
    user: User | None = desk.world.users.get(call.params["user_id"])
    if user is None:
        raise bad_request(errors.PARTICIPANT_INVALID)
    if not chat.member(user).present:
        raise bad_request(errors.NOT_PARTICIPANT)
    return chat.member(user)


def _permitted(call: Call) -> set[str]:
    """The permissions given, one left out being taken; unless they are independent, some bring others with them."""
    given: dict[str, bool] = call.params["permissions"]
    permitted = {name for name in PERMISSIONS if given.get(name)}
    if call.params.get("use_independent_chat_permissions"):
        return permitted
    if permitted & {"can_send_other_messages", "can_add_web_page_previews"}:
        permitted |= WRITING - {"can_send_polls", "can_send_other_messages"}
    return permitted | ({"can_send_messages"} if "can_send_polls" in permitted else set())
