"""The keys of our device: what others send us can be read, what we send can be read by all their devices, new ones too.

The arithmetic and its store are matrix-nio's `Olm` machine; the requests are ours, so that
what the machine remembers is on the disk before the server is told, and so that no failure
is retried behind our back. It knows rooms as ids and lists of accounts, and it never
decides whom to trust: every device of a member is served (the specification's default).
Nothing here logs what was encrypted.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import cast
from uuid import uuid4

from nio.crypto import InboundGroupSession, Olm  # type: ignore[import-untyped,unused-ignore]
from nio.crypto.attachments import decrypt_attachment, encrypt_attachment  # type: ignore[import-untyped,unused-ignore]
from nio.events import (  # type: ignore[import-untyped,unused-ignore]
    ForwardedRoomKeyEvent,
    MegolmEvent,
    OlmEvent,
    RoomKeyEvent,
)
from nio.exceptions import EncryptionError  # type: ignore[import-untyped,unused-ignore]
from nio.responses import (  # type: ignore[import-untyped,unused-ignore]
    KeysClaimResponse,
    KeysQueryResponse,
    KeysUploadResponse,
    ToDeviceResponse,
)
from nio.store import DefaultStore  # type: ignore[import-untyped,unused-ignore]

from adapters.matrix.people import is_account
from adapters.matrix.wire import Answer, Json, Unanswered, Wire, path

logger = logging.getLogger(__name__)

# The library logs what it could not read, texts included, at WARNING and ERROR.
logging.getLogger("nio").setLevel(logging.CRITICAL)

_PICKLE = "palabre"
"""The store's pickle passphrase: what protects it is the folder's mode, since a secret beside it would add nothing."""
_MEGOLM = "m.megolm.v1.aes-sha2"
_QUERIED = 200
"""How many accounts' devices are asked for at once."""


class KeyMissing(Exception):
    """The key of this session has not reached us, yet."""

    def __init__(self, session: str) -> None:
        super().__init__("no key")
        self.session = session


class Keyring:
    """The encryption of one device of ours, kept in `folder`."""

    def __init__(self, wire: Wire, user: str, device: str, folder: Path) -> None:
        self._wire = wire
        self._user = user
        self._device = device
        self._olm = Olm(user, device, DefaultStore(user, device, str(folder), _PICKLE, store_name(user, device)))
        self._audiences: dict[str, frozenset[str]] = {}
        self._lock = asyncio.Lock()
        self._followed: set[str] = set()

    @property
    def identity(self) -> str:
        """Our device's public Ed25519 key."""
        return str(self._olm.account.identity_keys["ed25519"])

    def sign(self, thing: Json) -> str:
        """Our device's signature of the canonical JSON."""
        return str(self._olm.sign_json(dict(thing)))

    def publish_again(self) -> None:
        """Have the device's keys uploaded the next time, as a new login needs."""
        self._olm.account.shared = False

    # ── what a sync brings ──────────────────────────────────────────────────────────────────────────────────────────

    def absorb(self, sync: Json) -> set[str]:
        """Take in what a sync says about keys; the ids of the message sessions that can now be read."""
        counts = sync.get("device_one_time_keys_count")
        count = counts.get("signed_curve25519") if isinstance(counts, dict) else None
        if isinstance(count, int):
            self._olm.uploaded_key_count = count
        lists = sync.get("device_lists")
        changed = lists.get("changed") if isinstance(lists, dict) else None
        if isinstance(changed, list):
            self._olm.add_changed_users({user for user in changed if isinstance(user, str) and user in self._followed})
        to_device = sync.get("to_device")
        events = to_device.get("events") if isinstance(to_device, dict) else None
        return set(filter(None, map(self._absorb_key, events if isinstance(events, list) else [])))

    def _absorb_key(self, event: object) -> str | None:
        # Verification and key requests are not taken part in: devices trust ours through cross-signing.
        if not isinstance(event, dict) or event.get("type") != "m.room.encrypted":
            return None
        try:
            parsed = OlmEvent.from_dict(event)
            found = self._olm.handle_to_device_event(parsed)
        except Exception as error:
            # Anyone may send our device anything, and the library doesn't check it all.
            logger.warning("a message to our device can't be read: %s", type(error).__name__)
            return None
        return str(found.session_id) if isinstance(found, RoomKeyEvent | ForwardedRoomKeyEvent) else None

    def unseal(self, room_id: str, event: Json) -> Json | None:
        """The event that an encrypted one carries, under the outer one's id and sender; None if it can't be read.

        `KeyMissing` if its key may still arrive.
        """
        sealed = _sealed(room_id, event)
        if sealed is None:
            return None
        session = self._olm.inbound_group_store.get(room_id, sealed.sender_key, sealed.session_id)
        inner: object = None
        try:
            if session is None:
                # The library notes a broken session with that device, to be mended, and its devices if they are new.
                self._olm.check_if_wedged(sealed)
            else:
                inner = self._read(sealed, session)
        except Exception as error:
            logger.warning("an encrypted message can't be read: %s", type(error).__name__)
            return None
        if session is None:
            raise KeyMissing(sealed.session_id)
        if not isinstance(inner, dict):
            return None
        # Only what was said: a state key in there would be a claim about the room that no server has checked.
        return {"type": inner.get("type"), "content": _whole(inner.get("content"), event), **_outer(event)}

    def _read(self, sealed: MegolmEvent, session: InboundGroupSession) -> object:
        """What stands in the event, None if it stood in another one before; any exception if it can't be decrypted."""
        if sealed.device_id not in self._olm.device_store[sealed.sender]:
            self._olm.users_for_key_query.add(sealed.sender)
        text, index = session.decrypt(sealed.ciphertext)
        if not self._olm.message_index_ok(index, sealed):
            logger.warning("an encrypted message repeats another one")
            return None
        return json.loads(text)

    # ── what the server is asked and told ───────────────────────────────────────────────────────────────────────────

    async def tend(self) -> None:
        """Do what is due: upload keys, ask for devices, mend broken sessions. What fails is due again."""
        async with self._lock:
            try:
                await self._upload()
                await self._query()
                await self._mend()
            except Unanswered as failure:
                logger.warning("the upkeep of keys has to wait: %s", failure)

    async def _upload(self) -> None:
        if not self._olm.should_upload_keys:
            return
        keys = self._olm.share_keys()
        # Saved first: a key that others may use must never be unknown to us after a crash.
        self._olm.save_account()
        answer = await self._ask("/keys/upload", keys)
        counts = answer.body.get("one_time_key_counts")
        count = counts.get("signed_curve25519", 0) if isinstance(counts, dict) else 0
        self._olm.handle_response(KeysUploadResponse(0, count))

    async def _query(self) -> None:
        while batch := sorted(self._olm.users_for_key_query)[:_QUERIED]:
            answer = await self._ask("/keys/query", {"device_keys": {user: [] for user in batch}})
            devices = answer.body.get("device_keys")
            for user in batch:
                self._take_devices(user, devices.get(user, {}) if isinstance(devices, dict) else {})
                self._olm.users_for_key_query.discard(user)

    def _take_devices(self, user: str, devices: object) -> None:
        """Take in one account's devices, apart from the others': one malformed device spoils nobody else's."""
        response = KeysQueryResponse({user: devices}, {})
        try:
            self._olm.handle_response(response)
        except Exception as error:
            logger.warning("an account's devices can't be read: %s", type(error).__name__)
        for room_id, audience in list(self._audiences.items()):
            if response.changed and user in audience:
                self._renew(room_id)

    async def _mend(self) -> None:
        if self._olm.wedged_devices or self._olm.key_request_devices_no_session:
            await self._claim(self._olm.get_users_for_key_claiming())
        for message in list(self._olm.outgoing_to_device_messages):
            await self._to_device(message.type, message.as_dict())
            self._olm.handle_response(ToDeviceResponse(message))

    async def _claim(self, devices: dict[str, list[str]]) -> None:
        wanted = {user: dict.fromkeys(ids, "signed_curve25519") for user, ids in devices.items()}
        answer = await self._ask("/keys/claim", {"one_time_keys": wanted})
        keys = answer.body.get("one_time_keys")
        for user, claimed in keys.items() if isinstance(keys, dict) else ():
            try:
                self._olm.handle_response(KeysClaimResponse({user: claimed}, {}))
            except Exception as error:
                logger.warning("an account's one-time keys can't be read: %s", type(error).__name__)

    # ── what we send ────────────────────────────────────────────────────────────────────────────────────────────────

    async def seal(self, room_id: str, audience: frozenset[str], kind: str, content: Json) -> Json:
        """The content of the encrypted event that carries this one, readable by every device of the audience.

        `Unanswered` when the homeserver fails us before that is certain.
        """
        async with self._lock:
            self._follow(audience)
            await self._query()
            await self._share(room_id, audience)
            sealed = cast(Json, self._olm.group_encrypt(room_id, {"type": kind, "content": content}))
        # Servers group replies and edits by their relation, so it is sent in clear (specification, 11.12.4).
        return sealed | ({"m.relates_to": content["m.relates_to"]} if "m.relates_to" in content else {})

    def _follow(self, users: Iterable[str]) -> None:
        new = set(users) - self._followed
        self._followed |= new
        self._olm.add_changed_users(new)

    async def _share(self, room_id: str, audience: frozenset[str]) -> None:
        if self._audiences.get(room_id) != audience:
            # Whoever left must not read on, and whoever came needs the key.
            self._renew(room_id)
        if not self._olm.should_share_group_session(room_id):
            return
        if missing := self._olm.get_missing_sessions(list(audience)):
            await self._claim(missing)
        for served, messages in self._olm.share_group_session_parallel(
            room_id, list(audience), ignore_unverified_devices=True
        ):
            await self._to_device("m.room.encrypted", messages)
            self._olm.outbound_group_sessions[room_id].users_shared_with |= served
        self._olm.outbound_group_sessions[room_id].shared = True
        self._audiences[room_id] = audience

    def _renew(self, room_id: str) -> None:
        self._olm.outbound_group_sessions.pop(room_id, None)
        self._audiences.pop(room_id, None)

    async def _to_device(self, kind: str, messages: Json) -> None:
        await self._ask(path("sendToDevice", kind, uuid4().hex), messages, "PUT")

    async def _ask(self, where: str, body: Json, method: str = "POST") -> Answer:
        answer = await self._wire.call(method, where, body)
        if not answer.ok:
            raise Unanswered(answer)
        return answer


def _sealed(room_id: str, event: Json) -> MegolmEvent | None:
    """The encrypted event as the library knows it, None if it has another shape.

    The library's own way checks five schemas for a message, which takes several times as
    long as decrypting it; `inbound` reads what was inside with the same care.
    """
    content = event["content"]
    names = ("sender_key", "session_id", "device_id", "ciphertext")
    texts = [event.get("event_id"), *(content.get(name) for name in names)]
    if content.get("algorithm") != _MEGOLM or not all(isinstance(text, str) for text in texts):
        return None
    if not is_account(event.get("sender")):
        return None
    sealed = MegolmEvent(
        {"origin_server_ts": 0, **event}, content["device_id"], content["ciphertext"], _MEGOLM, room_id
    )
    sealed.sender_key, sealed.session_id = content["sender_key"], content["session_id"]
    return sealed


def _whole(content: object, event: Json) -> object:
    """The decrypted content, with the relation that stands outside in clear if it has none of its own."""
    outside = event["content"].get("m.relates_to")
    if isinstance(content, dict) and outside is not None and "m.relates_to" not in content:
        return {**content, "m.relates_to": outside}
    return content


def _outer(event: Json) -> Json:
    return {name: event[name] for name in ("event_id", "sender", "origin_server_ts") if name in event}


def seal_file(data: bytes) -> tuple[bytes, Json]:
    """The file encrypted, and what its readers need to decrypt it (`EncryptedFile` without its address)."""
    sealed, key = encrypt_attachment(data)
    return sealed, cast(Json, key)


def open_file(data: bytes, key: Json) -> bytes | None:
    """The file that somebody encrypted with that key (an `EncryptedFile`); None if it wasn't, or was changed."""
    match key:
        case {"key": {"k": str(secret)}, "iv": str(start), "hashes": {"sha256": str(digest)}}:
            try:
                return bytes(decrypt_attachment(data, secret, digest, start))
            except (EncryptionError, ValueError):
                return None
        case _:
            return None


def store_name(user: str, device: str) -> str:
    """The file in which one device's keys are kept."""
    return f"{user}_{device}.db".replace("/", "_")
