"""What a notice that is owed says, once somebody sits down to write it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.store import Account
from bot.text.card import Card
from bot.usecases.house import House
from bot.usecases.tell import Menu


@dataclass(frozen=True, slots=True)
class Letter:
    """The messages that tell it, in order, and the choices under the last one."""

    cards: tuple[Card, ...]
    menu: Menu = ()


Writes = Callable[[House, Account, Mapping[str, Any]], Awaitable[Letter | None]]
"""Writes a letter to the account from what the notice holds, as things are now; None when there is nothing left to
tell."""
