"""Who may write in a room: closing it to all but one speaker, and opening it again exactly as it was.

A room is closed by its power levels: what an ordinary member needs to write rises just
above everyone who doesn't run the room, and the speaker is raised to that level, which
gives no other right that the room reserves. Reactions and deleting one's own messages
stay as they were. Nothing is remembered here: what was so before is in the record that
the core keeps, and whom we raised can be read from the levels.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable

from adapters.matrix.errors import undone
from adapters.matrix.pacing import Pace
from adapters.matrix.rooms import MODERATOR, RoomView
from adapters.matrix.session import Session
from adapters.matrix.wire import Answer, Json, path
from bot.domain.ids import AccountRef, PostRef, RoomRef
from bot.ports import Delivered, Never, Outcome

LEVELS = "m.room.power_levels"
_WRITING = (
    "m.room.message",
    "m.room.encrypted",
    "m.sticker",
    "m.poll.start",
    "org.matrix.msc3381.poll.start",
)
_OTHERS = ("m.reaction", "m.room.redaction")
"""Events that are sent under the same general level as messages, and are not writing."""


class Floor:
    """Closes and opens rooms of our session."""

    def __init__(self, session: Session, pace: Pace) -> None:
        self._session = session
        self._pace = pace

    async def saved(self, room: RoomRef) -> str | None:
        """The levels that closing would change; None where our own doesn't allow it, or the server is silent."""
        view = self._session.room(room.id)
        levels = await self._levels(view) if view is not None else None
        if view is None or not isinstance(levels, dict):
            return None
        threshold = _threshold(view, levels)
        own = view.power(self._session.own)
        # Strictly above: an account may not lower another one that stands as high as itself.
        if not levels or threshold >= MODERATOR or own <= threshold or own < view.needed(LEVELS, state=True):
            return None
        return json.dumps(_record(view, levels, threshold))

    async def give(self, room: RoomRef, saved: str, speaker: AccountRef | None) -> Outcome:
        """Close the room to all but those who run it and the speaker."""
        return await self._change(room, lambda view, levels: _closed(view, levels, json.loads(saved), speaker))

    async def free(self, room: RoomRef, saved: str) -> Outcome:
        """Let members write as they could; what others changed meanwhile stays."""
        return await self._change(room, lambda view, levels: _reopened(levels, json.loads(saved)))

    async def _change(self, room: RoomRef, change: Callable[[RoomView, Json], Json]) -> Outcome:
        view = self._session.room(room.id)
        if view is None:
            return Never("room-gone", "not in the room")
        levels = await self._levels(view)
        if isinstance(levels, Answer):
            return undone(levels)
        wanted = change(view, levels)
        if wanted != levels:
            where = path("rooms", view.id, "state", LEVELS) + "/"
            answer = await self._pace.send(lambda: self._session.wire.call("PUT", where, wanted))
            if not answer.ok:
                return undone(answer)
            # The sync will say so too, but the next question may come first.
            view.learn({"type": LEVELS, "state_key": "", "content": wanted})
        return Delivered(PostRef(room, ""))

    async def _levels(self, view: RoomView) -> Json | Answer:
        """The levels as the homeserver has them now: what we change must not undo what others just did."""
        answer = await self._session.wire.call("GET", path("rooms", view.id, "state", LEVELS) + "/")
        if not answer.ok:
            return {} if answer.status == 404 else answer
        view.learn({"type": LEVELS, "state_key": "", "content": answer.body})
        return answer.body


def _threshold(view: RoomView, levels: Json) -> int:
    """The lowest level that is above everyone who doesn't run the room, and lets one write."""
    powers = [view.default_power, *(view.power(user) for user in _table(levels, "users"))]
    ordinary = [power for power in powers if power < MODERATOR]
    above = math.floor(max(ordinary, default=MODERATOR)) + 1
    any_kind = view.needed("")
    return max(above, math.ceil(max(view.needed_to_write, any_kind)))


def _record(view: RoomView, levels: Json, threshold: int) -> Json:
    """What must come back: for each key we may change, what it says now (None for nothing)."""
    events, users = _table(levels, "events"), _table(levels, "users")
    raised = [kind for kind in _WRITING if kind in events and view.needed(kind) < threshold]
    kept = {kind: view.needed(kind) for kind in _OTHERS if kind not in events}
    return {
        "level": threshold,
        "default": levels.get("events_default"),
        "raised": {kind: events[kind] for kind in raised},
        "kept": kept,
        "users": {user: level for user, level in users.items() if view.power(user) < threshold},
    }


def _closed(view: RoomView, levels: Json, saved: Json, speaker: AccountRef | None) -> Json:
    level = saved["level"]
    users = _lowered(levels, saved)
    if speaker is not None and view.power(speaker.id) <= level:
        users[speaker.id] = level
    events = _table(levels, "events") | dict.fromkeys(saved["raised"], level) | saved["kept"]
    return levels | {"events_default": level, "events": events, "users": users}


def _reopened(levels: Json, saved: Json) -> Json:
    level, events = saved["level"], dict(_table(levels, "events"))
    for kind, before in saved["raised"].items():
        if events.get(kind) == level:
            events[kind] = before
    for kind, ours in saved["kept"].items():
        if events.get(kind) == ours:
            del events[kind]
    opened = levels | {"events": events, "users": _lowered(levels, saved)}
    if opened.get("events_default") == level:
        opened["events_default"] = saved["default"]
    return {name: value for name, value in opened.items() if value is not None}


def _lowered(levels: Json, saved: Json) -> Json:
    """The users' levels without those we raised to let somebody speak."""
    before: Json = saved["users"]
    users = _table(levels, "users")
    return {
        user: before[user] if level == saved["level"] and user in before else level
        for user, level in users.items()
        if level != saved["level"] or user in before
    }


def _table(levels: Json, name: str) -> Json:
    table = levels.get(name)
    return table if isinstance(table, dict) else {}
