"""How cards print the beginning of a digest."""

from __future__ import annotations

from bot.domain.consultation import DIGEST_SHOWN


def fingerprint(digest: str) -> str:
    """The beginning of a digest as cards print it: `7F3A 22C9 0B41 E8D7 95CA`."""
    head = digest[:DIGEST_SHOWN].upper()
    return " ".join(head[start : start + 4] for start in range(0, len(head), 4))
