"""What a line of a scenario can ask for, as values; what is wrong with one, as a code and its facts.

It knows neither how lines are written (`script`) nor what happens when they are
played (`player`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta


class Mistake(Exception):
    """A line can't be played: its number, a code of the catalogue (`console.wrong.<code>`) and facts."""

    def __init__(self, line: int, code: str, **facts: str) -> None:
        super().__init__(f"line {line}: {code}")
        self.line = line
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Open:
    """`room #name "title" members: …`: a room with the bot in it. `language` is empty for the scenario's own."""

    line: int
    room: str
    title: str
    members: tuple[str, ...]
    administrators: frozenset[str]
    language: str = ""


@dataclass(frozen=True, slots=True)
class At:
    """`at DATE HOUR ZONE`: the clock goes to this instant."""

    line: int
    when: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """`organisation "name"`: the rooms belong to an organisation that has declared everything."""

    line: int
    name: str


@dataclass(frozen=True, slots=True)
class Say:
    """`ana in #room: …` or, where `room` is empty, `ana to bot: …`."""

    line: int
    who: str
    room: str
    text: str


@dataclass(frozen=True, slots=True)
class Press:
    """`ana in #room presses "…"` or, where `room` is empty, a press in her private chat with the bot."""

    line: int
    who: str
    room: str
    label: str


@dataclass(frozen=True, slots=True)
class Move:
    """`dave joins #room`, `dave leaves #room`."""

    line: int
    who: str
    room: str
    joined: bool


@dataclass(frozen=True, slots=True)
class Wait:
    """`+2h`: the clock moves on."""

    line: int
    lasting: timedelta


@dataclass(frozen=True, slots=True)
class Restart:
    """`restart`: the bot is killed and started again."""

    line: int


@dataclass(frozen=True, slots=True)
class Down:
    """`down 3h`: no bot for that long. `meanwhile` is what people did, which reaches it afterwards."""

    line: int
    lasting: timedelta
    meanwhile: tuple[Say | Press | Move | Wait, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Expect:
    """`expect …`: what the last act caused contains `text` (None: anything at all), or does not when `absent`.

    `place` limits it to `#room`, or to what a person was told alone.
    """

    line: int
    place: str
    text: str | None
    absent: bool


@dataclass(frozen=True, slots=True)
class AskAcceptance:
    """`ask acceptance`: from here on the scenario accepts the charter's rules by its own lines."""

    line: int


@dataclass(frozen=True, slots=True)
class Remark:
    """`# …`: shown, and nothing else."""

    line: int
    text: str


Act = Open | At | Found | Say | Press | Move | Wait | Restart | Down | Expect | AskAcceptance | Remark
