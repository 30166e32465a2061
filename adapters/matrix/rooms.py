"""What the state of one room says: its name, who is in it, who may do what, where it moved to.

It is fed raw state events, whatever they hold: what has the wrong shape counts as not
said. It asks no server and knows nothing of messages. Rules of power are those of the
specification's room versions 1 to 12: since version 12 the creators stand above every
level and are not listed in `m.room.power_levels` (MSC4289).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from adapters.matrix.people import is_account
from adapters.matrix.words import one_line

MODERATOR = 50
"""The power from which an account organises: the specification's own default for changing state and removing people."""

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_KEPT = frozenset(
    {
        "m.room.create",
        "m.room.power_levels",
        "m.room.name",
        "m.room.canonical_alias",
        "m.room.encryption",
        "m.room.history_visibility",
        "m.room.pinned_events",
        "m.room.tombstone",
        "m.bridge",
        "uk.half-shot.bridge",
    }
)


@dataclass(frozen=True, slots=True)
class Member:
    """What the room says of one account: its membership, display name, and whether it was invited to a private chat."""

    membership: str
    name: str
    direct: bool


class RoomView:
    """One room's state, as far as it has been told."""

    __slots__ = ("_bridges", "_members", "_present", "_state", "id")

    def __init__(self, room_id: str) -> None:
        self.id = room_id
        self._state: dict[str, Mapping[str, Any]] = {}
        self._members: dict[str, Member] = {}
        self._present: set[str] = set()  # asked for with each message, in rooms of thousands
        self._bridges: dict[str, Mapping[str, Any]] = {}

    def learn(self, event: object) -> None:
        """Take in one event; what is no state event, or not one we need, changes nothing."""
        if not isinstance(event, dict) or not isinstance(key := event.get("state_key"), str):
            return
        kind, content = event.get("type"), event.get("content")
        if not isinstance(content, dict) or not isinstance(kind, str):
            return
        if kind == "m.room.member":
            self._learn_member(key, content)
        elif kind in {"m.bridge", "uk.half-shot.bridge"}:
            self._bridges[key] = content
        elif kind in _KEPT and key == "":
            self._state[kind] = content | {"": event.get("sender")}

    def _learn_member(self, user: str, content: dict[str, Any]) -> None:
        membership, name = content.get("membership"), content.get("displayname")
        if not is_account(user) or not isinstance(membership, str):
            return
        known = self._members.get(user)
        # Only the invitation says that a room is meant as a private chat; accepting it doesn't repeat that.
        direct = content.get("is_direct") is True or (membership == "join" and known is not None and known.direct)
        self._members[user] = Member(membership, name if isinstance(name, str) else "", direct)
        (self._present.add if membership in {"join", "invite"} else self._present.discard)(user)

    def _content(self, kind: str) -> Mapping[str, Any]:
        return self._state.get(kind, _NOTHING)

    @property
    def title(self) -> str:
        """Its name, else its main address, else nothing. Anyone with the power may choose it."""
        for kind, field in (("m.room.name", "name"), ("m.room.canonical_alias", "alias")):
            if isinstance(value := self._content(kind).get(field), str) and (title := one_line(value)):
                return title
        return ""

    @property
    def encrypted(self) -> bool:
        """Whether messages are end-to-end encrypted. That can't be undone."""
        return "m.room.encryption" in self._state

    @property
    def successor(self) -> str:
        """The room that replaces this one, or nothing."""
        value = self._content("m.room.tombstone").get("replacement_room")
        return value if isinstance(value, str) and value.startswith("!") else ""

    @property
    def pinned(self) -> list[str]:
        """The ids of the pinned events, in order."""
        value = self._content("m.room.pinned_events").get("pinned")
        return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []

    @property
    def bridges(self) -> frozenset[str]:
        """The accounts that the room's bridges name as their own."""
        bots = (content.get("bridgebot") for content in self._bridges.values())
        return frozenset(bot for bot in bots if isinstance(bot, str))

    def joined(self) -> Iterator[tuple[str, str]]:
        """Each account that is in the room, with its display name."""
        return ((user, member.name) for user, member in self._members.items() if member.membership == "join")

    def is_in(self, user: str) -> bool:
        """Whether the account is in the room."""
        return user in self._members and self._members[user].membership == "join"

    def name_of(self, user: str) -> str:
        """The account's display name here, or nothing."""
        return self._members[user].name if user in self._members else ""

    def present(self) -> frozenset[str]:
        """The accounts in the room or invited to it."""
        return frozenset(self._present)

    def audience(self) -> frozenset[str]:
        """The accounts that must be able to decrypt: who is in, and who is invited unless history begins at joining."""
        if self._content("m.room.history_visibility").get("history_visibility") == "joined":
            return frozenset(user for user, _ in self.joined())
        return self.present()

    def private_with(self, own: str, marked: bool) -> str:
        """The one person this room is a private chat with, or nothing.

        A private chat is a room of exactly two, invited ones included, that is meant as
        one: we marked it (`m.direct`), the invitation said so, or it has no name of its
        own. A named room with only its founder and the bot is a room that others will join,
        and a private chat that a third person enters no longer is one.
        """
        present = self._present
        if len(present) != 2 or own not in present:
            return ""
        meant = marked or not self.title or any(self._members[user].direct for user in present)
        return next(iter(present - {own})) if meant else ""

    def _creators(self) -> frozenset[str]:
        create = self._content("m.room.create")
        more = create.get("additional_creators")
        named = [create.get(""), *(more if isinstance(more, list) and self._creators_rule else [])]
        return frozenset(user for user in named if isinstance(user, str))

    @property
    def _creators_rule(self) -> bool:
        """Whether creators stand above all levels: room version 12 and later, and its unstable forerunner."""
        version = self._content("m.room.create").get("room_version", "1")
        if not isinstance(version, str):
            return False
        return version == "org.matrix.hydra.11" or (version.isascii() and version.isdigit() and int(version) >= 12)

    @property
    def default_power(self) -> float:
        """The power of accounts that are given none of their own."""
        return _level(self._content("m.room.power_levels").get("users_default"), 0)

    def power(self, user: str) -> float:
        """The account's power; infinite for the creators of a room since version 12."""
        if self._creators_rule and user in self._creators():
            return math.inf
        levels = self._state.get("m.room.power_levels")
        if levels is None:
            return 100 if user in self._creators() else 0
        users = levels.get("users")
        if isinstance(users, dict) and user in users:
            return _level(users[user], 0)
        return self.default_power

    def needed(self, kind: str, *, state: bool = False) -> float:
        """The power needed to send such an event."""
        levels = self._content("m.room.power_levels")
        events = levels.get("events")
        if isinstance(events, dict) and kind in events:
            return _level(events[kind], 0)
        if state:
            # Without any power levels event everybody may change the state.
            return _level(levels.get("state_default"), MODERATOR if levels else 0)
        return _level(levels.get("events_default"), 0)

    @property
    def needed_to_write(self) -> float:
        """The power needed to send an ordinary message."""
        return self.needed("m.room.encrypted" if self.encrypted else "m.room.message")

    @property
    def members_may_send(self) -> bool:
        """Whether an account without a power of its own may write here."""
        return self.default_power >= self.needed_to_write


def _level(value: object, default: float) -> float:
    """A level as the specification has it; room versions before 10 also let it be written as text."""
    if isinstance(value, str) and value.strip().lstrip("+-").isdigit() and value.isascii():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else default
