"""Names of people, places and messages on the platforms, and of what they did there.

These are addresses, not identities: who an account belongs to and which room an
address leads to today is the store's knowledge.
"""

from __future__ import annotations

from dataclasses import dataclass

SEPARATOR = ":"


@dataclass(frozen=True, slots=True, order=True)
class AccountRef:
    """One identity on one platform: `telegram:4242`, `matrix:@ana:example.org`."""

    platform: str
    id: str

    def __str__(self) -> str:
        return f"{self.platform}{SEPARATOR}{self.id}"


@dataclass(frozen=True, slots=True, order=True)
class RoomRef:
    """Where messages go: a group, one forum topic of a group, a Matrix room, a console room, or a private chat.

    `thread` is empty, or the topic inside the group. Members, administrators and
    migrations belong to the whole group: its `place`.
    """

    platform: str
    id: str
    thread: str = ""

    @property
    def place(self) -> RoomRef:
        """The whole group this topic belongs to (itself when it is no topic)."""
        return RoomRef(self.platform, self.id) if self.thread else self

    def __str__(self) -> str:
        return SEPARATOR.join(part for part in (self.platform, self.id, self.thread) if part)


@dataclass(frozen=True, slots=True, order=True)
class PostRef:
    """One message of ours, where it was posted."""

    room: RoomRef
    id: str


@dataclass(frozen=True, slots=True)
class Action:
    """What a button of ours asks for, about which consultation, with one short argument.

    It is public and forgeable, so it carries no authority: every act is checked
    against the database. `verb` and `argument` are ASCII letters, digits, `-`, `.`
    and `,`; together with the number they must fit in 64 bytes of callback data.
    """

    verb: str
    number: int = 0
    argument: str = ""
