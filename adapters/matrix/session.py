"""Our session on the homeserver: one login for ever, one device, and what it knows of its rooms.

It logs in once and keeps the device and its token; a fresh login at each start would be a
new device that nobody shares keys with. It knows rooms, private chats and authors of
messages; it reads no message and sends none.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from datetime import timedelta
from typing import Any

from adapters.matrix import keeping
from adapters.matrix.inbound import Author
from adapters.matrix.keyring import Keyring, store_name
from adapters.matrix.rooms import RoomView
from adapters.matrix.settings import MatrixSettings
from adapters.matrix.signing import Signing
from adapters.matrix.wire import Answer, Json, Wire, path
from bot.ports import Clock

logger = logging.getLogger(__name__)

FILE = "session.json"
REMEMBERED = 20_000
"""How many authors of messages are remembered: 2 MB or so."""
PART_OF = "org.palabre.part_of"
"""In a message of ours that goes on another one: the id of that first one."""


class Session:
    """One account on one device. `connect` first; everything else needs it."""

    def __init__(self, settings: MatrixSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._authors: OrderedDict[str, Author] = OrderedDict()
        self._direct: dict[str, list[str]] = {}
        self._keyring: Keyring | None = None
        self.folder = keeping.own_folder(settings.store_path)
        self.wire = Wire(settings.homeserver)
        self.rooms: dict[str, RoomView] = {}
        self.own = settings.user_id
        self.cross_signed = False

    @property
    def keyring(self) -> Keyring:
        """The keys of our device; known once connected."""
        assert self._keyring is not None
        return self._keyring

    async def connect(self) -> None:
        """Open the session kept in the store, or log in for the first time; ConnectionError if neither can be."""
        held = self._held()
        device = str(held.get("device_id", "")) or await self._begin()
        self._keyring = Keyring(self.wire, self.own, device, self.folder)
        await self._check_token()
        await self.keyring.tend()
        signing = Signing(self.wire, self.own, device, self.keyring, self.folder)
        self.cross_signed = await signing.ensure(self._settings.password)
        answer = await self.wire.call("GET", path("user", self.own, "account_data", "m.direct"))
        self.mark_all_direct(answer.body if answer.ok else {})

    async def renew(self) -> None:
        """Get a new token for the same device; ConnectionError if the homeserver refuses us."""
        held = keeping.read(self.folder / FILE)
        if not self._settings.password:
            raise ConnectionError("the homeserver refuses the access token")
        await self._log_in(str(held.get("device_id", "")))
        # A homeserver that revoked the session may have forgotten the device's keys with it.
        self.keyring.publish_again()
        await self.keyring.tend()

    async def close(self) -> None:
        """Close the connections."""
        await self.wire.close()

    def _held(self) -> Json:
        held = keeping.read(self.folder / FILE)
        if held and (held.get("user_id"), held.get("homeserver")) != (self.own, self._settings.homeserver):
            raise ConnectionError(f"{self.folder} holds the session of another account: choose another store_path")
        device = str(held.get("device_id", ""))
        if device and not (self.folder / store_name(self.own, device)).exists():
            # The device's keys are lost: others would go on encrypting for them.
            logger.error("the keys of device %s are gone from %s: a new device begins", device, self.folder)
            return {}
        self.wire.token = str(held.get("access_token", ""))
        return held

    async def _begin(self) -> str:
        if self._settings.access_token:
            return await self._adopt(self._settings.access_token)
        if not self._settings.password:
            raise ConnectionError("neither a password nor an access token is given")
        return await self._log_in("")

    async def _adopt(self, token: str) -> str:
        self.wire.token = token
        answer = await self.wire.call("GET", "/account/whoami")
        if not answer.ok:
            raise ConnectionError(f"the access token can't be used: {answer}")
        if answer.body.get("user_id") != self.own or not isinstance(device := answer.body.get("device_id"), str):
            raise ConnectionError("the access token belongs to another account, or to no device")
        self._keep(device, token)
        return device

    async def _log_in(self, device: str) -> str:
        self.wire.token = ""
        request: dict[str, Any] = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self.own},
            "password": self._settings.password,
            "initial_device_display_name": self._settings.device_name,
        }
        answer = await self.wire.call("POST", "/login", request | ({"device_id": device} if device else {}))
        token, given = answer.body.get("access_token"), answer.body.get("device_id")
        if not (answer.ok and isinstance(token, str) and isinstance(given, str)):
            raise ConnectionError(f"the homeserver does not let {self.own} log in: {answer}")
        if answer.body.get("user_id") != self.own:
            raise ConnectionError("the homeserver calls this account by another name: check user_id")
        self.wire.token = token
        self._keep(given, token)
        return given

    def _keep(self, device: str, token: str) -> None:
        session = {"user_id": self.own, "device_id": device, "access_token": token}
        keeping.write(self.folder / FILE, session | {"homeserver": self._settings.homeserver})

    async def _check_token(self) -> None:
        answer = await self.wire.call("GET", "/account/whoami")
        if answer.status == 401:
            await self.renew()
        elif not answer.ok:
            raise ConnectionError(f"the homeserver can't be reached: {answer}")

    # ── rooms ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def room(self, room_id: str) -> RoomView | None:
        """The room, if we are in it."""
        room = self.rooms.get(room_id)
        return room if room is not None and room.is_in(self.own) else None

    async def learn_room(self, room_id: str) -> RoomView | None:
        """Ask for the whole state of a room that no sync has told yet; None if it can't be had."""
        answer = await self.wire.call("GET", path("rooms", room_id, "state"))
        if not answer.ok:
            return None
        room = self.rooms.setdefault(room_id, RoomView(room_id))
        for event in answer.items:
            room.learn(event)
        return room

    async def join(self, room_id: str, by: str) -> Answer:
        """Join a room that this account invited us to, or moved; its server can lead us there."""
        via = by.partition(":")[2]
        return await self.wire.call("POST", path("join", room_id), query={"via": via, "server_name": via}, patience=120)

    def in_log(self, room_id: str) -> str:
        """The room, for the log, unless it may be somebody's private chat: only a room of several is nobody's own."""
        room = self.rooms.get(room_id)
        return room_id if room is not None and len(room.present()) > 2 else "a room of two, or not known yet"

    # ── private chats ───────────────────────────────────────────────────────────────────────────────────────────────

    def marked_direct(self, room_id: str) -> bool:
        """Whether we marked the room as a private chat."""
        return any(room_id in rooms for rooms in self._direct.values())

    def direct_rooms(self, user: str) -> list[str]:
        """The rooms marked as private chats with this account, the newest first."""
        return list(reversed(self._direct.get(user, [])))

    def mark_all_direct(self, content: Json) -> None:
        """Take in the account's own list of private chats (`m.direct`), as it stands on the homeserver."""
        self._direct = {
            user: [room for room in rooms if isinstance(room, str)]
            for user, rooms in content.items()
            if isinstance(rooms, list)
        }

    async def mark_direct(self, user: str, room_id: str) -> None:
        """Mark the room as our private chat with this account, here and on the homeserver."""
        if room_id in self._direct.get(user, []):
            return
        self._direct.setdefault(user, []).append(room_id)
        where = path("user", self.own, "account_data", "m.direct")
        answer = await self.wire.call("PUT", where, dict(self._direct))
        if not answer.ok:
            logger.warning("the list of private chats could not be saved: %s", answer)

    # ── authors ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def remember(self, event_id: str, user: str, post: str = "") -> None:
        """Remember whose message this is, and which one it is a version or a part of."""
        self._authors[event_id] = Author(user, post or event_id)
        self._authors.move_to_end(event_id)
        if len(self._authors) > REMEMBERED:
            self._authors.popitem(last=False)

    async def author_of(self, room_id: str, event_id: str) -> Author | None:
        """Whose message it is; asked of the homeserver if we don't remember. None if it shows us no such message."""
        if known := self._authors.get(event_id):
            return known
        answer = await self.insist("GET", path("rooms", room_id, "event", event_id))
        sender = answer.body.get("sender")
        if not answer.ok or not isinstance(sender, str):
            return None
        self.remember(event_id, sender, self._first(answer.body) if sender == self.own else "")
        return self._authors[event_id]

    def _first(self, event: Json) -> str:
        """The message of ours that this one is a version or a part of, or nothing."""
        content = event.get("content")
        content = content if isinstance(content, dict) else {}
        relation, first = content.get("m.relates_to"), content.get(PART_OF)
        if isinstance(relation, dict) and relation.get("rel_type") == "m.replace":
            first = relation.get("event_id")
        return first if isinstance(first, str) else ""

    async def insist(self, method: str, where: str, query: Json | None = None, version: str = "v3") -> Answer:
        """Ask until there is an answer: leaving a message aside because of a slow server would lose a vote."""
        while (answer := await self.wire.call(method, where, query=query, version=version)).passing:
            await self._clock.sleep_until(self._clock.now() + timedelta(seconds=answer.retry_after))
        return answer
