"""The one text of a value, which is hashed, stored and exported, and its digest."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any


def canonical(value: Any) -> str:
    """The one JSON text of a value (strings, whole numbers, booleans, lists, objects), as RFC 8785 writes it.

    Dates become ISO 8601 in UTC, durations whole seconds, fractions `n/d`.
    """
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def digest(value: Any) -> str:
    """SHA-256 of the canonical text, as 64 hexadecimal characters."""
    return hashlib.sha256(canonical(value).encode("utf-8")).hexdigest()


def plain(value: Any) -> Any:
    """The value in the types that JSON has, its keys in their order."""
    match value:
        case dict():
            return {key: plain(value[key]) for key in sorted(value, key=_utf16)}
        case list() | tuple():
            return [plain(item) for item in value]
        case datetime():
            return value.isoformat()
        case timedelta():
            return int(value.total_seconds())
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case StrEnum():
            return value.value
        case float():
            raise TypeError("a float has no canonical text here: use a fraction or a string")
        case _:
            return value


def _utf16(name: str) -> bytes:
    """The order of names in RFC 8785: by UTF-16 code units, which is not that of the characters beyond U+FFFF."""
    return name.encode("utf-16-be", "surrogatepass")
