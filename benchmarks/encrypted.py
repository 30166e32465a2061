"""An encrypted room's members, each writing from a device of their own, and what the bot's device knows of them.

The keys of their sessions, and of their devices, stand in the bot's store before anything
is read: how keys arrive is not what is measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nio import AsyncClient, AsyncClientConfig
from nio.crypto import InboundGroupSession, OlmAccount, OlmDevice, OutboundGroupSession
from nio.store import DefaultStore

from adapters.matrix.keyring import store_name
from benchmarks.homeserver import BOT, DEVICE, SALON

MEGOLM = "m.megolm.v1.aes-sha2"
PICKLE = "palabre"
"""The passphrase under which `adapters.matrix.keyring` keeps its keys; under another one it could not open them."""


class Members:
    """People with a device and a Megolm session each."""

    def __init__(self, people: Iterable[str]) -> None:
        self._senders = {who: _Sender(who) for who in people}

    def seal(self, said: dict[str, Any]) -> dict[str, Any]:
        """The event as it goes through an encrypted room, from its sender's device."""
        return said | {"type": "m.room.encrypted", "content": self._senders[said["sender"]].seal(said)}

    def make_known(self, folder: Path) -> None:
        """Put into `folder` the store of the bot's device, which has all their keys."""
        store = DefaultStore(BOT, DEVICE, str(folder), PICKLE, store_name(BOT, DEVICE))
        senders = self._senders.values()
        with store.database.atomic():
            store.save_account(OlmAccount())
            store.save_device_keys({each.device.user_id: {each.device.id: each.device} for each in senders})
            for each in senders:
                store.save_inbound_group_session(each.received)
        store.database.close()


class _Sender:
    """One person's device, its session in the room, and that session as its receivers have it."""

    def __init__(self, user: str) -> None:
        keys = OlmAccount().identity_keys
        self.device = OlmDevice(user, "TELEPHONE", dict(keys))
        self._session = OutboundGroupSession()
        self.received = InboundGroupSession(self._session.session_key, keys["ed25519"], keys["curve25519"], SALON)
        self._session.mark_as_shared()

    def seal(self, said: dict[str, Any]) -> dict[str, Any]:
        plain = {"type": said["type"], "content": said["content"], "room_id": SALON}
        return {
            "algorithm": MEGOLM,
            "sender_key": self.device.curve25519,
            "ciphertext": self._session.encrypt(json.dumps(plain)),
            "session_id": self._session.id,
            "device_id": self.device.id,
            "m.relates_to": said["content"]["m.relates_to"],  # in clear, for servers (specification, 11.12.4)
        }


def library_client(folder: Path) -> AsyncClient:
    """matrix-nio's own client on the bot's device, with the store in `folder`."""
    config = AsyncClientConfig(
        store=DefaultStore,
        store_name=store_name(BOT, DEVICE),
        pickle_key=PICKLE,
        encryption_enabled=True,
        store_sync_tokens=False,
    )
    client = AsyncClient("http://127.0.0.1:9", BOT, DEVICE, str(folder), config)
    client.restore_login(BOT, DEVICE, "t")
    return client
