"""The keys that seal unlinked ballots, each in a file of its own, outside the database and its backups.

A key is on the disk before the consultation opens, and is overwritten and unlinked once
it has ended. Only the bot's own user may read the folder and its files.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

_SUFFIX = ".key"
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


class CurveKey:
    """`bot.ports.BallotKey` over a key of Curve25519: libsodium's sealed boxes, and HMAC-SHA-256 for names."""

    def __init__(self, secret: bytes) -> None:
        key = PrivateKey(secret)
        self.public = bytes(key.public_key).hex()
        self._sealer, self._opener = SealedBox(key.public_key), SealedBox(key)
        self._naming = hashlib.sha256(b"palabre-name" + secret).digest()

    def seal(self, plain: bytes) -> bytes:
        """See BallotKey."""
        return self._sealer.encrypt(plain)

    def open(self, ballot: bytes) -> bytes | None:
        """See BallotKey."""
        try:
            return self._opener.decrypt(ballot)
        except CryptoError:
            return None

    def name(self, right: int, code: str) -> str:
        """See BallotKey."""
        return hmac.new(self._naming, f"{right}/{code}".encode(), hashlib.sha256).hexdigest()


class KeyFiles:
    """`bot.ports.KeyRing` in a folder, made when the first key is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, number: int) -> CurveKey:
        """See KeyRing. Written aside and renamed, so that a crash leaves a whole key or none."""
        found = self.key(number)
        if found is not None:
            return found
        self._folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        secret = secrets.token_bytes(PrivateKey.SIZE)
        aside = self._path(number).with_suffix(".new")
        aside.unlink(missing_ok=True)
        _write(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE), secret)
        aside.rename(self._path(number))
        self._sync()
        return CurveKey(secret)

    def key(self, number: int) -> CurveKey | None:
        """See KeyRing."""
        try:
            secret = self._path(number).read_bytes()
        except FileNotFoundError:
            return None
        return CurveKey(secret) if len(secret) == PrivateKey.SIZE else None

    def destroy(self, number: int) -> None:
        """See KeyRing. A disk may keep elsewhere what a file said before; the overwriting is what a program can do."""
        path = self._path(number)
        try:
            _write(os.open(path, os.O_WRONLY), secrets.token_bytes(PrivateKey.SIZE))
            path.unlink()
        except FileNotFoundError:
            return
        self._sync()

    def numbers(self) -> Sequence[int]:
        """See KeyRing."""
        found = (path.stem for path in self._folder.glob(f"*{_SUFFIX}"))
        return sorted(int(stem) for stem in found if stem.isascii() and stem.isdigit())

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}{_SUFFIX}"

    def _sync(self) -> None:
        """Make the folder's list of files durable too."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _write(file: int, data: bytes) -> None:
    with os.fdopen(file, "wb") as written:
        written.write(data)
        written.flush()
        os.fsync(written.fileno())
