"""How the journal's lines are chained, so that no line can be changed, added or taken away without its being seen.

A line is hashed twice: what it says, then that digest with its place in the chain.
A line of another consultation can thus stand in a published chain without what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.canonical import digest


def content_digest(at: datetime | str, kind: str, number: int | None, facts: Mapping[str, Any]) -> str:
    """The digest of what a line says (64 hexadecimal characters). `at` as text is ISO 8601 in UTC."""
    return digest({"at": at, "facts": dict(facts), "kind": kind, "number": number})


def line_hash(sequence: int, previous: str, content: str) -> str:
    """The hash of the line of this content that follows the one whose hash is `previous` ("" for the first)."""
    return digest({"content": content, "previous": previous, "sequence": sequence})
