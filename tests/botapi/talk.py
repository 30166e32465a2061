"""What people do with words and buttons: say, reply, edit, delete, press, start, follow a link, open a topic, pin.

Every act changes the world and queues what the bot is told of it. It refuses to
know membership (see `membership`) and what the bot does (see the `methods_*`).
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import Any

from tests.botapi import wire
from tests.botapi.rules import start_payload
from tests.botapi.stage import Stage
from tests.botapi.world import Chat, File, Member, Message, Topic, User


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered to a press."""

    text: str = ""
    show_alert: bool = False
    url: str = ""
    cache_time: int = 0


class Press:
    """A button pressed. Await it for the bot's `Answer`; TimeoutError when none comes in time."""

    def __init__(self, number: str, user: User, data: str, timeout: float) -> None:
        self.id, self.user, self.data = number, user, data
        self.answer: Answer | None = None
        self.expired = False
        # Its own event and not the world's bell: thousands may wait at once.
        self._answered, self._timeout = asyncio.Event(), timeout

    def __await__(self) -> Generator[Any, None, Answer]:
        return self._wait().__await__()

    async def _wait(self) -> Answer:
        try:
            async with asyncio.timeout(self._timeout):
                await self._answered.wait()
        except TimeoutError:
            raise TimeoutError(f"{self.user.first_name}'s press of {self.data!r} was not answered") from None
        assert self.answer is not None
        return self.answer

    def give(self, answer: Answer) -> None:
        """The bot answers."""
        self.answer = answer
        self._answered.set()

    def expire(self) -> None:
        """From now on the server takes no answer to this press."""
        self.expired = True


class Talk:
    """The acts of people that are words or presses."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self.world = stage, stage.world
        self.presses: dict[str, Press] = {}
        self.polls_answered: dict[str, dict[int, list[int]]] = {}

    async def say(
        self,
        user: User,
        where: Chat | User,
        text: str,
        *,
        topic: Topic | None = None,
        reply_to: Message | None = None,
        as_chat: Chat | None = None,
    ) -> Message:
        """The user writes in a chat, or (where = the user) to the bot alone.

        An anonymous administrator speaks as the group; `as_chat` is a channel the user speaks as.
        """
        chat = self.place(where)
        if chat.user and not chat.started:
            raise ValueError("nobody can write to a bot without pressing Start: use start()")
        if not chat.lets_write(user):
            raise PermissionError(f"{user.first_name} may not write in {chat.title}")
        sender, sender_chat = self._voice(user, chat, as_chat)
        topic = topic or (reply_to.topic if reply_to else None)
        details = {"sender_chat": sender_chat, "topic": topic, "reply_to": reply_to}
        message = self.world.post(chat, sender, self._stage.typed(text), **details)
        self._stage.tell(message)
        return message

    def _voice(self, user: User, chat: Chat, as_chat: Chat | None) -> tuple[User, Chat | None]:
        if as_chat:
            return self.world.channel_bot, as_chat
        if chat.member(user).anonymous:
            return self.world.anonymous_admin, chat
        return user, None

    async def reply(self, user: User, message: Message, text: str, *, as_chat: Chat | None = None) -> Message:
        """The user answers a message, in its chat and topic."""
        return await self.say(user, message.chat, text, reply_to=message, as_chat=as_chat)

    async def edit_message(self, message: Message, text: str) -> Message:
        """The author of a message changes its text."""
        message.history.append(self._stage.typed(text))
        self._stage.tell(message, edited=True)
        self.world.bell.ring()
        return message

    async def delete_message(self, message: Message) -> None:
        """Somebody deletes a message; bots are not told."""
        message.deleted = True
        self.world.bell.ring()

    async def start(self, user: User, payload: str = "") -> Message:
        """The user opens the private chat with the bot (by a deep link if there is a payload) and presses Start."""
        chat = self.world.private(user)
        if chat.blocked:
            self.block(user, blocked=False)
        chat.started = True
        return await self.say(user, chat, f"/start {payload}".strip())

    async def block_bot(self, user: User) -> None:
        """The user blocks the bot."""
        self.block(user, blocked=True)

    def block(self, user: User, blocked: bool) -> None:
        """Tell the bot that the user blocked or unblocked it, and keep it so."""
        chat = self.world.private(user)
        chat.blocked = blocked
        chat.members.setdefault(self.world.me.id, Member(self.world.me))
        self._stage.move(chat, user, Member(self.world.me, "kicked" if blocked else "member"))

    def press(
        self,
        user: User,
        message: Message,
        button: str,
        *,
        forged: bool = False,
        inaccessible: bool = False,
        timeout: float = 5.0,
    ) -> Press:
        """The user presses a button, named by its label or its data; await the result for the bot's answer.

        With `forged`, `button` is sent as the data whatever the message shows. A
        deleted message, or `inaccessible`, reaches the bot without its content.
        """
        data = button if forged else self._data(message, button)
        press = Press(str(secrets.randbits(62)), user, data, timeout)
        self.presses[press.id] = press
        shown = wire.inaccessible(message) if message.deleted or inaccessible else wire.message(message)
        query = {"id": press.id, "from": wire.user(user), "message": shown, "data": data}
        self._stage.queue.put("callback_query", query | {"chat_instance": str(abs(message.chat.id) * 7919)})
        return press

    @staticmethod
    def _data(message: Message, button: str) -> str:
        found = message.button(button)
        if "callback_data" not in found:
            raise ValueError(f"{found['text']!r} is a link: use follow()")
        return str(found["callback_data"])

    async def follow(self, user: User, where: Message | Answer, label: str = "") -> Message:
        """The user follows a deep link to the bot: of a button, or of the answer to a press."""
        url = where.url if isinstance(where, Answer) else where.button(label).get("url", "")
        payload = start_payload(url, self.world.me.username)
        if payload is None:
            raise ValueError(f"{url!r} doesn't start the bot")
        return await self.start(user, payload)

    async def create_topic(self, chat: Chat, name: str, by: User) -> Topic:
        """Somebody opens a topic in a forum."""
        return self.open_topic(chat, name, by)

    def open_topic(self, chat: Chat, name: str, by: User) -> Topic:
        """Open a topic and tell the bot; the topic's id is that of the message announcing it."""
        if not chat.is_forum:
            raise ValueError(f"{chat.title} has no topics")
        topic = Topic(chat.last_message_id + 1, name)
        chat.topics[topic.id] = topic
        created = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        self._stage.announce(chat, by, created, topic=topic)
        return topic

    async def close_topic(self, chat: Chat, topic: Topic, by: User) -> None:
        """Somebody closes a topic: only administrators may write there."""
        topic.closed = True
        self._stage.announce(chat, by, {"forum_topic_closed": {}}, topic=topic)

    async def pin(self, user: User, message: Message) -> None:
        """Somebody pins a message."""
        message.chat.pins.append(message.id)
        pinned = {"pinned_message": wire.message(message, nested=True)}
        self._stage.announce(message.chat, user, pinned, reply_to=None, topic=message.topic)

    async def unpin(self, message: Message) -> None:
        """Somebody unpins a message; bots are not told."""
        message.chat.pins.remove(message.id)
        self.world.bell.ring()

    async def post_in_channel(self, channel: Chat, text: str) -> Message:
        """A post appears in a channel, and in its linked group as an automatic forward by account 777000."""
        post = self.world.post(channel, None, self._stage.typed(text), sender_chat=channel)
        self._stage.tell(post)
        if channel.linked:
            origin = {"type": "channel", "date": int(post.at), "chat": wire.chat(channel), "message_id": post.id}
            extra = {"is_automatic_forward": True, "forward_origin": origin}
            details = {"sender_chat": channel, "extra": extra}
            copy = self.world.post(channel.linked, self.world.telegram, self._stage.typed(text), **details)
            self._stage.tell(copy)
        return post

    async def send_poll(
        self, user: User, where: Chat | User, question: str, options: list[str], *, several: bool = False,
        quiz: bool = False,
    ) -> Message:  # fmt: skip
        """The user sends, or forwards (bots see the same), one of Telegram's own polls to a chat or to the bot."""
        chat = self.place(where)
        number = secrets.randbits(62)
        poll: dict[str, Any] = {
            "id": str(number),
            "question": question,
            "options": [
                {"persistent_id": f"{number}-{index}", "text": text, "voter_count": 0}
                for index, text in enumerate(options)
            ],
            "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "allows_revoting": not quiz,
            "allows_multiple_answers": several, "members_only": False, "type": "quiz" if quiz else "regular",
        }  # fmt: skip
        message = self.world.post(chat, user, self.world.version(), poll=poll)
        self._stage.tell(message)
        return message

    async def send_document(
        self, user: User, where: Chat | User, data: bytes, *, name: str = "list.csv", mime: str = "text/csv",
        caption: str = "",
    ) -> Message:  # fmt: skip
        """The user sends a document, whose name and kind their client makes up."""
        number = f"sent{secrets.randbits(62)}"
        file = File(number, name, mime, data)
        self.world.files[number] = file
        content = replace(self._stage.typed(caption), file=file)
        message = self.world.post(self.place(where), user, content)
        self._stage.tell(message)
        return message

    async def vote_in_poll(self, user: User, message: Message, options: list[int]) -> None:
        """The user votes in one of Telegram's own polls; none of the options takes the vote back."""
        poll = message.poll
        if poll is None or poll["is_closed"]:
            raise ValueError("no open poll there")
        votes = self.polls_answered.setdefault(poll["id"], {})
        votes[user.id] = options
        for number, option in enumerate(poll["options"]):
            option["voter_count"] = sum(number in chosen for chosen in votes.values())
        poll["total_voter_count"] = sum(bool(chosen) for chosen in votes.values())
        if not poll["is_anonymous"]:
            chosen = [poll["options"][number]["persistent_id"] for number in options]
            answer = {"poll_id": poll["id"], "user": wire.user(user), "option_ids": options}
            self._stage.queue.put("poll_answer", answer | {"option_persistent_ids": chosen})
        self._stage.queue.put("poll", poll)

    def place(self, where: Chat | User) -> Chat:
        """The chat, or the private chat with this user."""
        return self.world.private(where) if isinstance(where, User) else where
