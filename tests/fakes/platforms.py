"""Two chat platforms that live in memory: what stands in their rooms survives the bot, as on real servers.

They do what `bot.ports.Messenger` asks and remember it. `telegram` posts again
whatever it is asked again and lists no members; `matrix` posts once for each key,
lists everybody, and has no buttons.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.ports import Abilities, Cause, Delivered, DeliveryKey, Never, Outcome, Person, Roster, SentFile, TypedAnswer
from bot.text.card import Card

Tick = Callable[[str], Awaitable[None]]
"""Called before and after everything that reaches a platform: where a test may let the bot die."""


@dataclass(slots=True)
class Posted:
    """A message of the bot: where it stands, under which key, and every card it showed, the last being shown now."""

    ref: PostRef
    key: DeliveryKey
    cards: list[Card]

    @property
    def card(self) -> Card:
        return self.cards[-1]

    @property
    def plain(self) -> str:
        return self.card.plain


@dataclass(slots=True)
class PlaceOfPlatform:
    """A room with who is in it and who administers it."""

    ref: RoomRef
    title: str
    members: set[str] = field(default_factory=set)
    admins: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    """Who takes part without showing their name."""
    holdable: bool = True
    """Whether the bot may change who can write here."""
    writers: str = "everyone"
    """Who can write here besides the administrators: `everyone`, `nobody`, or one person's name."""
    held: list[str] = field(default_factory=list)
    """Every change of `writers`, in order."""

    def let_write(self, writers: str) -> None:
        """Change who can write, if that is a change."""
        if writers != self.writers:
            self.writers = writers
            self.held.append(writers)


@dataclass(slots=True)
class Platform:
    """A platform with its rooms and everything the bot ever posted there."""

    name: str
    buttons: bool
    once_by_key: bool
    lists_members: bool
    rooms: dict[str, PlaceOfPlatform] = field(default_factory=dict)
    posted: list[Posted] = field(default_factory=list)
    unreachable: dict[str, Cause] = field(default_factory=dict)
    """Rooms (by id) where nothing can be posted now, and why."""
    unwritable: set[str] = field(default_factory=set)
    """People who can't be written to in private."""
    last_contact: datetime | None = None
    polls: dict[tuple[RoomRef, str, AccountRef], tuple[TypedAnswer, ...]] = field(default_factory=dict)
    """What stands in its own polls, by the poll and who answered, the newest first."""
    files: dict[str, bytes] = field(default_factory=dict)
    """The documents people sent, by what fetches them."""
    fetched: list[str] = field(default_factory=list)
    """What the bot fetched of them, in order."""

    def room(self, address: str, title: str, members: str, admins: str = "") -> RoomRef:
        """A room with these members and administrators, named in one string each."""
        ref = RoomRef(self.name, address)
        self.rooms[address] = PlaceOfPlatform(ref, title, {*members.split(), *admins.split()}, set(admins.split()))
        return ref

    def who(self, name: str) -> Person:
        """The person of that name here."""
        return Person(AccountRef(self.name, name), name.capitalize())

    def chat(self, name: str) -> RoomRef:
        """The private chat with the bot."""
        return RoomRef(self.name, f"@{name}")

    def at(self, room: RoomRef) -> list[Posted]:
        """What the bot posted there, in order."""
        return [one for one in self.posted if one.ref.room == room]

    def keep(self, room: RoomRef, card: Card, key: DeliveryKey) -> PostRef:
        """Post, or on a platform that recognises keys find what was posted."""
        if self.once_by_key:
            for one in self.posted:
                if one.key == key and one.ref.room == room:
                    return one.ref
        ref = PostRef(room, str(len(self.posted) + 1))
        self.posted.append(Posted(ref, key, [card]))
        return ref


def telegram() -> Platform:
    """A platform like Telegram."""
    return Platform("telegram", buttons=True, once_by_key=False, lists_members=False)


def matrix() -> Platform:
    """A platform like Matrix."""
    return Platform("matrix", buttons=False, once_by_key=True, lists_members=True)


async def nothing(_: str) -> None:
    """Let nobody die."""


class PlatformMessenger:
    """`bot.ports.Messenger` over a platform in memory."""

    command_sign = "/"

    def __init__(self, of: Platform, tick: Tick = nothing) -> None:
        self.platform, self.buttons = of.name, of.buttons
        self.account_shape = "[1-9][0-9]*" if of.buttons else "@[a-z]+:[a-z.]+"
        self._of, self._tick = of, tick

    def start_link(self, payload: str) -> str:
        return f"https://t.me/octet_bot?start={payload}" if self.buttons else ""

    async def abilities(self, room: RoomRef) -> Abilities | None:
        await self._tick("abilities")
        if room.id in self._of.unreachable:
            return None
        return Abilities(
            private_answer=self._of.buttons, pins=True, sees_arrivals=True, members_may_send=True,
            exact_roster=self._of.lists_members, encrypted=False, edit_interval=0.0,
        )  # fmt: skip

    async def post(self, room: RoomRef, card: Card, key: DeliveryKey, reply_to: PostRef | None = None) -> Outcome:
        await self._tick("post")
        if room.id in self._of.unreachable:
            return Never(self._of.unreachable[room.id])
        ref = self._of.keep(room, card, key)
        await self._tick("posted")
        return Delivered(ref)

    async def edit(self, post: PostRef, card: Card) -> Outcome:
        await self._tick("edit")
        found = next((one for one in self._of.posted if one.ref == post), None)
        if found is None:
            return Never("message-gone")
        if found.card != card:
            found.cards.append(card)
        await self._tick("edited")
        return Delivered(post)

    async def whisper(self, to: AccountRef, card: Card, key: DeliveryKey, open_chat: bool) -> Outcome:
        if to.id in self._of.unwritable:
            return Never("no-private-chat")
        return await self.post(self._of.chat(to.id), card, key)

    async def roster(self, room: RoomRef) -> Roster | None:
        await self._tick("roster")
        found = self._of.rooms.get(room.id)
        if found is None or room.id in self._of.unreachable:
            return None
        people = tuple(self._of.who(name) for name in sorted(found.members))
        return Roster(people if self._of.lists_members else None, len(people))

    async def is_member(self, account: AccountRef, room: RoomRef) -> bool | None:
        await self._tick("is-member")
        found = self._of.rooms.get(room.id)
        return account.id in found.members if found else None

    async def is_admin(self, account: AccountRef, room: RoomRef) -> bool | None:
        await self._tick("is-admin")
        found = self._of.rooms.get(room.id)
        return account.id in found.admins if found else None

    async def hidden_names(self, room: RoomRef) -> frozenset[AccountRef] | None:
        await self._tick("hidden-names")
        found = self._of.rooms.get(room.id)
        return frozenset(AccountRef(self.platform, name) for name in found.hidden) if found else None

    async def find_room(self, address: str) -> RoomRef | None:
        await self._tick("find-room")
        wanted = address.removeprefix("#")
        return next((room.ref for room in self._of.rooms.values() if wanted in {room.ref.id, room.title}), None)

    async def poll_answers(
        self, room: RoomRef, poll: str, account: AccountRef, until: datetime
    ) -> Sequence[TypedAnswer] | None:
        await self._tick("poll-answers")
        return self._of.polls.get((room, poll, account))

    async def fetch(self, file: SentFile, limit: int) -> bytes | None:
        await self._tick("fetch")
        self._of.fetched.append(file.handle)
        found = self._of.files.get(file.handle)
        return None if found is None else found[: limit + 1]

    async def floor(self, room: RoomRef) -> str | None:
        await self._tick("floor")
        found = self._of.rooms.get(room.id)
        return found.writers if found and found.holdable and room.id not in self._of.unreachable else None

    async def give_floor(self, room: RoomRef, saved: str, speaker: AccountRef | None) -> Outcome:
        return await self._let_write(room, speaker.id if speaker else "nobody")

    async def free_floor(self, room: RoomRef, saved: str) -> Outcome:
        return await self._let_write(room, saved)

    async def _let_write(self, room: RoomRef, writers: str) -> Outcome:
        await self._tick("give-floor")
        found = self._of.rooms.get(room.id)
        if found is None or not found.holdable or room.id in self._of.unreachable:
            return Never(self._of.unreachable.get(room.id, "not-allowed"))
        found.let_write(writers)
        await self._tick("gave-floor")
        return Delivered(PostRef(room, ""))
