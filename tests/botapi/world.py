"""The little world behind the emulator: people, chats, members, messages, and where to find them.

It knows what is there now. It refuses to know the wire format (see `wire`), who
is told of a change (see `updates`) and what the bot may ask for (the `methods_*`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tests.botapi import errors
from tests.botapi.bell import Bell
from tests.botapi.errors import ApiError, bad_request
from tests.botapi.rights import PERMISSIONS, WRITING

Clock = Callable[[], float]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
ChatType = Literal["private", "group", "supergroup", "channel"]

ANONYMOUS_ADMIN = 1087968824
CHANNEL_BOT = 136817688
TELEGRAM = 777000


@dataclass(frozen=True, slots=True)
class User:
    """A Telegram account."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """How a user stands in a chat. `rights` are an administrator's, or what a restricted member may still do."""

    user: User
    status: Status = "member"
    rights: frozenset[str] = frozenset()
    is_member: bool = True
    anonymous: bool = False

    @property
    def present(self) -> bool:
        """Whether the user is in the chat now."""
        return self.status in {"creator", "administrator", "member"} or (self.status == "restricted" and self.is_member)

    @property
    def is_admin(self) -> bool:
        """Whether the user administers the chat."""
        return self.status in {"creator", "administrator"}


@dataclass(slots=True)
class Topic:
    """A topic of a forum; its id is that of the message which opened it."""

    id: int
    name: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """Bytes the bot sent, kept under an id."""

    id: str
    name: str
    mime: str
    data: bytes = field(repr=False)
    size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said until or since an edit."""

    at: float
    text: str
    entities: list[dict[str, Any]]
    markup: dict[str, Any] | None
    file: File | None = None


@dataclass(slots=True, eq=False)
class Message:
    """A message: what it says now, and every version it had (`history`, the present one last)."""

    chat: Chat = field(repr=False)
    id: int
    at: float
    sender: User | None
    sender_chat: Chat | None = field(default=None, repr=False)
    reply_to: Message | None = field(default=None, repr=False)
    topic: Topic | None = None
    service: dict[str, Any] = field(default_factory=dict)
    poll: dict[str, Any] | None = None
    extra: dict[str, Any] = field(default_factory=dict, repr=False)
    history: list[Version] = field(default_factory=list, repr=False)
    deleted: bool = False
    silent: bool = False

    @property
    def current(self) -> Version:
        """What the message says now."""
        return self.history[-1]

    @property
    def text(self) -> str:
        """The present text, or the caption of a picture or document."""
        return self.current.text

    @property
    def file(self) -> File | None:
        """The picture or document, with its bytes."""
        return self.current.file

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """The inline keyboard, row by row, as the bot sent it."""
        return list((self.current.markup or {}).get("inline_keyboard", []))

    @property
    def labels(self) -> list[str]:
        """The labels of the buttons, in reading order."""
        return [button["text"] for row in self.buttons for button in row]

    def button(self, label: str) -> dict[str, Any]:
        """The button with this label or data, else the only one whose label contains it; LookupError if none."""
        every = [button for row in self.buttons for button in row]
        exact = [b for b in every if label in {b["text"], b.get("callback_data")}]
        found = exact or [b for b in every if label in b["text"]]
        if len(found) != 1:
            raise LookupError(f"{len(found)} buttons for {label!r} among {self.labels}")
        return found[0]


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat, group, supergroup, forum or channel."""

    id: int
    type: ChatType
    title: str = ""
    username: str = ""
    is_forum: bool = False
    hidden_members: bool = False
    members: dict[int, Member] = field(default_factory=dict, repr=False)
    permissions: set[str] = field(default_factory=lambda: set(PERMISSIONS), repr=False)
    messages: dict[int, Message] = field(default_factory=dict, repr=False)
    topics: dict[int, Topic] = field(default_factory=dict, repr=False)
    pins: list[int] = field(default_factory=list)
    user: User | None = None
    started: bool = False
    blocked: bool = False
    linked: Chat | None = field(default=None, repr=False)
    migrated_to: Chat | None = field(default=None, repr=False)
    last_message_id: int = 0

    def member(self, user: User) -> Member:
        """How the user stands here; status `left` for somebody who never was a member."""
        return self.members.get(user.id, Member(user, "left"))

    def lets_write(self, user: User) -> bool:
        """Whether the user can write here: a member's own rights only narrow what the group lets everyone do."""
        here = self.member(user)
        if self.user or here.is_admin or not self.type.endswith("group"):
            return True
        allowed = self.permissions & here.rights if here.status == "restricted" else self.permissions
        return bool(WRITING & allowed)

    @property
    def live(self) -> list[Message]:
        """The messages that have not been deleted, oldest first."""
        return [message for message in self.messages.values() if not message.deleted]

    @property
    def pinned(self) -> list[Message]:
        """The pinned messages, the latest last."""
        return [self.messages[number] for number in self.pins]


class World:
    """Everything there is, and how to find it."""

    def __init__(self, me: User, clock: Clock) -> None:
        self.me = me
        self.clock = clock
        self.bell = Bell()
        self.users: dict[int, User] = {me.id: me}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self._last_user, self._last_chat, self._last_message = 1000, 5000, 0
        self.anonymous_admin = self._fixture(ANONYMOUS_ADMIN, "Group", "GroupAnonymousBot", is_bot=True)
        self.channel_bot = self._fixture(CHANNEL_BOT, "Channel", "Channel_Bot", is_bot=True)
        self.telegram = self._fixture(TELEGRAM, "Telegram", "", is_bot=False)

    def _fixture(self, number: int, name: str, username: str, is_bot: bool) -> User:
        self.users[number] = User(number, name, username=username, is_bot=is_bot)
        return self.users[number]

    def add_user(self, first_name: str, number: int | None, **details: Any) -> User:
        """A new account; its id is chosen unless given."""
        if number is None:
            number = self._last_user = self._last_user + 1
        self.users[number] = User(number, first_name, **details)
        return self.users[number]

    def add_chat(self, kind: ChatType, title: str, number: int | None = None, **details: Any) -> Chat:
        """A new group, supergroup or channel, empty."""
        if number is None:
            self._last_chat += 1
            number = -self._last_chat - (0 if kind == "group" else 1_001_000_000_000)
        self.chats[number] = Chat(number, kind, title, **details)
        return self.chats[number]

    def private(self, user: User) -> Chat:
        """The private chat between the user and the bot, which may not have been started."""
        if user.id not in self.chats:
            self.chats[user.id] = Chat(user.id, "private", user=user, username=user.username)
        return self.chats[user.id]

    def set_member(self, chat: Chat, member: Member) -> tuple[Member, Member]:
        """Change how a user stands in the chat; returns how they stood, and stand now."""
        old = chat.member(member.user)
        chat.members[member.user.id] = member
        return old, member

    def rename(self, user: User, **changes: Any) -> User:
        """The same account with another name or username, everywhere."""
        new = replace(user, **changes)
        self.users[user.id] = new
        for chat in self.chats.values():
            if chat.user and chat.id == user.id:
                chat.user = new
            if user.id in chat.members:
                chat.members[user.id] = replace(chat.members[user.id], user=new)
        return new

    def post(self, chat: Chat, sender: User | None, content: Version, **details: Any) -> Message:
        """A new message. Supergroups and channels count their own messages; all other chats share one count."""
        if chat.type in {"supergroup", "channel"}:
            chat.last_message_id += 1
            number = chat.last_message_id
        else:
            self._last_message += 1
            number = self._last_message
        message = Message(chat, number, content.at, sender, history=[content], **details)
        chat.messages[number] = message
        self.bell.ring()
        return message

    def version(self, text: str = "", entities: list[dict[str, Any]] | None = None, **details: Any) -> Version:
        """What a message says as from now."""
        return Version(self.clock(), text, entities or [], details.pop("markup", None), **details)

    def find_chat(self, address: Any) -> Chat:
        """The chat with this id or @username, whoever is in it; ApiError when there is none."""
        if isinstance(address, str):
            found = [c for c in self.chats.values() if c.username and f"@{c.username}".lower() == address.lower()]
            if not found or found[0].type == "private":
                raise bad_request(errors.CHAT_NOT_FOUND)
            return found[0]
        if address not in self.chats and address not in self.users:
            raise bad_request(errors.CHAT_NOT_FOUND)
        return self.chats[address] if address in self.chats else self.private(self.users[address])

    def reachable(self, address: Any) -> Chat:
        """The chat, if the bot can act there; ApiError with the server's words when it can't."""
        chat = self.find_chat(address)
        if chat.migrated_to:
            raise ApiError(400, errors.UPGRADED, migrate_to_chat_id=chat.migrated_to.id)
        if chat.user:
            self._check_private(chat, chat.user)
            return chat
        here = chat.member(self.me)
        kind = chat.type if chat.type == "channel" else f"{chat.type} chat"
        if here.status == "kicked":
            raise ApiError(403, f"Forbidden: bot was kicked from the {kind}")
        if not here.present:
            raise ApiError(403, f"Forbidden: bot is not a member of the {kind}")
        return chat

    def _check_private(self, chat: Chat, user: User) -> None:
        if user.is_bot:
            raise ApiError(403, errors.TO_BOT)
        if chat.blocked:
            raise ApiError(403, errors.BLOCKED)
        if not chat.started:
            raise ApiError(403, errors.NO_PRIVATE_CHAT)

    def may(self, chat: Chat, right: str) -> bool:
        """Whether the bot may do this in the chat."""
        here = chat.member(self.me)
        if chat.user or here.status == "creator":
            return True
        if here.is_admin:
            return right in here.rights or (right in PERMISSIONS and right.startswith("can_send"))
        if here.status == "restricted":
            return right in here.rights
        return right in chat.permissions
