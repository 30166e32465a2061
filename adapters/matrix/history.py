"""What was said in a room since the last sync: the timeline that a sync brings, and what it left out of it.

A homeserver shortens a timeline after an absence; the rest is then asked for, back to the
cursor. What was said before we came into the room was not said to us, and is left where it
is. It reads no message.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from adapters.matrix.inbound import membership_before
from adapters.matrix.session import Session
from adapters.matrix.wire import Json, path

logger = logging.getLogger(__name__)

PAGE = 100
"""How many events are asked for at once."""


async def said_since(session: Session, room_id: str, part: Json, since: str) -> list[Json]:
    """The room's events since the cursor, and since we came in, in order."""
    said = events(part, "timeline")
    timeline = part.get("timeline")
    if isinstance(timeline, dict) and timeline.get("limited") is True:
        start = timeline.get("prev_batch")
        if isinstance(start, str) and not any(is_arrival(event, session.own) for event in said):
            said = [*await _left_out(session, room_id, start, since), *said]
    arrival = next((at for at in reversed(range(len(said))) if is_arrival(said[at], session.own)), 0)
    return said[arrival:]


async def _left_out(session: Session, room_id: str, start: str, since: str) -> list[Json]:
    """The events between the cursor and the beginning of the timeline, the oldest first."""
    pages: list[list[Json]] = []
    at: object = start
    while isinstance(at, str):
        query = {"dir": "b", "from": at, "to": since, "limit": PAGE}
        answer = await session.insist("GET", path("rooms", room_id, "messages"), query)
        if not answer.ok:
            logger.error("part of the history of %s can't be read: %s", session.in_log(room_id), answer)
            break
        chunk = answer.body.get("chunk")
        page = [event for event in chunk if isinstance(event, dict)] if isinstance(chunk, list) else []
        pages.append(page)
        at = answer.body.get("end") if page and not any(is_arrival(event, session.own) for event in page) else None
    return [event for page in reversed(pages) for event in reversed(page)]


def is_arrival(event: Json, user: str) -> bool:
    """Whether the account came into the room with this event; a changed name is no arrival."""
    if event.get("type") != "m.room.member" or event.get("state_key") != user:
        return False
    content = event.get("content")
    joined = isinstance(content, dict) and content.get("membership") == "join"
    return joined and membership_before(event) != "join"


def events(part: Json, name: str) -> list[Json]:
    """The sound events of one list of a sync."""
    holder = part.get(name)
    found = holder.get("events") if isinstance(holder, dict) else None
    return [event for event in found if isinstance(event, dict)] if isinstance(found, list) else []


def rooms(sync: Json, name: str) -> Iterator[tuple[str, Json]]:
    """The rooms of one part of a sync: those we are in, left, or are invited to."""
    parts = sync.get("rooms")
    found = parts.get(name) if isinstance(parts, dict) else None
    for room_id, part in found.items() if isinstance(found, dict) else ():
        if isinstance(part, dict):
            yield room_id, part
