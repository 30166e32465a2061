"""The console as a chat platform: the messenger port over a scenario's world.

Whatever it is asked, it can: everybody can be written to in private, every room
lists its members. What it posts and edits goes to a screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Literal, Protocol

from adapters.console.world import PLATFORM, PRIVATE, World, person, place_of, private_chat
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.ports import Abilities, Delivered, DeliveryKey, Never, Outcome, Roster, SentFile, TypedAnswer
from bot.text.card import Card

ABILITIES = Abilities(
    private_answer=True,
    pins=True,
    sees_arrivals=True,
    members_may_send=True,
    exact_roster=True,
    encrypted=False,
    edit_interval=0.0,
)


EVERYONE = "*"
"""In the record of a room's floor: that all its members may write."""


class Screen(Protocol):
    """Where people see what the bot does."""

    def show(self, place: str, kind: Literal["post", "edit"], card: Card) -> None:
        """A message appeared, or changed, in `#room` or in a person's private chat (`ana`)."""

    def show_toast(self, who: str, text: str) -> None:
        """A person was answered a press."""

    def show_writers(self, place: str, writers: frozenset[str] | None) -> None:
        """From now on only these people and the administrators can write in the room; None: everyone can again."""


class ConsoleMessenger:
    """`bot.ports.Messenger` for rooms and people of a scenario."""

    platform: str = PLATFORM
    buttons: bool = True
    command_sign: str = "/"
    account_shape: str = ".+"
    _anywhere: ClassVar[Abilities] = ABILITIES

    def __init__(self, world: World, screen: Screen) -> None:
        self._world = world
        self._screen = screen
        self._delivered: dict[DeliveryKey, PostRef] = {}

    async def abilities(self, room: RoomRef) -> Abilities | None:
        """Everything, in a room that exists and in every private chat."""
        return self._anywhere if self._exists(room) else None

    def start_link(self, payload: str) -> str:
        """None: nothing opens the console from outside."""
        del payload
        return ""

    async def post(self, room: RoomRef, card: Card, key: DeliveryKey, reply_to: PostRef | None = None) -> Outcome:
        """Show a new message; the same key never shows a second one."""
        if not self._exists(room):
            return Never("room-gone", str(room))
        if key not in self._delivered:
            self._delivered[key] = self._world.keep(room, card).post
            self._screen.show(place_of(room), "post", card)
        return Delivered(self._delivered[key], pinned=card.pin)

    async def edit(self, post: PostRef, card: Card) -> Outcome:
        """Show the message changed, if it does change."""
        message = self._world.message(post)
        if message is None:
            return Never("message-gone", post.id)
        if message.card != card:
            message.former.append(message.card)
            message.card = card
            self._screen.show(place_of(post.room), "edit", card)
        return Delivered(post, pinned=card.pin)

    async def whisper(self, to: AccountRef, card: Card, key: DeliveryKey, open_chat: bool) -> Outcome:
        """Show a message in the person's private chat, which always exists."""
        return await self.post(private_chat(to.id), card, key)

    async def roster(self, room: RoomRef) -> Roster | None:
        """Exactly who is in the room."""
        found = self._world.find(room)
        if found is None:
            return None
        return Roster(tuple(person(name) for name in found.members), len(found.members))

    async def is_member(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the person is in the room now."""
        found = self._world.find(room)
        return None if found is None else account.id in found.members

    async def is_admin(self, account: AccountRef, room: RoomRef) -> bool | None:
        """Whether the person administers the room now."""
        found = self._world.find(room)
        return None if found is None else account.id in found.administrators

    async def hidden_names(self, room: RoomRef) -> frozenset[AccountRef] | None:
        """Nobody: everyone in a rehearsal is called by name."""
        return frozenset()

    async def find_room(self, address: str) -> RoomRef | None:
        """The room of that name, with or without its `#`, or of that title."""
        wanted = address.strip()
        named = self._world.rooms.get(wanted.removeprefix("#"))
        if named:
            return named.ref
        titled = [room.ref for room in self._world.rooms.values() if room.title.casefold() == wanted.casefold()]
        return titled[0] if len(titled) == 1 else None

    async def poll_answers(
        self, room: RoomRef, poll: str, account: AccountRef, until: datetime
    ) -> Sequence[TypedAnswer] | None:
        """None: the console has no polls of its own."""
        return None

    async def fetch(self, file: SentFile, limit: int) -> bytes | None:
        """None: nobody can send a document on the console."""
        return None

    async def floor(self, room: RoomRef) -> str | None:
        """Who may write in the room now: `*` for everyone, else names."""
        found = self._world.find(room)
        if found is None:
            return None
        return EVERYONE if found.writers is None else " ".join(sorted(found.writers))

    async def give_floor(self, room: RoomRef, saved: str, speaker: AccountRef | None) -> Outcome:
        """Let only the speaker and the room's administrators write there."""
        return self._let_write(room, frozenset({speaker.id} if speaker else ()))

    async def free_floor(self, room: RoomRef, saved: str) -> Outcome:
        """Let those write who could before."""
        return self._let_write(room, None if saved == EVERYONE else frozenset(saved.split()))

    def _let_write(self, room: RoomRef, writers: frozenset[str] | None) -> Outcome:
        found = self._world.find(room)
        if found is None:
            return Never("room-gone", str(room))
        if found.writers != writers:
            found.writers = writers
            self._screen.show_writers(place_of(room), writers)
        return Delivered(PostRef(room, ""))

    def _exists(self, room: RoomRef) -> bool:
        return room.id.startswith(PRIVATE) or self._world.find(room) is not None
