"""The manifest of a bundle: the size and the SHA-256 of every other file, and the fingerprint of them all.

It holds nothing that the other files don't decide: whoever has them makes the same
bytes again, so that a byte changed in the manifest itself is found too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from bot.domain.canonical import canonical

MANIFEST = "manifest.json"
FORMAT = "palabre-bundle-1"
"""What the manifest says the bundle is. Another number means that a verifier must know another format."""


def manifest_of(files: Mapping[str, bytes]) -> bytes:
    """The manifest of these files (itself left out): one line of canonical JSON."""
    entries = {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
        if name != MANIFEST
    }
    return f"{canonical({'files': entries, 'format': FORMAT})}\n".encode()


def fingerprint_of(manifest: bytes) -> str:
    """The fingerprint of a bundle: the SHA-256 of its manifest, in hexadecimal."""
    return hashlib.sha256(manifest).hexdigest()
