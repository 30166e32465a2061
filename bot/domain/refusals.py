"""Saying no: a reason as a code and its facts.

A refusal is raised inside the work that finds it, which undoes that work, and is
caught once at the door. The sentence for each code is in the catalogue under
`refusal.<code>`; a test checks that none is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

Fact = str | int | datetime | timedelta | tuple[str, ...]


class Refusal(Exception):
    """Something asked for is not possible; nothing has changed. `facts` fill the sentence of `code`."""

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, Fact] = MappingProxyType(facts)


class Missing(Refusal):
    """What was asked for is gone or never was: no such consultation, room or draft."""
