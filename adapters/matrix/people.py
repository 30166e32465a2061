"""Who stands behind a Matrix account: a person, a bot, a bridge's ghost, or someone of a homeserver that doesn't count.

Matrix marks neither ghosts nor bots, so this is what can be told from outside: the
names that bridges are made to use, what bridges say of themselves in a room, and notices,
which the specification keeps for bots. It knows no room's members and asks no server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from adapters.matrix.words import one_line
from bot.domain.ids import AccountRef
from bot.ports import Person, Speaker

PLATFORM = "matrix"

_ACCOUNT = re.compile(r"@([^:\s\x00-\x1f]*):(\S+)")

_NETWORKS = (
    "telegram|discord|slack|whatsapp|signal|irc|gitter|facebook|messenger|meta|instagram|twitter|linkedin|gmessages|"
    "imessage|googlechat|hangouts|skype|bluesky|zulip|line|kakaotalk|wechat|steam|mattermost|rocketchat|xmpp|groupme"
)
_GHOST = re.compile(rf"_?(?:{_NETWORKS})(?:go)?[_-]\S*\d\S*|_[a-z0-9]+_\S+", re.IGNORECASE)
"""`telegram_123`, `discord_4242`, and the `_network_name` form that bridges reserve for themselves."""


@dataclass(frozen=True, slots=True)
class Census:
    """Says who counts as a person, for one bot account `own` and its allowed homeservers (none named: all)."""

    own: str
    allowed: frozenset[str]

    def speaker(self, user: str, *, notice: bool = False, bridges: frozenset[str] = frozenset()) -> Speaker:
        """Who is behind the account. `bridges` are the accounts that the room's bridges say are theirs."""
        if _GHOST.fullmatch(local_part(user)):
            return "ghost"
        if self.allowed and domain(user) not in self.allowed:
            return "foreign"
        return "bot" if notice or user == self.own or user in bridges else "person"


def census(own: str, allowed: tuple[str, ...]) -> Census:
    """The census of a bot account; homeservers are compared without regard to case."""
    return Census(own, frozenset(server.casefold() for server in allowed))


def is_account(value: object) -> bool:
    """Whether it is the name of a Matrix account, of at most the 255 bytes that the specification allows."""
    return isinstance(value, str) and len(value.encode("utf-8", "replace")) <= 255 and bool(_ACCOUNT.fullmatch(value))


def local_part(user: str) -> str:
    """`ana` of `@ana:example.org`."""
    return user[1:].partition(":")[0]


def domain(user: str) -> str:
    """`example.org` of `@ana:example.org`, in lower case."""
    return user.partition(":")[2].casefold()


def person(user: str, name: str = "") -> Person:
    """The account under its display name, which anyone may choose, or the first part of its address."""
    return Person(AccountRef(PLATFORM, user), one_line(name) or local_part(user))
