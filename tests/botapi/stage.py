"""What every act of a person needs: the world, the queue of updates, and the rule of who hears what.

It knows Telegram's privacy mode. It refuses to know the acts themselves (see
`talk` and `membership`).
"""

from __future__ import annotations

import re
from typing import Any

from tests.botapi import wire
from tests.botapi.schema import units
from tests.botapi.updates import UpdateQueue
from tests.botapi.world import Chat, Member, Message, User, Version, World

# As in Telegram, only ASCII letters make a command: /pétition is none. A word character may not touch it.
_COMMAND = re.compile(r"(?<![\w/<>@])/([A-Za-z0-9_]{1,64})(?:@([A-Za-z0-9_]{3,32}))?(?![\w/<>])")
_MENTION = re.compile(r"(?<![\w/])@[A-Za-z0-9_]{3,32}(?!\w)")
_URL = re.compile(r"https?://[^\s<>\"]+")


def found_entities(text: str) -> list[dict[str, Any]]:
    """The entities that Telegram's server finds by itself in what a person typed."""
    found = [
        {"type": kind, "offset": units(text[: hit.start()]), "length": units(hit.group())}
        for kind, pattern in (("bot_command", _COMMAND), ("mention", _MENTION), ("url", _URL))
        for hit in pattern.finditer(text)
        if kind != "mention" or "/" not in text[: hit.start()].rsplit(maxsplit=1)[-1:]
    ]
    return sorted(found, key=lambda entity: entity["offset"])


class Stage:
    """The world and the queue, with the rule of who hears what. `privacy` is the bot's privacy mode."""

    def __init__(self, world: World, queue: UpdateQueue, privacy: bool) -> None:
        self.world, self.queue, self.privacy = world, queue, privacy

    def hears(self, message: Message) -> bool:
        """Whether the bot is told of the message."""
        me, chat, sender = self.world.me, message.chat, message.sender
        if sender and (sender.id == me.id or (sender.is_bot and not message.sender_chat)):
            return False
        if chat.user:
            return not chat.blocked
        here = chat.member(me)
        if not here.present:
            return False
        return here.is_admin or not self.privacy or bool(message.service) or self._addressed(message)

    def _addressed(self, message: Message) -> bool:
        answered = message.reply_to
        if answered and answered.sender and answered.sender.id == self.world.me.id:
            return True
        names = [hit.group(2) for hit in _COMMAND.finditer(message.text)]
        return any(name is None or name.lower() == self.world.me.username.lower() for name in names)

    def tell(self, message: Message, edited: bool = False) -> None:
        """Queue the update for a new or edited message, if the bot hears it."""
        if self.hears(message):
            kind = "channel_post" if message.chat.type == "channel" else "message"
            self.queue.put(f"edited_{kind}" if edited else kind, wire.message(message))

    def announce(self, chat: Chat, sender: User | None, service: dict[str, Any], **details: Any) -> Message:
        """Post a service message and tell the bot of it."""
        message = self.world.post(chat, sender, self.world.version(), service=service, **details)
        self.tell(message)
        return message

    def move(self, chat: Chat, by: User, member: Member) -> None:
        """Change how somebody stands in a chat and queue the update that tells of it, if the bot is entitled to it."""
        old, new = self.world.set_member(chat, member)
        change = {
            "chat": wire.chat(chat),
            "from": wire.user(by),
            "date": int(self.world.clock()),
            "old_chat_member": wire.member(old),
            "new_chat_member": wire.member(new),
        }
        if member.user.id == self.world.me.id:
            self.queue.put("my_chat_member", change)
        elif chat.member(self.world.me).is_admin:
            self.queue.put("chat_member", change)
        self.world.bell.ring()

    def typed(self, text: str) -> Version:
        """What a person wrote, with the entities the server finds in it."""
        return self.world.version(text, found_entities(text))
