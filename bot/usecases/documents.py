"""A document that someone sent in private, fetched once it is known that they may send it, and read as text."""

from __future__ import annotations

from bot.domain.attached_text import SIZE_LIMIT, Decoded, decoded
from bot.domain.refusals import Refusal
from bot.usecases.house import House, Visit


async def read_document(house: House, visit: Visit) -> Decoded:
    """The text of the document that came with this message. Raises Refusal `file-unreachable` and those of
    `attached_text.decoded`."""
    assert visit.file is not None
    data = await house.messenger(visit.chat.platform).fetch(visit.file, SIZE_LIMIT)
    if data is None:
        raise Refusal("file-unreachable")
    return decoded(data)
