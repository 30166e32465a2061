"""The file with everything that is kept of one person: JSON with plain keys, and a sentence on how to read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.domain.personal import Kept
from bot.text.card import File

NAME = "palabre-my-data.json"


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A ballot that is still tied to the person, in words and with the reason that goes with it."""

    number: int
    title: str
    choice: str
    reason: str


def personal_file(kept: Kept, ballots: Iterable[OwnBallot], readme: str, made_at: datetime) -> File:
    """The file. What people read comes first, then every row as it is stored, under the name of its table."""
    accounts = [{**asdict(each), "ref": str(each.ref)} for each in kept.accounts]
    content: Mapping[str, Any] = {
        "readme": readme,
        "made_at": made_at,
        "accounts": accounts,
        "rooms": [asdict(each) for each in kept.rooms],
        "voting_rights": [asdict(each) for each in kept.rights],
        "ballots": [asdict(each) for each in ballots],
        "roll_lines": [asdict(each) for each in kept.memberships],
        "roles": [asdict(each) for each in kept.roles],
        "asked_to_be_forgotten_at": kept.forget_asked_at,
        "records": kept.records,
    }
    text = json.dumps(content, ensure_ascii=False, indent=2, default=_plain)
    return File(f"{text}\n".encode(), NAME, "application/json")


def _plain(value: object) -> str:
    """A value that JSON has no form for."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
