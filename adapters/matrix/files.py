"""Documents that people sent us: named by what their message says of them, fetched, and opened if they are encrypted.

The name and the kind that the sender gave are never read.
"""

from __future__ import annotations

import json
import re

from adapters.matrix.keyring import open_file
from adapters.matrix.wire import Json, Wire

_ADDRESS = re.compile(r"mxc://([0-9A-Za-z.\-:\[\]]{1,255})/([0-9A-Za-z_-]{1,255})")


def handle_of(content: Json) -> str | None:
    """What is needed to fetch the document of this message; None if it says it in no way we know."""
    sealed = content.get("file")
    address = sealed.get("url") if isinstance(sealed, dict) else content.get("url")
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        return None
    return json.dumps({"url": address, "file": sealed if isinstance(sealed, dict) else None})


async def fetch(wire: Wire, handle: str, limit: int) -> bytes | None:
    """The document of that handle, no more than `limit` bytes and one of it; None when it can't be had."""
    named = json.loads(handle)
    address = _ADDRESS.fullmatch(named["url"])
    assert address is not None
    data = await wire.download(address[1], address[2], limit + 1)
    if data is None or named["file"] is None or len(data) > limit:
        return data
    return open_file(data, named["file"])
