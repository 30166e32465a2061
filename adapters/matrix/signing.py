"""Our account's own identity, and its word that this device is ours (cross-signing).

Clients that follow MSC4153, Element since April 2026, neither read an unsigned device nor
let it read; matrix-nio signs nothing (matrix-nio#229). The identity is three Ed25519 keys
whose seeds are kept beside the session. An identity made by someone else, such as the
operator's own client, is never replaced: that would shut that client out without a word.
"""

from __future__ import annotations

import base64
import json
import logging
from pathlib import Path

from nacl.signing import SigningKey

from adapters.matrix import keeping
from adapters.matrix.keyring import Keyring
from adapters.matrix.wire import Answer, Json, Wire

logger = logging.getLogger(__name__)

FILE = "identity.json"
_USES = ("master", "self_signing", "user_signing")


class Identity:
    """The three keys of one account, kept in `folder`; made the first time they are needed."""

    def __init__(self, user: str, folder: Path) -> None:
        self._user = user
        seeds = keeping.read(folder / FILE)
        if not seeds:
            seeds = {use: SigningKey.generate().encode().hex() for use in _USES}
            keeping.write(folder / FILE, seeds)
        self._keys = {use: SigningKey(bytes.fromhex(seeds[use])) for use in _USES}

    def name(self, use: str) -> str:
        """The key's id, which holds its public half: `ed25519:…`."""
        return f"ed25519:{_text(self._keys[use].verify_key.encode())}"

    def signature(self, use: str, thing: Json) -> str:
        """The key's signature of the thing without the signatures it already has."""
        bare = {name: value for name, value in thing.items() if name not in {"signatures", "unsigned"}}
        return _text(self._keys[use].sign(canonical(bare)).signature)

    def published(self, device: str, keyring: Keyring) -> Json:
        """What makes the identity known: the master key signed by our device, the others by the master."""
        keys: Json = {}
        for use in _USES:
            name = self.name(use)
            key: Json = {"user_id": self._user, "usage": [use], "keys": {name: name.removeprefix("ed25519:")}}
            if use == "master":
                signatures = {f"ed25519:{device}": keyring.sign(key)}
            else:
                signatures = {self.name("master"): self.signature("master", key)}
            keys[f"{use}_key"] = {**key, "signatures": {self._user: signatures}}
        return keys


class Signing:
    """Signs one device of the account through the homeserver."""

    def __init__(self, wire: Wire, user: str, device: str, keyring: Keyring, folder: Path) -> None:
        self._wire = wire
        self._user = user
        self._device = device
        self._keyring = keyring
        self._folder = folder

    async def ensure(self, password: str) -> bool:
        """Have the device signed by its owner, once; whether it is. The password is for servers that ask again."""
        answer = await self._wire.call("POST", "/keys/query", {"device_keys": {self._user: []}})
        device = _at(answer.body, "device_keys", self._user, self._device)
        if not answer.ok or not device:
            logger.error("our device's keys are not on the homeserver: it can't be signed (%s)", answer)
            return False
        master = _at(answer.body, "master_keys", self._user)
        if master and not (self._folder / FILE).exists():
            return self._refuse()
        identity = Identity(self._user, self._folder)
        if not master:
            if not await self._publish(identity, password):
                return False
        elif identity.name("master") not in master.get("keys", {}):
            return self._refuse()
        if identity.name("self_signing") in _at(device, "signatures", self._user):
            return True
        return await self._sign(identity, device)

    def _refuse(self) -> bool:
        logger.error(
            "%s already has a cross-signing identity that is not in %s: our device stays unsigned, and members' "
            "clients may keep encrypted messages from it. Restore that file, or reset the account's identity.",
            self._user,
            self._folder / FILE,
        )
        return False

    async def _publish(self, identity: Identity, password: str) -> bool:
        keys = identity.published(self._device, self._keyring)
        answer = await self._wire.call("POST", "/keys/device_signing/upload", keys)
        if answer.status == 401 and password and "session" in answer.body:
            auth = {
                "type": "m.login.password",
                "identifier": {"type": "m.id.user", "user": self._user},
                "password": password,
                "session": answer.body["session"],
            }
            answer = await self._wire.call("POST", "/keys/device_signing/upload", {**keys, "auth": auth})
        return _said(answer, "the homeserver does not take our identity")

    async def _sign(self, identity: Identity, device: Json) -> bool:
        signed = {name: value for name, value in device.items() if name != "unsigned"}
        signed["signatures"] = {self._user: {identity.name("self_signing"): identity.signature("self_signing", device)}}
        answer = await self._wire.call("POST", "/keys/signatures/upload", {self._user: {self._device: signed}})
        return _said(answer, "the homeserver does not take our device's signature") and not answer.body.get("failures")


def canonical(thing: Json) -> bytes:
    """The one way to write it that is signed (specification, appendix 3.1)."""
    return json.dumps(thing, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _said(answer: Answer, failure: str) -> bool:
    if not answer.ok:
        logger.error("%s: %s", failure, answer)
    return answer.ok


def _at(thing: Json, *names: str) -> Json:
    for name in names:
        found = thing.get(name)
        thing = found if isinstance(found, dict) else {}
    return thing


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")
