"""The keys that seal unlinked ballots, in files of their own, outside the database and its backups.

A key is on the disk before the consultation opens, and is overwritten and unlinked once
it has ended. Only the bot's own user may read the folder and its files. A key that two
scrutineers hold is never written whole: there are its two shares, each until its holder
has it, and what seals without opening, `N.seal`, which is written last.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from bot.domain.key_shares import NUMBERS, SIZE, combined

_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


class CurveKey:
    """`bot.ports.BallotKey` over a key of Curve25519: libsodium's sealed boxes, and HMAC-SHA-256 for names."""

    opens = True

    def __init__(self, secret: bytes) -> None:
        key = PrivateKey(secret)
        self.public = bytes(key.public_key).hex()
        self.naming = hashlib.sha256(b"palabre-name" + secret).digest()
        self._sealer, self._opener = SealedBox(key.public_key), SealedBox(key)

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
        return _name(self.naming, right, code)


class SealingKey:
    """`bot.ports.BallotKey` without the part that opens: the public key, and what names ballots."""

    opens = False

    def __init__(self, parts: bytes) -> None:
        public, self._naming = parts[: PublicKey.SIZE], parts[PublicKey.SIZE :]
        self.public = public.hex()
        self._sealer = SealedBox(PublicKey(public))

    def seal(self, plain: bytes) -> bytes:
        """See BallotKey."""
        return self._sealer.encrypt(plain)

    def open(self, ballot: bytes) -> bytes | None:
        """See BallotKey."""
        return None

    def name(self, right: int, code: str) -> str:
        """See BallotKey."""
        return _name(self._naming, right, code)


class KeyFiles:
    """`bot.ports.KeyRing` in a folder, made when the first key is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, number: int) -> CurveKey | SealingKey:
        """See KeyRing. Written aside and renamed, so that a crash leaves a whole key or none."""
        found = self.key(number)
        if found is not None:
            return found
        secret = secrets.token_bytes(PrivateKey.SIZE)
        self._keep(self._path(number), secret)
        return CurveKey(secret)

    def split(self, number: int) -> CurveKey:
        """See KeyRing. What seals is written last: where it is, both shares were."""
        self.destroy(number)
        secret, one = secrets.token_bytes(PrivateKey.SIZE), secrets.token_bytes(PrivateKey.SIZE)
        for share, part in zip(NUMBERS, (one, combined(secret, one)), strict=True):
            self.put_share(number, share, part)
        key = CurveKey(secret)
        self._keep(self._seal(number), bytes.fromhex(key.public) + key.naming)
        return key

    def share(self, number: int, share: int) -> bytes | None:
        """See KeyRing."""
        return _read(self._share(number, share), SIZE)

    def put_share(self, number: int, share: int, secret: bytes) -> None:
        """See KeyRing."""
        self._keep(self._share(number, share), secret)

    def drop_share(self, number: int, share: int) -> None:
        """See KeyRing."""
        if _wipe(self._share(number, share)):
            self._sync()

    def key(self, number: int) -> CurveKey | SealingKey | None:
        """See KeyRing."""
        secret = _read(self._path(number), PrivateKey.SIZE)
        if secret is not None:
            return CurveKey(secret)
        shares = [self.share(number, share) for share in NUMBERS]
        found = [share for share in shares if share is not None]
        if len(found) == len(NUMBERS):
            return CurveKey(combined(*found))
        parts = _read(self._seal(number), PublicKey.SIZE + hashlib.sha256().digest_size)
        return SealingKey(parts) if parts is not None else None

    def destroy(self, number: int) -> None:
        """See KeyRing. A disk may keep elsewhere what a file said before; the overwriting is what a program can do."""
        if [path for path in sorted(self._folder.glob(f"{number}.*")) if _wipe(path)]:
            self._sync()

    def numbers(self) -> Sequence[int]:
        """See KeyRing."""
        stems = {path.name.partition(".")[0] for path in self._folder.glob("*.*")}
        return sorted(int(stem) for stem in stems if stem.isascii() and stem.isdigit())

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.key"

    def _seal(self, number: int) -> Path:
        return self._folder / f"{number}.seal"

    def _share(self, number: int, share: int) -> Path:
        return self._folder / f"{number}.{share}.share"

    def _keep(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        aside = path.with_suffix(".new")
        _wipe(aside)
        _write(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE), data)
        aside.rename(path)
        self._sync()

    def _sync(self) -> None:
        """Make the folder's list of files durable too."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _name(naming: bytes, right: int, code: str) -> str:
    return hmac.new(naming, f"{right}/{code}".encode(), hashlib.sha256).hexdigest()


def _read(path: Path, size: int) -> bytes | None:
    """What the file says; None if there is none, or it can't be what it should."""
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return None
    return found if len(found) == size else None


def _wipe(path: Path) -> bool:
    """Overwrite the file and unlink it; whether there was one."""
    try:
        _write(os.open(path, os.O_WRONLY), secrets.token_bytes(max(path.stat().st_size, 1)))
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def _write(file: int, data: bytes) -> None:
    with os.fdopen(file, "wb") as written:
        written.write(data)
        written.flush()
        os.fsync(written.fileno())
