"""What follows a missed quorum by itself, as it is kept in a definition; it is read in `quorum_wishes`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Remedy(StrEnum):
    """What follows a missed quorum: the closing moves, or a second vote opens, which needs none."""

    EXTEND = "extend"
    RECONVENE = "reconvene"


@dataclass(frozen=True, slots=True)
class IfNoQuorum:
    """What follows a missed quorum, once. `lasts` is by how much the closing moves, or how long the second vote is
    open."""

    remedy: Remedy
    lasts: timedelta
