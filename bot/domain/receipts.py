"""What a voter's private code shows of their ballot once the vote is closed."""

from __future__ import annotations

from enum import StrEnum


class Receipt(StrEnum):
    """That a ballot under it was counted; what it said besides, which can be shown under pressure; or nothing."""

    INCLUSION = "inclusion"
    CHOICE = "choice"
    NONE = "none"
