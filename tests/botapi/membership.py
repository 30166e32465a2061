"""What people do to a chat's membership: join, leave, ban, promote, add the bot, make a supergroup of a group.

Every act changes the world and queues what the bot is told of it: the service
message everybody sees, and the update about a member that only an administrator
who asked for it gets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tests.botapi import wire
from tests.botapi.rights import EVERY_RIGHT, USUAL_RIGHTS
from tests.botapi.stage import Stage
from tests.botapi.world import Chat, Member, Status, User


class Membership:
    """The acts of people that change who is in a chat, and as what."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self.world = stage, stage.world

    async def join(self, user: User, chat: Chat, *, by: User | None = None, announced: bool = True) -> None:
        """The user joins, or is added `by` somebody. Big or hidden groups announce nobody."""
        self._stage.move(chat, by or user, Member(user))
        if announced and chat.type != "channel":
            self._stage.announce(chat, by or user, {"new_chat_members": [wire.user(user)]})

    async def leave(self, user: User, chat: Chat, *, announced: bool = True) -> None:
        """The user leaves."""
        self._stage.move(chat, user, Member(user, "left"))
        if announced and chat.type != "channel":
            self._stage.announce(chat, user, {"left_chat_member": wire.user(user)})

    async def kick(self, user: User, chat: Chat, by: User, *, announced: bool = True) -> None:
        """An administrator bans the user."""
        self._stage.move(chat, by, Member(user, "kicked"))
        if announced and chat.type != "channel":
            self._stage.announce(chat, by, {"left_chat_member": wire.user(user)})

    async def restrict(
        self, user: User, chat: Chat, by: User, *, is_member: bool = True, rights: Iterable[str] = ()
    ) -> None:
        """An administrator restricts the user, who keeps `rights`; `is_member` False: restricted, and gone."""
        self._stage.move(chat, by, Member(user, "restricted", frozenset(rights), is_member=is_member))

    async def promote(
        self,
        user: User,
        chat: Chat,
        by: User | None = None,
        *,
        rights: Iterable[str] = USUAL_RIGHTS,
        anonymous: bool = False,
        creator: bool = False,
    ) -> None:
        """The user (or the bot) becomes administrator with these rights, or the creator."""
        wrong = set(rights) - EVERY_RIGHT
        if wrong:
            raise ValueError(f"not rights of an administrator: {sorted(wrong)}")
        status: Status = "creator" if creator else "administrator"
        self._stage.move(chat, by or self._owner(chat), Member(user, status, frozenset(rights), anonymous=anonymous))

    async def demote(self, user: User, chat: Chat, by: User | None = None) -> None:
        """The user (or the bot) is an ordinary member again."""
        self._stage.move(chat, by or self._owner(chat), Member(user))

    async def add_bot(self, chat: Chat, by: User, *, rights: Iterable[str] | None = None) -> None:
        """Somebody adds the bot, as administrator if `rights` are given."""
        self._stage.move(chat, by, Member(self.world.me))
        self._stage.announce(chat, by, {"new_chat_members": [wire.user(self.world.me)]})
        if rights is not None:
            await self.promote(self.world.me, chat, by, rights=rights)

    async def remove_bot(self, chat: Chat, by: User) -> None:
        """Somebody removes the bot. It is told so, and nothing more of this chat."""
        self._stage.move(chat, by, Member(self.world.me, "kicked"))

    async def migrate(self, group: Chat, *, by: User | None = None) -> Chat:
        """The group becomes a supergroup, which is returned: same people, another id, messages numbered afresh."""
        new = self.world.add_chat("supergroup", group.title, permissions=set(group.permissions))
        new.members = dict(group.members)
        owner = by or self._owner(group)
        self._stage.announce(group, owner, {"migrate_to_chat_id": new.id})
        group.migrated_to = new
        self._stage.announce(new, self.world.anonymous_admin, {"migrate_from_chat_id": group.id}, sender_chat=new)
        return new

    async def rename_chat(self, chat: Chat, title: str, by: User) -> None:
        """Somebody gives the chat another title."""
        chat.title = title
        self._stage.announce(chat, by, {"new_chat_title": title})

    async def hide_name(self, user: User, chat: Chat, *, hidden: bool = True) -> None:
        """An administrator chooses to be anonymous, or no longer."""
        self._stage.move(chat, user, replace(chat.member(user), anonymous=hidden))

    def _owner(self, chat: Chat) -> User:
        ranked = sorted((m for m in chat.members.values() if not m.user.is_bot), key=lambda m: m.status != "creator")
        return ranked[0].user if ranked else self.world.telegram
