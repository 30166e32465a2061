"""What a button carries: an `Action` written in at most 64 bytes, and read back strictly.

Callback data is public and forgeable: whoever presses can send anything. This module
knows the spelling only, and takes no other spelling than the one it writes; what an
action may do is decided elsewhere, against the database.
"""

from __future__ import annotations

import re

from bot.domain.ids import Action

LIMIT = 64
"""Bytes of callback data (Bot API, `InlineKeyboardButton.callback_data`)."""

VERSION = "1"
"""Changes when the spelling does: buttons of older cards then read as None instead of as something else."""

_SPELLING = re.compile(r"1\|([A-Za-z0-9.,-]+)\|(0|[1-9][0-9]{0,17})\|([A-Za-z0-9.,-]*)")


def encode(action: Action) -> str:
    """The callback data of the action; ValueError when it has other characters or needs more than 64 bytes."""
    data = f"{VERSION}|{action.verb}|{action.number}|{action.argument}"
    if len(data) > LIMIT or not _SPELLING.fullmatch(data):
        msg = f"this action does not fit in a button: {action.verb!r}"
        raise ValueError(msg)
    return data


def decode(data: str | None) -> Action | None:
    """The action that callback data stands for; None for anything that `encode` does not write."""
    if data is None or len(data) > LIMIT:
        return None
    found = _SPELLING.fullmatch(data)
    return Action(found[1], int(found[2]), found[3]) if found else None
