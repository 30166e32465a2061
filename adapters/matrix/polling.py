"""The polls we posted beside cards: which event is one, what it asks, what people answered, whether it is to be ended.

The poll itself, which anyone may read and only we can have sent, says which consultation
it is of, so nothing is kept on the disk. It posts nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from typing import TypeVar

from adapters.matrix.keyring import KeyMissing
from adapters.matrix.polls import END, RESPONSES, START, Asked, asked_in
from adapters.matrix.session import Session
from adapters.matrix.wire import Answer, Json, path

REMEMBERED = 500
"""How many polls, and cards with one, are remembered."""
_LOOKED_AT = 500
"""How many of the newest events that refer to a message are looked at to find ours."""

Value = TypeVar("Value")


class Polls:
    """The polls we have posted: from memory, else as the homeserver kept them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._asked: OrderedDict[str, Asked] = OrderedDict()
        self._beside: OrderedDict[str, str] = OrderedDict()
        self._ended: OrderedDict[str, bool] = OrderedDict()

    def posted(self, card: str, poll: str) -> None:
        """Remember the poll that stands beside a card."""
        _keep(self._beside, card, poll)

    def is_over(self, poll: str) -> None:
        """Remember that the poll has been ended."""
        _keep(self._ended, poll, True)

    async def asked(self, room: str, poll: str) -> Asked | None:
        """What the poll asks; None if that event is no poll of ours."""
        if poll not in self._asked:
            author = await self._session.author_of(room, poll)
            if author is None or author.user != self._session.own:
                return None
            answer = await self._session.insist("GET", path("rooms", room, "event", poll))
            asked = asked_in(self._opened(room, answer.body).get("content")) if answer.ok else None
            if asked is None:
                return None
            _keep(self._asked, poll, asked)
        return self._asked[poll]

    async def to_end(self, room: str, card: str) -> str | Answer | None:
        """The poll beside the card if it has still to be ended; None if there is none such; else why we can't know."""
        poll = self._beside.get(card)
        if poll is None:
            found = await self._ours(room, card, START)
            if not isinstance(found, str):
                return found
            _keep(self._beside, card, poll := found)
        if poll in self._ended:
            return None
        ended = await self._ours(room, poll, END)
        return poll if ended is None else ended if isinstance(ended, Answer) else None

    async def answers(self, room: str, poll: str, user: str, until: datetime) -> list[tuple[str, str]] | None:
        """The event and the text, as typed, of everything this account answered in the poll until that instant by its
        servers' clocks and has not redacted, the newest first; None if the homeserver shows us no such poll of ours."""
        asked = await self.asked(room, poll)
        referring = await self._referring(room, poll, user)
        if asked is None or referring is None:
            return None
        last = until.timestamp() * 1000
        found: list[tuple[float, str, str]] = []
        for each in referring:
            sent, event, content = each.get("origin_server_ts"), each.get("event_id"), each.get("content")
            if not isinstance(sent, int) or not isinstance(event, str) or not isinstance(content, dict):
                continue
            # A redacted answer is no longer one: it says nothing, not even which poll it was in.
            if each.get("type") in RESPONSES and "m.relates_to" in content and sent <= last:
                found.append((sent, event, asked.typed(content)))
        # The homeserver tells the newest first, so those of one instant stay in that order.
        return [(event, typed) for _, event, typed in sorted(found, key=lambda each: -each[0])]

    async def _referring(self, room: str, event: str, user: str) -> list[Json] | None:
        """Everything of this account that refers to the event and that we can read, the newest first; None if the
        homeserver doesn't tell."""
        where, found = path("rooms", room, "relations", event, "m.reference"), list[Json]()
        query: Json | None = {"limit": _LOOKED_AT}
        while query is not None:
            answer = await self._session.insist("GET", where, query, version="v1")
            if not answer.ok:
                return None
            chunk, further = answer.body.get("chunk"), answer.body.get("next_batch")
            for each in chunk if isinstance(chunk, list) else []:
                if isinstance(each, dict) and each.get("sender") == user:
                    found.append(self._opened(room, each))
            query = {"limit": _LOOKED_AT, "from": further} if chunk and isinstance(further, str) else None
        return found

    async def _ours(self, room: str, event: str, kind: str) -> str | Answer | None:
        """Our newest event of that kind that refers to this one; None if there is none; else why we can't know."""
        where = path("rooms", room, "relations", event, "m.reference")
        answer = await self._session.wire.call("GET", where, query={"limit": _LOOKED_AT}, version="v1")
        if not answer.ok:
            return answer
        chunk = answer.body.get("chunk")
        for each in chunk if isinstance(chunk, list) else []:
            if isinstance(each, dict) and each.get("sender") == self._session.own:
                opened = self._opened(room, each)
                if opened.get("type") == kind and isinstance(found := each.get("event_id"), str):
                    return found
        return None

    def _opened(self, room: str, event: Json) -> Json:
        """An event, decrypted if need be; nothing if it can't be, or says nothing any more."""
        if event.get("type") != "m.room.encrypted" or not isinstance(event.get("content"), dict):
            return event
        try:
            return self._session.keyring.unseal(room, event) or {}
        except KeyMissing:
            return {}


def _keep(kept: OrderedDict[str, Value], key: str, value: Value) -> None:
    kept[key] = value
    if len(kept) > REMEMBERED:
        kept.popitem(last=False)
