"""What a vote says of proxies: whether members may vote in another's place, and in how many."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProxyRule:
    """Proxies are admitted. `most` is how many one person may hold, None without a limit."""

    most: int | None = None
