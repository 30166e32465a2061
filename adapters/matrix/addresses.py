"""What people type to name a room: an alias, an id, a link, or its name; the rooms we are in are the only answers."""

from __future__ import annotations

from urllib.parse import unquote

from adapters.matrix.people import PLATFORM
from adapters.matrix.session import Session
from adapters.matrix.wire import path
from bot.domain.ids import RoomRef

_LINKS = ("https://matrix.to/#/", "http://matrix.to/#/", "matrix.to/#/")
_KINDS = (("matrix:r/", "#"), ("matrix:roomid/", "!"))


async def find(session: Session, address: str) -> RoomRef | None:
    """The room the address leads to, if we are in it; a room that was replaced leads to the one that replaces it."""
    named = room_name(address)
    if named.startswith("#"):
        answer = await session.wire.call("GET", path("directory", "room", named))
        named = str(answer.body.get("room_id", "")) if answer.ok else ""
    elif not named.startswith("!"):
        named = _by_title(session, named)
    seen: set[str] = set()
    while (room := session.room(named)) is not None and room.successor and named not in seen:
        seen.add(named)
        named = room.successor
    return None if room is None else RoomRef(PLATFORM, room.id)


def room_name(address: str) -> str:
    """The alias or id in the address, or the text itself when it is neither a link nor one of these."""
    text = address.strip()
    for link in _LINKS:
        if text.casefold().startswith(link):
            return unquote(text[len(link) :].partition("?")[0].partition("/")[0])
    for link, sign in _KINDS:
        if text.casefold().startswith(link):
            return sign + unquote(text[len(link) :].partition("?")[0].partition("/")[0])
    return text


def _by_title(session: Session, title: str) -> str:
    """The one room of that name, or nothing: private chats and rooms that were replaced don't count."""
    wanted = " ".join(title.casefold().split())
    found = [
        room.id
        for room in session.rooms.values()
        if wanted
        and " ".join(room.title.casefold().split()) == wanted
        and not room.successor
        and session.room(room.id)
        and not room.private_with(session.own, session.marked_direct(room.id))
    ]
    return found[0] if len(found) == 1 else ""
