"""How people write down a Telegram group: a number, a @name or a t.me link; and how the log does. Pure reading and
writing, nothing is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.ids import RoomRef

_NUMBER = re.compile(r"(?:telegram:)?(-\d{1,18})(?::(\d{1,9}))?", re.ASCII)
_NAME = re.compile(r"@([A-Za-z]\w{3,31})", re.ASCII)
_LINK = re.compile(r"(?:https?://)?(?:t|telegram)\.me/(.+)", re.ASCII | re.IGNORECASE)
_PRIVATE = re.compile(r"c/(\d{1,13})((?:/\d{1,9}){0,2})/?", re.ASCII)
_PUBLIC = re.compile(r"([A-Za-z]\w{3,31})((?:/\d{1,9}){0,2})/?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """A group as Telegram can be asked for it. `thread` is the topic, should the group turn out to have topics."""

    chat: int | str
    thread: str = ""


def read(typed: str) -> Address | None:
    """The group that was meant; None when it is no address of a group (an invitation link is none)."""
    typed = typed.strip()
    if number := _NUMBER.fullmatch(typed):
        return Address(int(number[1]), number[2] or "")
    if name := _NAME.fullmatch(typed):
        return Address(f"@{name[1]}")
    if not (link := _LINK.fullmatch(typed)):
        return None
    path = link[1].partition("?")[0]
    if private := _PRIVATE.fullmatch(path):
        # Links leave out the -100 that every supergroup's number begins with.
        return Address(int(f"-100{private[1]}"), _thread(private[2]))
    public = _PUBLIC.fullmatch(path)
    return Address(f"@{public[1]}", _thread(public[2])) if public else None


def _thread(numbers: str) -> str:
    """The first number after the group; 1 is the general topic, which messages don't name."""
    first = numbers.strip("/").partition("/")[0]
    return "" if first == "1" else first


def in_log(room: RoomRef) -> str:
    """The group, for the log. A private chat has its person's number, which must not outlive the database's."""
    return str(room) if room.id.startswith("-") else "a private chat"
